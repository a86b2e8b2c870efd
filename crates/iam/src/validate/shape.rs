//! Shapes that all documents share.

use super::Clause;
use crate::condition::{Operator, is_well_formed};
use crate::document::Scope;
use crate::json::{Json, member};

pub(super) const VERSION_2012: &str = "2012-10-17";
pub(super) const VERSION_2008: &str = "2008-10-17";

const FRAGMENT: &str = "This is a statement, not a policy document. Put it into an envelope: \
    {\"Version\": \"2012-10-17\", \"Statement\": [ <the statement> ]}.";
const FRAGMENTS: &str = "This is a list of statements, not a policy document. Put it into an \
    envelope: {\"Version\": \"2012-10-17\", \"Statement\": <the list>}.";

/// Recognises a statement that was pasted without the document around it.
pub(super) fn fragment_hint(json: &Json) -> Option<&'static str> {
    match json {
        Json::Object(members) if member(members, "Statement").is_none() => {
            let statement = ["Effect", "Action", "NotAction", "Resource", "NotResource"];
            let known = statement.iter().any(|name| member(members, name).is_some());
            known.then_some(FRAGMENT)
        }
        Json::Array(items) => {
            let effect = |item: &Json| item.as_object().is_some_and(has_effect);
            (!items.is_empty() && items.iter().all(effect)).then_some(FRAGMENTS)
        }
        _ => None,
    }
}

fn has_effect(members: &[(String, Json)]) -> bool {
    member(members, "Effect").is_some()
}

/// A text, or a list of texts.
pub(super) fn texts(json: &Json) -> Option<Vec<&str>> {
    match json {
        Json::Text(text) => Some(vec![text]),
        Json::Array(items) => items.iter().map(Json::as_text).collect(),
        _ => None,
    }
}

/// An element and its `Not…` form. `None` if both are there or one is not of texts.
pub(super) fn scope<'a>(
    members: &'a [(String, Json)],
    name: &str,
    not_name: &str,
) -> Option<Scope<&'a str>> {
    match (member(members, name), member(members, not_name)) {
        (None, None) => Some(Scope::Unstated),
        (Some(listed), None) => texts(listed).map(Scope::Listed),
        (None, Some(except)) => texts(except).map(Scope::Except),
        (Some(_), Some(_)) => None,
    }
}

/// Why a `Condition` is not one.
#[derive(Debug)]
pub(super) enum ConditionError<'a> {
    Shape,
    UnknownOperator(&'a str),
}

/// The clauses of a `Condition`. An operator without keys is nothing, known or not.
pub(super) fn clauses(members: &[(String, Json)]) -> Result<Vec<Clause<'_>>, ConditionError<'_>> {
    let Some(condition) = member(members, "Condition") else {
        return Ok(Vec::new());
    };
    let mut clauses = Vec::new();
    for (name, keys) in condition.as_object().ok_or(ConditionError::Shape)? {
        for (key, values) in keys.as_object().ok_or(ConditionError::Shape)? {
            let values = values_of(values).ok_or(ConditionError::Shape)?;
            let operator = Operator::parse(name).ok_or(ConditionError::UnknownOperator(name))?;
            clauses.push(Clause {
                name,
                operator,
                key,
                values,
            });
        }
    }
    Ok(clauses)
}

/// A text, number or truth value, or a list of them, as texts.
fn values_of(json: &Json) -> Option<Vec<String>> {
    match json {
        Json::Array(items) => items.iter().map(scalar).collect(),
        json => scalar(json).map(|value| vec![value]),
    }
}

fn scalar(json: &Json) -> Option<String> {
    match json {
        Json::Text(text) | Json::Number(text) => Some(text.clone()),
        Json::Bool(value) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Whether every value of the clause is one its operator can compare with.
pub(super) fn is_sound(clause: &Clause<'_>) -> bool {
    match clause.operator {
        Operator::Null => true,
        Operator::Compare { base, .. } => clause
            .values
            .iter()
            .all(|value| is_well_formed(base, value)),
    }
}
