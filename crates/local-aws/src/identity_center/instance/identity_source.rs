//! The identity source: the Identity Center directory, or an external identity provider
//! (identity-center.md §4.2, §4.5).

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jetway_saml::{
    BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, CertificateError, SigningCertificate, TrustedIdp,
};
use url::Url;

use super::{InstanceError, edit};
use crate::{
    LocalAws,
    op::Op,
    state::center::{CertificateRecord, ExternalIdentityProvider, IdentitySource},
};

/// Longest metadata document, in characters.
const MAX_METADATA: usize = 75_000;
/// Longest certificate, in characters of PEM.
const MAX_CERTIFICATE: usize = 2_500;
/// How many certificates are trusted at a time: the present one and the next.
const MAX_CERTIFICATES: usize = 2;

/// What is set up for an external identity provider.
#[derive(Clone, Debug)]
pub struct IdentityProviderSettings {
    /// Its entity id: the Issuer of its assertions.
    pub entity_id: String,
    /// Where a person is sent to sign in.
    pub sign_in_url: String,
    /// Whether `sign_in_url` takes requests by POST only.
    pub sign_in_by_post: bool,
    /// One or two.
    pub certificates: Vec<SigningCertificate>,
}

/// Reads the identity provider's metadata document, as "Choose file" does.
pub fn read_metadata(xml: &str) -> Result<IdentityProviderSettings, InstanceError> {
    short_enough("metadata", xml, MAX_METADATA)?;
    let idp = TrustedIdp::from_metadata(xml)?;
    let by = |binding: &str| {
        idp.single_sign_on
            .iter()
            .find(|service| service.binding == binding)
            .map(|service| service.location.clone())
    };
    let redirect = by(BINDING_HTTP_REDIRECT);
    let sign_in_by_post = redirect.is_none();
    let settings =
        IdentityProviderSettings {
            sign_in_url: redirect.or_else(|| by(BINDING_HTTP_POST)).ok_or(
                InstanceError::Lacking("a SingleSignOnService by HTTP-Redirect or HTTP-POST"),
            )?,
            sign_in_by_post,
            certificates: idp
                .certificates
                .iter()
                .map(|der| SigningCertificate::from_der(der).map_err(CertificateError::from))
                .collect::<Result<_, _>>()?,
            entity_id: idp.entity_id,
        };
    check(&settings)?;
    Ok(settings)
}

/// Changes the identity source to an external identity provider, or replaces its settings. Users,
/// groups and assignments stay. Sign-ins to the access portal end where another entity id or fewer
/// certificates are trusted.
pub fn change_identity_source(
    aws: &LocalAws,
    op: &mut Op,
    settings: &IdentityProviderSettings,
) -> Result<(), InstanceError> {
    check(settings)?;
    let provider = ExternalIdentityProvider {
        entity_id: settings.entity_id.clone(),
        sign_in_url: settings.sign_in_url.clone(),
        sign_in_by_post: settings.sign_in_by_post,
        certificates: settings
            .certificates
            .iter()
            .map(|certificate| certificate_record(op, certificate))
            .collect(),
    };
    edit(aws, |record| {
        if ends_trust(&record.identity_source, &provider) {
            record.trust_ended_at = Some(op.unix());
        }
        record.identity_source = IdentitySource::External(provider);
        Ok(())
    })
}

/// Whether sign-ins by the source so far would not be believed any more.
fn ends_trust(before: &IdentitySource, after: &ExternalIdentityProvider) -> bool {
    let IdentitySource::External(before) = before else {
        return false;
    };
    let stays = |known: &CertificateRecord| {
        let mut after = after.certificates.iter();
        after.any(|certificate| certificate.der == known.der)
    };
    before.entity_id != after.entity_id || !before.certificates.iter().all(stays)
}

/// Changes the identity source back to the Identity Center directory. Automatic provisioning must
/// be off. Sign-ins to the access portal and their tokens end.
pub fn use_directory(aws: &LocalAws, op: &Op) -> Result<(), InstanceError> {
    edit(aws, |record| {
        if record.provisioning.is_some() {
            return Err(InstanceError::Invalid(
                "disable automatic provisioning before you change the identity source".to_owned(),
            ));
        }
        if record.identity_source != IdentitySource::Directory {
            record.trust_ended_at = Some(op.unix());
        }
        record.identity_source = IdentitySource::Directory;
        Ok(())
    })
}

/// Trusts one more certificate, PEM. Both are active from now on.
pub fn import_certificate(
    aws: &LocalAws,
    op: &mut Op,
    pem: &str,
) -> Result<CertificateRecord, InstanceError> {
    let pem = pem.trim();
    short_enough("certificate", pem, MAX_CERTIFICATE)?;
    let new = certificate_record(op, &SigningCertificate::from_pem(pem)?);
    edit_provider(aws, |provider| {
        if provider
            .certificates
            .iter()
            .any(|known| known.der == new.der)
        {
            return Err(InstanceError::CertificateKnown);
        }
        if provider.certificates.len() >= MAX_CERTIFICATES {
            return Err(InstanceError::TooManyCertificates);
        }
        provider.certificates.push(new.clone());
        Ok(new)
    })
}

/// Stops trusting a certificate; one must remain. Sign-ins to the access portal and their tokens
/// end: which of them the certificate vouched for is not known.
pub fn delete_certificate(aws: &LocalAws, op: &Op, id: &uuid::Uuid) -> Result<(), InstanceError> {
    edit(aws, |record| {
        let IdentitySource::External(provider) = &mut record.identity_source else {
            return Err(InstanceError::NotExternal);
        };
        let position = provider
            .certificates
            .iter()
            .position(|certificate| certificate.id == *id)
            .ok_or(InstanceError::NoCertificate)?;
        if provider.certificates.len() == 1 {
            return Err(InstanceError::LastCertificate);
        }
        provider.certificates.remove(position);
        record.trust_ended_at = Some(op.unix());
        Ok(())
    })
}

fn edit_provider<T>(
    aws: &LocalAws,
    change_provider: impl FnOnce(&mut ExternalIdentityProvider) -> Result<T, InstanceError>,
) -> Result<T, InstanceError> {
    edit(aws, |record| match &mut record.identity_source {
        IdentitySource::External(provider) => change_provider(provider),
        IdentitySource::Directory => Err(InstanceError::NotExternal),
    })
}

fn certificate_record(op: &mut Op, certificate: &SigningCertificate) -> CertificateRecord {
    CertificateRecord {
        id: uuid::Builder::from_random_bytes(op.random()).into_uuid(),
        der: BASE64.encode(&certificate.der),
        imported_at: op.unix(),
    }
}

fn check(settings: &IdentityProviderSettings) -> Result<(), InstanceError> {
    if settings.entity_id.trim().is_empty() {
        return Err(InstanceError::Lacking("an entity id (issuer)"));
    }
    let url = Url::parse(&settings.sign_in_url).ok();
    if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
        return Err(InstanceError::Lacking("a sign-in URL with http or https"));
    }
    match settings.certificates.len() {
        0 => Err(InstanceError::Lacking("a signing certificate")),
        1..=MAX_CERTIFICATES => Ok(()),
        _ => Err(InstanceError::TooManyCertificates),
    }
}

fn short_enough(what: &'static str, text: &str, maximum: usize) -> Result<(), InstanceError> {
    let length = text.chars().count();
    if length <= maximum {
        return Ok(());
    }
    Err(InstanceError::TooLong {
        what,
        length,
        maximum,
    })
}
