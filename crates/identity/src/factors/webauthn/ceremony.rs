//! What is kept between the two halves of a ceremony.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::refused::WebauthnRefused;
use crate::factors::FactorOwner;
use crate::op::Op;
use crate::sealing::SealingKey;

/// How long a ceremony may take (security.md item 31).
pub(super) const LIFETIME: Duration = Duration::minutes(5);
const CHALLENGE_BYTES: usize = 32;
/// What a ceremony is sealed as. It goes up with the form of [`Stored`].
const CONTEXT: &str = "webauthn-ceremony/1";
/// Longest sealed ceremony that is looked at, in characters: ours are half as long.
const MAX_TOKEN: usize = 1024;

/// A ceremony that has begun. Only sealing makes something of it that can be finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    purpose: Purpose,
    challenge: [u8; CHALLENGE_BYTES],
    started_at: OffsetDateTime,
}

/// What a ceremony was started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// This person adds a key.
    Register(FactorOwner),
    /// This person, known by something else, proves that they have a key.
    SecondFactor(FactorOwner, UserVerification),
    /// Somebody says who they are with a passkey alone.
    Passwordless,
}

/// Whether the key has to check by PIN, fingerprint or face who uses it (WebAuthn §5.8.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    Required,
    Preferred,
    /// For command lines that can do no more than wait for a touch.
    Discouraged,
}

/// A ceremony that came back. Claiming it makes sure that it comes back once.
#[derive(Debug)]
pub struct OpenCeremony(Ceremony);

/// A ceremony that came back for the first time.
#[derive(Debug)]
pub struct ClaimedCeremony(Ceremony);

/// The sealed form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    purpose: String,
    owner: Option<String>,
    verification: Option<UserVerification>,
    challenge: String,
    /// Milliseconds since 1970.
    started_at: i64,
}

impl Ceremony {
    pub(super) fn start(op: &mut Op, purpose: Purpose) -> Self {
        let mut challenge = [0; CHALLENGE_BYTES];
        op.rng.fill_bytes(&mut challenge);
        Self {
            purpose,
            challenge,
            started_at: op.now,
        }
    }

    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The challenge as the browser gets it.
    pub(super) fn challenge_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.challenge)
    }

    /// The ceremony as a text that only this server can read and make. It may go to the browser and
    /// come back with the answer. It can be opened with the same `tie` alone: something that only this
    /// browser or session has, or somebody could have another person finish what they began.
    pub fn seal(&self, key: &SealingKey, rng: &mut StdRng, tie: &str) -> String {
        let (purpose, owner, verification) = match self.purpose {
            Purpose::Register(owner) => ("register", Some(owner), None),
            Purpose::SecondFactor(owner, asked) => ("second_factor", Some(owner), Some(asked)),
            Purpose::Passwordless => ("passwordless", None, None),
        };
        let stored = Stored {
            purpose: purpose.to_owned(),
            owner: owner.map(|owner| owner.to_string()),
            verification,
            challenge: self.challenge_text(),
            started_at: milliseconds(self.started_at),
        };
        let bytes = serde_json::to_vec(&stored).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(key.seal(rng, &context(tie), &bytes))
    }

    /// The ceremony that [`Self::seal`] sealed with this `tie`, if it is not over at `now`.
    pub fn open(
        key: &SealingKey,
        (sealed, tie): (&str, &str),
        now: OffsetDateTime,
    ) -> Result<OpenCeremony, WebauthnRefused> {
        let ceremony = Self::unseal(key, sealed, tie).ok_or(WebauthnRefused::OtherCeremony)?;
        ceremony.check_age(now)?;
        Ok(OpenCeremony(ceremony))
    }

    fn unseal(key: &SealingKey, sealed: &str, tie: &str) -> Option<Self> {
        if sealed.len() > MAX_TOKEN {
            return None;
        }
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let opened = key.open(&context(tie), &sealed).ok()?;
        let stored: Stored = serde_json::from_slice(&opened).ok()?;
        let owner = stored.owner.map(|owner| owner.parse()).transpose().ok()?;
        let purpose = match (stored.purpose.as_str(), owner, stored.verification) {
            ("register", Some(owner), None) => Purpose::Register(owner),
            ("second_factor", Some(owner), Some(asked)) => Purpose::SecondFactor(owner, asked),
            ("passwordless", None, None) => Purpose::Passwordless,
            _ => return None,
        };
        let challenge = URL_SAFE_NO_PAD.decode(stored.challenge).ok()?;
        let nanoseconds = i128::from(stored.started_at) * 1_000_000;
        Some(Self {
            purpose,
            challenge: challenge.try_into().ok()?,
            started_at: OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?,
        })
    }

    /// A ceremony from the future was started before the clock was set back: it is over too, or it
    /// would last longer than it may.
    fn check_age(&self, now: OffsetDateTime) -> Result<(), WebauthnRefused> {
        let age = milliseconds(now) - milliseconds(self.started_at);
        if (0..LIFETIME.whole_seconds() * 1000).contains(&age) {
            Ok(())
        } else {
            Err(WebauthnRefused::Expired)
        }
    }
}

impl OpenCeremony {
    pub fn purpose(&self) -> Purpose {
        self.0.purpose
    }

    /// What to note as used: 64 hexadecimal digits that say nothing about the challenge.
    pub fn id(&self) -> String {
        hex::encode(digest(&SHA256, &self.0.challenge))
    }

    /// When the note may be forgotten.
    pub fn expires_at(&self) -> OffsetDateTime {
        self.0.started_at + LIFETIME
    }

    /// Goes on if the caller has just noted [`Self::id`] as used and `first_use` says that it was not
    /// noted before. The note is to be committed whatever comes of the ceremony.
    pub fn claim(self, first_use: bool) -> Result<ClaimedCeremony, WebauthnRefused> {
        if first_use {
            Ok(ClaimedCeremony(self.0))
        } else {
            Err(WebauthnRefused::AlreadyUsed)
        }
    }
}

impl ClaimedCeremony {
    /// The ceremony, if it is not over at `now`.
    pub(super) fn at(&self, now: OffsetDateTime) -> Result<&Ceremony, WebauthnRefused> {
        self.0.check_age(now)?;
        Ok(&self.0)
    }
}

impl Ceremony {
    pub(super) fn challenge(&self) -> &[u8; CHALLENGE_BYTES] {
        &self.challenge
    }
}

fn context(tie: &str) -> String {
    format!("{CONTEXT}/{tie}")
}

fn milliseconds(instant: OffsetDateTime) -> i64 {
    i64::try_from(instant.unix_timestamp_nanos() / 1_000_000).unwrap_or(0)
}
