//! The model constraints of IAM's members (aws-iam-sts.md Appendix A).

use jetway_aws_wire::{AwsError, QueryRequest, ValidationErrors};

use super::error::IamError;

/// Length and pattern of a string member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    min: usize,
    max: usize,
    /// As AWS prints it.
    pattern: Option<&'static str>,
    allowed: fn(&str) -> bool,
}

impl Shape {
    /// Of the inline session policy of the STS operations.
    pub(crate) const fn session_policy() -> Self {
        shape(1, 2048, LATIN, latin)
    }

    /// Adds what `value` violates to `errors`.
    pub(crate) fn check(self, errors: &mut ValidationErrors, name: &str, value: &str) {
        if let Some(pattern) = self.pattern {
            errors.pattern(name, value, pattern, (self.allowed)(value));
        }
        errors.length(name, value, self.min, self.max);
    }

    /// Checks one value on its own.
    pub(crate) fn require(self, name: &str, value: &str) -> Result<(), IamError> {
        let mut errors = ValidationErrors::new();
        self.check(&mut errors, name, value);
        errors
            .into_result()
            .map_err(|error| IamError::Validation(error.message))
    }
}

/// Tags, or keys of tags, in one request.
const MAX_TAGS: usize = 50;

const WORDS: &str = r"[\w+=,.@-]+";
const LATIN: &str = r"[\u0009\u000A\u000D\u0020-\u00FF]+";
const ARN_PATTERN: &str =
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+";

pub(crate) const ROLE_NAME: Shape = shape(1, 64, WORDS, words);
pub(crate) const POLICY_NAME: Shape = shape(1, 128, WORDS, words);
pub(crate) const PROVIDER_NAME: Shape = shape(1, 128, r"[\w._-]+", |text| {
    all(text, |c| c.is_ascii_alphanumeric() || "._-".contains(c))
});
pub(crate) const ARN: Shape = shape(20, 2048, ARN_PATTERN, |text| {
    all(
        text,
        |c| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..),
    )
});
pub(crate) const PATH: Shape = shape(1, 512, r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", is_path);
pub(crate) const POLICY_PATH: Shape = shape(1, 512, r"((/[A-Za-z0-9\.,\+@=_-]+)*)/", |text| {
    is_path(text)
        && text
            .chars()
            .all(|c| c == '/' || c.is_ascii_alphanumeric() || ".,+@=_-".contains(c))
        && !text.contains("//")
});
pub(crate) const PATH_PREFIX: Shape = shape(1, 512, r"\u002F[\u0021-\u007F]*", |text| {
    text.strip_prefix('/')
        .is_some_and(|rest| rest.chars().all(|c| ('!'..='\u{7F}').contains(&c)))
});
pub(crate) const DOCUMENT: Shape = shape(1, 131_072, LATIN, latin);
pub(crate) const DESCRIPTION: Shape = Shape {
    min: 0,
    max: 1000,
    pattern: Some(r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"),
    allowed: |text| {
        text.chars()
            .all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{A1}'..='\u{FF}'))
    },
};
pub(crate) const POLICY_DESCRIPTION: Shape = Shape {
    min: 0,
    max: 1000,
    pattern: None,
    allowed: |_| true,
};
pub(crate) const METADATA: Shape = Shape {
    min: 1000,
    max: 10_000_000,
    pattern: None,
    allowed: |_| true,
};
pub(crate) const ALIAS: Shape = shape(3, 63, "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", is_alias);
pub(crate) const VERSION_ID: Shape = Shape {
    min: 0,
    max: usize::MAX,
    pattern: Some(r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?"),
    allowed: is_version_id,
};
pub(crate) const MARKER: Shape = shape(1, 320, r"[\u0020-\u00FF]+", |text| {
    all(text, |c| (' '..='\u{FF}').contains(&c))
});
pub(crate) const TAG_KEY: Shape = shape(1, 128, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", |text| {
    all(text, is_tag_character)
});
pub(crate) const TAG_VALUE: Shape = Shape {
    min: 0,
    max: 256,
    pattern: Some(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"),
    allowed: |text| text.chars().all(is_tag_character),
};

const fn shape(min: usize, max: usize, pattern: &'static str, allowed: fn(&str) -> bool) -> Shape {
    Shape {
        min,
        max,
        pattern: Some(pattern),
        allowed,
    }
}

fn all(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

fn words(text: &str) -> bool {
    all(text, |c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c))
}

fn latin(text: &str) -> bool {
    all(text, |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FF}'))
}

fn is_path(text: &str) -> bool {
    text == "/"
        || text
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'))
            .is_some_and(|middle| all(middle, |c| ('!'..='~').contains(&c)))
}

fn is_alias(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.len() >= 3
        && text.chars().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

/// Letters, separators and numbers of any script, and the listed signs.
pub(crate) fn is_tag_character(c: char) -> bool {
    // Separators (category Z) are white space that is no control character.
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

fn is_version_id(text: &str) -> bool {
    let (version, suffix) = text.split_once('.').unwrap_or((text, ""));
    version
        .strip_prefix('v')
        .is_some_and(|digits| !digits.starts_with('0') && all(digits, |c| c.is_ascii_digit()))
        && suffix
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The number of a version id `vN`. A suffix after a dot, which the pattern allows, names no
/// version here.
pub(crate) fn version_number(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('v')?;
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// Reads the members of one request and collects every violated constraint.
pub(crate) struct Members<'a> {
    request: &'a QueryRequest,
    errors: ValidationErrors,
}

impl<'a> Members<'a> {
    pub(crate) fn of(request: &'a QueryRequest) -> Self {
        Self {
            request,
            errors: ValidationErrors::new(),
        }
    }

    /// A required string; empty text stands in for a missing one until [`Self::done`] refuses.
    pub(crate) fn required(&mut self, name: &str, shape: Shape) -> &'a str {
        let value = self.request.get(name);
        self.errors.required(&member_name(name), value.is_some());
        if let Some(value) = value {
            shape.check(&mut self.errors, &member_name(name), value);
        }
        value.unwrap_or_default()
    }

    /// An optional string.
    pub(crate) fn optional(&mut self, name: &str, shape: Shape) -> Option<&'a str> {
        let value = self.request.get(name)?;
        shape.check(&mut self.errors, &member_name(name), value);
        Some(value)
    }

    /// An optional whole number between two values.
    pub(crate) fn integer(
        &mut self,
        name: &str,
        min: i64,
        max: i64,
    ) -> Result<Option<i64>, AwsError> {
        let value = self.request.integer(name)?;
        if let Some(value) = value {
            self.errors.range(&member_name(name), value, min, max);
        }
        Ok(value)
    }

    /// An optional word of a fixed set.
    pub(crate) fn one_of(&mut self, name: &str, allowed: &[&str]) -> Option<&'a str> {
        let value = self.request.get(name)?;
        self.errors.one_of(&member_name(name), value, allowed);
        Some(value)
    }

    /// `name.member.N.Key` and `.Value`.
    pub(crate) fn tags(&mut self, name: &str) -> Vec<crate::state::Tag> {
        let found = self.request.member_structures(name);
        let keys: Vec<&str> = found
            .iter()
            .map(|tag| tag.get("Key").copied().unwrap_or_default())
            .collect();
        let at = member_name(name);
        self.errors.list_length(&at, &keys, 0, MAX_TAGS);
        let mut tags = Vec::with_capacity(found.len());
        for (index, tag) in found.iter().take(MAX_TAGS).enumerate() {
            let place = format!("{at}.{}.member", index + 1);
            let (key, value) = (tag.get("Key").copied(), tag.get("Value").copied());
            self.errors.required(&format!("{place}.key"), key.is_some());
            self.errors
                .required(&format!("{place}.value"), value.is_some());
            let tag = crate::state::Tag::new(key.unwrap_or("-"), value.unwrap_or_default());
            TAG_KEY.check(&mut self.errors, &format!("{place}.key"), &tag.key);
            TAG_VALUE.check(&mut self.errors, &format!("{place}.value"), &tag.value);
            tags.push(tag);
        }
        tags
    }

    /// `TagKeys.member.N`.
    pub(crate) fn tag_keys(&mut self) -> Vec<&'a str> {
        let keys = self.request.member_list("TagKeys");
        self.errors.list_length("tagKeys", &keys, 0, MAX_TAGS);
        for (index, key) in keys.iter().take(MAX_TAGS).enumerate() {
            TAG_KEY.check(
                &mut self.errors,
                &format!("tagKeys.{}.member", index + 1),
                key,
            );
        }
        keys
    }

    /// Refuses with everything that was violated.
    pub(crate) fn done(self) -> Result<(), AwsError> {
        self.errors.into_result()
    }
}

/// The member as AWS spells it in texts: first letter in lower case.
fn member_name(name: &str) -> String {
    let mut text = name.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}
