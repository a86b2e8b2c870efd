//! Documents that name principals: trust policies of roles and policies of resources.
//!
//! AWS reads these statement by statement with another parser than permissions policies.

use std::collections::HashSet;

use super::shape::{self, ConditionError, VERSION_2008, VERSION_2012};
use super::{Clause, Draft, Outline, principals};
use crate::document::{DocumentKind, Effect, Scope};
use crate::json::{Json, member};
use crate::malformed::MalformedPolicy;
use crate::wildcard::Wildcard;

type Checked<T> = Result<T, MalformedPolicy>;
type Members = [(String, Json)];

/// What a trust policy may allow (lower case).
const STS_ACTIONS: [&str; 7] = [
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:assumeroot",
    "sts:tagsession",
    "sts:setsourceidentity",
    "sts:setcontext",
];

fn refused<T>(message: impl Into<String>) -> Checked<T> {
    Err(MalformedPolicy::new(message))
}

pub(super) fn check(json: &Json, kind: DocumentKind) -> Checked<Outline<'_>> {
    let Some(members) = json.as_object() else {
        return Err(with_fragment_hint(
            MalformedPolicy::new("This policy contains invalid Json"),
            json,
        ));
    };
    let unknown = members
        .iter()
        .find(|(name, _)| !matches!(name.as_str(), "Version" | "Id" | "Statement"));
    if let Some((name, _)) = unknown {
        return Err(with_fragment_hint(
            MalformedPolicy::new(format!("Unknown field {name}")),
            json,
        ));
    }
    let version = match member(members, "Version") {
        None => None,
        Some(Json::Text(version)) if matches!(version.as_str(), VERSION_2008 | VERSION_2012) => {
            Some(version.as_str())
        }
        Some(_) => return refused("The policy must contain a valid version string"),
    };
    if member(members, "Id").is_some_and(|id| id.as_text().is_none()) {
        return Err(MalformedPolicy::syntax());
    }
    let statements = match member(members, "Statement") {
        Some(statement @ Json::Object(_)) => std::slice::from_ref(statement),
        Some(Json::Array(statements)) if statements.is_empty() => {
            return refused("Could not parse the policy: Statement is empty!");
        }
        Some(Json::Array(statements)) => statements,
        Some(_) => return Err(MalformedPolicy::syntax()),
        None => return refused("Missing required field Statement"),
    };
    let read = |json| statement(json, kind);
    let statements: Vec<Draft<'_>> = statements.iter().map(read).collect::<Checked<_>>()?;
    let mut seen = HashSet::new();
    let mut sids = statements.iter().filter_map(|statement| statement.sid);
    if sids.any(|sid| !sid.is_empty() && !seen.insert(sid)) {
        return refused("The Statement Ids in the policy are not unique");
    }
    Ok(Outline {
        variables: version == Some(VERSION_2012),
        statements,
    })
}

fn with_fragment_hint(malformed: MalformedPolicy, json: &Json) -> MalformedPolicy {
    match shape::fragment_hint(json) {
        Some(hint) => malformed.with_hint(hint),
        None => malformed,
    }
}

fn statement(json: &Json, kind: DocumentKind) -> Checked<Draft<'_>> {
    let members = json.as_object().ok_or_else(MalformedPolicy::syntax)?;
    let known = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    if let Some((name, _)) = members
        .iter()
        .find(|(name, _)| !known.contains(&name.as_str()))
    {
        return refused(format!("Unknown field {name}"));
    }
    let sid = match member(members, "Sid") {
        None => None,
        Some(sid) => Some(sid.as_text().ok_or_else(MalformedPolicy::syntax)?),
    };
    let effect = match member(members, "Effect") {
        Some(Json::Text(effect)) if effect == "Allow" => Effect::Allow,
        Some(Json::Text(effect)) if effect == "Deny" => Effect::Deny,
        Some(Json::Text(effect)) => return refused(format!("Invalid effect: {effect}")),
        Some(_) => return Err(MalformedPolicy::syntax()),
        None => return refused("Missing required field Effect"),
    };
    let resources = resources(members, kind)?;
    let principals = principals::read(members, effect, kind)?;
    let actions = actions(members, kind)?;
    let clauses = clauses(members, kind)?;
    Ok(Draft {
        sid,
        effect,
        actions,
        resources,
        principals,
        clauses,
    })
}

fn resources(members: &Members, kind: DocumentKind) -> Checked<Scope<&str>> {
    if kind == DocumentKind::Trust {
        if member(members, "Resource").is_some() {
            return refused("Has prohibited field Resource.");
        }
        if member(members, "NotResource").is_some() {
            return refused("AssumeRole policy must not contain resources.");
        }
        return Ok(Scope::Unstated);
    }
    let Some(resources) = shape::scope(members, "Resource", "NotResource") else {
        return Err(MalformedPolicy::syntax());
    };
    if resources.items().is_empty() {
        return refused("Missing required field Resource");
    }
    let is_arn = |resource: &&str| *resource == "*" || crate::arn::split(resource).is_some();
    if !resources.items().iter().all(is_arn) {
        return refused("Policy has invalid resource");
    }
    Ok(resources)
}

fn actions(members: &Members, kind: DocumentKind) -> Checked<Scope<&str>> {
    let Some(actions) = shape::scope(members, "Action", "NotAction") else {
        return Err(MalformedPolicy::syntax());
    };
    if actions.items().is_empty() {
        return refused("Missing required field Action");
    }
    let mut items = actions.items().iter();
    if kind == DocumentKind::Trust && !items.all(|action| is_sts_action(action)) {
        return refused("AssumeRole policy may only specify STS AssumeRole actions.");
    }
    let mut items = actions.items().iter();
    if kind == DocumentKind::Resource && !items.all(|action| is_action(action)) {
        return refused("Policy has invalid action");
    }
    Ok(actions)
}

/// Whether a pattern stands for actions of the AssumeRole family.
fn is_sts_action(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let pattern = Wildcard::new(&action);
    action.starts_with("sts:") && STS_ACTIONS.iter().any(|known| pattern.matches(known))
}

fn is_action(action: &str) -> bool {
    let vendor = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    action == "*"
        || action.split_once(':').is_some_and(|(service, name)| {
            !service.is_empty()
                && service.bytes().all(vendor)
                && !name.is_empty()
                && !name.contains(':')
        })
}

fn clauses(members: &Members, kind: DocumentKind) -> Checked<Vec<Clause<'_>>> {
    let clauses = shape::clauses(members).map_err(|error| match (error, kind) {
        (ConditionError::UnknownOperator(name), DocumentKind::Resource) => {
            MalformedPolicy::new(format!("Invalid Condition type : {name}"))
        }
        (ConditionError::UnknownOperator(name), _) => {
            MalformedPolicy::syntax().with_hint(format!("There is no condition operator {name:?}."))
        }
        (ConditionError::Shape, _) => MalformedPolicy::syntax(),
    })?;
    if let Some(clause) = clauses.iter().find(|clause| !shape::is_sound(clause)) {
        let malformed = match kind {
            DocumentKind::Resource if clause.name.contains("IpAddress") => {
                MalformedPolicy::new("Invalid IP address in Conditions")
            }
            DocumentKind::Resource => MalformedPolicy::new("Invalid policy syntax."),
            _ => MalformedPolicy::legacy_parsing(),
        };
        let hint = format!(
            "{} cannot compare {} with this value.",
            clause.name, clause.key
        );
        return Err(malformed.with_hint(hint));
    }
    Ok(clauses)
}
