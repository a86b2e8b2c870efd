//! The organisation's password rules as pages show them.

use jetway_identity::passwords::{HashError, MAX_CHARACTERS, PasswordError};
use jetway_identity::settings::PasswordPolicy;
use jetway_pages::account::{NewPasswordErrors, PasswordRule, PasswordRules};

/// The rules, with the one that was broken marked.
pub(crate) fn password_rules(
    policy: &PasswordPolicy,
    broken: Option<PasswordError>,
) -> PasswordRules {
    let mut rules = vec![
        rule(
            format!(
                "{} to {MAX_CHARACTERS} characters; any of them, spaces too",
                policy.min_characters
            ),
            broken.filter(|broken| {
                matches!(
                    broken,
                    PasswordError::TooShort { .. } | PasswordError::TooLong
                )
            }),
        ),
        rule(
            "not made of your name, your e-mail address or the organisation's words".to_owned(),
            broken.filter(|broken| *broken == PasswordError::Personal),
        ),
    ];
    if policy.refuse_common {
        let guessed = [
            PasswordError::Common,
            PasswordError::Repeated,
            PasswordError::Sequence,
        ];
        rules.push(rule(
            "not one that is guessed first: common, repeated, counted up".to_owned(),
            broken.filter(|broken| guessed.contains(broken)),
        ));
    }
    let former = match policy.history {
        0 => "not your present one".to_owned(),
        1 => "not your present one or the one before".to_owned(),
        count => format!("not your present one or one of the {count} before"),
    };
    let known = [PasswordError::Unchanged, PasswordError::Reused];
    rules.push(rule(former, broken.filter(|broken| known.contains(broken))));
    PasswordRules { rules }
}

fn rule(text: String, broken: Option<PasswordError>) -> PasswordRule {
    PasswordRule {
        text,
        broken: broken.map(sentence),
    }
}

/// The reason as a sentence of its own.
fn sentence(reason: PasswordError) -> String {
    let text = reason.to_string();
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// What a refused password means for its form: the rule that was broken, or what to say above.
pub(crate) fn refused(error: HashError) -> (Option<PasswordError>, NewPasswordErrors) {
    let mut errors = NewPasswordErrors::default();
    match error {
        HashError::Password(reason) => {
            errors.password = Some("Choose another one; see below why.".to_owned());
            (Some(reason), errors)
        }
        HashError::Busy(_) => {
            let text = "Many people are signing in at this moment. Try again in a few seconds.";
            errors.form = Some(text.to_owned());
            (None, errors)
        }
    }
}
