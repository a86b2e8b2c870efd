//! Why a document is refused: AWS's text for the wire, a hint for the person.

use std::fmt;

/// A policy document that AWS would refuse.
///
/// `Display` is AWS's own message, verbatim, to be sent with the code `MalformedPolicyDocument`
/// (IAM, STS) or `MalformedPolicy` (S3). [`MalformedPolicy::hint`] says more than AWS does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedPolicy {
    message: String,
    hint: Option<String>,
}

impl MalformedPolicy {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn syntax() -> Self {
        Self::new("Syntax errors in policy.")
    }

    pub(crate) fn legacy_parsing() -> Self {
        Self::new("The policy failed legacy parsing")
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// AWS's message, as `Display` shows it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What is wrong and what to do, where AWS's text alone does not tell. Never part of what goes
    /// over the wire.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for MalformedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MalformedPolicy {}
