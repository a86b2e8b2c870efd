//! What a service provider is told about us (SAML metadata §2.4.3).

use jetway_saml::IdpMetadata;

use crate::store::{Store, StoreError};

/// The metadata of the application's identity provider; `None` when there is no such application,
/// or it takes no assertions.
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
    let Some(key) = read.signing_key(saml.key).await? else {
        return Ok(None);
    };
    Ok(Some(IdpMetadata {
        entity_id: saml.settings.idp_entity_id.clone(),
        certificates: vec![key.certificate_der],
        sso_redirect: Some(sso_url.to_owned()),
        // Nothing answers a POST there, so it is not offered.
        sso_post: None,
        name_id_formats: vec![saml.settings.name_id.format.uri().to_owned()],
    }))
}
