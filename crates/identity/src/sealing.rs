//! Secrets at rest: AES-256-GCM under a key from the data folder or the environment.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use rand::Rng;
use rand::rngs::StdRng;
use zeroize::Zeroizing;

/// First byte of everything sealed, so that a later format can be told apart.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// The key under which private keys and other stored secrets are encrypted.
pub struct SealingKey {
    cipher: LessSafeKey,
    /// For [`Self::mark`]; derived, so that neither use says anything about the other.
    marking: hmac::Key,
}

/// What was read cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenSealedError {
    #[error("a stored secret was sealed by a newer version of this program")]
    UnknownVersion,
    #[error(
        "a stored secret cannot be opened: the sealing key is not the one it was sealed with, or the data is damaged"
    )]
    Damaged,
}

impl SealingKey {
    /// The key from its 32 bytes.
    #[expect(
        clippy::missing_panics_doc,
        reason = "32 bytes are always a valid AES-256 key"
    )]
    #[expect(
        clippy::expect_used,
        reason = "32 bytes are always a valid AES-256 key"
    )]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes are an AES-256 key");
        let root = hmac::Key::new(hmac::HMAC_SHA256, bytes);
        let derived = hmac::sign(&root, b"jetway marks, version 1");
        Self {
            cipher: LessSafeKey::new(key),
            marking: hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()),
        }
    }

    /// A mark (HMAC-SHA-256) that only the holder of this key can make: for what anyone may read
    /// and nobody else may write. `context` as in [`Self::seal`].
    pub(crate) fn mark(&self, context: &str, message: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&self.marking, &marked(context, message));
        let mut mark = [0; 32];
        mark.copy_from_slice(tag.as_ref());
        mark
    }

    /// Whether [`Self::mark`] made this mark. Takes the same time whatever was given.
    pub(crate) fn is_marked(&self, context: &str, message: &[u8], mark: &[u8]) -> bool {
        hmac::verify(&self.marking, &marked(context, message), mark).is_ok()
    }

    /// Encrypts `secret`. `context` says what it is and whose ("signing-key/…"); it is not stored
    /// but must be the same at [`Self::open`], so that secrets cannot be swapped in the database.
    #[expect(clippy::expect_used, reason = "AES-GCM seals anything below 64 GiB")]
    pub fn seal(&self, rng: &mut StdRng, context: &str, secret: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + secret.len() + TAG_BYTES);
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(secret);
        let body = sealed.get_mut(1 + NONCE_BYTES..).unwrap_or_default();
        let tag = self
            .cipher
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                body,
            )
            .expect("AES-GCM seals anything below 64 GiB");
        sealed.extend_from_slice(tag.as_ref());
        sealed
    }

    /// Decrypts what [`Self::seal`] made under the same context.
    pub fn open(
        &self,
        context: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenSealedError> {
        let (&version, rest) = sealed.split_first().ok_or(OpenSealedError::Damaged)?;
        if version != VERSION {
            return Err(OpenSealedError::UnknownVersion);
        }
        let (nonce, body) = rest.split_first_chunk().ok_or(OpenSealedError::Damaged)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .cipher
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(context.as_bytes()),
                &mut body,
            )
            .map_err(|_| OpenSealedError::Damaged)?
            .len();
        body.truncate(length);
        Ok(body)
    }
}

/// The length of the context comes first, so that no two pairs give the same bytes.
fn marked(context: &str, message: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 + context.len() + message.len());
    bytes.extend_from_slice(&(context.len() as u64).to_be_bytes());
    bytes.extend_from_slice(context.as_bytes());
    bytes.extend_from_slice(message);
    bytes
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_secret_opens_only_under_its_own_context_and_key() {
        let key = SealingKey::from_bytes(&[7; 32]);
        let sealed = key.seal(&mut StdRng::seed_from_u64(1), "signing-key/1", b"secret");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(
            key.open("signing-key/1", &sealed).unwrap().as_slice(),
            b"secret"
        );
        assert_eq!(
            key.open("signing-key/2", &sealed),
            Err(OpenSealedError::Damaged)
        );
        let other = SealingKey::from_bytes(&[8; 32]);
        assert_eq!(
            other.open("signing-key/1", &sealed),
            Err(OpenSealedError::Damaged)
        );
    }

    #[test]
    fn a_mark_is_good_for_one_context_content_and_key() {
        let key = SealingKey::from_bytes(&[7; 32]);
        let mark = key.mark("a", b"bc");
        assert!(key.is_marked("a", b"bc", &mark));
        assert!(!key.is_marked("ab", b"c", &mark));
        assert!(!key.is_marked("a", b"bd", &mark));
        assert!(!key.is_marked("a", b"bc", &mark[..31]));
        assert!(!SealingKey::from_bytes(&[8; 32]).is_marked("a", b"bc", &mark));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let key = SealingKey::from_bytes(&[7; 32]);
        let sealed = key.seal(&mut StdRng::seed_from_u64(1), "x", b"secret");
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(key.open("x", &changed).is_err());
            assert!(key.open("x", &sealed[..index]).is_err());
        }
    }
}
