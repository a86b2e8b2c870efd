//! Automatic provisioning: the SCIM endpoint's address and tokens (identity-center.md §3.1).

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use secrecy::SecretString;
use uuid::Uuid;

use super::{InstanceError, edit};
use crate::{
    LocalAws,
    instant::years_later,
    op::Op,
    state::center::{IdentitySource, ProvisioningRecord, ScimTokenRecord},
};

/// How many tokens are valid at a time: the present one and the next.
const MAX_TOKENS: usize = 2;
/// The dialects of the endpoint.
const PROFILES: [&str; 3] = ["aws", "aws-50", "rfc"];

/// A new token; nobody sees it again.
#[derive(Debug)]
pub struct NewScimToken {
    /// To delete it by.
    pub id: Uuid,
    /// The bearer token.
    pub token: SecretString,
    /// Unix seconds.
    pub expires_at: i64,
}

/// Enables automatic provisioning. The identity source must be an external identity provider.
pub fn enable_provisioning(
    aws: &LocalAws,
    op: &mut Op,
) -> Result<ProvisioningRecord, InstanceError> {
    let tenant = tenant(op);
    edit(aws, |record| {
        if record.identity_source == IdentitySource::Directory {
            return Err(InstanceError::NotExternal);
        }
        if record.provisioning.is_some() {
            return Err(InstanceError::ProvisioningEnabled);
        }
        let provisioning = ProvisioningRecord {
            tenant,
            profile: PROFILES[0].to_owned(),
            tokens: Vec::new(),
            enabled_at: op.unix(),
            faults: false,
        };
        record.provisioning = Some(provisioning.clone());
        Ok(provisioning)
    })
}

/// Disables automatic provisioning; its tokens must be deleted before. Users and groups stay.
pub fn disable_provisioning(aws: &LocalAws) -> Result<(), InstanceError> {
    edit(aws, |record| match &record.provisioning {
        None => Err(InstanceError::ProvisioningDisabled),
        Some(provisioning) if !provisioning.tokens.is_empty() => Err(InstanceError::TokensLeft),
        Some(_) => {
            record.provisioning = None;
            Ok(())
        }
    })
}

/// Generates a token, valid for a year.
pub fn create_scim_token(aws: &LocalAws, op: &mut Op) -> Result<NewScimToken, InstanceError> {
    let token = token(op);
    let now = op.unix();
    let record = ScimTokenRecord {
        id: uuid(op),
        hash: token_hash(&token),
        created_at: now,
        expires_at: years_later(now, 1),
    };
    let new = NewScimToken {
        id: record.id,
        token: SecretString::from(token),
        expires_at: record.expires_at,
    };
    edit_provisioning(aws, |provisioning| {
        if provisioning.tokens.len() >= MAX_TOKENS {
            return Err(InstanceError::TooManyTokens);
        }
        provisioning.tokens.push(record);
        Ok(new)
    })
}

/// Deletes a token: it is refused from now on.
pub fn delete_scim_token(aws: &LocalAws, id: &Uuid) -> Result<(), InstanceError> {
    edit_provisioning(aws, |provisioning| {
        let before = provisioning.tokens.len();
        provisioning.tokens.retain(|token| token.id != *id);
        if provisioning.tokens.len() == before {
            return Err(InstanceError::NoToken);
        }
        Ok(())
    })
}

/// Chooses the dialect of the endpoint: `aws`, `aws-50` or `rfc`.
pub fn set_scim_profile(aws: &LocalAws, profile: &str) -> Result<(), InstanceError> {
    if !PROFILES.contains(&profile) {
        return Err(InstanceError::Invalid(format!(
            "there is no SCIM profile '{profile}', only {}",
            PROFILES.join(", ")
        )));
    }
    edit_provisioning(aws, |provisioning| {
        profile.clone_into(&mut provisioning.profile);
        Ok(())
    })
}

/// Whether this is a token of the SCIM endpoint that is valid now.
pub fn is_scim_token(aws: &LocalAws, token: &str) -> bool {
    let hash = token_hash(token);
    let now = aws.op().unix();
    let state = aws.state();
    let center = state.identity_center.as_ref();
    let provisioning = center.and_then(|center| center.instance.provisioning.as_ref());
    provisioning
        .into_iter()
        .flat_map(|provisioning| &provisioning.tokens)
        .any(|known| {
            let same = verify_slices_are_equal(known.hash.as_bytes(), hash.as_bytes()).is_ok();
            same && known.expires_at > now
        })
}

/// Says whether a request to the endpoint may ask for a fault with the header `x-jetway-fault`: for
/// tests of SCIM clients.
pub fn allow_scim_faults(aws: &LocalAws, allowed: bool) -> Result<(), InstanceError> {
    edit_provisioning(aws, |provisioning| {
        provisioning.faults = allowed;
        Ok(())
    })
}

/// The form in which tokens are stored and compared.
pub(crate) fn token_hash(token: &str) -> String {
    hex::encode(digest(&SHA256, token.as_bytes()))
}

fn edit_provisioning<T>(
    aws: &LocalAws,
    change_provisioning: impl FnOnce(&mut ProvisioningRecord) -> Result<T, InstanceError>,
) -> Result<T, InstanceError> {
    edit(aws, |record| match &mut record.provisioning {
        Some(provisioning) => change_provisioning(provisioning),
        None => Err(InstanceError::ProvisioningDisabled),
    })
}

/// `f3v1a2b3c4d-1111-2222-3333-444455556666`: eleven characters, then a UUID's groups.
fn tenant(op: &mut Op) -> String {
    let uuid = uuid(op).to_string();
    let first = hex::encode(op.random::<6>());
    format!("{}{}", &first[..11], &uuid[8..])
}

/// `uuid:uuid:base64:base64`, as long as AWS's.
fn token(op: &mut Op) -> String {
    let (first, second) = (uuid(op), uuid(op));
    let (key, secret) = (op.random::<256>(), op.random::<64>());
    format!(
        "{first}:{second}:{}:{}",
        BASE64.encode(key),
        BASE64.encode(secret)
    )
}

fn uuid(op: &mut Op) -> Uuid {
    uuid::Builder::from_random_bytes(op.random()).into_uuid()
}
