//! What the key says about a ceremony (WebAuthn §6.1), read to the last byte.

use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::refused::WebauthnRefused;

const ATTESTED: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;
/// WebAuthn §4, "Credential ID".
const MAX_CREDENTIAL_ID: usize = 1023;

/// The parts that are looked at here. Hash, presence and verification are the library's.
pub(super) struct AuthenticatorData {
    pub(super) counter: u32,
    /// In registrations.
    pub(super) attested: Option<Attested>,
}

pub(super) struct Attested {
    /// The model of the key, all zero when the browser keeps it to itself.
    pub(super) model: Uuid,
    pub(super) credential_id: Vec<u8>,
}

impl AuthenticatorData {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, WebauthnRefused> {
        read(bytes).ok_or(WebauthnRefused::Unreadable {
            part: "authenticatorData",
        })
    }
}

fn read(bytes: &[u8]) -> Option<AuthenticatorData> {
    let (_rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
    let (&flags, rest) = rest.split_first()?;
    let (counter, mut rest) = rest.split_first_chunk()?;
    let mut attested = None;
    if flags & ATTESTED != 0 {
        let (model, after) = rest.split_first_chunk()?;
        let (length, after) = after.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > MAX_CREDENTIAL_ID {
            return None;
        }
        let (id, key) = after.split_at_checked(length)?;
        attested = Some(Attested {
            model: Uuid::from_bytes(*model),
            credential_id: id.to_vec(),
        });
        rest = after_cbor_map(key)?;
    }
    if flags & EXTENSIONS != 0 {
        rest = after_cbor_map(rest)?;
    }
    rest.is_empty().then_some(AuthenticatorData {
        counter: u32::from_be_bytes(*counter),
        attested,
    })
}

/// What follows a CBOR map.
fn after_cbor_map(bytes: &[u8]) -> Option<&[u8]> {
    const MAP: u8 = 5;
    bytes.first().filter(|first| *first >> 5 == MAP)?;
    let mut reader = serde_cbor_2::Deserializer::from_slice(bytes);
    IgnoredAny::deserialize(&mut reader).ok()?;
    bytes.get(reader.byte_offset()..)
}
