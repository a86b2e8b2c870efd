//! Access keys and session tokens.
//!
//! Nothing is written when a role is assumed: the session token is a sealed record of the session
//! (AES-256-GCM, bound to its access key id), and the secret access key is an HMAC of the access
//! key id. Both keys come from the data folder, so sessions survive a restart. A session names the
//! role's unique id: when the role is deleted or re-created, the session stops matching.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    constant_time::verify_slices_are_equal,
    hmac,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jetway_iam::{DocumentKind, PolicyDocument};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::{ids, op::Op, principal::Principal, state::State, state::Tag};

const TOKEN_VERSION: u8 = 1;
/// The longest token that is looked at.
const MAX_TOKEN: usize = 64 * 1024;
/// Unsealed sessions that are kept; when full, all are dropped and unsealed again on use.
const MAX_CACHED: usize = 4096;

/// What a federated session keeps of its assertion (aws-iam-sts.md §1.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Federation {
    /// ARN of the SAML provider (`aws:FederatedProvider`).
    #[serde(rename = "p")]
    pub provider_arn: String,
    /// `saml:sub`.
    #[serde(rename = "s")]
    pub subject: String,
    /// `saml:sub_type`.
    #[serde(rename = "t")]
    pub subject_type: String,
    /// `saml:namequalifier`.
    #[serde(rename = "q")]
    pub name_qualifier: String,
}

/// What a session of Identity Center keeps of its user (identity-center.md §2.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityStoreUser {
    /// `identitystore:UserId`.
    #[serde(rename = "u")]
    pub user_id: String,
    /// `d-…`
    #[serde(rename = "s")]
    pub store_id: String,
    /// The account that the instance belongs to.
    #[serde(rename = "o")]
    pub owner_account: String,
    /// ARN of the account's SAML provider of Identity Center (`aws:FederatedProvider`).
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub provider_arn: Option<String>,
}

/// A role session: everything that its token seals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Account of the role.
    #[serde(rename = "a")]
    pub account: String,
    /// Name of the role, without path.
    #[serde(rename = "r")]
    pub role_name: String,
    /// Unique id of the role, `AROA…`.
    #[serde(rename = "i")]
    pub role_id: String,
    /// `RoleSessionName`.
    #[serde(rename = "n")]
    pub name: String,
    /// Unix seconds (`aws:TokenIssueTime`).
    #[serde(rename = "b")]
    pub issued_at: i64,
    /// Unix seconds.
    #[serde(rename = "e")]
    pub expires_at: i64,
    /// Session tags.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Keys of the tags that persist through role chaining.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub transitive: Vec<String>,
    /// Source identity, which no later session in a chain can change.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    /// Present when the session came from a SAML assertion.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub federation: Option<Federation>,
    /// Present when the session came from Identity Center.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub identity_store: Option<IdentityStoreUser>,
    /// Inline session policy, JSON text.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// ARNs of managed session policies.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub policy_arns: Vec<String>,
}

/// Temporary credentials as they are handed out, once.
#[derive(Debug)]
pub(crate) struct TemporaryCredentials {
    /// `ASIA…`.
    pub(crate) access_key_id: String,
    /// 40 characters.
    pub(crate) secret_access_key: SecretString,
    /// The sealed session.
    pub(crate) session_token: SecretString,
    /// Unix seconds.
    pub(crate) expires_at: i64,
}

/// Long-term credentials of an account's bootstrap administrator.
#[derive(Clone, Debug)]
pub struct RootCredentials {
    /// `AKIA…`.
    pub access_key_id: String,
    /// 40 characters.
    pub secret_access_key: SecretString,
}

/// Why an access key or session token is no good. Each service words it its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CredentialError {
    /// No such access key.
    #[error("the access key is unknown")]
    UnknownKey,
    /// The session token is missing, foreign, altered, or its role is gone.
    #[error("the session token is not valid")]
    InvalidToken,
    /// The session is over.
    #[error("the session token has expired")]
    Expired,
}

/// An unsealed session with its inline session policy compiled.
#[derive(Debug)]
pub(crate) struct OpenSession {
    pub(crate) session: Arc<Session>,
    pub(crate) policy: Option<Arc<PolicyDocument>>,
}

struct Cached {
    token: String,
    open: Arc<OpenSession>,
}

/// The keys of the data folder and what was unsealed with them.
pub(crate) struct Vault {
    sealing: LessSafeKey,
    secrets: hmac::Key,
    clients: hmac::Key,
    cache: RwLock<HashMap<String, Cached>>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Vault {
    /// Derives the working keys from the 32 bytes of the data folder. `None` only if the
    /// cryptographic library refuses a 32-byte key.
    pub(crate) fn new(master: &[u8; 32]) -> Option<Self> {
        let master = hmac::Key::new(hmac::HMAC_SHA256, master);
        let derive = |purpose: &str| {
            Zeroizing::new(hmac::sign(&master, purpose.as_bytes()).as_ref().to_vec())
        };
        let sealing = UnboundKey::new(&AES_256_GCM, &derive("session tokens")).ok()?;
        Some(Self {
            sealing: LessSafeKey::new(sealing),
            secrets: hmac::Key::new(hmac::HMAC_SHA256, &derive("secret access keys")),
            clients: hmac::Key::new(hmac::HMAC_SHA256, &derive("clients of the access portal")),
            cache: RwLock::default(),
        })
    }

    /// The secret of an access key id, 40 characters.
    pub(crate) fn secret_of(&self, access_key_id: &str) -> SecretString {
        let tag = hmac::sign(&self.secrets, access_key_id.as_bytes());
        let mut secret = String::with_capacity(40);
        BASE64.encode_string(&tag.as_ref()[..30], &mut secret);
        SecretString::from(secret)
    }

    /// Authenticates what clients of the access portal keep: their registrations outlive the state.
    pub(crate) fn client_tag(&self, text: &str) -> [u8; 32] {
        let mut tag = [0; 32];
        tag.copy_from_slice(hmac::sign(&self.clients, text.as_bytes()).as_ref());
        tag
    }

    /// Seals `session` under a fresh access key id.
    pub(crate) fn issue(&self, op: &mut Op, session: &Session) -> Option<TemporaryCredentials> {
        let access_key_id = ids::temporary_access_key_id(op);
        let nonce: [u8; NONCE_LEN] = op.random();
        let mut sealed = serde_json::to_vec(session).ok()?;
        self.sealing
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(access_key_id.as_bytes()),
                &mut sealed,
            )
            .ok()?;
        let mut token = Vec::with_capacity(1 + NONCE_LEN + sealed.len());
        token.push(TOKEN_VERSION);
        token.extend_from_slice(&nonce);
        token.append(&mut sealed);
        Some(TemporaryCredentials {
            secret_access_key: self.secret_of(&access_key_id),
            session_token: SecretString::from(BASE64.encode(token)),
            expires_at: session.expires_at,
            access_key_id,
        })
    }

    /// Opens the token that came with `access_key_id`. Does not look at the time or the role.
    pub(crate) fn open(&self, access_key_id: &str, token: &str) -> Option<Arc<OpenSession>> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        if let Some(open) = self.cached(access_key_id, token) {
            return Some(open);
        }
        let session = self.unseal(access_key_id, token)?;
        let policy = match &session.policy {
            Some(text) => Some(Arc::new(
                PolicyDocument::parse(text, DocumentKind::Session).ok()?,
            )),
            None => None,
        };
        let open = Arc::new(OpenSession {
            session: Arc::new(session),
            policy,
        });
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= MAX_CACHED {
            cache.clear();
        }
        cache.insert(
            access_key_id.to_owned(),
            Cached {
                token: token.to_owned(),
                open: Arc::clone(&open),
            },
        );
        Some(open)
    }

    fn cached(&self, access_key_id: &str, token: &str) -> Option<Arc<OpenSession>> {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        let cached = cache.get(access_key_id)?;
        verify_slices_are_equal(cached.token.as_bytes(), token.as_bytes()).ok()?;
        Some(Arc::clone(&cached.open))
    }

    fn unseal(&self, access_key_id: &str, token: &str) -> Option<Session> {
        let mut bytes = BASE64.decode(token).ok()?;
        let (&mut version, rest) = bytes.split_first_mut()?;
        if version != TOKEN_VERSION || rest.len() < NONCE_LEN {
            return None;
        }
        let (nonce, sealed) = rest.split_at_mut(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self
            .sealing
            .open_in_place(nonce, Aad::from(access_key_id.as_bytes()), sealed)
            .ok()?;
        serde_json::from_slice(plain).ok()
    }
}

/// Whether `access_key_id` has the shape of a temporary access key.
pub(crate) fn is_temporary(access_key_id: &str) -> bool {
    access_key_id.len() == 20 && access_key_id.starts_with("ASIA")
}

/// Who presents these credentials. The signature is the caller's to verify, with
/// [`Vault::secret_of`].
pub(crate) fn resolve(
    vault: &Vault,
    state: &State,
    access_key_id: &str,
    token: Option<&str>,
    now: OffsetDateTime,
) -> Result<Principal, CredentialError> {
    if !is_temporary(access_key_id) {
        let account = state
            .account_of_key(access_key_id)
            .filter(|account| !crate::organizations::is_closed(state, &account.record.id))
            .ok_or(CredentialError::UnknownKey)?;
        return match token {
            None => Ok(Principal::administrator(&account.record.id)),
            Some(_) => Err(CredentialError::InvalidToken),
        };
    }
    let token = token.ok_or(CredentialError::InvalidToken)?;
    let open = vault
        .open(access_key_id, token)
        .ok_or(CredentialError::InvalidToken)?;
    if open.session.expires_at <= now.unix_timestamp() {
        return Err(CredentialError::Expired);
    }
    Principal::of_session(state, &open)
        .filter(|principal| !crate::organizations::is_closed(state, &principal.account))
        .ok_or(CredentialError::InvalidToken)
}
