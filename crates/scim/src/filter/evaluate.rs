//! A filter asked of a JSON resource.

use std::cmp::Ordering;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Filter, Literal, Operator};
use crate::names::get;
use crate::path::AttributePath;
use crate::schema::is_case_exact;

pub(super) fn matches(filter: &Filter, resource: &Value) -> bool {
    ask(filter, resource, None)
}

/// Whether one value of the multi-valued attribute `parent` meets the filter in its brackets.
pub(crate) fn matches_element(filter: &Filter, element: &Value, parent: &AttributePath) -> bool {
    ask(filter, element, Some(parent))
}

fn ask(filter: &Filter, value: &Value, parent: Option<&AttributePath>) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| ask(part, value, parent)),
        Filter::Or(parts) => parts.iter().any(|part| ask(part, value, parent)),
        Filter::Not(inner) => !ask(inner, value, parent),
        Filter::Present(path) => select(path, value).into_iter().any(is_present),
        Filter::ValuePath(path, inner) => attribute(path, value)
            .is_some_and(|found| elements(found).any(|one| ask(inner, one, Some(path)))),
        Filter::Compare(path, operator, literal) => {
            let case_exact = match parent {
                Some(parent) => is_case_exact(&parent.name, Some(&path.name)),
                None => is_case_exact(&path.name, path.sub.as_deref()),
            };
            compare(&select(path, value), *operator, literal, case_exact)
        }
    }
}

fn attribute<'a>(path: &AttributePath, resource: &'a Value) -> Option<&'a Value> {
    let holder = match path.extension() {
        Some(urn) => get(resource.as_object()?, urn)?,
        None => resource,
    };
    match holder {
        Value::Object(members) => get(members, &path.name),
        // A multi-valued attribute of plain values: its only part is called "value".
        plain => path.name.eq_ignore_ascii_case("value").then_some(plain),
    }
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    }
    .iter()
}

/// All values a path leads to. A complex value without a sub-attribute stands for its `value`.
fn select<'a>(path: &AttributePath, resource: &'a Value) -> Vec<&'a Value> {
    let Some(found) = attribute(path, resource) else {
        return Vec::new();
    };
    elements(found)
        .filter_map(|one| match (one, path.sub.as_deref()) {
            (Value::Object(members), Some(sub)) => get(members, sub),
            (Value::Object(members), None) => Some(get(members, "value").unwrap_or(one)),
            (_, Some(_)) => None,
            (plain, None) => Some(plain),
        })
        .filter(|value| !value.is_null())
        .collect()
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(is_present),
        Value::Object(members) => members.values().any(is_present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn compare(values: &[&Value], operator: Operator, literal: &Literal, case_exact: bool) -> bool {
    match (operator, literal) {
        (Operator::Eq, Literal::Null) => values.is_empty(),
        (Operator::Ne, Literal::Null) => !values.is_empty(),
        (Operator::Ne, _) => !compare(values, Operator::Eq, literal, case_exact),
        _ => values
            .iter()
            .any(|value| compare_one(value, operator, literal, case_exact)),
    }
}

fn compare_one(value: &Value, operator: Operator, literal: &Literal, case_exact: bool) -> bool {
    match (value, literal) {
        (Value::Bool(one), Literal::Bool(other)) => operator == Operator::Eq && one == other,
        (Value::Number(one), Literal::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => ordered(Some(one.cmp(&other)), operator),
            _ => ordered(one.as_f64().partial_cmp(&other.as_f64()), operator),
        },
        (Value::String(one), Literal::Text(other)) => {
            if case_exact {
                compare_text(one, operator, other)
            } else {
                compare_text(&one.to_lowercase(), operator, &other.to_lowercase())
            }
        }
        _ => false,
    }
}

fn compare_text(one: &str, operator: Operator, other: &str) -> bool {
    match operator {
        Operator::Co => one.contains(other),
        Operator::Sw => one.starts_with(other),
        Operator::Ew => one.ends_with(other),
        _ => match (instant(one), instant(other)) {
            (Some(one), Some(other)) => ordered(Some(one.cmp(&other)), operator),
            _ => ordered(Some(one.cmp(other)), operator),
        },
    }
}

/// Instants compare as instants, whatever their offset (RFC 7643 section 2.3.5).
fn instant(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(&text.to_ascii_uppercase(), &Rfc3339).ok()
}

fn ordered(order: Option<Ordering>, operator: Operator) -> bool {
    let Some(order) = order else { return false };
    match operator {
        Operator::Eq => order.is_eq(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Ne | Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}
