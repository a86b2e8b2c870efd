//! Session tokens: 256 random bits in the cookie, only their SHA-256 in the database.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use rand::rngs::StdRng;
use secrecy::SecretString;
use zeroize::Zeroizing;

const TOKEN_BYTES: usize = 32;
/// 32 bytes in base64url without padding.
const TOKEN_CHARACTERS: usize = 43;

/// What is stored of a session token. A dump of the database is of no use as a cookie.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a token from a cookie; `None` when it cannot be one of ours.
    pub fn of(token: &str) -> Option<Self> {
        let sound = token.len() == TOKEN_CHARACTERS
            && token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        sound.then(|| Self(hex::encode(digest(&SHA256, token.as_bytes()))))
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the hash of a token")]
pub struct InvalidTokenHash;

impl FromStr for TokenHash {
    type Err = InvalidTokenHash;

    /// The reverse of [`Self::as_str`].
    fn from_str(text: &str) -> Result<Self, InvalidTokenHash> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidTokenHash)
        }
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(***)")
    }
}

/// A new token and its hash.
pub(crate) fn new_token(rng: &mut StdRng) -> (SecretString, TokenHash) {
    let mut bytes = Zeroizing::new([0; TOKEN_BYTES]);
    rng.fill_bytes(&mut *bytes);
    let token = URL_SAFE_NO_PAD.encode(*bytes);
    let hash = TokenHash(hex::encode(digest(&SHA256, token.as_bytes())));
    (SecretString::from(token), hash)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_token_has_256_bits_and_its_hash_is_found_again() {
        let (token, hash) = new_token(&mut StdRng::seed_from_u64(1));
        assert_eq!(token.expose_secret().len(), TOKEN_CHARACTERS);
        assert_eq!(TokenHash::of(token.expose_secret()), Some(hash));
        for odd in ["", "x", &"x".repeat(44), &"=".repeat(43), &"é".repeat(43)] {
            assert_eq!(TokenHash::of(odd), None);
        }
    }
}
