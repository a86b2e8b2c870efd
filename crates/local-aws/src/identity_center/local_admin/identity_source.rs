//! The identity source and its certificates.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jetway_saml::SigningCertificate;
use serde_json::{Map, Value, json};

use super::{error::allowed, shapes};
use crate::{
    identity_center::{
        self, IdentityProviderSettings, InstanceError, acs_url, change_identity_source,
        metadata_url, portal_url, read_metadata, use_directory,
    },
    json_service::{Input, JsonCall, JsonError},
    state::center::{CertificateRecord, IdentitySource, InstanceRecord},
};

const ACTION: &str = "sso:UpdateDirectoryAssociation";
/// What has to be typed to change the identity source.
const ACCEPT: &str = "ACCEPT";

/// Where people come from, and what the identity provider has to know.
pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = allowed(call, "sso:DescribeDirectories")?;
    Ok(source(call, &instance))
}

/// "Change identity source".
pub(super) fn change(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    call.input.require_presence("Type");
    let kind = call.input.one_of("Type", &["DIRECTORY", "EXTERNAL"]);
    let metadata = call.input.optional("Metadata", shapes::DOCUMENT);
    let by_hand = by_hand(&mut call.input);
    let confirmation = call.input.optional("Confirmation", shapes::NAME);
    call.input.done()?;
    allowed(call, ACTION)?;
    if confirmation != Some(ACCEPT) {
        return Err(JsonError::validation(format!(
            "Confirmation must be {ACCEPT}: changing the identity source changes how everybody signs in"
        )));
    }
    match (kind, metadata) {
        (Some("DIRECTORY"), _) => use_directory(call.aws, call.op)?,
        (_, Some(metadata)) => {
            change_identity_source(call.aws, call.op, &read_metadata(metadata)?)?;
        }
        (_, None) => change_identity_source(call.aws, call.op, &by_hand?)?,
    }
    let state = call.aws.state();
    let center = identity_center::enabled(&state).ok_or(InstanceError::NotEnabled)?;
    Ok(source(call, &center.instance))
}

fn by_hand(input: &mut Input<'_>) -> Result<IdentityProviderSettings, InstanceError> {
    let entity_id = input.optional("EntityId", shapes::NAME);
    let sign_in_url = input.optional("SignInUrl", shapes::NAME);
    let binding = input.one_of("Binding", &["REDIRECT", "POST"]);
    let certificate = input.optional("Certificate", shapes::DOCUMENT);
    let certificate = certificate.ok_or(InstanceError::Lacking("Metadata, or Certificate"))?;
    Ok(IdentityProviderSettings {
        entity_id: entity_id.unwrap_or_default().to_owned(),
        sign_in_url: sign_in_url.unwrap_or_default().to_owned(),
        sign_in_by_post: binding == Some("POST"),
        certificates: vec![SigningCertificate::from_pem(certificate)?],
    })
}

/// One more certificate, so that the identity provider can change its key.
pub(super) fn import_certificate(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let pem = call.input.required("Certificate", shapes::DOCUMENT);
    call.input.done()?;
    allowed(call, ACTION)?;
    let record = identity_center::import_certificate(call.aws, call.op, pem)?;
    Ok(json!({ "CertificateId": record.id.to_string() }))
}

/// The old certificate goes.
pub(super) fn delete_certificate(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = call.input.required("CertificateId", shapes::ID);
    call.input.done()?;
    allowed(call, ACTION)?;
    let id = id.parse().map_err(|_| InstanceError::NoCertificate)?;
    identity_center::delete_certificate(call.aws, call.op, &id)?;
    Ok(json!({}))
}

fn source(call: &JsonCall<'_>, instance: &InstanceRecord) -> Value {
    let mut answer = Map::new();
    match &instance.identity_source {
        IdentitySource::Directory => {
            answer.insert("Type".to_owned(), json!("DIRECTORY"));
        }
        IdentitySource::External(provider) => {
            answer.insert("Type".to_owned(), json!("EXTERNAL"));
            answer.insert("EntityId".to_owned(), json!(provider.entity_id));
            answer.insert("SignInUrl".to_owned(), json!(provider.sign_in_url));
            let certificates: Vec<Value> = provider.certificates.iter().map(certificate).collect();
            answer.insert("Certificates".to_owned(), json!(certificates));
        }
    }
    answer.insert(
        "ServiceProvider".to_owned(),
        json!({
            "IssuerUrl": instance.issuer_url(),
            "AcsUrl": acs_url(call.aws, instance),
            "SignInUrl": portal_url(call.aws),
            "MetadataUrl": metadata_url(call.aws, instance),
        }),
    );
    Value::Object(answer)
}

fn certificate(record: &CertificateRecord) -> Value {
    let der = BASE64.decode(&record.der).unwrap_or_default();
    let dates = SigningCertificate::from_der(&der).ok();
    json!({
        "CertificateId": record.id.to_string(),
        "Certificate": format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", wrapped(&record.der)),
        "ImportedDate": record.imported_at,
        "NotBefore": dates.as_ref().map(|dates| dates.not_before.unix_timestamp()),
        "NotAfter": dates.as_ref().map(|dates| dates.not_after.unix_timestamp()),
    })
}

/// Lines of 64 characters (RFC 7468 section 2).
fn wrapped(base64: &str) -> String {
    let bytes: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    bytes.join("\n")
}
