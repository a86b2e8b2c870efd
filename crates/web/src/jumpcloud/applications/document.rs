//! An application as JumpCloud's `application`.

use jetway_identity::applications::{SignOn, SigningKeyInfo, catalogue_entry, certificate_to_pem};
use jetway_identity::{Application, OrganisationId, idp_url};
use serde_json::{Map, Value, json};
use url::Url;

use super::config::config;
use crate::api::instant::instant;

/// The document of an application. `key` is the one that signs at present.
pub(super) fn document(
    application: &Application,
    key: Option<&SigningKeyInfo>,
    organisation: OrganisationId,
    public_url: &Url,
) -> Map<String, Value> {
    let id = application.id.to_string();
    let kind = application.sign_on.kind();
    let certificate = key.map(|key| certificate_to_pem(&key.certificate_der));
    let (sso_type, sso_url, config) = match &application.sign_on {
        SignOn::Saml(saml) => (
            "saml",
            idp_url(public_url, &application.slug),
            config(&saml.settings, certificate.as_deref()),
        ),
        SignOn::Bookmark(url) => ("bookmark", url.to_string(), json!({})),
    };
    let image = application.image.as_ref().map(|_| {
        let start = public_url.as_str().trim_end_matches('/');
        format!("{start}/api/v1/applications/{id}/image")
    });
    let document = json!({
        "_id": id,
        "id": id,
        "name": kind,
        "displayName": catalogue_entry(kind).map_or(kind, |entry| entry.name),
        "displayLabel": application.label,
        "description": application.description,
        "ssoUrl": sso_url,
        "active": application.active,
        "beta": false,
        "color": application.color,
        "logo": {"color": application.color, "url": image.unwrap_or_default()},
        "learnMore": "",
        "organization": organisation.to_string(),
        "created": instant(application.created_at),
        "sso": {
            "type": sso_type,
            "hidden": !application.show_in_portal,
            "beta": false,
            "jit": false,
            "idpCertExpirationAt": key.map(|key| instant(key.not_after)),
            "idpCertificateUpdatedAt": key.map(|key| instant(key.created_at)),
            "idpPrivateKeyUpdatedAt": key.map(|key| instant(key.created_at)),
        },
        "config": config,
    });
    match document {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
