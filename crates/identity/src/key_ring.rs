//! The applications' signing keys, unsealed and parsed once.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use jetway_saml::SigningKey;

use crate::ids::KeyId;
use crate::sealing::{OpenSealedError, SealingKey};
use crate::store::{Read, StoreError};

/// Unseals signing keys and keeps them parsed: parsing an RSA key checks it, which costs more than
/// signing with it. A key never changes under its id, so nothing here goes stale.
#[derive(Debug)]
pub struct KeyRing {
    sealing: SealingKey,
    parsed: RwLock<HashMap<KeyId, SigningKey>>,
}

/// Why a signing key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    #[error("the application's signing key is missing from the database")]
    Missing,
    #[error(transparent)]
    Sealed(#[from] OpenSealedError),
    #[error("the application's stored signing key is not usable: {0}")]
    Key(#[from] jetway_saml::KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl KeyRing {
    pub fn new(sealing: SealingKey) -> Self {
        Self {
            sealing,
            parsed: RwLock::default(),
        }
    }

    /// The key under which the secrets of this organisation are sealed.
    pub fn sealing(&self) -> &SealingKey {
        &self.sealing
    }

    /// The key `id`, read through `read` the first time.
    pub(crate) async fn signing_key(
        &self,
        read: &mut dyn Read,
        id: KeyId,
    ) -> Result<SigningKey, KeyRingError> {
        if let Some(key) = self
            .parsed
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
        {
            return Ok(key.clone());
        }
        let record = read.signing_key(id).await?.ok_or(KeyRingError::Missing)?;
        let pkcs8 = self
            .sealing
            .open(&context(id), &record.sealed_private_key)?;
        let key = SigningKey::from_pkcs8_der(&pkcs8, &record.certificate_der)?;
        self.parsed
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, key.clone());
        Ok(key)
    }
}

/// What a sealed signing key is bound to.
pub(crate) fn context(id: KeyId) -> String {
    format!("signing-key/{id}")
}
