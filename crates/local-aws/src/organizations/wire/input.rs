//! Reading and checking the members of a request. What is wrong is an InvalidInputException with the
//! reason.

use serde_json::Value;

use crate::{
    ids::is_account_id,
    json_service::{JsonCall, JsonError, Paging},
    organizations::{OrganizationError, ids, tags::check},
    state::Tag,
};

/// The most entries in one answer, and the default.
const MAX_RESULTS: i64 = 20;

/// Length in characters and pattern of a string member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    min: usize,
    max: usize,
    matches: fn(&str) -> bool,
}

pub(super) const ACCOUNT_ID: Shape = shape(0, 12, is_account_id);
pub(super) const PARENT_ID: Shape = shape(0, 100, ids::is_parent);
pub(super) const CHILD_ID: Shape = shape(0, 100, ids::is_child);
pub(super) const UNIT_ID: Shape = shape(0, 68, ids::is_unit);
pub(super) const UNIT_NAME: Shape = shape(1, 128, |_| true);
pub(super) const TAGGABLE_ID: Shape = shape(0, 130, ids::is_taggable);
pub(super) const CREATION_ID: Shape = shape(0, 36, ids::is_creation);
pub(super) const ACCOUNT_NAME: Shape = shape(1, 50, |text| {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
});
pub(super) const EMAIL: Shape = shape(6, 64, is_email);
pub(super) const ROLE_NAME: Shape = shape(0, 64, |text| !text.is_empty() && is_words(text));
pub(super) const SERVICE_PRINCIPAL: Shape = shape(1, 128, is_words);

const fn shape(min: usize, max: usize, matches: fn(&str) -> bool) -> Shape {
    Shape { min, max, matches }
}

/// A string that must be there.
pub(super) fn required<'a>(
    call: &JsonCall<'a>,
    name: &str,
    shape: Shape,
) -> Result<&'a str, JsonError> {
    optional(call, name, shape)?.ok_or_else(missing)
}

/// A string that may be absent.
pub(super) fn optional<'a>(
    call: &JsonCall<'a>,
    name: &str,
    shape: Shape,
) -> Result<Option<&'a str>, JsonError> {
    let Some(value) = call.input.raw(name) else {
        return Ok(None);
    };
    let text = value.as_str().ok_or_else(|| mistyped(name))?;
    let length = text.chars().count();
    let fault = if length > shape.max {
        (
            "MAX_LENGTH_EXCEEDED",
            "You provided a string parameter that is longer than allowed.",
        )
    } else if length < shape.min {
        (
            "MIN_LENGTH_EXCEEDED",
            "You provided a string parameter that is shorter than allowed.",
        )
    } else if !(shape.matches)(text) {
        (
            "INVALID_PATTERN",
            "You provided a value that does not match the required pattern.",
        )
    } else {
        return Ok(Some(text));
    };
    Err(OrganizationError::invalid(fault.0, fault.1).into())
}

/// One of these words; `None` when it is absent.
pub(super) fn one_of<'a>(
    call: &JsonCall<'a>,
    name: &str,
    words: &[&str],
) -> Result<Option<&'a str>, JsonError> {
    let Some(value) = call.input.raw(name) else {
        return Ok(None);
    };
    let text = value.as_str().ok_or_else(|| mistyped(name))?;
    word(text, words).map(Some)
}

/// Words out of a list of strings; empty when it is absent.
pub(super) fn words<'a>(
    call: &JsonCall<'a>,
    name: &str,
    words: &[&str],
) -> Result<Vec<&'a str>, JsonError> {
    strings(call, name)?
        .into_iter()
        .map(|text| word(text, words))
        .collect()
}

/// A list of strings; empty when it is absent.
pub(super) fn strings<'a>(call: &JsonCall<'a>, name: &str) -> Result<Vec<&'a str>, JsonError> {
    list(call, name)?
        .iter()
        .map(|value| value.as_str().ok_or_else(|| mistyped(name)))
        .collect()
}

/// Whether a member that must be there is.
pub(super) fn require(call: &JsonCall<'_>, name: &str) -> Result<(), JsonError> {
    call.input.raw(name).map(drop).ok_or_else(missing)
}

/// The member `Tags`; empty when it is absent.
pub(super) fn tags(call: &JsonCall<'_>) -> Result<Vec<Tag>, JsonError> {
    let text = |value: &Value, name: &str| {
        let member = value.get(name).and_then(Value::as_str);
        member.map(str::to_owned).ok_or_else(missing)
    };
    let tags = list(call, "Tags")?
        .iter()
        .map(|value| Ok(Tag::new(text(value, "Key")?, text(value, "Value")?)))
        .collect::<Result<Vec<_>, JsonError>>()?;
    check(&tags)?;
    Ok(tags)
}

/// `MaxResults` and `NextToken` of a list, which `list` names with all that it depends on.
pub(super) fn page(call: &JsonCall<'_>, list: &str) -> Result<Paging, JsonError> {
    let size = match call.input.raw("MaxResults") {
        Some(value) => value.as_i64().ok_or_else(|| mistyped("MaxResults"))?,
        None => MAX_RESULTS,
    };
    let fault = if size > MAX_RESULTS {
        (
            "MAX_VALUE_EXCEEDED",
            "You provided a numeric parameter that has a larger value than allowed.",
        )
    } else if size < 1 {
        (
            "MIN_VALUE_EXCEEDED",
            "You provided a numeric parameter that has a smaller value than allowed.",
        )
    } else {
        let token = match call.input.raw("NextToken") {
            Some(value) => Some(value.as_str().ok_or_else(|| mistyped("NextToken"))?),
            None => None,
        };
        let size = usize::try_from(size).unwrap_or(1);
        if let Some(paging) = Paging::new(list.to_owned(), size, token) {
            return Ok(paging);
        }
        (
            "INVALID_NEXT_TOKEN",
            "Get the value for the NextToken parameter from the response to a previous call of the operation.",
        )
    };
    Err(OrganizationError::invalid(fault.0, fault.1).into())
}

fn list<'a>(call: &JsonCall<'a>, name: &str) -> Result<&'a [Value], JsonError> {
    match call.input.raw(name) {
        None => Ok(&[]),
        Some(Value::Array(values)) => Ok(values),
        Some(_) => Err(mistyped(name)),
    }
}

fn word<'a>(text: &'a str, words: &[&str]) -> Result<&'a str, JsonError> {
    if words.contains(&text) {
        return Ok(text);
    }
    Err(OrganizationError::invalid("INVALID_ENUM", "You specified an invalid value.").into())
}

fn missing() -> JsonError {
    OrganizationError::invalid(
        "INPUT_REQUIRED",
        "You must include a value for all required parameters.",
    )
    .into()
}

fn mistyped(name: &str) -> JsonError {
    JsonError::new(
        "SerializationException",
        format!("The member {name} has another type than the service's model says."),
    )
}

/// `[^\s@]+@[^\s@]+\.[^\s@]+`
pub(crate) fn is_email(text: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    text.split_once('@').is_some_and(|(local, domain)| {
        plain(local)
            && plain(domain)
            && domain
                .rsplit_once('.')
                .is_some_and(|(name, top)| !name.is_empty() && !top.is_empty())
    })
}

/// `[\w+=,.@-]*`
fn is_words(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c))
}
