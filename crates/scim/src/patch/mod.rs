//! PATCH (RFC 7644 section 3.5.2).

mod apply;
mod members;
mod restrict;
mod values;

use serde_json::{Map, Value};

use crate::error::{ScimError, ScimType};
use crate::json::parse_object;
use crate::names::{get, take};
use crate::path::PatchPath;
use crate::profile::Profile;
use crate::resource::{MAX_VALUES, UNPARSABLE, conform, invalid, too_many};
use crate::schema::ResourceKind;

pub use members::MembershipChange;

/// The URN of a patch.
pub const PATCH_URN: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// The most operations of one request.
pub const MAX_OPERATIONS: usize = 1000;

/// What is no attribute to change where an operation has no path.
const OWN: [&str; 3] = ["schemas", "id", "meta"];
/// The most values of lists that the operations of one patch look at together.
const MAX_WORK: usize = 200_000;

/// How many values of lists a patch may still look at.
#[derive(Debug)]
struct Budget(usize);

impl Budget {
    fn new() -> Self {
        Self(MAX_WORK)
    }

    fn spend(&mut self, values: usize, profile: &Profile) -> Result<(), ScimError> {
        self.0 = self.0.checked_sub(values).ok_or_else(|| {
            invalid(
                profile,
                "The operations change too many values. Send fewer operations at a time.",
            )
        })?;
        Ok(())
    }
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Adds values; replaces a single one.
    Add,
    /// Puts a value in the place of another.
    Replace,
    /// Takes values away.
    Remove,
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// What it does.
    pub op: Op,
    /// Where; `None`: the names in the value say where.
    pub path: Option<PatchPath>,
    /// With what.
    pub value: Option<Value>,
}

/// A patch: operations applied in order, all of them or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    kind: ResourceKind,
    operations: Vec<Operation>,
}

impl Patch {
    /// Reads the body of PATCH. The dialect's restrictions are checked here, before anything is
    /// looked up.
    ///
    /// # Errors
    /// 400, with AWS's text in its dialect.
    pub fn parse(kind: ResourceKind, body: &[u8], profile: &Profile) -> Result<Self, ScimError> {
        let mut members = parse_object(body).ok_or_else(|| {
            syntax(
                profile,
                "Invalid JSON from RequestBody",
                "The body is not a JSON object, is too large, nests too deep or names a member twice.",
            )
        })?;
        let is_patch = get(&members, "schemas")
            .and_then(Value::as_array)
            .is_some_and(|urns| {
                urns.iter()
                    .filter_map(Value::as_str)
                    .any(|urn| urn.eq_ignore_ascii_case(PATCH_URN))
            });
        if !is_patch {
            return Err(syntax(
                profile,
                UNPARSABLE,
                &format!("\"schemas\" must be a list that contains \"{PATCH_URN}\"."),
            ));
        }
        let Some(Value::Array(items)) = take(&mut members, "Operations") else {
            return Err(syntax(
                profile,
                UNPARSABLE,
                "\"Operations\" must be a list.",
            ));
        };
        if items.is_empty() || items.len() > MAX_OPERATIONS {
            return Err(syntax(
                profile,
                UNPARSABLE,
                &format!("\"Operations\" must hold between 1 and {MAX_OPERATIONS} operations."),
            ));
        }
        let operations = items
            .into_iter()
            .map(|item| read_operation(item, profile))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(limits) = &profile.patch {
            restrict::check(kind, &operations, limits)?;
        }
        Ok(Self { kind, operations })
    }

    /// The operations, in order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The resource after the patch, checked against the schema. `resource` is left as it is.
    ///
    /// # Errors
    /// 400 where a path selects nothing, an attribute may not be changed, or the outcome does not
    /// fit the schema.
    pub fn apply(
        &self,
        resource: &Map<String, Value>,
        profile: &Profile,
    ) -> Result<Map<String, Value>, ScimError> {
        let mut patched = resource.clone();
        let mut budget = Budget::new();
        for operation in &self.operations {
            apply::apply(self.kind, operation, &mut patched, (profile, &mut budget))?;
        }
        conform(self.kind, patched, profile, Some(resource))
    }
}

/// Lists are as long as they may be in a whole resource.
fn check_lengths(
    path: Option<&PatchPath>,
    value: &Value,
    profile: &Profile,
) -> Result<(), ScimError> {
    match value {
        Value::Array(values) => {
            let single = path
                .map(|path| &path.attribute)
                .filter(|path| path.extension().is_none() && path.sub.is_none())
                .and_then(|path| {
                    let mut single = profile.single_valued.iter();
                    single.find(|name| name.eq_ignore_ascii_case(&path.name))
                });
            match single {
                Some(name) if values.len() > 1 => Err(too_many(name)),
                _ if values.len() > MAX_VALUES => Err(invalid(
                    profile,
                    "A list of the request has too many values.",
                )),
                _ => Ok(()),
            }
        }
        Value::Object(members) if path.is_none() => members.iter().try_for_each(|(name, value)| {
            check_lengths(PatchPath::parse(name).ok().as_ref(), value, profile)
        }),
        _ => Ok(()),
    }
}

fn syntax(profile: &Profile, aws: &str, rfc: &str) -> ScimError {
    ScimError::bad_request(ScimType::InvalidSyntax, profile.detail(aws, rfc))
}

fn read_operation(item: Value, profile: &Profile) -> Result<Operation, ScimError> {
    let Value::Object(mut members) = item else {
        return Err(syntax(
            profile,
            UNPARSABLE,
            "An operation must be an object.",
        ));
    };
    let word = take(&mut members, "op");
    let word = word.as_ref().and_then(Value::as_str).unwrap_or_default();
    let op = match word.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => {
            return Err(syntax(
                profile,
                UNPARSABLE,
                "\"op\" must be \"add\", \"replace\" or \"remove\".",
            ));
        }
    };
    let path = match take(&mut members, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(PatchPath::parse(&text).map_err(|error| {
            ScimError::bad_request(
                ScimType::InvalidPath,
                profile.detail(
                    UNPARSABLE,
                    format!("The path \"{text}\" cannot be read: {error}"),
                ),
            )
        })?),
        Some(_) => return Err(syntax(profile, UNPARSABLE, "\"path\" must be a string.")),
    };
    let mut value = take(&mut members, "value");
    if let (None, Some(Value::Object(named))) = (&path, &mut value) {
        // Clients send the resource they read, with what only the server writes.
        for own in OWN {
            take(named, own);
        }
    }
    if let Some(value) = &value {
        check_lengths(path.as_ref(), value, profile)?;
    }
    if op == Op::Remove && path.is_none() {
        return Err(ScimError::bad_request(
            ScimType::NoTarget,
            profile.detail("Missing path in PATCH request", "\"remove\" needs a path."),
        ));
    }
    if op != Op::Remove && value.is_none() {
        return Err(ScimError::bad_request(
            ScimType::InvalidValue,
            profile.detail(UNPARSABLE, "\"add\" and \"replace\" need a value."),
        ));
    }
    Ok(Operation { op, path, value })
}
