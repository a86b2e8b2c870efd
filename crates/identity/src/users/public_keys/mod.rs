//! Public keys of people, in the form of OpenSSH (requirement C14).

mod add;
mod parse;
mod remove;

use time::OffsetDateTime;

use crate::ids::{PublicKeyId, UserId};
use crate::store::{Store, StoreError};

pub use add::{AddPublicKeyError, add_public_key};
pub use parse::{InvalidPublicKey, ParsedPublicKey, parse_public_key};
pub use remove::remove_public_key;

/// Most keys of one person.
pub const MAX_KEYS: usize = 50;

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub id: PublicKeyId,
    pub user: UserId,
    pub name: String,
    /// `ssh-ed25519`, `ecdsa-sha2-nistp256`, …
    pub algorithm: String,
    /// Algorithm and base64, without a comment.
    pub public_key: String,
    /// `SHA256:` and base64, as `ssh-keygen -l` writes it.
    pub fingerprint: String,
    pub created_at: OffsetDateTime,
}

/// The keys of a person, the oldest first.
pub async fn list_public_keys(
    store: &dyn Store,
    user: UserId,
) -> Result<Vec<PublicKey>, StoreError> {
    store.read().await?.public_keys_of(user).await
}
