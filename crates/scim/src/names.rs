//! Attribute names compare without case (RFC 7643 section 2.1).

use serde_json::{Map, Value};

/// The member called `name`, in any case.
pub fn get<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(name).or_else(|| {
        members
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

/// The member called `name`, in any case, taken out.
pub(crate) fn take(members: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = members
        .keys()
        .find(|key| key.eq_ignore_ascii_case(name))?
        .clone();
    members.shift_remove(&key)
}
