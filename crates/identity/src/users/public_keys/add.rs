//! Adding a public key.

use serde_json::json;

use super::{InvalidPublicKey, MAX_KEYS, PublicKey, parse_public_key};
use crate::events::EventKind;
use crate::ids::{PublicKeyId, UserId};
use crate::op::Op;
use crate::store::{Store, StoreError};
use crate::text::{self, TextError};

/// Why a key was not added. Never holds what was pasted.
#[derive(Debug, thiserror::Error)]
pub enum AddPublicKeyError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error(transparent)]
    Name(TextError),
    #[error(transparent)]
    Key(#[from] InvalidPublicKey),
    #[error("this person has this key already, as \"{0}\"")]
    Known(String),
    #[error("this person already has {MAX_KEYS} keys; remove one first")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a public key under a name; without one, the key's comment is its name. The event
/// `user_update` keeps name and fingerprint. A private key is refused: it is neither stored nor
/// logged, and the answer says that it must now be replaced.
pub async fn add_public_key(
    op: &mut Op,
    store: &dyn Store,
    user: UserId,
    name: &str,
    pasted: &str,
) -> Result<PublicKey, AddPublicKeyError> {
    let parsed = parse_public_key(pasted)?;
    let name = match name.trim() {
        "" => parsed.comment.clone(),
        name => name.to_owned(),
    };
    text::check_filled("the name of the key", &name, 256).map_err(AddPublicKeyError::Name)?;
    // People paste into the wrong field, too.
    parse_name(&name)?;
    let mut write = store.write().await?;
    let user = write
        .user(user)
        .await?
        .ok_or(AddPublicKeyError::NoSuchUser)?;
    let keys = write.public_keys_of(user.id).await?;
    if let Some(known) = keys
        .iter()
        .find(|key| key.fingerprint == parsed.fingerprint)
    {
        return Err(AddPublicKeyError::Known(known.name.clone()));
    }
    if keys.len() >= MAX_KEYS {
        return Err(AddPublicKeyError::TooMany);
    }
    let key = PublicKey {
        id: PublicKeyId::new(op.now, &mut op.rng),
        user: user.id,
        name,
        algorithm: parsed.algorithm,
        public_key: parsed.public_key,
        fingerprint: parsed.fingerprint,
        created_at: op.now,
    };
    write.insert_public_key(&key).await?;
    let shown = format!("{} ({})", key.name, key.fingerprint);
    let detail = json!({"changes": [{"field": "public_keys", "from": null, "to": shown}]});
    let event = op.event(EventKind::UserUpdate, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(key)
}

fn parse_name(name: &str) -> Result<(), InvalidPublicKey> {
    if super::parse::is_private(name) {
        return Err(InvalidPublicKey::Private);
    }
    Ok(())
}
