//! Members that many operations share.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::json_service::{Input, JsonCall, JsonError, Paging, Pattern};

/// The most entries in one answer, and the default.
const MAX_RESULTS: i64 = 100;

pub(super) const STORE_ID: Pattern = Pattern {
    min: 1,
    max: 36,
    text: "d-[0-9a-f]{10}$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    matches: |text| {
        let short = text
            .strip_prefix("d-")
            .is_some_and(|rest| rest.len() == 10 && is_lower_hex(rest));
        short || (is_uuid(text) && text.bytes().all(|byte| !byte.is_ascii_uppercase()))
    },
};

pub(super) const RESOURCE_ID: Pattern = Pattern {
    min: 1,
    max: 47,
    text: "([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}",
    matches: |text| is_uuid(without_store(text)),
};

pub(super) const PATH: Pattern = Pattern {
    min: 1,
    max: 255,
    text: r"(?:\p{L}+:\p{L}+:\p{L}+(?:\.\p{L}+){0,3}|\p{L}+(?:\.\p{L}+){0,2})",
    matches: is_path,
};

const NEXT_TOKEN: Pattern = Pattern {
    min: 1,
    max: 65_535,
    text: "[-a-zA-Z0-9+=/:_]*",
    matches: |text| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-+=/:_".contains(&byte))
    },
};

/// The member `IdentityStoreId`.
pub(super) fn store<'a>(input: &mut Input<'a>) -> &'a str {
    input.required("IdentityStoreId", STORE_ID)
}

/// An identifier that must be there; [`Input::done`] refuses the request if it is none.
pub(super) fn id(input: &mut Input<'_>, name: &str) -> Uuid {
    uuid_of(input.required(name, RESOURCE_ID))
}

/// The user in the union `MemberId`.
pub(super) fn member_id(input: &mut Input<'_>) -> Uuid {
    input.require_presence("MemberId");
    let Some(member) = input.structure("MemberId") else {
        return Uuid::nil();
    };
    match member.get("UserId") {
        Some(Value::String(text)) => {
            input.check("memberId.userId", text, RESOURCE_ID);
            uuid_of(text)
        }
        Some(_) => {
            input.mistyped("memberId.userId");
            Uuid::nil()
        }
        None => {
            input.missing("memberId.userId");
            Uuid::nil()
        }
    }
}

/// A string in a structure that is not a member of the request itself.
pub(super) fn text_in<'a>(
    input: &mut Input<'_>,
    structure: &'a Map<String, Value>,
    (path, name): (&str, &str),
    pattern: Pattern,
) -> Option<&'a str> {
    let path = format!("{path}.{name}");
    match structure.get(name).filter(|value| !value.is_null()) {
        Some(Value::String(text)) => {
            input.check(&path, text, pattern);
            Some(text)
        }
        Some(_) => {
            input.mistyped(&path);
            None
        }
        None => {
            input.missing(&path);
            None
        }
    }
}

/// `MaxResults` and `NextToken`, checked against the model; the page itself is [`page`]'s.
pub(super) fn paging<'a>(input: &mut Input<'a>) -> (usize, Option<&'a str>) {
    let size = input.integer("MaxResults", 1, MAX_RESULTS);
    let token = input.optional("NextToken", NEXT_TOKEN);
    let size = usize::try_from(size.unwrap_or(MAX_RESULTS)).unwrap_or(1);
    (size, token)
}

/// One page of the list that `list` names with all that it depends on.
pub(super) fn page(
    call: &JsonCall<'_>,
    list: &str,
    (size, token): (usize, Option<&str>),
) -> Result<Paging, JsonError> {
    let store = call
        .input
        .raw("IdentityStoreId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Paging::new(format!("{store} {list}"), size, token)
        .ok_or_else(|| JsonError::validation("The NextToken is not one of this list."))
}

/// The UUID in a resource id, which may have the store's id in front of it.
pub(super) fn uuid_of(text: &str) -> Uuid {
    Uuid::try_parse(without_store(text)).unwrap_or_default()
}

fn without_store(text: &str) -> &str {
    match text.split_at_checked(11) {
        Some((store, rest)) if text.len() == 47 && store.ends_with('-') => {
            if is_lower_hex(&store[..10]) {
                rest
            } else {
                text
            }
        }
        _ => text,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn is_path(text: &str) -> bool {
    let (extension, path) = match text.rsplit_once(':') {
        Some((extension, path)) => (Some(extension), path),
        None => (None, text),
    };
    let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
    let is_extension = extension.is_none_or(|extension| {
        extension
            .split_once(':')
            .is_some_and(|(first, second)| is_word(first) && is_word(second))
    });
    let words = path.split('.').count();
    is_extension && words <= 3 + usize::from(extension.is_some()) && path.split('.').all(is_word)
}
