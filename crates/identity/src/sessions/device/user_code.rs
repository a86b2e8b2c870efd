//! The code that a person carries from the terminal to the browser.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use rand::RngExt as _;
use rand::rngs::StdRng;

/// Consonants (RFC 8628, 6.1): they make no words, and none looks like a digit.
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

/// Eight letters, 34 bits. Who guesses has ten attempts in ten minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    pub(crate) fn random(rng: &mut StdRng) -> Self {
        let letter = |_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]);
        Self((0..LENGTH).map(letter).collect())
    }

    /// What was typed, in any letter case, with spaces and dashes anywhere. `None` if it cannot be
    /// one of ours.
    pub fn parse(typed: &str) -> Option<Self> {
        // Longer than any way to type eight letters.
        if typed.len() > 64 {
            return None;
        }
        let letters = typed
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| letter.to_ascii_uppercase());
        let code: String = letters.collect();
        let sound = code.len() == LENGTH && code.bytes().all(|letter| ALPHABET.contains(&letter));
        sound.then_some(Self(code))
    }

    /// What is stored of it: 64 hexadecimal digits.
    pub fn stored(&self) -> String {
        let text = format!("user code\0{}", self.0);
        hex::encode(digest(&SHA256, text.as_bytes()))
    }
}

impl fmt::Display for UserCode {
    /// `BCDF-GHJK`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LENGTH / 2);
        write!(f, "{first}-{second}")
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_code_is_found_again_however_it_is_typed() {
        let code = UserCode::random(&mut StdRng::seed_from_u64(1));
        let shown = code.to_string();
        assert_eq!(shown.len(), 9);
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            format!("  {} ", shown.replace('-', " ")),
        ] {
            assert_eq!(UserCode::parse(&typed), Some(code.clone()), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        let long = "B".repeat(65);
        for typed in [
            "",
            "BCDF-GHJ",
            "BCDF-GHJKL",
            "BCDF-GHJ1",
            "AEIO-UAEI",
            "ÄÖÜß",
            &long,
        ] {
            assert_eq!(UserCode::parse(typed), None, "{typed}");
        }
    }
}
