//! The SAML provider that Identity Center makes in every account in which somebody is assigned
//! something. The roles trust it; nobody can use it from outside, for its key was thrown away.

use std::sync::Arc;

use jetway_saml::{IdpMetadata, NAMEID_TRANSIENT, generate_signing_key};
use time::OffsetDateTime;

use crate::{
    LocalAws,
    identity_center::{enabled, error::CenterError},
    ids,
    instant::years_later,
    op::Op,
    state::{Account, SamlProvider, SamlProviderRecord},
};

const PREFIX: &str = "AWSSSO_";
const SUFFIX: &str = "_DO_NOT_DELETE";
/// The certificate outlives everything.
const VALID_YEARS: i32 = 100;

/// Whether a SAML provider of this name is Identity Center's own.
pub(crate) fn is_reserved(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .is_some_and(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Identity Center's provider in an account.
pub(super) fn of(account: &Account) -> Option<&Arc<SamlProvider>> {
    account
        .providers
        .values()
        .find(|provider| is_reserved(&provider.record.name))
}

/// A provider for an account that has none yet. Making its key takes long, so this happens before
/// the change in which the provider is used.
pub(crate) fn prepare(
    aws: &LocalAws,
    op: &mut Op,
    account: &str,
) -> Result<Option<SamlProvider>, CenterError> {
    let state = aws.state();
    let center = enabled(&state).ok_or_else(CenterError::not_enabled)?;
    let needed = state
        .account(account)
        .is_some_and(|account| of(account).is_none());
    if !needed {
        return Ok(None);
    }
    let metadata = metadata(op, &center.instance.region, account)?;
    let record = SamlProviderRecord {
        account: account.to_owned(),
        name: format!("{PREFIX}{}{SUFFIX}", hex::encode(op.random::<8>())),
        uuid: ids::saml_provider_uuid(op),
        metadata,
        created_at: op.unix(),
        updated_at: op.unix(),
        tags: Vec::new(),
    };
    SamlProvider::from_record(record)
        .map(Some)
        .map_err(|error| CenterError::Internal(format!("metadata of {account}: {error}")))
}

fn metadata(op: &mut Op, region: &str, account: &str) -> Result<String, CenterError> {
    let internal = |what: String| CenterError::Internal(format!("metadata of {account}: {what}"));
    let until = OffsetDateTime::from_unix_timestamp(years_later(op.unix(), VALID_YEARS))
        .map_err(|error| internal(error.to_string()))?;
    let key = generate_signing_key(
        &format!("{account}-identity-center"),
        op.now,
        until,
        op.random(),
    )
    .map_err(|error| internal(error.to_string()))?;
    let application = hex::encode(op.random::<8>());
    let host = format!("https://portal.sso.{region}.amazonaws.com/saml");
    let sign_in = format!("{host}/assertion/{account}_ins-{application}");
    let sign_out = format!("{host}/logout/{account}_ins-{application}");
    IdpMetadata {
        entity_id: sign_in.clone(),
        certificates: vec![key.certificate_der],
        sso_redirect: Some(sign_in.clone()),
        sso_post: Some(sign_in),
        slo_redirect: Some(sign_out.clone()),
        slo_post: Some(sign_out),
        name_id_formats: vec![NAMEID_TRANSIENT.to_owned()],
        ..IdpMetadata::default()
    }
    .to_xml()
    .map_err(|error| internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_identity_center_gives_are_its_own() {
        assert!(is_reserved("AWSSSO_0123456789abcdef_DO_NOT_DELETE"));
        for other in [
            "AWSSSO_0123456789abcdef",
            "AWSSSO_xyz_DO_NOT_DELETE",
            "Okta",
        ] {
            assert!(!is_reserved(other), "{other}");
        }
    }
}
