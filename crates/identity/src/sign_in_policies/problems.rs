//! Why a policy cannot be saved.

use std::fmt;

/// A field that cannot be as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyProblem {
    /// The path of the field, as in the API: `who.groups`, `conditions.times.inside.0.days`.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// All problems at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPolicy(pub Vec<PolicyProblem>);

impl std::error::Error for InvalidPolicy {}

impl fmt::Display for InvalidPolicy {
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
pub(super) struct Problems(Vec<PolicyProblem>);

impl Problems {
    pub(super) fn add(&mut self, field: impl Into<String>, reason: impl fmt::Display) {
        self.0.push(PolicyProblem {
            field: field.into(),
            reason: reason.to_string(),
        });
    }

    /// Reports a number that is not in `range`.
    pub(super) fn count(
        &mut self,
        field: &str,
        count: usize,
        range: std::ops::RangeInclusive<usize>,
        what: &str,
    ) {
        let (least, most) = (range.start(), range.end());
        if count > *most {
            self.add(
                field,
                format!("use at most {most} {what}; these are {count}"),
            );
        } else if count < *least {
            self.add(field, format!("choose at least {least} of the {what}"));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_result(self) -> Result<(), InvalidPolicy> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(InvalidPolicy(self.0))
        }
    }
}
