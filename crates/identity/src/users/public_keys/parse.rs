//! Reading a line of `authorized_keys`: RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, and OpenSSH's
//! PROTOCOL.u2f for keys on a hardware token.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// Longest line, in bytes; an RSA key of 16,384 bits has 2,800.
const MAX_BYTES: usize = 16 * 1024;
const MIN_RSA_BITS: usize = 2048;
const MAX_RSA_BITS: usize = 16_384;

/// Why a text is no public key that can be kept. Never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPublicKey {
    #[error(
        "this is a private key; it was neither stored nor logged. Paste the public key instead (the file that ends in .pub), and make a new pair, since the private key has left your computer"
    )]
    Private,
    #[error("paste a public key, such as the line in ~/.ssh/id_ed25519.pub")]
    Empty,
    #[error("paste one key at a time")]
    SeveralLines,
    #[error(
        "this is not in the form of OpenSSH, \"ssh-ed25519 AAAA… comment\"; ssh-keygen -i -f <file> converts other forms"
    )]
    Form,
    #[error(
        "keys of this type are not accepted; use ssh-ed25519, ecdsa-sha2-nistp256, -384 or -521, ssh-rsa, or one of the sk-… types"
    )]
    Algorithm,
    #[error("the key is damaged: copy the whole line again")]
    Damaged,
    #[error("RSA keys must have from 2048 to 16384 bits; this one has {0}")]
    RsaSize(usize),
}

/// A key that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedPublicKey {
    pub algorithm: String,
    /// Algorithm and base64.
    pub public_key: String,
    pub fingerprint: String,
    pub comment: String,
}

/// Whether a text holds, or may hold, a private key: PEM of any kind, OpenSSH's own form (also
/// without its first line), PuTTY, SSH.com, PGP and age.
pub(super) fn is_private(text: &str) -> bool {
    let upper = text.to_uppercase();
    upper.contains("PRIVATE KEY")
        || upper.contains("PRIVATE-KEY")
        || upper.contains("PUTTY-USER-KEY-FILE")
        || upper.contains("PRIVATE-LINES")
        || upper.contains("PRIVATE-MAC")
        || upper.contains("AGE-SECRET-KEY-")
        // "openssh-key-v1" in base64.
        || text.contains("b3BlbnNzaC1rZXkt")
        || text.split_whitespace().any(is_private_der)
}

/// Whether base64 begins as PKCS #1, PKCS #8 or SEC 1 do: a sequence with a small number first,
/// the version. Certificates and public keys have a sequence first.
fn is_private_der(word: &str) -> bool {
    let at = |position: usize, expected: &str| {
        word.get(position..position + expected.len()) == Some(expected)
    };
    word.starts_with('M')
        && (at(3, "CAQ") || (at(1, "I") && at(4, "AgE")) || (at(1, "II") && at(6, "IBA")))
}

/// Reads one public key.
pub fn parse_public_key(pasted: &str) -> Result<ParsedPublicKey, InvalidPublicKey> {
    if is_private(pasted) {
        return Err(InvalidPublicKey::Private);
    }
    let line = pasted.trim();
    if line.is_empty() {
        return Err(InvalidPublicKey::Empty);
    }
    if line.lines().filter(|line| !line.trim().is_empty()).count() > 1 && !line.starts_with('-') {
        return Err(InvalidPublicKey::SeveralLines);
    }
    if line.len() > MAX_BYTES {
        return Err(InvalidPublicKey::Form);
    }
    let mut words = line.splitn(3, [' ', '\t']);
    let (Some(algorithm), Some(encoded)) = (words.next(), words.next()) else {
        return Err(InvalidPublicKey::Form);
    };
    let comment = words.next().unwrap_or_default().trim();
    if !algorithm.contains("ssh-") && !algorithm.contains("sha2-") {
        return Err(InvalidPublicKey::Form);
    }
    let kind = Kind::of(algorithm).ok_or(InvalidPublicKey::Algorithm)?;
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_| InvalidPublicKey::Damaged)?;
    check(&kind, algorithm, &bytes)?;
    let hash = digest(&SHA256, &bytes);
    Ok(ParsedPublicKey {
        algorithm: algorithm.to_owned(),
        public_key: format!("{algorithm} {encoded}"),
        fingerprint: format!("SHA256:{}", STANDARD_NO_PAD.encode(hash)),
        comment: comment
            .chars()
            .filter(|c| !c.is_control())
            .take(256)
            .collect(),
    })
}

enum Kind {
    Ed25519,
    Rsa,
    /// The curve's name and the bytes of a point.
    Ecdsa(&'static str, usize),
    HardwareEd25519,
    HardwareEcdsa,
}

impl Kind {
    fn of(algorithm: &str) -> Option<Self> {
        Some(match algorithm {
            "ssh-ed25519" => Self::Ed25519,
            "ssh-rsa" => Self::Rsa,
            "ecdsa-sha2-nistp256" => Self::Ecdsa("nistp256", 65),
            "ecdsa-sha2-nistp384" => Self::Ecdsa("nistp384", 97),
            "ecdsa-sha2-nistp521" => Self::Ecdsa("nistp521", 133),
            "sk-ssh-ed25519@openssh.com" => Self::HardwareEd25519,
            "sk-ecdsa-sha2-nistp256@openssh.com" => Self::HardwareEcdsa,
            _ => return None,
        })
    }
}

/// The parts of a key, each with its length in four bytes before it (RFC 4251 §5).
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn next(&mut self) -> Result<&'a [u8], InvalidPublicKey> {
        let (length, rest) = self
            .0
            .split_first_chunk::<4>()
            .ok_or(InvalidPublicKey::Damaged)?;
        let length = u32::from_be_bytes(*length) as usize;
        let part = rest.get(..length).ok_or(InvalidPublicKey::Damaged)?;
        self.0 = &rest[length..];
        Ok(part)
    }

    fn expect(&mut self, expected: &[u8]) -> Result<(), InvalidPublicKey> {
        let part = self.next()?;
        (part == expected)
            .then_some(())
            .ok_or(InvalidPublicKey::Damaged)
    }

    fn of_length(&mut self, length: usize) -> Result<&'a [u8], InvalidPublicKey> {
        let part = self.next()?;
        (part.len() == length)
            .then_some(part)
            .ok_or(InvalidPublicKey::Damaged)
    }

    fn end(&self) -> Result<(), InvalidPublicKey> {
        self.0
            .is_empty()
            .then_some(())
            .ok_or(InvalidPublicKey::Damaged)
    }
}

fn check(kind: &Kind, algorithm: &str, bytes: &[u8]) -> Result<(), InvalidPublicKey> {
    let mut parts = Parts(bytes);
    parts.expect(algorithm.as_bytes())?;
    match kind {
        Kind::Ed25519 => drop(parts.of_length(32)?),
        Kind::Rsa => {
            parts.next()?;
            let bits = bits(parts.next()?);
            if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
                return Err(InvalidPublicKey::RsaSize(bits));
            }
        }
        Kind::Ecdsa(curve, point) => check_point(&mut parts, curve, *point)?,
        Kind::HardwareEd25519 => {
            parts.of_length(32)?;
            parts.next()?;
        }
        Kind::HardwareEcdsa => {
            check_point(&mut parts, "nistp256", 65)?;
            parts.next()?;
        }
    }
    parts.end()
}

/// A point that is not compressed (SEC 1 §2.3.3).
fn check_point(parts: &mut Parts<'_>, curve: &str, length: usize) -> Result<(), InvalidPublicKey> {
    parts.expect(curve.as_bytes())?;
    let point = parts.of_length(length)?;
    (point[0] == 4)
        .then_some(())
        .ok_or(InvalidPublicKey::Damaged)
}

/// The length of a positive number without its leading zeros, in bits.
fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    match number.get(zeros) {
        None => 0,
        Some(first) => (number.len() - zeros) * 8 - first.leading_zeros() as usize,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOIuuU4M4rJPYQBto4rSDJh1z84YuIXmcXH1kp2n9hkJ road.runner@desert";
    const RSA_1024: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC8YChFkecJ5brn+mHDTu64Jzfct0DGR9Xu5nGdArf/ruNuTgiwcDb0QZ3mbXGX0Euo4hmEG+V8mbJQLG60glGZGmDTTX5brK3RzdgJcWjnEQ2O/satG3xNa6QQ4A47auvrGmz2428q0JXvAbgBdG6T1Z+YBiWMox0yqg2k1YuqQw== road.runner@desert";
    const RSA_2048: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCQz052Ukk4aFRPsKitvYOGWV47doURlY0KYforBZDCXTp+TV/i/b/wBrE0F1yAQ0F7zYgo+L+DMf8teY3Ija22Ek17VhcwuUOmvNxGK3+E38DAv8qJ0JyUqs9ALPzjpAPJF+mv15AVz+ydkmcfz1s3MW1IVdG9zffuNFYsuB73A1kESr2caJMqJXMfv7rxxuh728XQPoScHl+i2RmhRYDDRXMuKsPGfyYo6KiHv3ptN0vvvodqxiB5KJtfYJ9Pk+oh5ledYZ77OY5/huJJCN1lGb9FAiIs3AC4WJOSoHgYCbWsGkem0HBhM4/BRa0W0pDFCi5QHsRbUmV7W2IECRQX road.runner@desert";
    const ECDSA: &str = "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBJs1ovxlCqL/xWQUf5fGVqOFL/Jhj1yoP6ZIclL0nwdi0V+DX69CKnKyynWuW8Qc4X9RGW7OiqSxiOzyNprfJFsDYZDPbPZdyOYvbSiWy5rB3p/OohF6AonbZmbwaPBx2Q== road.runner@desert";

    /// Requirement C14. The fingerprints are those of `ssh-keygen -l`.
    #[test]
    fn public_keys_of_openssh_are_read_with_their_fingerprint() {
        for (line, algorithm, fingerprint) in [
            (
                ED25519,
                "ssh-ed25519",
                "SHA256:V/cuqgbTtVeyM97lgQfh73hNWxAvRzbbfOdv2uZaFFM",
            ),
            (
                RSA_2048,
                "ssh-rsa",
                "SHA256:ORP4S158XstadCCY09bRu7zRn/MNjNhznCaoIxinW5w",
            ),
            (
                ECDSA,
                "ecdsa-sha2-nistp384",
                "SHA256:Wftlv3Xh2FMTTieCTOWN8WUknJEAEWA0/uF/vmdBrr0",
            ),
        ] {
            let key = parse_public_key(&format!("  {line}\r\n")).unwrap();
            assert_eq!(key.algorithm, algorithm);
            assert_eq!(key.fingerprint, fingerprint);
            assert_eq!(key.comment, "road.runner@desert");
            assert!(line.starts_with(&key.public_key));
        }
    }

    /// Keys on hardware tokens have the name of an application after the key itself.
    #[test]
    fn keys_on_hardware_tokens_are_read() {
        let part = |bytes: &[u8]| {
            let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
            [&length, bytes].concat()
        };
        let algorithm = "sk-ssh-ed25519@openssh.com";
        let bytes = [part(algorithm.as_bytes()), part(&[7; 32]), part(b"ssh:")].concat();
        let line = format!("{algorithm} {}", STANDARD.encode(bytes));
        assert_eq!(parse_public_key(&line).unwrap().algorithm, algorithm);
        let algorithm = "sk-ecdsa-sha2-nistp256@openssh.com";
        let point = [&[4][..], &[9; 64]].concat();
        let bytes = [
            part(algorithm.as_bytes()),
            part(b"nistp256"),
            part(&point),
            part(b"ssh:"),
        ];
        let line = format!("{algorithm} {}", STANDARD.encode(bytes.concat()));
        assert_eq!(parse_public_key(&line).unwrap().comment, "");
    }

    #[test]
    fn short_damaged_and_unknown_keys_are_refused_each_with_its_reason() {
        let refused = |text: &str| parse_public_key(text).unwrap_err();
        assert_eq!(refused(RSA_1024), InvalidPublicKey::RsaSize(1024));
        assert_eq!(refused(" \n"), InvalidPublicKey::Empty);
        assert_eq!(refused(&ED25519[..60]), InvalidPublicKey::Damaged);
        assert_eq!(
            refused(&ED25519.replace("ssh-ed25519 ", "ssh-rsa ")),
            InvalidPublicKey::Damaged
        );
        assert_eq!(
            refused("ssh-dss AAAAB3NzaC1kc3M="),
            InvalidPublicKey::Algorithm
        );
        assert_eq!(refused("hello world"), InvalidPublicKey::Form);
        for other in [
            "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE",
            "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA",
            "-----BEGIN CERTIFICATE-----\nMIICijCCAfOgAwIBAgIUE",
        ] {
            assert_eq!(refused(other), InvalidPublicKey::Form, "{other}");
        }
        assert_eq!(
            refused(&format!("{ED25519}\n{ECDSA}")),
            InvalidPublicKey::SeveralLines
        );
    }

    /// Requirement C14: whatever form a private key has, it is refused as one, and the reason does
    /// not repeat it.
    #[test]
    fn private_keys_of_every_form_are_refused() {
        for private in [
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n",
            "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA",
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFLTBXBgkq",
            "-----BEGIN EC PRIVATE KEY-----",
            "MIIEpAIBAAKCAQEAsecret",
            "MC4CAQAwBQYDK2VwBCIEIAsecret",
            "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg",
            "MHcCAQEEIIsecret",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none",
            "Private-Lines: 1",
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----",
            "AGE-SECRET-KEY-1QQQ",
            "ssh-ed25519 AAAA\n-----begin private key-----",
        ] {
            let refused = parse_public_key(private).unwrap_err();
            assert_eq!(refused, InvalidPublicKey::Private, "{private}");
            assert!(!refused.to_string().contains("secret"));
        }
    }
}
