//! Identifiers in AWS's shapes (aws-iam-sts.md §3.2, §3.3).

use crate::op::Op;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `prefix` followed by `length` characters of `[A-Z2-7]`, five random bits each.
pub(crate) fn base32_id(op: &mut Op, prefix: &str, length: usize) -> String {
    let random: [u8; 32] = op.random();
    let mut id = String::with_capacity(prefix.len() + length);
    id.push_str(prefix);
    id.extend(
        random
            .iter()
            .cycle()
            .take(length.min(random.len()))
            .map(|byte| char::from(BASE32[usize::from(byte & 31)])),
    );
    id
}

/// Role id: `AROA` and 17 characters.
pub(crate) fn role_id(op: &mut Op) -> String {
    base32_id(op, "AROA", 17)
}

/// Managed policy id: `ANPA` and 17 characters.
pub(crate) fn policy_id(op: &mut Op) -> String {
    base32_id(op, "ANPA", 17)
}

/// `SAMLProviderUUID`: `SAMLSP` and 16 characters.
pub(crate) fn saml_provider_uuid(op: &mut Op) -> String {
    base32_id(op, "SAMLSP", 16)
}

/// Temporary access key id: `ASIA` and 16 characters.
pub(crate) fn temporary_access_key_id(op: &mut Op) -> String {
    base32_id(op, "ASIA", 16)
}

/// Long-term access key id: `AKIA` and 16 characters.
pub(crate) fn access_key_id(op: &mut Op) -> String {
    base32_id(op, "AKIA", 16)
}

/// Whether `text` is a 12-digit AWS account id.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
