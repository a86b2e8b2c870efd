//! What an assertion says about how the person authenticated, and whether that is what the service
//! provider asked for (SAML core 2.7.2.2 and 3.3.2.2.1).
//!
//! Two factors are stated by the REFEDS profile, whichever they are. The classes of SAML's own
//! authentication context specification would say something untrue: TimeSyncToken is restricted to
//! hardware tokens, MobileTwoFactorContract to a contract with a mobile operator, and neither knows
//! passkeys. See `docs/decisions/0021-authentication-contexts.md`.

use jetway_saml::{
    AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT, AUTHN_CONTEXT_UNSPECIFIED, AuthnContextComparison,
    RequestedAuthnContext,
};
use serde::{Deserialize, Serialize};

use super::FactorKind;
use super::facts::Facts;

/// The statements that can be made, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuthnContext {
    /// However it was.
    Unspecified,
    /// By a password.
    Password,
    /// By a password that nobody could overhear.
    PasswordProtectedTransport,
    /// By two independent factors.
    MultiFactor,
}

impl AuthnContext {
    /// All of them, the weakest first.
    pub const ALL: [Self; 4] = [
        Self::Unspecified,
        Self::Password,
        Self::PasswordProtectedTransport,
        Self::MultiFactor,
    ];

    /// The class reference in the assertion.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Unspecified => AUTHN_CONTEXT_UNSPECIFIED,
            Self::Password => "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
            Self::PasswordProtectedTransport => AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT,
            Self::MultiFactor => "https://refeds.org/profile/mfa",
        }
    }

    /// The reverse of [`Self::uri`].
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.uri() == uri)
    }

    /// Which of them are true of a session. More than one: who gave a password and a code did
    /// authenticate by password too, and a service provider may insist on hearing that.
    pub(super) fn true_of(facts: &Facts) -> Vec<Self> {
        let signed_in = facts.signed_in().is_some();
        let password = facts.password().is_some();
        let factors = signed_in && facts.factor(&FactorKind::all()).is_some();
        let is_true = |context: &Self| match context {
            Self::Unspecified => signed_in,
            Self::Password | Self::PasswordProtectedTransport => password,
            Self::MultiFactor => factors,
        };
        Self::ALL.into_iter().filter(is_true).collect()
    }
}

/// `RequestedAuthnContext` of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedContext {
    pub comparison: Comparison,
    /// The class references, the most wanted first. Not empty: an element without any asks for
    /// nothing.
    pub classes: Vec<String>,
}

/// How the statement is compared with those that are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// One of them.
    #[default]
    Exact,
    /// At least as strong as one of them.
    Minimum,
    /// Stronger than each of them.
    Better,
    /// As strong as possible, but not stronger than one of them.
    Maximum,
}

impl Comparison {
    /// Reads the attribute `Comparison`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "exact" => Some(Self::Exact),
            "minimum" => Some(Self::Minimum),
            "better" => Some(Self::Better),
            "maximum" => Some(Self::Maximum),
            _ => None,
        }
    }
}

impl From<&RequestedAuthnContext> for RequestedContext {
    fn from(asked: &RequestedAuthnContext) -> Self {
        Self {
            comparison: match asked.comparison {
                AuthnContextComparison::Exact => Comparison::Exact,
                AuthnContextComparison::Minimum => Comparison::Minimum,
                AuthnContextComparison::Maximum => Comparison::Maximum,
                AuthnContextComparison::Better => Comparison::Better,
            },
            classes: asked.classes.clone(),
        }
    }
}

impl RequestedContext {
    /// Whether a statement is what was asked for. Nothing is known about the strength of a class
    /// that is not ours: it is neither weaker nor stronger than one of ours.
    pub fn is_met_by(&self, context: AuthnContext) -> bool {
        let mut asked = self.classes.iter().map(|uri| AuthnContext::from_uri(uri));
        match self.comparison {
            Comparison::Exact => asked.any(|asked| asked == Some(context)),
            Comparison::Minimum => asked.flatten().any(|asked| context >= asked),
            Comparison::Better => {
                !self.classes.is_empty()
                    && asked.all(|asked| asked.is_some_and(|asked| context > asked))
            }
            Comparison::Maximum => asked.flatten().any(|asked| context <= asked),
        }
    }

    /// Which of the true statements to make: for exact ones the one that the service provider names
    /// first, otherwise the strongest.
    pub(super) fn choose(&self, of: &[AuthnContext]) -> Option<AuthnContext> {
        if self.comparison == Comparison::Exact {
            let mut asked = self
                .classes
                .iter()
                .filter_map(|uri| AuthnContext::from_uri(uri));
            return asked.find(|asked| of.contains(asked));
        }
        let met = of
            .iter()
            .copied()
            .filter(|context| self.is_met_by(*context));
        met.max()
    }

    /// The weakest statement that would do, true or not. `None`: none that can be made here.
    pub fn weakest(&self) -> Option<AuthnContext> {
        AuthnContext::ALL
            .into_iter()
            .find(|context| self.is_met_by(*context))
    }
}
