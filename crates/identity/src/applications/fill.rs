//! Filling the settings from the service provider's metadata (requirement I01).

use std::sync::Arc;

use jetway_saml::{ContentCipher, SpMetadata, SpMetadataError};

use crate::applications::{
    Application, ApplicationChange, EncryptionSettings, LogoutBinding, NameIdFormat, RegisteredAcs,
    SamlKind, SamlSettings, SignOn, Signing, SingleLogout, UpdateApplicationError,
    update_application,
};
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// An application whose settings were filled in.
#[derive(Debug, Clone)]
pub struct Filled {
    pub application: Arc<Application>,
    /// What an administrator should hear of the metadata, one sentence each.
    pub warnings: Vec<String>,
}

/// Why nothing was filled in.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    #[error("there is no such application")]
    NoSuchApplication,
    #[error("a bookmark takes no metadata")]
    Bookmark,
    #[error(transparent)]
    Metadata(#[from] SpMetadataError),
    #[error(transparent)]
    Update(#[from] UpdateApplicationError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the metadata and saves what it says: ACS URLs, entity id, NameID format, certificates.
/// What it does not speak of stays as it is. Nothing is changed when it cannot be read.
pub async fn fill_from_metadata(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
    xml: &str,
) -> Result<Filled, FillError> {
    let known = store.read().await?.application(id).await?;
    let known = known.ok_or(FillError::NoSuchApplication)?;
    let SignOn::Saml(saml) = &known.sign_on else {
        return Err(FillError::Bookmark);
    };
    let metadata = SpMetadata::parse(xml, op.now)?;
    let change = ApplicationChange {
        saml: Some(fill(&saml.settings, saml.kind, &metadata)),
        ..ApplicationChange::default()
    };
    let application = update_application(op, store, id, Some(known.version), change).await?;
    let warnings = metadata.warnings.iter().map(ToString::to_string).collect();
    Ok(Filled {
        application,
        warnings,
    })
}

fn fill(before: &SamlSettings, kind: SamlKind, metadata: &SpMetadata) -> SamlSettings {
    let mut after = before.clone();
    metadata.entity_id.clone_into(&mut after.audience);
    let usable = metadata
        .assertion_consumer_services
        .iter()
        .filter(|service| service.usable);
    let (default, others): (Vec<_>, Vec<_>) = usable.partition(|service| service.is_default);
    if let Some(default) = default.first() {
        default.location.clone_into(&mut after.acs_url);
        after.acs_index = default.index;
    }
    after.other_acs = others
        .into_iter()
        .map(|service| RegisteredAcs {
            url: service.location.clone(),
            index: service.index,
        })
        .collect();
    let mut formats = metadata.name_id_formats.iter();
    if let Some(format) = formats.find_map(|uri| NameIdFormat::from_uri(uri)) {
        after.name_id.format = format;
    }
    if metadata.want_assertions_signed && after.signing == Signing::Response {
        after.signing = Signing::AssertionAndResponse;
    }
    let certificates = metadata.signing_certificates.iter();
    after.request_certificates = certificates.map(|one| one.der.clone()).collect();
    after.require_signed_requests =
        metadata.authn_requests_signed && !after.request_certificates.is_empty();
    after.single_logout = single_logout(metadata);
    // AWS publishes a certificate for it, but decrypts only where a key was given to it there.
    if kind == SamlKind::Custom {
        let certificate = metadata.encryption_certificates.first();
        let cipher = ContentCipher::among(&metadata.encryption_methods);
        after.encryption =
            certificate
                .zip(cipher)
                .map(|(certificate, cipher)| EncryptionSettings {
                    certificate: certificate.der.clone(),
                    cipher: cipher.uri().to_owned(),
                });
    }
    after
}

/// Where it takes messages about logout, by a binding that a browser can carry.
fn single_logout(metadata: &SpMetadata) -> Option<SingleLogout> {
    let mut services = metadata.single_logout_services.iter();
    services.find_map(|service| {
        Some(SingleLogout {
            url: service.location.clone(),
            response_url: service.response_location.clone(),
            binding: LogoutBinding::from_uri(&service.binding)?,
        })
    })
}
