//! Rules for what is kept of a person.

use crate::applications::DIRECTORY_ATTRIBUTES;
use crate::users::User;
use crate::{custom_attributes, email, text};

/// A field of a person that cannot be kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidField {
    /// As in the API and in CSV headers: `email`, `addresses.work.region`, `custom:Project`.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl InvalidField {
    pub(crate) fn new(field: &str, reason: &dyn std::fmt::Display) -> Self {
        Self {
            field: field.to_owned(),
            reason: reason.to_string(),
        }
    }
}

/// Several of them, in one line.
pub(crate) fn in_words(problems: &[InvalidField]) -> String {
    let words: Vec<_> = problems.iter().map(ToString::to_string).collect();
    words.join("; ")
}

/// Most characters of a directory attribute's value (requirements.md §5.3).
pub const MAX_ATTRIBUTE: usize = 1024;

/// Checks everything that somebody typed about a person. All problems at once, each with its
/// field.
pub(crate) fn check_fields(user: &User) -> Result<(), Vec<InvalidField>> {
    let mut problems = Vec::new();
    let mut note = |field: &str, result: Result<(), text::TextError>| {
        if let Err(error) = result {
            problems.push(InvalidField::new(field, &error));
        }
    };
    note("email", email::check(&user.email));
    note("username", check_username(&user.username));
    note(
        "firstname",
        text::check("the first name", &user.first_name, 256),
    );
    note(
        "lastname",
        text::check("the last name", &user.last_name, 256),
    );
    note(
        "displayname",
        text::check("the display name", &user.display_name, 512),
    );
    for (name, value) in &user.attributes {
        if DIRECTORY_ATTRIBUTES.contains(&name.as_str()) {
            note(name, text::check("the value", value, MAX_ATTRIBUTE));
        } else {
            note(name, Err(text::TextError::NoSuchAttribute));
        }
    }
    for (name, value) in &user.custom_attributes {
        let alone = [(name.clone(), value.clone())].into();
        if value.as_text().is_empty() {
            let empty = text::TextError::Empty { field: "the value" };
            note(&format!("custom:{name}"), Err(empty));
            continue;
        }
        note(&format!("custom:{name}"), custom_attributes::check(&alone));
    }
    if user.custom_attributes.len() > custom_attributes::MAX_ATTRIBUTES {
        note(
            "custom_attributes",
            custom_attributes::check(&user.custom_attributes),
        );
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Letters, digits and `. _ @ + -`, at most 128.
fn check_username(username: &str) -> Result<(), text::TextError> {
    const USERNAME: &str = "the username";
    text::check_filled(USERNAME, username, 128)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._@+-".contains(&byte);
    if username.bytes().all(allowed) {
        return Ok(());
    }
    Err(text::TextError::Alphabet {
        field: USERNAME,
        allowed: "letters, digits and . _ @ + -",
    })
}
