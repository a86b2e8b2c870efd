//! The secret of a key: `jwk_` and 256 random bits; only its SHA-256 is stored.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use rand::rngs::StdRng;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// Tells people, and scanners that look for leaked secrets, what it is.
const PREFIX: &str = "jwk_";
const SECRET_BYTES: usize = 32;
/// 32 bytes in base64url without padding.
const SECRET_CHARACTERS: usize = 43;
/// How much of the secret a list shows: 24 of its 256 bits.
const HINT_CHARACTERS: usize = 4;

/// What is stored of a key.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyHash(String);

impl ApiKeyHash {
    /// The hash of what a program sent; `None` when it cannot be a key of ours.
    pub fn of(sent: &str) -> Option<Self> {
        let secret = sent.strip_prefix(PREFIX)?;
        let sound = secret.len() == SECRET_CHARACTERS
            && secret
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        sound.then(|| Self(hex::encode(digest(&SHA256, sent.as_bytes()))))
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeyHash(***)")
    }
}

/// A new secret, its hash and its hint.
pub(crate) fn new_secret(rng: &mut StdRng) -> (SecretString, ApiKeyHash, String) {
    let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
    rng.fill_bytes(&mut *bytes);
    let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(*bytes));
    let hash = ApiKeyHash(hex::encode(digest(&SHA256, text.as_bytes())));
    let hint = text.chars().take(PREFIX.len() + HINT_CHARACTERS).collect();
    (SecretString::from(text), hash, hint)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_key_is_found_by_its_hash_and_only_whole_keys_have_one() {
        let (secret, hash, hint) = new_secret(&mut StdRng::seed_from_u64(1));
        let secret = secret.expose_secret();
        assert_eq!(secret.len(), PREFIX.len() + SECRET_CHARACTERS);
        assert_eq!(ApiKeyHash::of(secret), Some(hash.clone()));
        assert!(secret.starts_with(&hint) && hint.len() == 8);
        assert!(!hash.as_str().contains(secret));
        for odd in [
            "",
            "jwk_",
            &secret[1..],
            &format!("{secret}A"),
            &"=".repeat(47),
        ] {
            assert_eq!(ApiKeyHash::of(odd), None, "{odd}");
        }
    }
}
