//! Typed identifiers. Users, groups and applications are 24 hexadecimal characters (requirement
//! A07) and unguessable; everything else is a UUIDv7, which sorts by time.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use rand::Rng;
use rand::rngs::StdRng;
use time::OffsetDateTime;
use uuid::Uuid;

/// The text is not an identifier of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidId(&'static str);

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 12]);

        impl $name {
            /// A new identifier from 96 random bits.
            pub fn random(rng: &mut StdRng) -> Self {
                let mut bytes = [0; 12];
                rng.fill_bytes(&mut bytes);
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut text = [0; 24];
                hex::encode_to_slice(self.0, &mut text).map_err(|_| fmt::Error)?;
                f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Accepts exactly the form that `Display` writes: 24 lower-case hexadecimal digits.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let mut bytes = [0; 12];
                if text.bytes().any(|byte| byte.is_ascii_uppercase())
                    || hex::decode_to_slice(text, &mut bytes).is_err()
                {
                    return Err(InvalidId($what));
                }
                Ok(Self(bytes))
            }
        }
    };
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// A new UUIDv7 (RFC 9562 §5.7): milliseconds of `now`, the rest random.
            pub fn new(now: OffsetDateTime, rng: &mut StdRng) -> Self {
                Self(uuid_v7(now, rng))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.0.as_hyphenated(), f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId($what))
            }
        }
    };
}

hex_id!(
    /// A person of the directory.
    UserId,
    "user id"
);
hex_id!(
    /// A group of persons.
    GroupId,
    "group id"
);
hex_id!(
    /// A configured application.
    ApplicationId,
    "application id"
);
hex_id!(
    /// The organisation: one for each database.
    OrganisationId,
    "organisation id"
);
uuid_id!(
    /// Somebody who may use the admin portal. Not a user of the directory (requirement A01).
    AdministratorId,
    "administrator id"
);
uuid_id!(
    /// A key of the API. Not the secret itself.
    ApiKeyId,
    "API key id"
);
uuid_id!(
    /// A mail in the outbox.
    MailId,
    "mail id"
);
uuid_id!(
    /// Somewhere that the activity log is sent to.
    LogDestinationId,
    "log destination id"
);
uuid_id!(
    /// Something that needs an administrator's attention.
    AlertId,
    "alert id"
);
uuid_id!(
    /// A use of a break-glass account.
    BreakGlassUseId,
    "break-glass use id"
);
uuid_id!(
    /// A change of a user's state that is to come.
    ScheduleId,
    "schedule id"
);
uuid_id!(
    /// A public key of a user.
    PublicKeyId,
    "public key id"
);
uuid_id!(
    /// A security key or passkey of a user. Not the identifier that the key itself uses.
    PasskeyId,
    "passkey id"
);
uuid_id!(
    /// A phone that approves sign-ins of a user. Not the secret that it holds.
    PhoneId,
    "phone id"
);
uuid_id!(
    /// One question to the phones of a user.
    PushId,
    "push id"
);
uuid_id!(
    /// A file of users on its way into the directory.
    ImportId,
    "import id"
);
uuid_id!(
    /// A rule about what a sign-in needs.
    SignInPolicyId,
    "sign-in policy id"
);
uuid_id!(
    /// One entry of the activity log.
    EventId,
    "event id"
);
uuid_id!(
    /// One signed-in browser or command line. Not a secret: the cookie holds another value.
    SessionId,
    "session id"
);
uuid_id!(
    /// One signing key of an application; a key that replaces another has a new id.
    KeyId,
    "key id"
);

/// The millisecond and the sequence number of the last UUID.
static LAST: Mutex<(u64, u16)> = Mutex::new((0, 0));

/// RFC 9562 §6.2 method 1: within one millisecond the 12 bits after the version count up from a
/// random start, so that the order of identifiers is the order of events in this process.
fn uuid_v7(now: OffsetDateTime, rng: &mut StdRng) -> Uuid {
    let millisecond = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let mut random = [0; 10];
    rng.fill_bytes(&mut random);
    let [high, low, ..] = random;
    let start = u16::from_be_bytes([high & 0x03, low]);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let sequence = if last.0 == millisecond {
        last.1 + 1
    } else {
        start
    };
    // The sequence is full: the rest of this millisecond is in random order.
    let sequence = if sequence > 0x0fff { start } else { sequence };
    *last = (millisecond, sequence);
    drop(last);
    let [high, low] = sequence.to_be_bytes();
    (random[0], random[1]) = (high, low);
    uuid::Builder::from_unix_timestamp_millis(millisecond, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use time::macros::datetime;

    use super::*;

    /// Requirement A07.
    #[test]
    fn a_user_id_is_24_lower_case_hexadecimal_characters_and_reads_back() {
        let id = UserId::random(&mut StdRng::seed_from_u64(1));
        let text = id.to_string();
        assert_eq!(text.len(), 24);
        assert!(
            text.bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        );
        assert_eq!(text.parse(), Ok(id));
        assert!(
            text.to_uppercase().parse::<UserId>().is_err()
                || text.bytes().all(|b| b.is_ascii_digit())
        );
        assert!(text[..22].parse::<UserId>().is_err());
    }

    #[test]
    fn event_ids_sort_by_time() {
        let mut rng = StdRng::seed_from_u64(1);
        let early = EventId::new(datetime!(2026-01-01 0:00 UTC), &mut rng);
        let late = EventId::new(datetime!(2026-01-01 0:00:00.001 UTC), &mut rng);
        assert!(early.to_string() < late.to_string());
        let mut previous = late;
        for _ in 0..1000 {
            let next = EventId::new(datetime!(2026-01-01 0:00:00.002 UTC), &mut rng);
            assert!(previous.to_string() < next.to_string());
            previous = next;
        }
        assert_eq!(early.to_string().parse(), Ok(early));
    }
}
