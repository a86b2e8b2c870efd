//! What an administrator writes: for whom and when something holds, and what it is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::FactorKinds;
use super::network::Network;
use super::times::TimeWindow;
use crate::ids::{ApplicationId, GroupId, SignInPolicyId};

/// A policy of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignInPolicy {
    pub id: SignInPolicyId,
    #[serde(flatten)]
    pub rule: PolicyRule,
}

impl SignInPolicy {
    /// Its place in the list.
    pub fn place(&self) -> (u16, SignInPolicyId) {
        (self.rule.order, self.id)
    }

    /// Whether it is about nobody, or about nothing that can be opened: all of its groups, or all
    /// of its applications, were deleted. It matches no sign-in, and never everybody's.
    pub fn is_about_nothing(&self) -> bool {
        let nobody = matches!(&self.rule.who, Who::Groups(groups) if groups.is_empty());
        let nothing = matches!(&self.rule.application, Applications::Some(ids) if ids.is_empty());
        nobody || nothing
    }
}

/// A policy as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSignInPolicy {
    pub policy: SignInPolicy,
    /// Counts changes, for optimistic concurrency; 1 at first.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub changed_at: OffsetDateTime,
}

/// What can be set in a policy, in the form that the API reads and writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRule {
    /// For administrators; people see it when they are refused.
    pub name: String,
    /// A policy that is off is kept and does nothing.
    pub enabled: bool,
    /// Its place in the list, the smallest first. It has no influence on what is decided: only, if
    /// several policies refuse, the first one is named.
    pub order: u16,
    pub who: Who,
    pub application: Applications,
    #[serde(default)]
    pub conditions: Conditions,
    pub effect: Effect,
}

/// Whose sign-ins a policy is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// People and administrators.
    Everyone,
    /// Members of at least one of these groups.
    Groups(BTreeSet<GroupId>),
    /// Everybody who signs in to the admin portal.
    Administrators,
}

/// What is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applications {
    /// Every application, and both portals.
    Any,
    /// One of these, and no portal.
    Some(BTreeSet<ApplicationId>),
}

/// When a policy holds: all of what is given must be so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    pub networks: Networks,
    pub times: Times,
    pub device: Device,
}

/// Where the sign-in comes from. Without networks: anywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Networks {
    /// If there are any: the address is in one of them.
    pub inside: Vec<Network>,
    /// The address is in none of them.
    pub outside: Vec<Network>,
}

impl Networks {
    /// Whether it holds anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.inside.is_empty() && self.outside.is_empty()
    }
}

/// When the sign-in is. Without windows: always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Times {
    /// If there are any: the instant is in one of them.
    pub inside: Vec<TimeWindow>,
    /// The instant is in none of them.
    pub outside: Vec<TimeWindow>,
}

/// Whether this person has signed in with the browser before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    #[default]
    Any,
    Known,
    New,
}

/// What a policy asks where it matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The sign-in is refused.
    Deny,
    /// Nothing more, also of those who have a second factor. It does not loosen what another policy
    /// asks: the strictest wins.
    AllowWithoutSecondFactor,
    RequireSecondFactor(SecondFactor),
}

/// A second factor that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactor {
    /// Any of these will do.
    pub kinds: FactorKinds,
    /// Step-up: the factor was proved at most so many minutes ago. `None`: at any time in the
    /// session.
    #[serde(default)]
    pub max_age_minutes: Option<u32>,
    /// For a person who has none of the kinds, once the time to enrol is over.
    #[serde(default)]
    pub without_factor: WithoutFactor,
}

impl SecondFactor {
    pub(super) fn max_age(&self) -> Option<Duration> {
        self.max_age_minutes
            .map(|minutes| Duration::minutes(i64::from(minutes)))
    }
}

/// What becomes of a person who has no factor of the kinds that are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutFactor {
    /// The sign-in goes on only after the enrolment of one.
    #[default]
    Enrol,
    /// The sign-in is refused: an administrator has to help.
    Deny,
}
