//! Codes on paper, for the day on which every other factor is lost.
//!
//! Ten of them, each good for one use. A code has 15 letters out of 30, which are 73 bits, and no
//! account has the same ones, so a plain hash with the owner's id is enough: a copy of the database
//! opens nothing (security.md item 30, which asks for 64 bits or a slow hash).

use std::fmt;

use aws_lc_rs::constant_time;
use aws_lc_rs::digest::{Context, SHA256};
use rand::Rng;
use rand::rngs::StdRng;
use secrecy::SecretString;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::factors::FactorOwner;

/// How many codes a person gets at once.
pub const RECOVERY_CODES: usize = 10;

/// Letters and digits without those that look alike on paper: no 0, 1, I, L, O and U.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: usize = 15;
/// Letters between hyphens.
const GROUP: usize = 5;
/// Longest text that is looked at, in bytes: a code and more hyphens than anybody types.
const MAX_TYPED: usize = 64;
/// Says what is hashed, and in which form.
const DOMAIN: &[u8] = b"jetway recovery code, version 1\0";

/// What is stored of a recovery code.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRecoveryCode {
    /// SHA-256 of a domain, the owner's id and the code.
    pub hash: [u8; 32],
    pub used_at: Option<OffsetDateTime>,
}

/// New codes: to be shown once, and to be stored.
#[derive(Debug)]
pub struct NewRecoveryCodes {
    /// In groups of five letters with hyphens, in the order of `stored`.
    pub shown: Vec<SecretString>,
    /// They take the place of all earlier ones.
    pub stored: Vec<StoredRecoveryCode>,
}

/// Ten new codes for `owner`.
pub fn new_recovery_codes(rng: &mut StdRng, owner: FactorOwner) -> NewRecoveryCodes {
    let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| random_letters(rng)).collect();
    NewRecoveryCodes {
        shown: codes.iter().map(grouped).collect(),
        stored: codes.iter().map(|code| stored(owner, code)).collect(),
    }
}

/// The place of the code that was typed among those stored for `owner`, for the caller to mark as
/// used; `None` when it is none of them or was used before. Of two requests with one code only the
/// first may find it unused when it marks it: the caller makes the change conditional. Case, hyphens
/// and spaces do not matter. All codes are compared, each in constant time.
pub fn find_recovery_code(
    owner: FactorOwner,
    stored: &[StoredRecoveryCode],
    typed: &str,
) -> Option<usize> {
    let typed = hash(owner, &normalised(typed)?);
    let mut found = None;
    for (index, code) in stored.iter().enumerate() {
        let equal = constant_time::verify_slices_are_equal(&code.hash, &typed).is_ok();
        if equal && code.used_at.is_none() {
            found = Some(index);
        }
    }
    found
}

/// How many codes are left.
pub fn unused_recovery_codes(stored: &[StoredRecoveryCode]) -> usize {
    stored.iter().filter(|code| code.used_at.is_none()).count()
}

impl fmt::Debug for StoredRecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRecoveryCode")
            .field("used_at", &self.used_at)
            .finish_non_exhaustive()
    }
}

type Letters = Zeroizing<[u8; LETTERS]>;

/// Each letter of the alphabet equally often: bytes that would favour the first ones are thrown away.
fn random_letters(rng: &mut StdRng) -> Letters {
    let mut letters = Zeroizing::new([0; LETTERS]);
    for letter in letters.iter_mut() {
        *letter = loop {
            let mut byte = [0];
            rng.fill_bytes(&mut byte);
            // Eight times 30 is 240.
            let index = usize::from(byte[0]);
            if index < ALPHABET.len() * 8
                && let Some(drawn) = ALPHABET.get(index % ALPHABET.len())
            {
                break *drawn;
            }
        };
    }
    letters
}

fn grouped(letters: &Letters) -> SecretString {
    let mut text = String::with_capacity(LETTERS + LETTERS / GROUP);
    for (index, letter) in letters.iter().enumerate() {
        if index > 0 && index % GROUP == 0 {
            text.push('-');
        }
        text.push(char::from(*letter));
    }
    SecretString::from(text)
}

fn stored(owner: FactorOwner, letters: &Letters) -> StoredRecoveryCode {
    StoredRecoveryCode {
        hash: hash(owner, letters),
        used_at: None,
    }
}

fn hash(owner: FactorOwner, letters: &Letters) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(DOMAIN);
    context.update(owner.to_string().as_bytes());
    context.update(b"\0");
    context.update(letters.as_slice());
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// The letters of a typed code; `None` when it cannot be one.
fn normalised(typed: &str) -> Option<Letters> {
    if typed.len() > MAX_TYPED {
        return None;
    }
    let mut letters = Zeroizing::new([0; LETTERS]);
    let mut places = letters.iter_mut();
    for byte in typed.bytes().filter(|byte| !matches!(byte, b' ' | b'-')) {
        let letter = byte.to_ascii_uppercase();
        *places.next()? = Some(letter).filter(|letter| ALPHABET.contains(letter))?;
    }
    let full = places.next().is_none();
    full.then_some(letters)
}
