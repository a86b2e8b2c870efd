//! What is known about a sign-in.

use std::collections::BTreeSet;
use std::net::IpAddr;

use time::{Duration, OffsetDateTime};

use super::authn_context::RequestedContext;
use super::{FactorKind, FactorKinds};
use crate::ids::{AdministratorId, ApplicationId, GroupId, UserId};

/// How far the clock of another node may be ahead. A proof from later than that does not count.
const AHEAD: Duration = Duration::minutes(1);

/// Everything that a decision depends on besides the policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub person: Person,
    pub target: Target,
    /// Of the client. `None` if it is not known: the conditions on networks then count as met, so
    /// that nobody gets out of a policy by hiding.
    pub address: Option<IpAddr>,
    pub now: OffsetDateTime,
    /// Whether the person has signed in with this browser before.
    pub device_known: bool,
    /// What the session has proved so far.
    pub proofs: Vec<Proof>,
    /// What the service provider asks for, if it does.
    pub requested: Option<RequestedContext>,
    /// The program runs as `dev`, where administrators may do without a second factor.
    pub dev: bool,
}

/// Who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub account: Account,
    /// For sentences; normally the name.
    pub label: String,
    pub groups: BTreeSet<GroupId>,
    /// The second factors that this person has.
    pub enrolled: FactorKinds,
    /// Until when a person without any factor is let in without one. `None`: there is no such time.
    pub enrolment_ends: Option<OffsetDateTime>,
}

/// The two kinds of accounts (requirement A01).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    User(UserId),
    Administrator {
        id: AdministratorId,
        /// One of the accounts for emergencies: exempt from policies, never from its own factor.
        break_glass: bool,
    },
}

impl Account {
    pub fn is_administrator(self) -> bool {
        matches!(self, Self::Administrator { .. })
    }

    pub fn is_break_glass(self) -> bool {
        matches!(
            self,
            Self::Administrator {
                break_glass: true,
                ..
            }
        )
    }
}

/// What is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Application {
        id: ApplicationId,
        /// As on its tile.
        label: String,
    },
    UserPortal,
    AdminPortal,
}

impl Target {
    /// Inside a sentence.
    pub fn label(&self) -> &str {
        match self {
            Self::Application { label, .. } => label,
            Self::UserPortal => "the user portal",
            Self::AdminPortal => "the admin portal",
        }
    }
}

/// Something that the session has proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    pub what: Proved,
    pub at: OffsetDateTime,
}

/// What was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proved {
    Password,
    /// A passkey that asked for the person's finger, face or PIN (WebAuthn's user verification),
    /// in place of the password. Two factors in one.
    Passkey,
    /// A second factor, after the password.
    Factor(FactorKind),
}

impl Proved {
    /// The second factor that this is.
    fn factor(self) -> Option<FactorKind> {
        match self {
            Self::Password => None,
            Self::Passkey => Some(FactorKind::Webauthn),
            Self::Factor(kind) => Some(kind),
        }
    }
}

impl Facts {
    /// Proofs that were not made in the future.
    fn counted(&self) -> impl Iterator<Item = &Proof> {
        self.proofs
            .iter()
            .filter(|proof| proof.at <= self.now + AHEAD)
    }

    /// When the password was last proved.
    pub(super) fn password(&self) -> Option<OffsetDateTime> {
        let passwords = self
            .counted()
            .filter(|proof| proof.what == Proved::Password);
        passwords.map(|proof| proof.at).max()
    }

    /// When the person last proved who they are, by password or by passkey alone.
    pub(super) fn signed_in(&self) -> Option<OffsetDateTime> {
        let first = |proof: &&Proof| matches!(proof.what, Proved::Password | Proved::Passkey);
        self.counted().filter(first).map(|proof| proof.at).max()
    }

    /// When one of these second factors was last proved.
    pub(super) fn factor(&self, kinds: &FactorKinds) -> Option<OffsetDateTime> {
        let of_kinds = |proof: &&Proof| {
            proof
                .what
                .factor()
                .is_some_and(|kind| kinds.contains(&kind))
        };
        self.counted().filter(of_kinds).map(|proof| proof.at).max()
    }

    /// Whether a proof is at most so old.
    pub(super) fn is_fresh(&self, at: OffsetDateTime, max_age: Option<Duration>) -> bool {
        max_age.is_none_or(|max_age| self.now - at <= max_age)
    }
}
