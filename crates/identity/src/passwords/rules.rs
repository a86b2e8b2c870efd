//! Which passwords are accepted (NIST SP 800-63B-4 §3.1.1.2: length, no composition rules).

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Fewest characters of a password: the minimum for a password that is the only factor, as every
/// password is so far. With a second factor 8 would do.
pub const MIN_CHARACTERS: usize = 15;
/// Most characters of a password. Longer ones are refused, never cut.
pub const MAX_CHARACTERS: usize = 256;

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("the password is too short: use at least {MIN_CHARACTERS} characters")]
    TooShort,
    #[error("the password is too long: use at most {MAX_CHARACTERS} characters")]
    TooLong,
}

/// Checks a new password.
pub(crate) fn check(password: &SecretString) -> Result<(), PasswordError> {
    match password
        .expose_secret()
        .chars()
        .take(MAX_CHARACTERS + 1)
        .count()
    {
        ..MIN_CHARACTERS => Err(PasswordError::TooShort),
        MIN_CHARACTERS..=MAX_CHARACTERS => Ok(()),
        _ => Err(PasswordError::TooLong),
    }
}

/// The bytes that are hashed: Unicode NFKC, so that the same password typed on two keyboards is
/// the same password. `None` when no password of this length can have been set.
pub(crate) fn bytes(password: &SecretString) -> Option<Zeroizing<Vec<u8>>> {
    let text = password.expose_secret();
    if text.chars().take(MAX_CHARACTERS + 1).count() > MAX_CHARACTERS {
        return None;
    }
    // NFKC lengthens a character at most eighteenfold; reserving that much up front means that no
    // half-written copy is left behind in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 18));
    let mut buffer = Zeroizing::new([0; 4]);
    for character in text.nfkc() {
        bytes.extend_from_slice(character.encode_utf8(&mut *buffer).as_bytes());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Result<(), PasswordError> {
        check(&SecretString::from(password.to_owned()))
    }

    #[test]
    fn only_the_length_of_a_password_matters() {
        assert_eq!(verdict("12345678901234"), Err(PasswordError::TooShort));
        assert_eq!(verdict("123456789012345"), Ok(()));
        assert_eq!(verdict("äöüßäöüßäöüßäöü"), Ok(()));
        assert_eq!(verdict("               "), Ok(()));
        assert_eq!(verdict(&"x".repeat(256)), Ok(()));
        assert_eq!(verdict(&"界".repeat(256)), Ok(()));
        assert_eq!(verdict(&"x".repeat(257)), Err(PasswordError::TooLong));
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password() {
        let composed = bytes(&SecretString::from("caf\u{e9} au lait".to_owned())).unwrap();
        let decomposed = bytes(&SecretString::from("cafe\u{301} au lait".to_owned())).unwrap();
        assert_eq!(composed, decomposed);
    }
}
