//! Making an API key.

use secrecy::SecretString;
use serde_json::json;
use time::OffsetDateTime;

use crate::administrators::{NotAllowed, Permission, require};
use crate::api_keys::secret::new_secret;
use crate::api_keys::{ApiKey, Scope};
use crate::events::EventKind;
use crate::ids::{AdministratorId, ApiKeyId};
use crate::op::Op;
use crate::store::{Store, StoreError};
use crate::text::{self, TextError};

/// Most keys of one administrator.
const MAX_KEYS: usize = 100;

/// A key to make.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    pub name: String,
    pub scopes: Vec<Scope>,
    /// `None`: it does not expire.
    pub expires_at: Option<OffsetDateTime>,
}

/// A key that was made. The secret exists nowhere else: show it now or never.
#[derive(Debug)]
pub struct CreatedApiKey {
    pub secret: SecretString,
    pub key: ApiKey,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateApiKeyError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("there is no such administrator")]
    NoSuchAdministrator,
    #[error("choose at least one scope")]
    NoScope,
    #[error("the time of expiry has passed; choose a later one")]
    Expired,
    #[error("an administrator has at most {MAX_KEYS} keys; revoke one first")]
    TooMany,
    #[error(
        "a break-glass account has no API keys: they would be used without anybody being told; use another account"
    )]
    BreakGlass,
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a key that belongs to `owner` and adds the event `api_key_create`.
pub async fn create_api_key(
    op: &mut Op,
    store: &dyn Store,
    owner: AdministratorId,
    new: NewApiKey,
) -> Result<CreatedApiKey, CreateApiKeyError> {
    text::check_filled("the name", &new.name, 128)?;
    if new.scopes.is_empty() {
        return Err(CreateApiKeyError::NoScope);
    }
    if new.expires_at.is_some_and(|end| end <= op.now) {
        return Err(CreateApiKeyError::Expired);
    }
    let mut scopes = Vec::new();
    for scope in new.scopes {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    let (secret, hash, hint) = new_secret(&mut op.rng);
    let key = ApiKey {
        id: ApiKeyId::new(op.now, &mut op.rng),
        name: new.name.trim().to_owned(),
        owner,
        hint,
        scopes,
        created_at: op.now,
        expires_at: new.expires_at,
        last_used_at: None,
    };
    let mut write = store.write().await?;
    let actor = require(write.as_mut(), op, Permission::ManageApiKeys).await??;
    if actor.is_some_and(|actor| actor.id != owner) {
        // A key acts as its owner: nobody makes one for somebody else.
        return Err(NotAllowed.into());
    }
    let Some(administrator) = write.administrator(owner).await? else {
        return Err(CreateApiKeyError::NoSuchAdministrator);
    };
    if write.break_glass_account(owner).await?.is_some() {
        return Err(CreateApiKeyError::BreakGlass);
    }
    if write.api_keys_of(owner).await?.len() >= MAX_KEYS {
        return Err(CreateApiKeyError::TooMany);
    }
    write.insert_api_key(&key, &hash).await?;
    let detail = json!({
        "scopes": key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "expires": key.expires_at.map(OffsetDateTime::unix_timestamp),
        "owner": administrator.email,
    });
    let event = op.event(EventKind::ApiKeyCreate, true, Some(key.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(CreatedApiKey { secret, key })
}
