//! Each way of signing and encrypting, as an application can be set, before each service provider.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jetway_identity::applications::{MappedAttribute, SamlKind};
use jetway_identity::{
    ApplicationId, AttributeSource, NewApplication, Scope, assign_group, create_application,
};
use jetway_saml::{ContentCipher, NAMEID_EMAIL};
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};
use url::Url;

use super::{Foreign, Partner};
use crate::api::Api;
use crate::service_provider::{ACS, ENTITY_ID, PATH, SLUG};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

/// A value that only survives if every side escapes and unescapes alike.
const AWKWARD: &str = "\"><saml:AttributeValue>evil</saml:AttributeValue>&amp; é😀";

/// How an application signs and encrypts, and which service providers refuse what comes of it.
struct Way {
    name: &'static str,
    signing: &'static str,
    digest: &'static str,
    cipher: Option<ContentCipher>,
    /// Of a key of its own, in OpenSSL's words.
    curve: Option<&'static str>,
    refused_by: &'static [Foreign],
}

const DEFAULT: Way = Way {
    name: "as every application is at first",
    signing: "assertion",
    digest: "sha256",
    cipher: None,
    curve: None,
    refused_by: &[],
};

const WAYS: [Way; 11] = [
    DEFAULT,
    Way {
        name: "doubly signed",
        signing: "assertion_and_response",
        ..DEFAULT
    },
    Way {
        name: "only the response signed",
        signing: "response",
        ..DEFAULT
    },
    Way {
        name: "SHA-512",
        digest: "sha512",
        ..DEFAULT
    },
    Way {
        name: "SHA-384",
        digest: "sha384",
        refused_by: &[Foreign::NodeSaml],
        ..DEFAULT
    },
    Way {
        name: "AES-256-GCM",
        cipher: Some(ContentCipher::Aes256Gcm),
        ..DEFAULT
    },
    Way {
        name: "AES-128-GCM",
        cipher: Some(ContentCipher::Aes128Gcm),
        ..DEFAULT
    },
    Way {
        name: "AES-256-CBC",
        cipher: Some(ContentCipher::Aes256Cbc),
        ..DEFAULT
    },
    Way {
        name: "doubly signed and encrypted",
        signing: "assertion_and_response",
        cipher: Some(ContentCipher::Aes256Gcm),
        ..DEFAULT
    },
    Way {
        name: "ECDSA with P-256",
        curve: Some("P-256"),
        refused_by: &[Foreign::NodeSaml],
        ..DEFAULT
    },
    Way {
        name: "ECDSA with P-384",
        curve: Some("P-384"),
        refused_by: &[Foreign::NodeSaml],
        ..DEFAULT
    },
];

async fn register(site: &Site) -> ApplicationId {
    let public = Url::parse(&site.origin).unwrap();
    let mut new = NewApplication::of_kind(SamlKind::Custom, SLUG, "Wiki", &public);
    new.active = true;
    ENTITY_ID.clone_into(&mut new.saml.audience);
    ACS.clone_into(&mut new.saml.acs_url);
    new.saml.constant_attributes = vec![
        ("motto".to_owned(), AWKWARD.to_owned()),
        ("duty".to_owned(), "one".to_owned()),
        ("duty".to_owned(), "two".to_owned()),
    ];
    new.saml.user_attribute_mapping = vec![MappedAttribute {
        name: "given".to_owned(),
        source: AttributeSource::FirstName,
    }];
    let store = site.store.as_ref();
    let id = create_application(&mut site.op(), store, site.sealing(), new)
        .await
        .unwrap();
    assign_group(&mut site.op(), store, id, site.operations)
        .await
        .unwrap();
    id
}

/// A key and a certificate as an administrator makes them, in PEM.
fn elliptic(openssl: &std::path::Path, curve: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (key, certificate) = (folder.path().join("key"), folder.path().join("certificate"));
    let made = Command::new(openssl)
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "3650"])
        .args(["-pkeyopt", &format!("ec_paramgen_curve:{curve}")])
        .args(["-subj", "/CN=wiki", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let read = |path| std::fs::read_to_string(path).unwrap();
    (read(&key), read(&certificate))
}

async fn set(api: &Api<'_>, address: &str, way: &Way, partner: &Partner) {
    let encryption = way
        .cipher
        .map(|cipher| json!({"certificate": partner.certificate, "cipher": cipher.uri()}));
    let change = json!({"saml": {
        "signing": way.signing,
        "digest": way.digest,
        "encryption": encryption,
    }});
    let answer = api.patch(address, &change).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// What a browser takes to the service provider, with the metadata of that moment.
async fn sent(site: &Site, way: &Way) -> Value {
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let page = browser.get(PATH).await;
    assert_eq!(page.status, 200, "{}: {}", way.name, page.body);
    let metadata = site.browser().get(&format!("{PATH}/metadata")).await;
    json!({
        "metadata": metadata.body,
        "response": page.input("SAMLResponse").unwrap(),
        "signing": way.signing,
        "encrypted": way.cipher.is_some(),
    })
}

/// The same with other bytes in it.
fn changed(case: &Value, from: &str, to: &str) -> Value {
    let mut changed = case.clone();
    let xml = STANDARD.decode(case["response"].as_str().unwrap()).unwrap();
    let xml = String::from_utf8(xml).unwrap();
    assert!(xml.contains(from), "{xml}");
    changed["response"] = json!(STANDARD.encode(xml.replace(from, to)));
    changed
}

/// Requirements I02, I04, I05: our metadata, the default response and the doubly signed one are
/// taken by every service provider; the rest by each that can.
#[tokio::test]
async fn every_way_of_signing_and_encrypting_is_taken_by_each_service_provider_that_knows_it() {
    let openssl = require!(counterparts::openssl());
    let mut programs = Vec::new();
    for foreign in Foreign::ALL {
        programs.push(require!(foreign.find()));
    }
    let site = Site::start().await;
    let partner = Partner::new(&site, ENTITY_ID, ACS);
    let id = register(&site).await;
    let api = Api::new(&site, Scope::Full).await;
    let address = format!("/api/v1/applications/{id}");
    let mut cases = Vec::new();
    for way in &WAYS {
        set(&api, &address, way, &partner).await;
        if let Some(curve) = way.curve {
            let (key, certificate) = elliptic(&openssl, curve);
            let body = json!({"private_key": key, "certificate": certificate, "use_now": true});
            let added = api.post(&format!("{address}/keys"), &body).await;
            assert_eq!(added.status, 200, "{}", added.body);
        }
        cases.push(sent(&site, way).await);
    }
    // Each of them is able to refuse.
    let forged = changed(&cases[0], ROAD_RUNNER, COYOTE);
    cases.push(forged);
    for program in &programs {
        let verdicts = partner.verdicts(&site, program, &cases);
        for (way, verdict) in WAYS.iter().zip(&verdicts) {
            let what = format!("{:?}, {}: {verdict}", program.foreign, way.name);
            let refused = way.refused_by.contains(&program.foreign);
            assert_eq!(verdict["valid"], !refused, "{what}");
            if refused {
                continue;
            }
            assert_eq!(verdict["name_id"], ROAD_RUNNER, "{what}");
            assert_eq!(verdict["name_id_format"], NAMEID_EMAIL, "{what}");
            assert_eq!(verdict["issuer"], format!("{}{PATH}", site.origin));
            assert_eq!(values(verdict, "motto"), [AWKWARD], "{what}");
            assert_eq!(values(verdict, "duty"), ["one", "two"], "{what}");
            assert_eq!(values(verdict, "given"), ["Road"], "{what}");
        }
        let forged = verdicts.last().unwrap();
        assert_eq!(forged["valid"], false, "{:?}", program.foreign);
    }
}

/// The values of an attribute; node-saml gives a single one without a list around it.
pub(super) fn values<'a>(verdict: &'a Value, name: &str) -> Vec<&'a str> {
    match &verdict["attributes"][name] {
        Value::Array(values) => values.iter().map(|one| one.as_str().unwrap()).collect(),
        one => vec![one.as_str().unwrap_or_else(|| panic!("{name}: {verdict}"))],
    }
}
