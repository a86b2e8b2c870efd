//! `filter` and `searchFilter`: which documents are meant.

use regex::RegexBuilder;
use serde_json::{Map, Value};

use crate::api::refusal::Refusal;

/// Most comparisons of one request: each value, operator and group of a filter counts, and each
/// field of a search for each of its terms.
const MAX_COMPARISONS: usize = 1000;

/// Most patterns of one request.
const MAX_PATTERNS: usize = 10;

/// Largest compiled pattern, in bytes.
const MAX_PATTERN: usize = 64 * 1024;

/// Longest name of a field, in bytes.
const MAX_FIELD: usize = 200;

/// What one request may still ask for. Every person is held against all of it.
#[derive(Debug)]
pub(crate) struct Allowance {
    comparisons: usize,
    patterns: usize,
}

impl Allowance {
    pub(crate) const fn of_a_request() -> Self {
        Self {
            comparisons: MAX_COMPARISONS,
            patterns: MAX_PATTERNS,
        }
    }

    fn take(&mut self, comparisons: usize) -> Result<(), Refusal> {
        let left = self.comparisons.checked_sub(comparisons);
        self.comparisons =
            left.ok_or_else(|| Refusal::bad_request("The filter has too many conditions."))?;
        Ok(())
    }

    fn take_pattern(&mut self) -> Result<(), Refusal> {
        let left = self.patterns.checked_sub(1);
        self.patterns =
            left.ok_or_else(|| Refusal::bad_request("The filter has too many patterns."))?;
        Ok(())
    }
}

/// What a document has to be.
#[derive(Debug)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Is {
        field: String,
        operator: Operator,
        values: Vec<Value>,
    },
    Matches {
        field: String,
        pattern: regex::Regex,
    },
    /// One of the fields contains one of the terms, in any letter case.
    Contains {
        fields: Vec<String>,
        terms: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    In,
    NotIn,
}

impl Operator {
    /// By the name with or without `$`.
    fn named(name: &str) -> Option<Self> {
        Some(match name.strip_prefix('$').unwrap_or(name) {
            "eq" => Self::Equal,
            "ne" => Self::NotEqual,
            "gt" => Self::Greater,
            "gte" | "ge" => Self::GreaterOrEqual,
            "lt" => Self::Less,
            "lte" | "le" => Self::LessOrEqual,
            "in" => Self::In,
            "nin" => Self::NotIn,
            _ => return None,
        })
    }
}

impl Condition {
    /// Everything.
    pub(crate) const fn none() -> Self {
        Self::All(Vec::new())
    }

    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::All(all) if all.is_empty())
    }

    /// `filter=department:$eq:IT` of a query; several are separated by commas and all hold.
    pub(crate) fn of_query(text: &str, left: &mut Allowance) -> Result<Self, Refusal> {
        let mut all = Vec::new();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            left.take(1)?;
            all.push(of_text(part.trim())?);
        }
        Ok(Self::All(all))
    }

    /// `filter` of a body: `{"and": […]}`, `{"or": […]}`, or a list or an object of which all hold.
    pub(crate) fn of_body(filter: &Value, left: &mut Allowance) -> Result<Self, Refusal> {
        of_value(filter, left)
    }

    /// `{"searchTerm": "…", "fields": […]}`. Without fields, those that people look for.
    pub(crate) fn of_search(search: &Value, left: &mut Allowance) -> Result<Self, Refusal> {
        const USUAL: [&str; 5] = ["username", "email", "firstname", "lastname", "displayname"];
        let terms = texts(&search["searchTerm"])
            .ok_or_else(|| Refusal::bad_request("searchTerm must be a text or a list of texts."))?;
        let mut fields = match &search["fields"] {
            Value::Null => Vec::new(),
            fields => texts(fields)
                .ok_or_else(|| Refusal::bad_request("fields must be a list of names."))?,
        };
        if fields.is_empty() {
            fields = USUAL.map(str::to_owned).to_vec();
        }
        left.take(fields.len().saturating_mul(terms.len()))?;
        for field in &fields {
            check_field(field)?;
        }
        let terms = terms.iter().map(|term| term.to_lowercase()).collect();
        Ok(Self::Contains { fields, terms })
    }

    pub(crate) fn holds(&self, document: &Map<String, Value>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|condition| condition.holds(document)),
            Self::Any(any) => any.iter().any(|condition| condition.holds(document)),
            Self::Is {
                field,
                operator,
                values,
            } => {
                let found = values_at(document, field);
                let one = |test: &dyn Fn(&Value, &Value) -> bool| {
                    found
                        .iter()
                        .any(|value| values.iter().any(|wanted| test(value, wanted)))
                };
                match operator {
                    Operator::Equal | Operator::In => one(&same),
                    Operator::NotEqual | Operator::NotIn => !one(&same),
                    Operator::Greater => one(&|value, wanted| order(value, wanted).is_gt()),
                    Operator::GreaterOrEqual => one(&|value, wanted| order(value, wanted).is_ge()),
                    Operator::Less => one(&|value, wanted| order(value, wanted).is_lt()),
                    Operator::LessOrEqual => one(&|value, wanted| order(value, wanted).is_le()),
                }
            }
            Self::Matches { field, pattern } => values_at(document, field)
                .iter()
                .any(|value| pattern.is_match(&text_of(value))),
            Self::Contains { fields, terms } => fields.iter().any(|field| {
                values_at(document, field).iter().any(|value| {
                    let text = text_of(value).to_lowercase();
                    terms.iter().any(|term| text.contains(term))
                })
            }),
        }
    }
}

/// `field:$operator:value`
fn of_text(text: &str) -> Result<Condition, Refusal> {
    let unreadable = || {
        Refusal::bad_request(format!(
            "{text:?} is no filter; write field:$eq:value, with $eq, $ne, $gt, $gte, $lt or $lte."
        ))
    };
    let (field, rest) = text.split_once(':').ok_or_else(unreadable)?;
    let (operator, value) = rest.split_once(':').ok_or_else(unreadable)?;
    let operator = Operator::named(operator).ok_or_else(unreadable)?;
    check_field(field)?;
    Ok(Condition::Is {
        field: field.to_owned(),
        operator,
        values: vec![Value::String(value.to_owned())],
    })
}

fn check_field(name: &str) -> Result<(), Refusal> {
    if name.len() > MAX_FIELD {
        return Err(Refusal::bad_request("The name of a field is too long."));
    }
    Ok(())
}

fn of_value(filter: &Value, left: &mut Allowance) -> Result<Condition, Refusal> {
    left.take(1)?;
    match filter {
        Value::Null => Ok(Condition::none()),
        Value::String(text) => of_text(text),
        Value::Array(items) => of_all(items, left).map(Condition::All),
        Value::Object(members) => {
            let mut all = Vec::new();
            for (name, value) in members {
                left.take(1)?;
                check_field(name)?;
                all.push(match (name.as_str(), value) {
                    ("and" | "$and", Value::Array(items)) => Condition::All(of_all(items, left)?),
                    ("or" | "$or", Value::Array(items)) => Condition::Any(of_all(items, left)?),
                    ("and" | "$and" | "or" | "$or", other) => of_value(other, left)?,
                    (field, Value::Object(operators)) => of_operators(field, operators, left)?,
                    (field, value) => Condition::Is {
                        field: field.to_owned(),
                        operator: Operator::Equal,
                        values: vec![value.clone()],
                    },
                });
            }
            Ok(Condition::All(all))
        }
        Value::Bool(_) | Value::Number(_) => {
            Err(Refusal::bad_request("filter must be an object or a list."))
        }
    }
}

fn of_all(items: &[Value], left: &mut Allowance) -> Result<Vec<Condition>, Refusal> {
    items.iter().map(|item| of_value(item, left)).collect()
}

/// `{"$eq": "IT"}`
fn of_operators(
    field: &str,
    operators: &Map<String, Value>,
    left: &mut Allowance,
) -> Result<Condition, Refusal> {
    let mut all = Vec::new();
    for (name, value) in operators {
        left.take(1)?;
        if name == "$regex" {
            left.take_pattern()?;
            let pattern = RegexBuilder::new(&text_of(value))
                .size_limit(MAX_PATTERN)
                .build()
                .map_err(|_| Refusal::bad_request("The $regex cannot be read or is too large."))?;
            let field = field.to_owned();
            all.push(Condition::Matches { field, pattern });
            continue;
        }
        let operator = Operator::named(name)
            .ok_or_else(|| Refusal::bad_request(format!("There is no operator {name:?}.")))?;
        let values = match value {
            Value::Array(values) => values.clone(),
            value => vec![value.clone()],
        };
        left.take(values.len())?;
        all.push(Condition::Is {
            field: field.to_owned(),
            operator,
            values,
        });
    }
    Ok(Condition::All(all))
}

/// The values at a path with dots; of a list, those of each of its members.
fn values_at<'a>(document: &'a Map<String, Value>, path: &str) -> Vec<&'a Value> {
    let mut names = path.split('.');
    let first = names.next().and_then(|name| document.get(name));
    let mut values: Vec<_> = first.into_iter().flat_map(spread).collect();
    for name in names {
        values = values
            .into_iter()
            .filter_map(|value| value.get(name))
            .flat_map(spread)
            .collect();
    }
    values
}

fn spread(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        value => vec![value],
    }
}

/// Values in a query are texts, those of a document are not.
fn same(value: &Value, wanted: &Value) -> bool {
    value == wanted || (!value.is_object() && text_of(value) == text_of(wanted))
}

fn order(value: &Value, wanted: &Value) -> std::cmp::Ordering {
    text_of(value).cmp(&text_of(wanted))
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(filter: &Value) -> bool {
        let document = json!({
            "username": "road.runner", "email": "Road.Runner@acme.com", "department": "IT",
            "activated": true, "created": "2026-03-01T00:00:00.000Z", "password_date": null,
            "attributes": [{"name": "project", "value": "anvil"}],
        });
        let condition = Condition::of_body(filter, &mut Allowance::of_a_request()).unwrap();
        condition.holds(document.as_object().unwrap())
    }

    /// The filters that published clients send.
    #[test]
    fn filters_of_published_clients_mean_what_they_meant() {
        for (filter, expected) in [
            (json!([{"department": "IT"}]), true),
            (json!([{"department": "HR"}]), false),
            (json!([{"department": "IT", "username": "x"}]), false),
            (json!({"department": "IT"}), true),
            (
                json!({"or": [{"department": "HR"}, {"username": "road.runner"}]}),
                true,
            ),
            (
                json!({"and": [{"department": "HR"}, {"username": "road.runner"}]}),
                false,
            ),
            (
                json!({"and": ["department:$eq:IT", "username:$ne:x"]}),
                true,
            ),
            (json!({"username": {"$regex": "(?i)(^ROAD)"}}), true),
            (json!({"username": {"$in": ["x", "road.runner"]}}), true),
            (json!({"username": {"$nin": ["x", "road.runner"]}}), false),
            (json!({"activated": true}), true),
            (json!({"activated": "true"}), true),
            (json!({"created": {"$gt": "2026-02-01"}}), true),
            (json!({"created": {"$lt": "2026-02-01"}}), false),
            (json!({"password_date": null}), true),
            (json!({"attributes.value": "anvil"}), true),
            (json!({"nothing": "x"}), false),
            (json!(null), true),
            (json!([]), true),
        ] {
            assert_eq!(holds(&filter), expected, "{filter}");
        }
    }

    #[test]
    fn a_search_finds_parts_of_words_in_any_letter_case() {
        let document = json!({"username": "road.runner", "email": "Road.Runner@acme.com"});
        let document = document.as_object().unwrap();
        let read = |search: Value| Condition::of_search(&search, &mut Allowance::of_a_request());
        let found = |search: Value| read(search).unwrap().holds(document);
        assert!(found(
            json!({"searchTerm": "@ACME.com", "fields": ["email"]})
        ));
        assert!(!found(
            json!({"searchTerm": "@acme.com", "fields": ["username"]})
        ));
        assert!(found(json!({"searchTerm": ["nobody", "runner"]})));
        assert!(read(json!({"searchTerm": 1})).is_err());
        assert!(read(json!({})).is_err());
    }

    #[test]
    fn what_cannot_be_read_or_is_too_much_is_refused() {
        for filter in [
            json!(1),
            json!("department"),
            json!({"a": {"$where": "1"}}),
            json!({"a": {"$regex": "("}}),
            json!({"a": {"$regex": "(a{1000}){1000}"}}),
            json!(vec![json!({"a": "b"}); 501]),
            Value::Object((0..1001).map(|it| (format!("a{it}"), json!("b"))).collect()),
            json!({"a": {"$in": vec!["b"; 1000]}}),
            Value::Object(
                (0..11)
                    .map(|it| (format!("a{it}"), json!({"$regex": "b"})))
                    .collect(),
            ),
            json!({ "a.".repeat(200): "b" }),
        ] {
            let read = Condition::of_body(&filter, &mut Allowance::of_a_request());
            assert!(read.is_err(), "{filter}");
        }
        let query = |text: &str| Condition::of_query(text, &mut Allowance::of_a_request());
        assert!(query("department:IT").is_err());
        assert!(query("department:$eq:IT,email:$ne:x").is_ok());
        assert!(query(&"a:$eq:b,".repeat(1001)).is_err());
        let search = json!({"searchTerm": vec!["b"; 40], "fields": vec!["a"; 40]});
        assert!(Condition::of_search(&search, &mut Allowance::of_a_request()).is_err());
    }
}
