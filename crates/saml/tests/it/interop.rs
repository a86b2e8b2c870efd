//! Against independent implementations: what we issue is accepted there, what they issue here.

mod pysaml2;
mod schemas;
mod service_provider;
mod xmlsec1;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jetway_saml::{IdpMetadata, NAMEID_EMAIL, SignWhat, TrustedIdp, Unverified, VerifyingKey};
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use crate::fixture::{
    ACS, IDP, NOW, VICTIM, attribute, doubly_signed, genuine, idp, receive, receive_with, response,
    text::{base64, element, replaced, without},
};

/// A value that only survives if every side escapes and unescapes alike.
const AWKWARD: &str = "\"><saml:AttributeValue>evil</saml:AttributeValue>&amp; é😀";

fn metadata() -> String {
    let metadata = IdpMetadata {
        entity_id: IDP.to_owned(),
        certificates: vec![idp().generated.certificate_der.clone()],
        sso_redirect: Some(IDP.to_owned()),
        sso_post: Some(IDP.to_owned()),
        sso_soap: Some(IDP.to_owned()),
        slo_redirect: Some(format!("{IDP}/logout")),
        slo_post: Some(format!("{IDP}/logout")),
        name_id_formats: vec![NAMEID_EMAIL.to_owned()],
        ..IdpMetadata::default()
    };
    metadata.to_xml().unwrap()
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = base64(der);
    let lines: Vec<_> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

fn certificate_pem() -> String {
    pem("CERTIFICATE", &idp().generated.certificate_der)
}

/// Runs one of the scripts beside this file; standard input and output are JSON.
fn run(python: &Path, script: &str, input: &Value) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/interop");
    let mut child = Command::new(python)
        .arg(folder.join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{script}: {errors}"))
}

fn xmlsec1_verifies(xmlsec1: &Path, xml: &str, signature: &str) -> bool {
    xmlsec1_verifies_with(xmlsec1, xml, signature, &certificate_pem())
}

fn xmlsec1_verifies_with(xmlsec1: &Path, xml: &str, signature: &str, certificate: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let certificate = write("certificate.pem", certificate);
    let document = write("response.xml", xml);
    Command::new(xmlsec1)
        .arg("--verify")
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
        ])
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:protocol:Response",
        ])
        .args(["--node-xpath", signature])
        .arg("--pubkey-cert-pem")
        .arg(&certificate)
        .arg("--trusted-pem")
        .arg(&certificate)
        .arg(&document)
        .output()
        .unwrap()
        .status
        .success()
}

const OF_ASSERTION: &str = "//*[local-name()='Assertion']/*[local-name()='Signature']";
const OF_RESPONSE: &str = "/*/*[local-name()='Signature']";

#[test]
fn xmlsec1_verifies_our_signatures() {
    let xmlsec1 = require!(counterparts::xmlsec1());
    assert!(xmlsec1_verifies(&xmlsec1, &genuine(), OF_ASSERTION));
    assert!(xmlsec1_verifies(&xmlsec1, &doubly_signed(), OF_ASSERTION));
    assert!(xmlsec1_verifies(&xmlsec1, &doubly_signed(), OF_RESPONSE));
    let mut awkward = response();
    awkward.assertion.attributes = vec![attribute(AWKWARD, &[AWKWARD, "a\tb\nc\rd"])];
    let awkward = awkward
        .sign(&idp().signing, SignWhat::AssertionAndResponse)
        .unwrap();
    assert!(xmlsec1_verifies(&xmlsec1, awkward.as_xml(), OF_ASSERTION));
    assert!(xmlsec1_verifies(&xmlsec1, awkward.as_xml(), OF_RESPONSE));
    // The tool is able to refuse.
    let tampered = genuine().replace(VICTIM, "somebody.else@example.com");
    assert!(!xmlsec1_verifies(&xmlsec1, &tampered, OF_ASSERTION));
}

fn ask_service_provider(response: &str, message_signed: bool) -> Value {
    json!({
        "now": NOW.unix_timestamp() + 1,
        "acs": ACS,
        "metadata": metadata(),
        "response": response,
        "message_signed": message_signed,
    })
}

#[test]
fn python3_saml_accepts_our_responses_and_metadata() {
    let python = require!(counterparts::saml_python());
    let mut sent = response();
    sent.assertion
        .attributes
        .push(attribute("awkward", &[AWKWARD]));
    for what in [SignWhat::Assertion, SignWhat::AssertionAndResponse] {
        let both = what == SignWhat::AssertionAndResponse;
        let signed = sent.sign(&idp().signing, what).unwrap();
        let answer = run(
            &python,
            "python3_saml.py",
            &ask_service_provider(&signed.to_base64(), both),
        );
        assert_eq!(answer["valid"], true, "{}", answer["error"]);
        assert_eq!(answer["name_id"], VICTIM);
        assert_eq!(answer["name_id_format"], NAMEID_EMAIL);
        assert_eq!(answer["session_index"], "_s1");
        for attribute in &sent.assertion.attributes {
            assert_eq!(
                answer["attributes"][&attribute.name],
                json!(attribute.values)
            );
        }
        assert_eq!(answer["metadata_schema_errors"], Value::Null);
        assert_eq!(answer["idp"]["entityId"], IDP);
        assert_eq!(answer["idp"]["singleSignOnService"]["url"], IDP);
        assert_eq!(answer["idp"]["x509cert"], certificate_pem());
    }
    let tampered = genuine().replace(VICTIM, "somebody.else@example.com");
    let answer = run(
        &python,
        "python3_saml.py",
        &ask_service_provider(&base64(tampered), false),
    );
    assert_eq!(answer["valid"], false);
}

#[test]
fn pysaml2_accepts_our_responses_and_metadata() {
    let python = require!(counterparts::saml_python());
    let xmlsec1 = require!(counterparts::xmlsec1());
    let mut sent = response();
    sent.assertion
        .attributes
        .push(attribute("awkward", &[AWKWARD]));
    for what in [SignWhat::Assertion, SignWhat::AssertionAndResponse] {
        let signed = sent.sign(&idp().signing, what).unwrap();
        let mut ask =
            ask_service_provider(&signed.to_base64(), what == SignWhat::AssertionAndResponse);
        ask["xmlsec1"] = json!(xmlsec1);
        let answer = run(&python, "pysaml2_sp.py", &ask);
        assert_eq!(answer["valid"], true, "{}", answer["error"]);
        assert_eq!(answer["name_id"], VICTIM);
        assert_eq!(answer["issuer"], IDP);
        assert_eq!(answer["attributes"]["awkward"], json!([AWKWARD]));
    }
}

#[test]
fn we_accept_what_pysaml2_issues() {
    let python = require!(counterparts::saml_python());
    let xmlsec1 = require!(counterparts::xmlsec1());
    let ask = json!({
        "issuer": "https://pysaml2.example/idp",
        "acs": ACS,
        "key": pem("PRIVATE KEY", &idp().generated.pkcs8_der),
        "certificate": certificate_pem(),
        "xmlsec1": xmlsec1,
    });
    let answers = run(&python, "pysaml2_idp.py", &ask);
    for (index, response_signed) in [false, true].into_iter().enumerate() {
        let posted = answers[index].as_str().unwrap();
        let unverified = Unverified::from_base64(posted).unwrap();
        let received = unverified.verify(&[idp().verifying.clone()]).unwrap();
        assert_eq!(received.response_signed, response_signed);
        assert_eq!(received.assertion.name_id.value, "road-runner");
        assert_eq!(received.assertion.recipient, ACS);
        assert_eq!(received.assertion.issuer, "https://pysaml2.example/idp");
        let values: Vec<_> = received
            .assertion
            .attributes
            .iter()
            .flat_map(|a| &a.values)
            .collect();
        assert!(values.contains(&&VICTIM.to_owned()), "{values:?}");
    }
}

#[test]
fn signxml_verifies_ours_and_we_verify_signxml_in_every_algorithm() {
    let python = require!(counterparts::saml_python());
    let genuine = genuine();
    let unsigned = without(&genuine, "ds:Signature");
    let both = doubly_signed();
    let assertion = element(&both, "saml:Assertion").to_owned();
    let tampered = genuine.replace(VICTIM, "somebody.else@example.com");
    let ask = json!({
        "unsigned": unsigned,
        "certificate": certificate_pem(),
        "ours": [assertion, element(&genuine, "saml:Assertion"), both, element(&tampered, "saml:Assertion")],
    });
    let answer = run(&python, "signxml_both.py", &ask);
    let verdicts = answer["verdicts"].as_array().unwrap();
    assert_eq!(verdicts[..3], ["Assertion", "Assertion", "Response"]);
    assert!(
        verdicts[3].as_str().unwrap().contains("Invalid"),
        "{}",
        verdicts[3]
    );

    let theirs = answer["theirs"].as_array().unwrap();
    assert_eq!(theirs.len(), (4 * 3 + 2) * 3 * 2);
    for signed in theirs {
        let what = signed["what"].as_str().unwrap();
        let certificate = hex(signed["certificate"].as_str().unwrap());
        let key = VerifyingKey::from_certificate_der(&certificate).unwrap();
        let xml = signed["xml"].as_str().unwrap();
        let received = receive_with(xml, &[idp().verifying.clone(), key])
            .unwrap_or_else(|refusal| panic!("{what}: {refusal:?}\n{xml}"));
        assert_eq!(received.assertion.name_id.value, VICTIM);
        assert_eq!(received.response_signed, what.ends_with("both"), "{what}");
        assert!(receive(xml).is_err(), "{what} accepted with another key");
    }
}

#[test]
fn our_canonical_form_agrees_with_libxmlsec1_on_random_content() {
    let python = require!(counterparts::saml_python());
    let ask = json!({
        "unsigned": without(&genuine(), "ds:Signature"),
        "key": pem("PRIVATE KEY", &idp().generated.pkcs8_der),
        "seed": 20_261_122,
        "count": 1500,
    });
    let documents = run(&python, "c14n_fuzz.py", &ask);
    let documents = documents.as_array().unwrap();
    assert_eq!(documents.len(), 1500);
    for document in documents {
        let xml = document.as_str().unwrap();
        if let Err(refusal) = receive(xml) {
            panic!("{refusal:?}:\n{xml}");
        }
    }
}

#[test]
fn metadata_of_pysaml2_and_ours_give_the_same_key() {
    let trusted = TrustedIdp::from_metadata(&metadata()).unwrap();
    let certificate = STANDARD
        .decode(crate::fixture::text::content(
            &metadata(),
            "ds:X509Certificate",
        ))
        .unwrap();
    assert_eq!(
        trusted.keys,
        [VerifyingKey::from_certificate_der(&certificate).unwrap()]
    );
    let renamed = replaced(&metadata(), IDP, "urn:other");
    assert_eq!(
        TrustedIdp::from_metadata(&renamed).unwrap().entity_id,
        "urn:other"
    );
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
