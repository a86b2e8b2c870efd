//! `config` of an application: its settings of single sign-on, each with a description of its field
//! (requirements.md §5.5).

use jetway_identity::applications::{
    AttributeSource, MappedAttribute, NameIdFormat, SamlSettings, SignatureDigest, Signing,
    certificate_to_pem, certificates_from_pem,
};
use serde_json::{Map, Value, json};
use url::Url;

use crate::api::refusal::Refusal;

/// The name of the attribute with the groups when none is sent.
const GROUPS: &str = "memberOf";

/// The digests, as names of algorithms with an RSA key.
const ALGORITHMS: [(&str, SignatureDigest); 3] = [
    ("RSA-SHA256", SignatureDigest::Sha256),
    ("RSA-SHA384", SignatureDigest::Sha384),
    ("RSA-SHA512", SignatureDigest::Sha512),
];

/// Which of the two are signed.
fn signs(signing: Signing) -> (bool, bool) {
    match signing {
        Signing::Assertion => (true, false),
        Signing::Response => (false, true),
        Signing::AssertionAndResponse => (true, true),
    }
}

/// The settings as fields. `certificate` is that of the key that signs; the key itself is nowhere.
pub(super) fn config(saml: &SamlSettings, certificate: Option<&str>) -> Value {
    let (assertion, response) = signs(saml.signing);
    let algorithm = ALGORITHMS.iter().find(|(_, one)| *one == saml.digest);
    let certificates: String = (saml.request_certificates.iter())
        .map(|der| certificate_to_pem(der))
        .collect();
    let row = |name: &str, value: &str| json!({"name": name, "value": value, "readOnly": false, "required": false, "visible": true});
    let constant = saml.constant_attributes.iter();
    let constant: Vec<_> = constant.map(|(name, value)| row(name, value)).collect();
    let mapped = saml.user_attribute_mapping.iter();
    let mapped: Vec<_> = mapped
        .map(|one| row(&one.name, &one.source.to_string()))
        .collect();
    let groups = saml.group_attribute.as_deref();
    let login = saml.login_url.as_ref().map_or("", |url| url.as_str());
    let fields = [
        ("idpEntityId", "IdP Entity ID", json!(saml.idp_entity_id)),
        ("idpCertificate", "IdP Certificate", json!(certificate)),
        ("spEntityId", "SP Entity ID", json!(saml.audience)),
        ("acsUrl", "ACS URL", json!(saml.acs_url)),
        ("spCertificate", "SP Certificate", json!(certificates)),
        (
            "subjectField",
            "SAMLSubject NameID",
            json!(saml.name_id.source.to_string()),
        ),
        (
            "overrideNameIdFormat",
            "SAMLSubject NameID Format",
            json!(saml.name_id.format.uri()),
        ),
        (
            "signatureAlgorithm",
            "Signature Algorithm",
            json!(algorithm.map(|(name, _)| name)),
        ),
        ("signAssertion", "Sign Assertion", json!(assertion)),
        ("signResponse", "Sign Response", json!(response)),
        (
            "defaultTargetUrl",
            "Default RelayState",
            json!(saml.relay_state),
        ),
        ("idpInitUrl", "Login URL", json!(login)),
        (
            "includeGroups",
            "Include group attribute",
            json!(groups.is_some()),
        ),
        (
            "groupsAttributeName",
            "Groups Attribute Name",
            json!(groups.unwrap_or_default()),
        ),
        ("constantAttributes", "Constant Attributes", json!(constant)),
        ("databaseAttributes", "User Attributes", json!(mapped)),
    ];
    let described = fields.into_iter().enumerate();
    let described = described.map(|(position, (name, label, value))| {
        (
            name.to_owned(),
            described_field(name, label, position, &value),
        )
    });
    Value::Object(described.collect())
}

fn described_field(name: &str, label: &str, position: usize, value: &Value) -> Value {
    let kind = match value {
        Value::Bool(_) => "boolean",
        Value::Array(_) => "array",
        _ => "text",
    };
    let mut field = json!({
        "label": label,
        "type": kind,
        "position": position,
        "required": matches!(name, "idpEntityId" | "spEntityId" | "acsUrl"),
        "readOnly": name == "idpCertificate",
        "visible": true,
        "tooltip": {"template": "", "variables": {}},
        "value": value,
    });
    if name == "constantAttributes" {
        field["mutable"] = json!(true);
    }
    if name == "signatureAlgorithm" {
        field["options"] = json!(ALGORITHMS.map(|(text, _)| json!({"text": text, "value": text})));
    }
    field
}

/// The settings with what `config` says. What it does not name stays.
pub(super) fn configured(
    config: &Map<String, Value>,
    mut saml: SamlSettings,
    certificate: Option<&str>,
) -> Result<SamlSettings, Refusal> {
    let texts = [
        ("idpEntityId", &mut saml.idp_entity_id),
        ("spEntityId", &mut saml.audience),
        ("acsUrl", &mut saml.acs_url),
        ("defaultTargetUrl", &mut saml.relay_state),
    ];
    for (name, setting) in texts {
        if let Some(sent) = text(config, name)? {
            sent.clone_into(setting);
        }
    }
    if let Some(source) = text(config, "subjectField")? {
        saml.name_id.source = source_of("subjectField", source)?;
    }
    if let Some(uri) = text(config, "overrideNameIdFormat")?.filter(|uri| !uri.is_empty()) {
        let format = NameIdFormat::from_uri(uri);
        saml.name_id.format =
            format.ok_or_else(|| wrong("overrideNameIdFormat", "the URI of a known format"))?;
    }
    if let Some(name) = text(config, "signatureAlgorithm")? {
        let found = ALGORITHMS.iter().find(|(known, _)| *known == name);
        let found = found
            .ok_or_else(|| wrong("signatureAlgorithm", "RSA-SHA256, RSA-SHA384 or RSA-SHA512"))?;
        saml.digest = found.1;
    }
    saml.signing = signing(config, saml.signing)?;
    if let Some(url) = text(config, "idpInitUrl")? {
        let url = Some(url.trim()).filter(|url| !url.is_empty());
        let url = url.map(Url::parse).transpose();
        saml.login_url = url.map_err(|_| wrong("idpInitUrl", "an address, or empty"))?;
    }
    if let Some(pem) = text(config, "spCertificate")? {
        saml.request_certificates = if pem.trim().is_empty() {
            Vec::new()
        } else {
            let read = certificates_from_pem(pem);
            read.map_err(|error| Refusal::bad_request(format!("config.spCertificate: {error}.")))?
        };
    }
    saml.group_attribute = group_attribute(config, saml.group_attribute.take())?;
    if let Some(rows) = rows(config, "constantAttributes")? {
        saml.constant_attributes = rows;
    }
    if let Some(rows) = rows(config, "databaseAttributes")? {
        let mapped = rows.into_iter().map(|(name, source)| {
            let source = source_of("databaseAttributes", &source)?;
            Ok(MappedAttribute { name, source })
        });
        saml.user_attribute_mapping = mapped.collect::<Result<_, Refusal>>()?;
    }
    check_key(config, certificate)?;
    Ok(saml)
}

fn signing(config: &Map<String, Value>, present: Signing) -> Result<Signing, Refusal> {
    let (was_assertion, was_response) = signs(present);
    let assertion = flag(config, "signAssertion")?;
    // Older clients know one of the two: then the response is signed instead of the assertion.
    let instead = assertion == Some(false);
    let response = flag(config, "signResponse")?.unwrap_or(was_response || instead);
    match (assertion.unwrap_or(was_assertion), response) {
        (true, false) => Ok(Signing::Assertion),
        (false, true) => Ok(Signing::Response),
        (true, true) => Ok(Signing::AssertionAndResponse),
        (false, false) => {
            let message = "config: the assertion or the response has to be signed.";
            Err(Refusal::bad_request(message))
        }
    }
}

fn group_attribute(
    config: &Map<String, Value>,
    present: Option<String>,
) -> Result<Option<String>, Refusal> {
    let name = text(config, "groupsAttributeName")?.filter(|name| !name.is_empty());
    let include = flag(config, "includeGroups")?.unwrap_or(present.is_some());
    Ok(include.then(|| match name {
        Some(name) => name.to_owned(),
        None => present.unwrap_or_else(|| GROUPS.to_owned()),
    }))
}

/// A key is not changed in passing: only the certificate that is there is taken.
fn check_key(config: &Map<String, Value>, certificate: Option<&str>) -> Result<(), Refusal> {
    let sent = text(config, "idpCertificate")?.map(str::trim);
    let differs = sent.is_some_and(|sent| {
        !sent.is_empty() && certificate.is_none_or(|present| present.trim() != sent)
    });
    let key = text(config, "idpPrivateKey")?.is_some_and(|key| !key.trim().is_empty());
    if differs || key {
        let message = "config: keys and their certificates are changed with \
                       /api/v1/applications/{id}/keys.";
        return Err(Refusal::bad_request(message));
    }
    Ok(())
}

/// The value of a member, which is a description with a value or the value itself.
fn value<'a>(config: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let value = match config.get(name)? {
        Value::Object(described) => described.get("value")?,
        value => value,
    };
    (!value.is_null()).then_some(value)
}

fn text<'a>(config: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Refusal> {
    let value = value(config, name);
    let text = value.map(|value| value.as_str().ok_or_else(|| wrong(name, "a text")));
    text.transpose()
}

fn flag(config: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refusal> {
    let value = value(config, name);
    let flag = value.map(|value| value.as_bool().ok_or_else(|| wrong(name, "true or false")));
    flag.transpose()
}

/// `[{"name", "value"}]`
fn rows(config: &Map<String, Value>, name: &str) -> Result<Option<Vec<(String, String)>>, Refusal> {
    let Some(value) = value(config, name) else {
        return Ok(None);
    };
    let expected = || wrong(name, "a list of objects with the texts name and value");
    let items = value.as_array().ok_or_else(expected)?;
    let rows = items.iter().map(|item| {
        let part = |part: &str| item.get(part)?.as_str().map(str::to_owned);
        Some((part("name")?, part("value")?))
    });
    let rows: Option<_> = rows.collect();
    rows.ok_or_else(expected).map(Some)
}

fn source_of(name: &str, text: &str) -> Result<AttributeSource, Refusal> {
    let source = text.parse::<AttributeSource>();
    source.map_err(|error| Refusal::bad_request(format!("config.{name}: {error}.")))
}

fn wrong(name: &str, expected: &str) -> Refusal {
    Refusal::bad_request(format!("config.{name} must be {expected}."))
}
