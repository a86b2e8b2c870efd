//! The model constraints of the query services, collected into AWS's one text:
//! `2 validation errors detected: Value '…' at 'roleArn' failed to satisfy constraint: …; Value …`.

use crate::error::AwsError;

/// How many violations are told; the rest is counted.
const MAX_TOLD: usize = 50;

/// Collects the violated constraints of one request. Parameter names are those of the message
/// (`roleArn`, not `RoleArn`).
#[derive(Debug, Default)]
pub struct ValidationErrors {
    found: Vec<String>,
    /// How many more there are than are kept.
    more: usize,
}

impl ValidationErrors {
    /// No violation yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A parameter that must be there.
    pub fn required(&mut self, name: &str, present: bool) {
        if !present {
            self.add(format!(
                "Value null at '{name}' failed to satisfy constraint: Member must not be null"
            ));
        }
    }

    /// A length in characters, both ends included.
    pub fn length(&mut self, name: &str, value: &str, min: usize, max: usize) {
        let length = value.chars().count();
        if length > max {
            self.member(
                name,
                value,
                &format!("have length less than or equal to {max}"),
            );
        }
        if length < min {
            self.member(
                name,
                value,
                &format!("have length greater than or equal to {min}"),
            );
        }
    }

    /// A length in characters of a value that AWS does not repeat, such as an assertion.
    pub fn sensitive_length(&mut self, name: &str, value: &str, min: usize, max: usize) {
        let length = value.chars().count();
        let bound = if length > max {
            format!("less than or equal to {max}")
        } else if length < min {
            format!("greater than or equal to {min}")
        } else {
            return;
        };
        self.add(format!(
            "Value at '{name}' failed to satisfy constraint: Member must have length {bound}"
        ));
    }

    /// A regular expression; the caller matches it, `pattern` is the text that AWS prints.
    pub fn pattern(&mut self, name: &str, value: &str, pattern: &str, matches: bool) {
        if !matches {
            self.member(
                name,
                value,
                &format!("satisfy regular expression pattern: {pattern}"),
            );
        }
    }

    /// A number between two values, both included.
    pub fn range(&mut self, name: &str, value: i64, min: i64, max: i64) {
        let text = value.to_string();
        if value > max {
            self.member(
                name,
                &text,
                &format!("have value less than or equal to {max}"),
            );
        }
        if value < min {
            self.member(
                name,
                &text,
                &format!("have value greater than or equal to {min}"),
            );
        }
    }

    /// One of a fixed set of words.
    pub fn one_of(&mut self, name: &str, value: &str, allowed: &[&str]) {
        if !allowed.contains(&value) {
            self.member(
                name,
                value,
                &format!("satisfy enum value set: [{}]", allowed.join(", ")),
            );
        }
    }

    /// The number of members of a list, both ends included. AWS prints the list's members.
    pub fn list_length(&mut self, name: &str, values: &[&str], min: usize, max: usize) {
        let text = || format!("[{}]", values.join(", "));
        if values.len() > max {
            self.member(
                name,
                &text(),
                &format!("have length less than or equal to {max}"),
            );
        }
        if values.len() < min {
            self.member(
                name,
                &text(),
                &format!("have length greater than or equal to {min}"),
            );
        }
    }

    fn add(&mut self, text: String) {
        if self.found.len() < MAX_TOLD {
            self.found.push(text);
        } else {
            self.more += 1;
        }
    }

    /// Whether nothing was violated.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// `ValidationError` 400 with what was collected, in the order it was collected: the texts of
    /// the first 50, and how many there are.
    pub fn into_result(self) -> Result<(), AwsError> {
        if self.found.is_empty() {
            return Ok(());
        }
        let count = self.found.len() + self.more;
        let noun = if count == 1 { "error" } else { "errors" };
        Err(AwsError::validation(format!(
            "{count} validation {noun} detected: {}",
            self.found.join("; ")
        )))
    }

    fn member(&mut self, name: &str, value: &str, must: &str) {
        self.add(format!(
            "Value '{value}' at '{name}' failed to satisfy constraint: Member must {must}"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_violations_are_told_and_the_rest_is_counted() {
        let mut errors = ValidationErrors::new();
        for index in 0..1000 {
            errors.required(&format!("list.{index}.member"), false);
        }
        let message = errors.into_result().unwrap_err().message;
        assert!(message.starts_with("1000 validation errors detected: "));
        assert_eq!(message.matches("Member must not be null").count(), 50);
        assert!(message.contains("list.49.member") && !message.contains("list.50.member"));
    }
}
