//! Permissions policies: inline, managed and session policies.
//!
//! AWS checks the whole document for one thing before it looks at the next, so that the message
//! depends on the order of the checks, not on the order of the statements.

use std::collections::HashSet;

use super::resource_arn::{self, Refusal};
use super::shape::{self, ConditionError, VERSION_2008, VERSION_2012};
use super::{Draft, Outline};
use crate::document::{DocumentKind, Effect, Scope};
use crate::json::{Json, member};
use crate::malformed::MalformedPolicy;

const STATEMENT_ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Principal",
    "NotPrincipal",
];

type Checked<T> = Result<T, MalformedPolicy>;

/// What the syntax check leaves for the later ones.
struct Syntax<'a> {
    version: Option<&'a str>,
    statements: Vec<Statement<'a>>,
}

struct Statement<'a> {
    draft: Draft<'a>,
    /// `Allow` and `Deny` pass the syntax check in any case, and no other check after it.
    effect_as_written: &'a str,
    names_principal: bool,
}

pub(super) fn check(json: &Json, kind: DocumentKind) -> Checked<Outline<'_>> {
    let document = syntax(json)?;
    let statements = &document.statements;
    if statements.iter().any(|statement| statement.names_principal) {
        return Err(MalformedPolicy::new(
            "Policy document should not specify a principal.",
        ));
    }
    if kind == DocumentKind::Managed && document.version != Some(VERSION_2012) {
        let message = "Policy document must be version 2012-10-17 or greater.";
        return Err(MalformedPolicy::new(message));
    }
    legacy(statements, kind)?;
    let resource_error = resources(statements)?;
    unique_sids(statements)?;
    if statements
        .iter()
        .any(|statement| statement.draft.actions.items().is_empty())
    {
        return Err(MalformedPolicy::new(
            "Policy statement must contain actions.",
        ));
    }
    if let Some(message) = resource_error {
        return Err(MalformedPolicy::new(message));
    }
    for action in statements
        .iter()
        .flat_map(|statement| statement.draft.actions.items())
    {
        check_action(action)?;
    }
    if statements
        .iter()
        .any(|statement| statement.draft.resources.items().is_empty())
    {
        return Err(MalformedPolicy::new(
            "Policy statement must contain resources.",
        ));
    }
    Ok(Outline {
        variables: document.version == Some(VERSION_2012),
        statements: document
            .statements
            .into_iter()
            .map(|statement| statement.draft)
            .collect(),
    })
}

fn syntax_error(hint: impl Into<String>) -> MalformedPolicy {
    MalformedPolicy::syntax().with_hint(hint)
}

fn syntax(json: &Json) -> Checked<Syntax<'_>> {
    if let Some(hint) = shape::fragment_hint(json) {
        return Err(syntax_error(hint));
    }
    let members = json
        .as_object()
        .ok_or_else(|| syntax_error("A policy is a JSON object."))?;
    let unknown = members
        .iter()
        .find(|(name, _)| !matches!(name.as_str(), "Version" | "Id" | "Statement"));
    if let Some((name, _)) = unknown {
        return Err(syntax_error(format!("A policy has no element {name:?}.")));
    }
    let version = match member(members, "Version") {
        None => None,
        Some(Json::Text(version)) if matches!(version.as_str(), VERSION_2008 | VERSION_2012) => {
            Some(version.as_str())
        }
        Some(_) => return Err(syntax_error("Version is \"2012-10-17\" or \"2008-10-17\".")),
    };
    if member(members, "Id").is_some_and(|id| id.as_text().is_none()) {
        return Err(syntax_error("Id is a text."));
    }
    let statements = match member(members, "Statement") {
        Some(statement @ Json::Object(_)) => std::slice::from_ref(statement),
        Some(Json::Array(statements)) if !statements.is_empty() => statements,
        _ => return Err(syntax_error("Statement is missing or empty.")),
    };
    let statements = statements.iter().map(statement).collect::<Checked<_>>()?;
    Ok(Syntax {
        version,
        statements,
    })
}

fn statement(json: &Json) -> Checked<Statement<'_>> {
    let members = json
        .as_object()
        .ok_or_else(|| syntax_error("A statement is an object."))?;
    let unknown = members
        .iter()
        .find(|(name, _)| !STATEMENT_ELEMENTS.contains(&name.as_str()));
    if let Some((name, _)) = unknown {
        return Err(syntax_error(format!(
            "A statement has no element {name:?}."
        )));
    }
    let effect_as_written = member(members, "Effect")
        .and_then(Json::as_text)
        .unwrap_or("");
    let effect = if effect_as_written.eq_ignore_ascii_case("Allow") {
        Effect::Allow
    } else if effect_as_written.eq_ignore_ascii_case("Deny") {
        Effect::Deny
    } else {
        return Err(syntax_error("Effect is \"Allow\" or \"Deny\"."));
    };
    let sid = match member(members, "Sid") {
        None => None,
        Some(sid) => Some(
            sid.as_text()
                .ok_or_else(|| syntax_error("Sid is a text."))?,
        ),
    };
    let scope = |name: &str, not_name: &str| {
        shape::scope(members, name, not_name).ok_or_else(|| {
            syntax_error(format!(
                "A statement has either {name} or {not_name}, a text or a list."
            ))
        })
    };
    let clauses = shape::clauses(members).map_err(|error| match error {
        ConditionError::Shape => syntax_error("Condition is {operator: {key: value or list}}."),
        ConditionError::UnknownOperator(name) => {
            syntax_error(format!("There is no condition operator {name:?}."))
        }
    })?;
    let names_principal = ["Principal", "NotPrincipal"].map(|name| member(members, name).is_some());
    Ok(Statement {
        draft: Draft {
            sid,
            effect,
            actions: scope("Action", "NotAction")?,
            resources: scope("Resource", "NotResource")?,
            principals: Scope::Unstated,
            clauses,
        },
        effect_as_written,
        names_principal: names_principal.contains(&true),
    })
}

/// What AWS's older parser refuses apart from resources.
fn legacy(statements: &[Statement<'_>], kind: DocumentKind) -> Checked<()> {
    for statement in statements {
        if !matches!(statement.effect_as_written, "Allow" | "Deny") {
            let hint = "Effect is \"Allow\" or \"Deny\", in exactly this case.";
            return Err(MalformedPolicy::legacy_parsing().with_hint(hint));
        }
        let mut clauses = statement.draft.clauses.iter();
        let malformed = clauses.find(|clause| !shape::is_sound(clause));
        if let Some(clause) = malformed.filter(|_| kind != DocumentKind::Session) {
            let hint = format!(
                "{} cannot compare {} with this value.",
                clause.name, clause.key
            );
            return Err(MalformedPolicy::legacy_parsing().with_hint(hint));
        }
    }
    Ok(())
}

/// The first refused resource, whose message waits for later checks. What the older parser refuses
/// is refused at once, unless a message is waiting already.
fn resources(statements: &[Statement<'_>]) -> Checked<Option<String>> {
    let mut waiting = None;
    for statement in statements {
        let mut legacy = false;
        for resource in statement.draft.resources.items() {
            match resource_arn::check(resource) {
                Ok(()) => {}
                Err(Refusal::Legacy) => legacy = true,
                Err(Refusal::Message(message)) => waiting = waiting.or(Some(message)),
            }
        }
        if legacy && waiting.is_none() {
            return Err(MalformedPolicy::legacy_parsing());
        }
    }
    Ok(waiting)
}

fn unique_sids(statements: &[Statement<'_>]) -> Checked<()> {
    let mut seen = HashSet::new();
    let mut sids = statements
        .iter()
        .filter_map(|statement| statement.draft.sid);
    if sids.any(|sid| !sid.is_empty() && !seen.insert(sid)) {
        let message = "Statement IDs (SID) in a single policy must be unique.";
        return Err(MalformedPolicy::new(message));
    }
    Ok(())
}

fn check_action(action: &str) -> Checked<()> {
    if action == "*" {
        return Ok(());
    }
    let Some((vendor, name)) = action.split_once(':') else {
        return Err(MalformedPolicy::new(
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ));
    };
    if name.contains(':') {
        return Err(MalformedPolicy::new(
            "Actions/Condition can contain only one colon.",
        ));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if vendor != "*" && (vendor.is_empty() || !vendor.bytes().all(allowed)) {
        return Err(MalformedPolicy::new(format!(
            "Vendor {vendor} is not valid"
        )));
    }
    Ok(())
}
