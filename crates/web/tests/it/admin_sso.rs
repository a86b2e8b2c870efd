//! `/admin/applications/{id}/sso` and `/attributes`.

use axum::body::Body;
use http::header::CONTENT_TYPE;
use jetway_identity::applications::{SamlKind, application, list_keys};
use jetway_identity::{
    ApplicationId, AttributeSource, NewApplication, Role, SamlSettings, create_application,
};
use url::Url;

use crate::browser::{Answer, Browser};
use crate::site::Site;

async fn add(site: &Site, kind: SamlKind, slug: &str) -> ApplicationId {
    let public = Url::parse(&site.origin).unwrap();
    let new = NewApplication::of_kind(kind, slug, slug, &public);
    let (mut op, store) = (site.op(), site.store.as_ref());
    create_application(&mut op, store, site.sealing(), new)
        .await
        .unwrap()
}

async fn settings(site: &Site, id: ApplicationId) -> SamlSettings {
    let found = application(site.store.as_ref(), id).await.unwrap().unwrap();
    found.sign_on.saml().unwrap().settings.clone()
}

/// The fields of the form on the page, as a browser would send them.
fn form(page: &Answer, names: &[&str]) -> Vec<(String, String)> {
    let value = |name: &str| (name.to_owned(), page.input(name).unwrap_or_default());
    names.iter().map(|name| value(name)).collect()
}

async fn post(browser: &mut Browser<'_>, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.post(path, &fields).await
}

async fn upload(browser: &mut Browser<'_>, path: &str, parts: &[(&str, &str, &[u8])]) -> Answer {
    let csrf = browser.admin_csrf().await;
    let mut body = Vec::new();
    let all = [("csrf", "", csrf.as_bytes())];
    for (name, file, bytes) in all.iter().chain(parts) {
        let file = if file.is_empty() {
            String::new()
        } else {
            format!("; filename=\"{file}\"")
        };
        body.extend_from_slice(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    let request = browser
        .request("POST", path)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

const METADATA: &str = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://eu-west-1.signin.aws.amazon.com/platform/saml/d-1234567890\"><SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\" WantAssertionsSigned=\"true\"><NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat><AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/f81d4fae\" index=\"1\" isDefault=\"true\"/></SPSSODescriptor></EntityDescriptor>";

/// Requirements I01, I02, I07, I08, I11, I13, S01.
#[tokio::test]
async fn metadata_fills_the_fields_and_the_application_is_activated_and_deactivated() {
    let site = Site::start().await;
    let id = add(&site, SamlKind::IdentityCenter, "aws-sso").await;
    let path = format!("/admin/applications/{id}/sso");
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for words in [
        "Service Provider Metadata",
        "Upload Metadata",
        "Jetway Metadata",
        "Export Metadata",
        "IdP URL",
        "http://localhost:8700/saml2/aws-sso",
        "IdP private key",
        "Before it can be activated",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    let csrf = page.input("csrf").unwrap();
    let active = format!("{path}/active");
    let refused = browser
        .post(&active, &[("csrf", &csrf), ("active", "yes")])
        .await;
    assert_eq!(refused.status, 422);

    for bad in ["not XML", "<!DOCTYPE a><a/>"] {
        let file = [("metadata", "sp.xml", bad.as_bytes())];
        let refused = upload(&mut browser, &format!("{path}/metadata"), &file).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("Nothing was changed."));
    }
    let file = [("metadata", "sp.xml", METADATA.as_bytes())];
    let filled = upload(&mut browser, &format!("{path}/metadata"), &file).await;
    assert_eq!(filled.status, 303, "{}", filled.body);
    let page = browser.get(filled.location()).await;
    assert!(page.body.contains("filled in the settings"));
    let stored = settings(&site, id).await;
    assert_eq!(
        stored.acs_url,
        "https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/f81d4fae"
    );
    assert_eq!(page.input("acs_url").unwrap(), stored.acs_url);
    let doubtful = METADATA.replace(&stored.acs_url, "http://localhost:4566/saml");
    let file = [("metadata", "sp.xml", doubtful.as_bytes())];
    let filled = upload(&mut browser, &format!("{path}/metadata"), &file).await;
    assert!(filled.body.contains("filled in the settings"));
    assert!(
        filled
            .body
            .contains("http://localhost:4566/saml is not https.")
    );
    let done = browser
        .post(&active, &[("csrf", &csrf), ("active", "yes")])
        .await;
    assert_eq!(done.status, 303);
    let page = browser.get(done.location()).await;
    assert!(page.body.contains("Single sign-on is activated."));
    assert!(page.body.contains("Deactivate SSO"));
    let done = browser
        .post(&active, &[("csrf", &csrf), ("active", "no")])
        .await;
    let page = browser.get(done.location()).await;
    assert!(page.body.contains("Single sign-on is deactivated."));
}

/// Requirements I08, I09, J13.
#[tokio::test]
async fn settings_are_saved_explicitly_and_what_is_wrong_is_marked() {
    let site = Site::start().await;
    let id = add(&site, SamlKind::Custom, "wiki").await;
    let path = format!("/admin/applications/{id}/sso");
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get(&path).await;
    let mut fields = form(&page, &["csrf", "version", "idp_entity_id"]);
    let mut typed: Vec<(&str, &str)> = vec![
        ("audience", "https://wiki.example/sp"),
        ("acs_url", "https://wiki.example/acs"),
        (
            "other_acs",
            "3 https://wiki.example/acs3\r\nhttps://wiki.example/acs4",
        ),
        ("login_url", "https://wiki.example/login"),
        ("relay_state", "/start"),
        ("name_id_source", "custom"),
        ("name_id_custom", "badge number"),
        ("name_id_format", "persistent"),
        ("signing", "assertion_and_response"),
        ("digest", "sha512"),
        ("session_seconds", "7200"),
        ("request_certificates", ""),
        ("cipher", ""),
        ("encryption_certificate", ""),
    ];
    let owned = |typed: &[(&str, &str)]| -> Vec<(String, String)> {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        typed.iter().map(pair).collect()
    };
    fields.extend(owned(&typed));
    let saved = post(&mut browser, &path, &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let stored = settings(&site, id).await;
    assert_eq!(stored.other_acs[0].index, Some(3));
    assert_eq!(stored.other_acs[1].url, "https://wiki.example/acs4");
    assert_eq!(
        stored.name_id.source,
        AttributeSource::Custom("badge number".to_owned())
    );
    assert_eq!(stored.session_seconds, Some(7200));
    assert_eq!(
        stored.login_url.as_ref().unwrap().as_str(),
        "https://wiki.example/login"
    );

    let stale = post(&mut browser, &path, &fields).await;
    assert_eq!(stale.status, 409);
    assert!(
        stale
            .body
            .contains("Somebody else changed this application")
    );
    typed[1].1 = "http://wiki.example/acs";
    typed[3].1 = "wiki";
    typed[10].1 = "soon";
    let page = browser.get(&path).await;
    let mut fields = form(&page, &["csrf", "version", "idp_entity_id"]);
    fields.extend(owned(&typed));
    let refused = post(&mut browser, &path, &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("This is not an address."));
    assert!(refused.body.contains("whole number of seconds"));
    assert_eq!(
        refused.input("relay_state").unwrap(),
        "/start",
        "what was typed stays"
    );
    assert_eq!(settings(&site, id).await, stored);
}

/// Requirements H02, I04, I05, I06.
#[tokio::test]
async fn a_key_of_ones_own_is_uploaded_with_its_certificate_and_used() {
    let site = Site::start().await;
    let id = add(&site, SamlKind::Custom, "wiki").await;
    let path = format!("/admin/applications/{id}/sso");
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let keys = format!("{path}/keys");
    let certificate = [
        ("private_key", "key.pem", &b"x"[..]),
        ("certificate", "cert.pem", b"x"),
    ];
    let refused = upload(&mut browser, &keys, &certificate).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("role=\"alert\""));
    let generated = upload(&mut browser, &keys, &[("do", "", b"generate")]).await;
    assert_eq!(generated.status, 303, "{}", generated.body);
    let stored = list_keys(site.store.as_ref(), id).await.unwrap().unwrap();
    assert_eq!(stored.len(), 2);
    let page = browser.get(&path).await;
    assert!(page.body.contains(&stored[1].fingerprint));
    let csrf = page.input("csrf").unwrap();
    let next = format!("{keys}/{}", stored[1].id);
    let used = browser.post(&next, &[("csrf", &csrf), ("do", "use")]).await;
    assert_eq!(used.status, 303);
    let now = list_keys(site.store.as_ref(), id).await.unwrap().unwrap();
    assert_eq!(now[0].id, stored[1].id);
    let pem = browser.get(&format!("{next}/certificate.pem")).await;
    assert!(pem.body.starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(
        pem.header("content-disposition"),
        "attachment; filename=\"jetway-wiki-certificate.pem\""
    );
    let refused = browser
        .post(&next, &[("csrf", &csrf), ("do", "retire")])
        .await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("make another one current first"));
}

/// Requirements J01, J03, J05, J06, J07, J08, J10, J12, J14.
#[tokio::test]
async fn attributes_are_mapped_added_and_checked_row_by_row() {
    let site = Site::start().await;
    let id = add(&site, SamlKind::AwsIamRoles, "aws").await;
    let path = format!("/admin/applications/{id}/attributes");
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for words in [
        "User Attribute Mapping",
        "Constant Attributes",
        "Role rules",
        "If attributes are required by this Service Provider",
        "Custom User or Group Attribute",
        "addresses.work.region",
        "readonly=\"readonly\"",
        "https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    let base = form(&page, &["csrf", "version"]);
    let with = |more: &[(&str, &str)]| -> Vec<(String, String)> {
        let more = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        base.iter().cloned().chain(more).collect()
    };
    let session = "https://aws.amazon.com/SAML/Attributes/RoleSessionName";
    let tag = "https://aws.amazon.com/SAML/Attributes/PrincipalTag:Project";
    let rows = [
        ("mapped.name", session),
        ("mapped.source", "email"),
        ("mapped.custom", ""),
        ("mapped.name", tag),
        ("mapped.source", "custom"),
        ("mapped.custom", "AWS-ABAC-Project"),
        ("constant.name", "givenName"),
        ("constant.value", "Acme"),
        ("rule.group", "aws-{account}-{role}"),
        ("rule.account", "{account}"),
        ("rule.role", "{role}"),
        ("rule.provider", "jetway"),
        ("group_attribute", ""),
    ];
    let mut more = rows.to_vec();
    more.push(("do", "add-rule"));
    let again = post(&mut browser, &path, &with(&more)).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.body.matches("name=\"rule.group\"").count(), 2);
    let mut wrong = rows.to_vec();
    wrong[5].1 = "";
    wrong[9].1 = "123";
    let refused = post(&mut browser, &path, &with(&wrong)).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Name the custom attribute."));
    wrong[5].1 = "x";
    let refused = post(&mut browser, &path, &with(&wrong)).await;
    assert!(refused.body.contains("has twelve digits"));
    let saved = post(&mut browser, &path, &with(&rows)).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let stored = settings(&site, id).await;
    assert_eq!(stored.user_attribute_mapping[1].name, tag);
    assert_eq!(stored.role_rules[0].group, "aws-{account}-{role}");
    assert_eq!(stored.constant_attributes[0].1, "Acme");
}

/// What `foreign::accepted` and the browser tests with mod_auth_mellon have measured.
#[tokio::test]
async fn the_tab_says_which_widely_used_service_providers_do_not_take_a_choice() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for (kind, slug) in [
        (SamlKind::Custom, "wiki"),
        (SamlKind::IdentityCenter, "aws-sso"),
    ] {
        let id = add(&site, kind, slug).await;
        let page = browser.get(&format!("/admin/applications/{id}/sso")).await;
        for words in [
            "node-saml (Node.js) wants the assertion and the response",
            "node-saml (Node.js) refuses RSA-SHA384",
            "node-saml (Node.js) and mod_auth_mellon (Apache) do not",
        ] {
            assert!(page.body.contains(words), "{slug}: {words}");
        }
        let encrypts = page.body.contains("saml2aws and jetway cannot read");
        assert_eq!(encrypts, kind == SamlKind::Custom, "nothing to choose");
    }
}

#[tokio::test]
async fn who_may_only_look_sees_the_tabs_without_buttons() {
    let site = Site::start().await;
    let id = add(&site, SamlKind::AwsIam, "aws").await;
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    for tab in ["sso", "attributes"] {
        let page = browser
            .get(&format!("/admin/applications/{id}/{tab}"))
            .await;
        assert_eq!(page.status, 200);
        for gone in ["Upload", "save-bar", "Deactivate", ">add "] {
            assert!(!page.body.contains(gone), "{tab}: {gone}");
        }
    }
}
