//! Stored password hashes: Argon2id (RFC 9106) in the PHC string format,
//! `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.

use std::fmt;
use std::str::FromStr;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
pub(crate) const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;

/// Bounds on the parameters of a stored hash, so that a manipulated database cannot make a sign-in
/// take minutes or gigabytes.
const MAX_MEMORY_KIB: u32 = 65_536;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 4;

/// A salted hash with its parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

/// The text is not a supported password hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Argon2id hash in PHC format with supported parameters")]
pub struct InvalidHash;

impl PasswordHash {
    /// Hashes with the present parameters.
    pub(crate) fn compute(
        password: &[u8],
        salt: [u8; SALT_BYTES],
        memory: &mut Vec<Block>,
    ) -> Result<Self, argon2::Error> {
        let mut hash = Self {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: salt.to_vec(),
            output: vec![0; OUTPUT_BYTES],
        };
        hash.output = hash.output_for(password, memory)?;
        Ok(hash)
    }

    /// Whether `password` is the one that was hashed. Takes the same time for any answer.
    pub(crate) fn verify(
        &self,
        password: &[u8],
        memory: &mut Vec<Block>,
    ) -> Result<bool, argon2::Error> {
        let output = self.output_for(password, memory)?;
        Ok(verify_slices_are_equal(&output, &self.output).is_ok())
    }

    /// Whether it was made with other parameters than a hash made today would be.
    pub(crate) fn is_outdated(&self) -> bool {
        (self.memory_kib, self.passes, self.lanes) != (MEMORY_KIB, PASSES, LANES)
            || self.salt.len() < SALT_BYTES
            || self.output.len() < OUTPUT_BYTES
    }

    /// A hash that no password has, for accounts that do not exist: verifying against it costs
    /// what verifying against a real one costs.
    pub(crate) fn of_nobody() -> Self {
        Self {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: vec![0; SALT_BYTES],
            output: vec![0; OUTPUT_BYTES],
        }
    }

    fn output_for(
        &self,
        password: &[u8],
        memory: &mut Vec<Block>,
    ) -> Result<Vec<u8>, argon2::Error> {
        let length = Some(self.output.len());
        let params = Params::new(self.memory_kib, self.passes, self.lanes, length)?;
        let blocks = params.block_count();
        if memory.len() < blocks {
            memory.resize(blocks, Block::default());
        }
        let mut output = vec![0; self.output.len()];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
            password,
            &self.salt,
            &mut output,
            memory.get_mut(..blocks).unwrap_or_default(),
        )?;
        Ok(output)
    }
}

impl fmt::Display for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "$argon2id$v=19$m={},t={},p={}${}${}",
            self.memory_kib,
            self.passes,
            self.lanes,
            STANDARD_NO_PAD.encode(&self.salt),
            STANDARD_NO_PAD.encode(&self.output)
        )
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

impl FromStr for PasswordHash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        let parts: Vec<&str> = text.split('$').collect();
        let ["", "argon2id", "v=19", params, salt, output] = parts.as_slice() else {
            return Err(InvalidHash);
        };
        let numbers: Vec<&str> = params.split(',').collect();
        let [memory, passes, lanes] = numbers.as_slice() else {
            return Err(InvalidHash);
        };
        let hash = Self {
            memory_kib: number(memory, "m=", MAX_MEMORY_KIB)?,
            passes: number(passes, "t=", MAX_PASSES)?,
            lanes: number(lanes, "p=", MAX_LANES)?,
            salt: STANDARD_NO_PAD.decode(salt).map_err(|_| InvalidHash)?,
            output: STANDARD_NO_PAD.decode(output).map_err(|_| InvalidHash)?,
        };
        let sound = (8..=64).contains(&hash.salt.len()) && (16..=64).contains(&hash.output.len());
        if sound { Ok(hash) } else { Err(InvalidHash) }
    }
}

fn number(text: &str, prefix: &str, max: u32) -> Result<u32, InvalidHash> {
    let number = text
        .strip_prefix(prefix)
        .and_then(|digits| digits.parse().ok());
    number
        .filter(|number| (1..=max).contains(number))
        .ok_or(InvalidHash)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with libargon2's `argon2` program: `echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1`.
    /// From the reference implementation's own test vectors (`src/test.c`).
    const REFERENCE: &str =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    #[test]
    fn a_hash_of_the_reference_implementation_is_verified_and_reported_as_outdated() {
        let hash: PasswordHash = REFERENCE.parse().unwrap();
        let mut memory = Vec::new();
        assert!(hash.verify(b"password", &mut memory).unwrap());
        assert!(!hash.verify(b"passwore", &mut memory).unwrap());
        assert!(hash.is_outdated());
        assert_eq!(hash.to_string(), REFERENCE);
    }

    #[test]
    fn a_new_hash_reads_back_and_matches_only_its_password() {
        let mut memory = Vec::new();
        let hash = PasswordHash::compute(b"that-is-all-folks", [3; 16], &mut memory).unwrap();
        let read: PasswordHash = hash.to_string().parse().unwrap();
        assert!(
            read.to_string()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        assert!(!read.is_outdated());
        assert!(read.verify(b"that-is-all-folks", &mut memory).unwrap());
        assert!(!read.verify(b"that-is-all-folks ", &mut memory).unwrap());
    }

    #[test]
    fn other_algorithms_and_absurd_parameters_are_refused() {
        for text in [
            "",
            "password",
            "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
            "$argon2id$v=16$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
            "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
            "$argon2id$v=19$m=19456,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$",
        ] {
            assert_eq!(text.parse::<PasswordHash>(), Err(InvalidHash), "{text}");
        }
    }
}
