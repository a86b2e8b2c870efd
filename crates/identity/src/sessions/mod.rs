//! Signed-in browsers and command lines.

mod advance;
mod client_name;
mod current;
pub mod device;
mod devices;
mod list;
mod lockout;
mod network_delay;
mod new_device;
mod open;
mod passkey_step;
mod passwordless;
mod proofs;
mod prune;
pub mod push;
mod revoke;
mod second_factor;
mod sign_in;
mod sign_out;
mod step_up;
mod token;

use std::net::IpAddr;

use time::{Duration, OffsetDateTime};

use crate::factors::FactorKind;
use crate::ids::{SessionId, UserId};
use crate::users::{User, UserState};

pub use advance::{EnrolNeeded, FactorNeeded};
pub(crate) use advance::{decide_about, wait};
pub use client_name::client_name;
pub use current::{SignedInUser, current_session};
pub(crate) use current::{end_if_over, touch};
pub use devices::new_device;
pub(crate) use devices::{device_of, note_device};
pub use list::list_sessions;
pub(crate) use lockout::forgettable;
pub use lockout::{FailureKey, Failures};
pub(crate) use network_delay::{count_against_network, network_wait};
pub(crate) use new_device::{NewDevice, tell_of_new_device};
pub use passkey_step::{PasskeyStepError, ask_for_passkey, prove_passkey};
pub use passwordless::{PasskeySignInError, ask_for_any_passkey, sign_in_with_passkey};
pub use prune::prune_sessions;
pub use revoke::{RevokeSessionError, revoke_session, revoke_sessions};
pub(crate) use second_factor::LIFETIME as PENDING_LIFETIME;
pub use second_factor::{
    PendingSignIn, PendingStep, SecondFactorError, enrolling, finish_enrolment, pending_step,
    prove_code,
};
pub(crate) use second_factor::{check_code, code_reason, kinds_of, step_of};
pub(crate) use sign_in::may_exist;
pub use sign_in::{SignInAttempt, SignInError, SignedIn, sign_in};
pub use sign_out::sign_out;
pub use step_up::{renew_session, step_up};
pub use token::TokenHash;
pub(crate) use token::new_token;

/// Use is noted at most this often, so that reading pages does not write each time.
pub(crate) const TOUCH_EVERY: Duration = Duration::minutes(1);

/// One signed-in browser or command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub created_at: OffsetDateTime,
    /// Exact to a minute.
    pub last_seen_at: OffsetDateTime,
    /// The absolute limit.
    pub expires_at: OffsetDateTime,
    /// It ends after this long without use. Decided when it began, so that a single sign-on need
    /// not read the settings (security.md item 38).
    pub idle_limit: Duration,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub via: Via,
    /// When the person last proved who they are: not later than the beginning.
    pub proved_at: OffsetDateTime,
    /// The last second factor that was proved.
    pub factor: Option<ProvedFactor>,
    /// Whether the person had signed in with this browser before.
    pub device_known: bool,
    pub first_proof: FirstProof,
}

/// A second factor, and when it was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvedFactor {
    pub kind: FactorKind,
    pub at: OffsetDateTime,
}

/// How a person proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstProof {
    Password,
    /// A passkey in the password's place. It checked who uses it, so it was two factors in one.
    Passkey,
    /// What an OpenID Connect provider vouched for. Administrators only (requirement A04).
    Provider,
}

impl FirstProof {
    /// The name in the database and in the activity log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Provider => "openid_connect",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Password, Self::Passkey, Self::Provider]
            .into_iter()
            .find(|proof| proof.as_str() == name)
    }
}

/// What a person signed in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    Browser,
    CommandLine,
}

impl Via {
    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::CommandLine => "command_line",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "browser" => Some(Self::Browser),
            "command_line" => Some(Self::CommandLine),
            _ => None,
        }
    }
}

impl Session {
    /// Whether neither limit has passed at `now`.
    pub(crate) fn is_live(&self, now: OffsetDateTime) -> bool {
        now < self.expires_at && now < self.last_seen_at + self.idle_limit
    }

    /// Whether the session lets `user` do anything at `now`.
    pub(crate) fn admits(&self, user: &User, now: OffsetDateTime) -> bool {
        user.id == self.user && user.state == UserState::Active && self.is_live(now)
    }
}
