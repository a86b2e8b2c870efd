//! Approving a sign-in on the phone ("Jetway Protect"; security.md item 32).
//!
//! Somebody who has the password cannot wear the person down with questions: the phone lets in only
//! whoever picks the number that the sign-in shows, there are three questions in five minutes, and
//! each has one answer within a minute. See `docs/decisions/0022-a-phone-matches-numbers.md`.

mod answer;
mod prove;
mod start;

use std::net::IpAddr;

use time::{Duration, OffsetDateTime};

use crate::factors::FactorKind;
use crate::ids::{PushId, UserId};
use crate::sessions::{PendingStep, TokenHash, Via};

pub use answer::{AnswerPushError, PhoneSays, answer_push, waiting_push};
pub use prove::{ProvePushError, look_at_push, prove_push};
pub use start::{StartPushError, start_push};

/// How long the phone may take.
const LIFETIME: Duration = Duration::seconds(60);

/// A question to the phones of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushChallenge {
    pub id: PushId,
    /// Of the token of the sign-in that waits: no other gets in by the answer.
    pub sign_in: TokenHash,
    pub user: UserId,
    /// Shown where the sign-in is, 10 to 99.
    pub number: u8,
    /// What the phone offers, the number among them.
    pub choices: [u8; 3],
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    pub state: PushState,
    pub via: Via,
    /// What the person wants to open, if that is known.
    pub application: Option<String>,
    /// Where the sign-in is.
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
}

/// What has become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushState {
    Pending,
    Accepted,
    Denied,
    /// Nobody answered in time, or the sign-in did not go on in time; the log has it.
    Expired,
}

impl PushState {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Denied => "denied",
            Self::Expired => "expired",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "pending" => Some(Self::Pending),
            "accepted" => Some(Self::Accepted),
            "denied" => Some(Self::Denied),
            "expired" => Some(Self::Expired),
            _ => None,
        }
    }
}

impl PushChallenge {
    /// `pending`, `accepted`, `denied` or `expired`, as the console contract has it.
    pub fn status(&self, now: OffsetDateTime) -> &'static str {
        if self.is_over(now) {
            PushState::Expired.as_str()
        } else {
            self.state.as_str()
        }
    }

    /// Whether its time has passed, and nothing notes that yet.
    fn is_over(&self, now: OffsetDateTime) -> bool {
        matches!(self.state, PushState::Pending | PushState::Accepted) && now >= self.expires_at
    }

    fn is_open(&self, now: OffsetDateTime) -> bool {
        self.state == PushState::Pending && now < self.expires_at
    }
}

/// Whether what a sign-in waits for can be an approval on the phone.
fn asks_for_push(step: Option<PendingStep>) -> bool {
    matches!(step, Some(PendingStep::Prove(kinds)) if kinds.contains(&FactorKind::Push))
}
