//! Why an application cannot be saved.

use std::fmt;

/// A field that cannot be as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationProblem {
    /// The path of the field, as in the API: `label`, `saml.acs_url`, `saml.role_rules.0.account`.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// All problems at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidApplication(pub Vec<ApplicationProblem>);

impl std::error::Error for InvalidApplication {}

impl fmt::Display for InvalidApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{}", problem.reason)?;
        }
        Ok(())
    }
}

/// Gathers problems.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<ApplicationProblem>);

impl Problems {
    pub(super) fn add(&mut self, field: impl Into<String>, reason: impl fmt::Display) {
        self.0.push(ApplicationProblem {
            field: field.into(),
            reason: reason.to_string(),
        });
    }

    /// Keeps the problem of a check.
    pub(super) fn check<E: fmt::Display>(
        &mut self,
        field: impl Into<String>,
        outcome: Result<(), E>,
    ) {
        if let Err(error) = outcome {
            self.add(field, error);
        }
    }

    pub(super) fn into_result(self) -> Result<(), InvalidApplication> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(InvalidApplication(self.0))
        }
    }
}
