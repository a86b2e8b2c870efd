//! What becomes of a sign-in.

use std::fmt;

use time::OffsetDateTime;

use super::FactorKinds;
use super::authn_context::AuthnContext;
use crate::ids::SignInPolicyId;

/// What a sign-in needs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing more.
    Allow {
        /// What the assertion says about the authentication.
        authn_context: AuthnContext,
        /// The person should be reminded to enrol a factor, and is let in without only until then.
        enrol_until: Option<OffsetDateTime>,
    },
    /// Nothing that the person does now will help.
    Deny {
        /// The first rule that refuses; for the activity log.
        by: Rule,
        /// What the person may read.
        text: String,
    },
    /// One of the person's factors of these kinds. Not empty.
    NeedFactor { kinds: FactorKinds },
    /// The person enrols a factor first.
    MustEnrol {
        /// One of these. Not empty.
        kinds: FactorKinds,
        /// The person has factors, but not of the right kind, and proves one of these before
        /// enrolling: else a stolen password would do for enrolling a factor of one's own.
        prove_first: FactorKinds,
        /// When the time to enrol was over, if there was any.
        until: Option<OffsetDateTime>,
    },
    /// What was proved is too old, or not what is asked for. The person proves it anew.
    Reauthenticate { with: Proving },
}

/// What a person proves anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proving {
    /// Who they are, by password or passkey.
    PasswordOrPasskey,
    /// The password, because the service provider insists on one.
    Password,
    /// One of the person's factors of these kinds. Not empty.
    Factor(FactorKinds),
}

/// Who decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    Policy {
        id: SignInPolicyId,
        name: String,
    },
    /// Administrators always need a second factor.
    Administrators,
    /// Accounts for emergencies always need their own factor.
    BreakGlass,
    /// Whoever has a second factor is asked for it.
    OwnFactor,
    /// The service provider's RequestedAuthnContext.
    ServiceProvider,
}

impl fmt::Display for Rule {
    /// Inside a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy { name, .. } => write!(f, "the policy “{name}”"),
            Self::Administrators => {
                f.write_str("the rule that administrators need a second factor")
            }
            Self::BreakGlass => {
                f.write_str("the rule that emergency accounts need their own factor")
            }
            Self::OwnFactor => {
                f.write_str("the rule that people who have a second factor prove it")
            }
            Self::ServiceProvider => f.write_str("what the application asks for"),
        }
    }
}

impl Decision {
    /// Whether the person gets in.
    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow { .. })
    }

    /// How strict it is: 0 lets in, 3 refuses. Between them, first what the person can prove at
    /// once, then what has to be enrolled before.
    pub fn strictness(&self) -> u8 {
        match self {
            Self::Allow { .. } => 0,
            Self::NeedFactor { .. } | Self::Reauthenticate { .. } => 1,
            Self::MustEnrol { .. } => 2,
            Self::Deny { .. } => 3,
        }
    }
}
