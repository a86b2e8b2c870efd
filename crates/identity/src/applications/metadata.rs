//! What a service provider is told about us (SAML metadata §2.4.3).

use jetway_saml::IdpMetadata;

use crate::store::{Store, StoreError};

/// The metadata of the application's identity provider, with the current key and those that will
/// follow it; `None` when there is no such application, or it takes no assertions.
/// `sso_url` is the address at which this server takes requests for it, see
/// [`crate::applications::idp_url`]. Holds nothing secret; an inactive application has metadata
/// too, since AWS asks for it before anything can be switched on.
pub async fn application_metadata(
    store: &dyn Store,
    slug: &str,
    sso_url: &str,
) -> Result<Option<IdpMetadata>, StoreError> {
    let mut read = store.read().await?;
    let Some(application) = read.application_by_slug(slug).await? else {
        return Ok(None);
    };
    let Some(saml) = application.sign_on.saml() else {
        return Ok(None);
    };
    let mut keys = read.signing_keys(application.id).await?;
    keys.retain(|key| !key.retired);
    // The one that signs comes first: some service providers take one only.
    keys.sort_by_key(|key| key.id != saml.key);
    let logout = saml.settings.answered_logout();
    let logout = logout.map(|_| format!("{sso_url}/logout"));
    Ok(Some(IdpMetadata {
        entity_id: saml.settings.idp_entity_id.clone(),
        certificates: keys.into_iter().map(|key| key.certificate_der).collect(),
        sso_redirect: Some(sso_url.to_owned()),
        sso_post: Some(sso_url.to_owned()),
        sso_soap: Some(format!("{sso_url}/ecp")),
        slo_redirect: logout.clone(),
        slo_post: logout,
        want_authn_requests_signed: saml.settings.require_signed_requests,
        name_id_formats: vec![saml.settings.name_id.format.uri().to_owned()],
    }))
}
