//! What is sent of an application.

use axum::body::Bytes;
use http::HeaderMap;
use jetway_identity::applications::{ApplicationProblem, InvalidApplication};
use serde_json::{Map, Value};

use crate::api::json_body;
use crate::api::refusal::Refusal;
use crate::api::systemusers::body::{flag_of, text_of};
use crate::shared::{Failure, is_media_type};

/// The members that mean something here; others are passed over. `None`: not sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The key of a catalogue entry.
    pub(super) name: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) display_label: Option<String>,
    pub(super) description: Option<String>,
    pub(super) color: Option<String>,
    pub(super) sso_url: Option<String>,
    pub(super) active: Option<bool>,
    pub(super) hidden: Option<bool>,
    pub(super) config: Map<String, Value>,
}

impl Sent {
    pub(super) fn read(headers: &HeaderMap, bytes: &Bytes) -> Result<Self, Refusal> {
        if !is_media_type(headers, "application/json") {
            return Err(Failure::unsupported_media_type().into());
        }
        let Value::Object(document) = json_body::parse(bytes)? else {
            return Err(Refusal::bad_request("Send a JSON object."));
        };
        let hidden = match member(&document, "sso")? {
            Some(sso) => flag_of(sso, "hidden")?,
            None => None,
        };
        let filled = |name: &str| {
            let text = text_of(&document, name);
            text.map(|text| text.filter(|text| !text.is_empty()))
        };
        Ok(Self {
            name: filled("name")?,
            display_name: filled("displayName")?,
            display_label: text_of(&document, "displayLabel")?,
            description: text_of(&document, "description")?,
            color: filled("color")?,
            sso_url: filled("ssoUrl")?,
            active: flag_of(&document, "active")?,
            hidden,
            config: member(&document, "config")?.cloned().unwrap_or_default(),
        })
    }
}

fn member<'a>(
    document: &'a Map<String, Value>,
    name: &str,
) -> Result<Option<&'a Map<String, Value>>, Refusal> {
    match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(Refusal::bad_request(format!("{name} must be an object."))),
    }
}

/// Our fields under the names of this API; the longer of two that begin alike comes first.
const NAMES: [(&str, &str); 14] = [
    ("label", "displayLabel"),
    ("slug", "ssoUrl"),
    ("bookmark_url", "ssoUrl"),
    ("saml.acs_url", "config.acsUrl"),
    ("saml.audience", "config.spEntityId"),
    ("saml.idp_entity_id", "config.idpEntityId"),
    ("saml.login_url", "config.idpInitUrl"),
    ("saml.relay_state", "config.defaultTargetUrl"),
    ("saml.name_id", "config.subjectField"),
    ("saml.group_attribute", "config.groupsAttributeName"),
    ("saml.request_certificates", "config.spCertificate"),
    ("saml.constant_attributes", "config.constantAttributes"),
    ("saml.user_attribute_mapping", "config.databaseAttributes"),
    ("saml", "config"),
];

/// One sentence for each field.
pub(super) fn invalid(invalid: &InvalidApplication) -> Refusal {
    let sentence = |problem: &ApplicationProblem| {
        let known = NAMES.iter().find_map(|(ours, theirs)| {
            let rest = problem.field.strip_prefix(ours)?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{theirs}{rest}"))
        });
        let field = known.unwrap_or_else(|| problem.field.clone());
        format!("{field}: {}.", problem.reason)
    };
    let sentences: Vec<_> = invalid.0.iter().map(sentence).collect();
    Refusal::bad_request(sentences.join(" "))
}
