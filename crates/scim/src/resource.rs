//! Resources as clients send them (RFC 7644 sections 3.3 and 3.5.1).

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::constraints::Violations;
use crate::error::{ScimError, ScimType};
use crate::json::parse_object;
use crate::names::get;
use crate::profile::{Profile, Unknown};
use crate::schema::{
    Attribute, AttributeType, ENTERPRISE_URN, KNOWN_URNS, Mutability, ResourceKind, core_attribute,
    enterprise_attribute,
};

/// AWS's answer to whatever it does not explain.
pub(crate) const UNPARSABLE: &str =
    "Request is unparsable, syntactically incorrect, or violates schema.";

/// The most values read in one multi-valued attribute.
pub(crate) const MAX_VALUES: usize = 10_000;

/// Reads the body of POST: names in the schema's case, types checked, required attributes
/// present, values that say nothing (`null`, empty lists) left out, and so is what only the server
/// writes (`id`, `meta`, a user's `groups`).
///
/// # Errors
/// 400, with AWS's text in its dialect.
pub fn read_resource(
    kind: ResourceKind,
    body: &[u8],
    profile: &Profile,
) -> Result<Map<String, Value>, ScimError> {
    read_members(kind, parse(body, profile)?, profile)
}

/// Reads the body of PUT to the resource `id`, as [`read_resource`] does. AWS wants the identifier
/// in the body as well; the RFC leaves it out of consideration.
///
/// # Errors
/// 400, with AWS's text in its dialect.
pub fn read_replacement(
    kind: ResourceKind,
    id: &str,
    body: &[u8],
    profile: &Profile,
) -> Result<Map<String, Value>, ScimError> {
    let members = parse(body, profile)?;
    if profile.put_needs_id && get(&members, "id").and_then(Value::as_str) != Some(id) {
        return Err(invalid(profile, "\"id\" must be the one in the address."));
    }
    read_members(kind, members, profile)
}

fn parse(body: &[u8], profile: &Profile) -> Result<Map<String, Value>, ScimError> {
    parse_object(body).ok_or_else(|| {
        ScimError::bad_request(
            ScimType::InvalidSyntax,
            profile.detail(
                "Invalid JSON from RequestBody",
                "The body is not a JSON object, is too large, nests too deep or names a member twice.",
            ),
        )
    })
}

fn read_members(
    kind: ResourceKind,
    members: Map<String, Value>,
    profile: &Profile,
) -> Result<Map<String, Value>, ScimError> {
    check_schemas(kind, &members, profile)?;
    let read = conform(kind, members, profile, None)?;
    let members = read
        .get("members")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    match profile.members_on_create {
        Some(most) if members > most => Err(invalid(
            profile,
            format!("A group may be created with {most} members at most."),
        )),
        _ => Ok(read),
    }
}

pub(crate) fn invalid(profile: &Profile, detail: impl Into<String>) -> ScimError {
    ScimError::bad_request(ScimType::InvalidValue, profile.detail(UNPARSABLE, detail))
}

/// AWS's refusal of a second value.
pub(crate) fn too_many(attribute: &str) -> ScimError {
    ScimError::bad_request(
        ScimType::InvalidValue,
        format!("List attribute {attribute} exceeds allowed limit of 1"),
    )
}

fn check_schemas(
    kind: ResourceKind,
    members: &Map<String, Value>,
    profile: &Profile,
) -> Result<(), ScimError> {
    let sent = get(members, "schemas");
    if profile.schemas_optional && sent.is_none() {
        return Ok(());
    }
    let named = sent.and_then(Value::as_array);
    let has_core = named.is_some_and(|urns| {
        urns.iter().all(Value::is_string)
            && urns
                .iter()
                .filter_map(Value::as_str)
                .any(|urn| urn.eq_ignore_ascii_case(kind.urn()))
    });
    if has_core {
        return Ok(());
    }
    let detail = format!(
        "\"schemas\" must be a list that contains \"{}\".",
        kind.urn()
    );
    Err(ScimError::bad_request(
        ScimType::InvalidSyntax,
        profile.detail(UNPARSABLE, detail),
    ))
}

/// Brings a resource into the schema's shape. What is as it was in `before` is not checked:
/// another interface may have written it, which knows and allows more.
pub(crate) fn conform(
    kind: ResourceKind,
    members: Map<String, Value>,
    profile: &Profile,
    before: Option<&Map<String, Value>>,
) -> Result<Map<String, Value>, ScimError> {
    let mut reader = Reader {
        kind,
        profile,
        is_patch: before.is_some(),
        violations: Violations::default(),
    };
    let mut schemas = vec![Value::from(kind.urn())];
    let mut read = Map::new();
    read.insert("schemas".to_owned(), Value::Null);
    for (name, value) in members {
        if name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        if kind == ResourceKind::User && name.eq_ignore_ascii_case(ENTERPRISE_URN) {
            let before = before.and_then(|before| before.get(ENTERPRISE_URN));
            let at = ("", ENTERPRISE_URN);
            let extension = reader.object(at, value, before, enterprise_attribute)?;
            if !extension.is_empty() {
                schemas.push(ENTERPRISE_URN.into());
                read.insert(ENTERPRISE_URN.to_owned(), extension.into());
            }
            continue;
        }
        let before = before.and_then(|before| before.get(&name));
        if before == Some(&value) {
            read.insert(name, value);
            continue;
        }
        let Some(attribute) = core_attribute(kind, &name) else {
            reader.unknown(&name)?;
            continue;
        };
        if let Some(value) = reader.attribute(attribute, attribute.name, value, before)? {
            read.insert(attribute.name.to_owned(), value);
        }
    }
    reader.violations.finish()?;
    read.insert("schemas".to_owned(), Value::Array(schemas));
    for required in profile.required(kind) {
        let was_given = before.is_none_or(|before| is_given(before, required));
        if was_given && !is_given(&read, required) {
            return Err(invalid(
                profile,
                format!("\"{required}\" is required and must not be empty."),
            ));
        }
    }
    check_primary(&read, before, profile)?;
    Ok(read)
}

/// An address that was changed must be the primary one, where the dialect wants that.
fn check_primary(
    read: &Map<String, Value>,
    before: Option<&Map<String, Value>>,
    profile: &Profile,
) -> Result<(), ScimError> {
    let emails = read.get("emails");
    if !profile.primary_email || emails == before.and_then(|before| before.get("emails")) {
        return Ok(());
    }
    match emails.and_then(Value::as_array) {
        Some(emails) if emails.iter().any(|email| email["primary"] != true) => Err(invalid(
            profile,
            "An e-mail address must be the primary one.",
        )),
        _ => Ok(()),
    }
}

fn is_given(read: &Map<String, Value>, attribute: &str) -> bool {
    let value = match attribute.split_once('.') {
        Some((name, sub)) => read.get(name).and_then(|value| value.get(sub)),
        None => read.get(attribute),
    };
    match value {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
        None => false,
    }
}

struct Reader<'a> {
    kind: ResourceKind,
    profile: &'a Profile,
    /// The server's own attributes stay.
    is_patch: bool,
    violations: Violations,
}

impl Reader<'_> {
    fn unknown(&self, name: &str) -> Result<(), ScimError> {
        match self.profile.unknown {
            Unknown::Ignore => Ok(()),
            Unknown::Refuse => Err(invalid(self.profile, format!("\"{name}\" is not known."))),
        }
    }

    /// One attribute at `path`; `None` where it says nothing or is the server's.
    fn attribute(
        &mut self,
        attribute: &Attribute,
        path: &str,
        value: Value,
        before: Option<&Value>,
    ) -> Result<Option<Value>, ScimError> {
        let keeps = self.is_patch && !path.contains('.');
        if attribute.mutability == Mutability::ReadOnly && keeps {
            return Ok(Some(value));
        }
        let is_refused = |refused: &&str| {
            *refused == path || path.strip_prefix(ENTERPRISE_URN) == Some(&format!(".{refused}"))
        };
        if self.profile.refused_user_attributes.iter().any(is_refused) {
            return Err(invalid(
                self.profile,
                format!("\"{path}\" is not supported."),
            ));
        }
        if attribute.mutability == Mutability::ReadOnly {
            return Ok(None);
        }
        if value.is_null() {
            return Ok(None);
        }
        if !attribute.multi_valued {
            return self.single(attribute, path, value, before).map(not_empty);
        }
        let Value::Array(values) = value else {
            return Err(invalid(self.profile, format!("\"{path}\" must be a list.")));
        };
        if self.profile.single_valued.contains(&path) && values.len() > 1 {
            return Err(too_many(path));
        }
        if values.len() > MAX_VALUES {
            return Err(invalid(
                self.profile,
                format!("\"{path}\" has too many values."),
            ));
        }
        let mut read = Vec::with_capacity(values.len());
        let before = before.and_then(Value::as_array);
        for (at, value) in values.into_iter().enumerate() {
            let before = before.and_then(|before| before.get(at));
            read.extend(not_empty(self.single(attribute, path, value, before)?));
        }
        if read.iter().filter(|value| value["primary"] == true).count() > 1 {
            return Err(invalid(
                self.profile,
                format!("Only one value of \"{path}\" may be primary."),
            ));
        }
        Ok((!read.is_empty()).then_some(Value::Array(read)))
    }

    /// One value of an attribute.
    fn single(
        &mut self,
        attribute: &Attribute,
        path: &str,
        value: Value,
        before: Option<&Value>,
    ) -> Result<Value, ScimError> {
        let fits = match (attribute.kind, &value) {
            (AttributeType::Complex(_), Value::Object(_)) => {
                return self
                    .object((path, ""), value, before, |name| attribute.sub(name))
                    .map(Value::Object);
            }
            (AttributeType::Boolean, Value::Bool(_)) => true,
            (AttributeType::Boolean, Value::String(text)) if self.profile.textual_booleans => {
                match text.to_ascii_lowercase().as_str() {
                    "true" => return Ok(Value::Bool(true)),
                    "false" => return Ok(Value::Bool(false)),
                    _ => false,
                }
            }
            (AttributeType::DateTime, Value::String(text)) => {
                OffsetDateTime::parse(text, &Rfc3339).is_ok()
            }
            (
                AttributeType::Text | AttributeType::Reference(_) | AttributeType::Binary,
                Value::String(text),
            ) => {
                if self.profile.constrained_strings {
                    self.violations.check(self.kind, path, text);
                }
                true
            }
            _ => false,
        };
        if fits {
            Ok(value)
        } else {
            Err(invalid(
                self.profile,
                format!("\"{path}\" has a value of the wrong type."),
            ))
        }
    }

    /// The members of a complex value at `path`, or of the extension `urn`.
    fn object(
        &mut self,
        (path, urn): (&str, &str),
        value: Value,
        before: Option<&Value>,
        find: impl Fn(&str) -> Option<&'static Attribute>,
    ) -> Result<Map<String, Value>, ScimError> {
        let members = match value {
            Value::Object(members) => members,
            Value::Null => return Ok(Map::new()),
            _ => {
                return Err(invalid(
                    self.profile,
                    format!("\"{urn}{path}\" must be an object."),
                ));
            }
        };
        let mut read = Map::new();
        for (name, value) in members {
            let before = before.and_then(|before| before.get(&name));
            if before == Some(&value) {
                read.insert(name, value);
                continue;
            }
            let Some(attribute) = find(&name) else {
                self.unknown(&name)?;
                continue;
            };
            // AWS writes the extension's attributes as `urn:…:User.manager.value`.
            let inner = match (urn, path) {
                ("", path) => format!("{path}.{}", attribute.name),
                (urn, _) => format!("{urn}.{}", attribute.name),
            };
            if let Some(value) = self.attribute(attribute, &inner, value, before)? {
                read.insert(attribute.name.to_owned(), value);
            }
        }
        Ok(read)
    }
}

fn not_empty(value: Value) -> Option<Value> {
    match &value {
        Value::Object(members) if members.is_empty() => None,
        _ => Some(value),
    }
}

/// Whether a URN names a schema of this server.
pub(crate) fn is_schema(name: &str) -> bool {
    KNOWN_URNS.iter().any(|urn| urn.eq_ignore_ascii_case(name))
}
