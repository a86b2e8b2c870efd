//! Attributes for access control: from the assertion and from the directory to session tags
//! (identity-center.md §4.6).

use jetway_scim::{ENTERPRISE_URN, get};
use serde_json::{Map, Value};

use crate::{
    iam::same_key,
    state::{
        Tag,
        center::{AttributePrecedence, InstanceRecord},
        directory::UserRecord,
    },
};

/// The longest value of a tag.
const MAX_VALUE: usize = 256;

/// The session tags. None while attributes for access control are off. An attribute without a value
/// gives no tag, so that a policy which compares it finds nothing. Keys that differ only in case are
/// one, as those of session tags are.
pub(super) fn session_tags(
    instance: &InstanceRecord,
    user: &UserRecord,
    assertion_tags: &[Tag],
) -> Vec<Tag> {
    let Some(configured) = &instance.access_control else {
        return Vec::new();
    };
    let mut tags: Vec<Tag> = assertion_tags.to_vec();
    for attribute in configured {
        let Some(value) = value_of(&user.attributes, &attribute.source) else {
            continue;
        };
        let from_directory = Tag::new(attribute.key.clone(), value);
        let given = tags
            .iter_mut()
            .find(|tag| same_key(&tag.key, &attribute.key));
        let Some(given) = given else {
            tags.push(from_directory);
            continue;
        };
        if given.value == from_directory.value {
            continue;
        }
        let directory_wins = instance.attribute_precedence == AttributePrecedence::Directory;
        tracing::debug!(
            user = %user.id,
            attribute = attribute.key,
            assertion = given.value,
            directory = from_directory.value,
            "the assertion and the directory differ; the value of the {} counts",
            if directory_wins { "directory" } else { "assertion" }
        );
        if directory_wins {
            *given = from_directory;
        }
    }
    tags.retain(|tag| !tag.value.is_empty() && tag.value.chars().count() <= MAX_VALUE);
    tags
}

/// The value at a source such as `${path:addresses[type eq "work"].region}`.
fn value_of(attributes: &Map<String, Value>, source: &str) -> Option<String> {
    let path = source.strip_prefix("${path:")?.strip_suffix('}')?;
    let (attribute, rest) = split(path);
    let found = if attribute == "enterprise" {
        let (inner, after) = split(rest?);
        return text(at(
            get(attributes, ENTERPRISE_URN)?.as_object()?,
            inner,
            after,
        )?);
    } else {
        at(attributes, attribute, rest)?
    };
    text(found)
}

/// One attribute, or a part of it.
fn at<'a>(
    members: &'a Map<String, Value>,
    attribute: &str,
    rest: Option<&str>,
) -> Option<&'a Value> {
    let (name, filter) = match attribute.split_once('[') {
        Some((name, filter)) => (name, Some(filter.strip_suffix(']')?)),
        None => (attribute, None),
    };
    let mut value = get(members, name)?;
    if let Some(filter) = filter {
        value = value
            .as_array()?
            .iter()
            .find(|item| matches(item, filter))?;
    }
    match rest {
        Some(part) => get(value.as_object()?, part),
        None => Some(value),
    }
}

/// `type eq "work"`, `primary eq true`: the only filters that sources have. AWS keeps one value of
/// each, so one that does not say what it is counts as the one that is meant.
fn matches(item: &Value, filter: &str) -> bool {
    let Some((name, wanted)) = filter.split_once(" eq ") else {
        return false;
    };
    let given = item.as_object().and_then(|members| get(members, name));
    match given {
        None => true,
        Some(Value::Bool(is)) => is.to_string() == wanted,
        Some(Value::String(is)) => is.eq_ignore_ascii_case(wanted.trim_matches('"')),
        Some(_) => false,
    }
}

/// Splits at the first dot outside brackets.
fn split(path: &str) -> (&str, Option<&str>) {
    let mut depth = 0_usize;
    for (position, c) in path.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => return (&path[..position], Some(&path[position + 1..])),
            _ => {}
        }
    }
    (path, None)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::state::center::{AccessControlAttribute, IdentitySource};

    fn instance(configured: &[(&str, &str)], precedence: AttributePrecedence) -> InstanceRecord {
        let attribute = |(key, source): &(&str, &str)| AccessControlAttribute {
            key: (*key).to_owned(),
            source: (*source).to_owned(),
        };
        InstanceRecord {
            id: "ssoins-0123456789abcdef".into(),
            identity_store_id: "d-0123456789".into(),
            owner_account: "123456789012".into(),
            region: "us-east-1".into(),
            name: None,
            created_at: 0,
            portal_alias: None,
            portal_session_seconds: 28_800,
            access_token_seconds: 28_800,
            identity_source: IdentitySource::Directory,
            saml_tenant: String::new(),
            provisioning: None,
            access_control: Some(configured.iter().map(attribute).collect()),
            attribute_precedence: precedence,
            trust_ended_at: None,
            tags: Vec::new(),
        }
    }

    fn road_runner() -> UserRecord {
        let attributes = json!({
            "userName": "road.runner@acme.example",
            "name": {"givenName": "Road", "familyName": "Runner"},
            "emails": [{"value": "road.runner@acme.example", "primary": true}],
            "addresses": [{"type": "work", "region": "us-east-1"}],
            "title": "",
            ENTERPRISE_URN: {"costCenter": "Birdseed", "manager": {"value": "granny"}},
        });
        UserRecord {
            id: Uuid::nil(),
            sequence: 1,
            attributes: attributes.as_object().cloned().unwrap_or_default(),
            beyond_scim: serde_json::Map::new(),
            created_at: 0,
            updated_at: 0,
            created_by: String::new(),
            updated_by: String::new(),
            deactivated_at: None,
        }
    }

    fn tags(instance: &InstanceRecord, given: &[(&str, &str)]) -> Vec<(String, String)> {
        let given: Vec<Tag> = given
            .iter()
            .map(|(key, value)| Tag::new(*key, *value))
            .collect();
        session_tags(instance, &road_runner(), &given)
            .into_iter()
            .map(|tag| (tag.key, tag.value))
            .collect()
    }

    fn one(source: &str) -> Option<String> {
        let instance = instance(&[("Key", source)], AttributePrecedence::Assertion);
        tags(&instance, &[]).pop().map(|(_, value)| value)
    }

    #[test]
    fn every_form_of_a_source_finds_its_value() {
        for (source, value) in [
            ("${path:userName}", "road.runner@acme.example"),
            ("${path:name.familyName}", "Runner"),
            (
                "${path:emails[primary eq true].value}",
                "road.runner@acme.example",
            ),
            ("${path:addresses[type eq \"work\"].region}", "us-east-1"),
            ("${path:enterprise.costCenter}", "Birdseed"),
            ("${path:enterprise.manager.value}", "granny"),
        ] {
            assert_eq!(one(source).as_deref(), Some(value), "{source}");
        }
    }

    #[test]
    fn what_has_no_value_gives_no_tag() {
        for source in [
            "${path:nickName}",
            "${path:title}",
            "${path:addresses[type eq \"home\"].region}",
            "${path:name}",
            "${path:enterprise}",
            "userName",
        ] {
            assert_eq!(one(source), None, "{source}");
        }
    }

    #[test]
    fn nothing_becomes_a_tag_while_attributes_for_access_control_are_off() {
        let mut off = instance(
            &[("Key", "${path:userName}")],
            AttributePrecedence::Assertion,
        );
        off.access_control = None;
        assert_eq!(tags(&off, &[("Project", "Rockets")]), []);
    }

    #[test]
    fn an_attribute_of_the_assertion_needs_no_configuration() {
        let none = instance(&[], AttributePrecedence::Assertion);
        let expected = [("Project".to_owned(), "Rockets".to_owned())];
        assert_eq!(tags(&none, &[("Project", "Rockets")]), expected);
    }

    #[test]
    fn the_assertion_counts_where_both_give_a_value_and_the_switch_turns_it_round() {
        let source = "${path:addresses[type eq \"work\"].region}";
        for (precedence, value) in [
            (AttributePrecedence::Assertion, "eu-west-1"),
            (AttributePrecedence::Directory, "us-east-1"),
        ] {
            let instance = instance(&[("Region", source)], precedence);
            let expected = [("Region".to_owned(), value.to_owned())];
            assert_eq!(tags(&instance, &[("Region", "eu-west-1")]), expected);
        }
    }

    #[test]
    fn keys_are_not_told_apart_by_case() {
        let name = "road.runner@acme.example";
        for (precedence, key, value) in [
            (AttributePrecedence::Assertion, "Region", "eu-west-1"),
            (AttributePrecedence::Directory, "region", name),
        ] {
            let instance = instance(&[("region", "${path:userName}")], precedence);
            let expected = [(key.to_owned(), value.to_owned())];
            assert_eq!(tags(&instance, &[("Region", "eu-west-1")]), expected);
        }
    }
}
