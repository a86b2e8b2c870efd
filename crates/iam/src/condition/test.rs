//! The values of a condition, compiled, and how one value of a request compares with them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::date;
use super::ip::{self, Range};
use super::number::Decimal;
use super::operator::{Base, Comparison};
use crate::arn::{self, ArnPattern};
use crate::context::RequestContext;
use crate::template::{self, Part, Reading, TextPattern};

/// The values of a policy, compiled. Numbers, dates and binary values that are malformed are left
/// out: nothing equals them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    Text {
        negated: bool,
        ignore_case: bool,
        values: Vec<TextPattern>,
    },
    Numeric(Comparison, Vec<Decimal>),
    Date(Comparison, Vec<i128>),
    Bool(Vec<Flag>),
    Binary(Vec<Vec<u8>>),
    Ip {
        negated: bool,
        values: Vec<Option<Range>>,
    },
    Arn {
        negated: bool,
        values: Vec<ArnPattern>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Flag {
    Fixed(bool),
    Variable(Vec<Part>),
}

impl Test {
    pub(crate) fn new(base: Base, values: &[String], variables: bool) -> Self {
        let values = values.iter().map(String::as_str);
        match base {
            Base::Text {
                negated,
                like,
                ignore_case,
            } => {
                let reading = Reading {
                    wildcards: like,
                    variables,
                    ignore_case,
                };
                let values = values
                    .map(|value| TextPattern::new(value, reading))
                    .collect();
                Self::Text {
                    negated,
                    ignore_case,
                    values,
                }
            }
            Base::Numeric(comparison) => {
                Self::Numeric(comparison, values.filter_map(Decimal::parse).collect())
            }
            Base::Date(comparison) => {
                Self::Date(comparison, values.filter_map(date::parse).collect())
            }
            Base::Bool => Self::Bool(values.map(|value| Flag::new(value, variables)).collect()),
            Base::Binary => Self::Binary(
                values
                    .filter_map(|value| BASE64.decode(value).ok())
                    .collect(),
            ),
            Base::Ip { negated } => Self::Ip {
                negated,
                values: values.map(Range::parse).collect(),
            },
            Base::Arn { negated } => Self::Arn {
                negated,
                values: values
                    .map(|value| ArnPattern::new(value, variables))
                    .collect(),
            },
        }
    }

    /// Whether one value of the request passes: it equals any of the policy's values, or none of
    /// them for a negated operator.
    pub(crate) fn accepts(&self, value: &str, context: &RequestContext) -> bool {
        match self {
            Self::Text {
                negated,
                ignore_case,
                values,
            } => {
                let lower = ignore_case.then(|| value.to_lowercase());
                let value = lower.as_deref().unwrap_or(value);
                *negated != values.iter().any(|pattern| pattern.matches(value, context))
            }
            Self::Numeric(comparison, values) => {
                comparison.accepts(Decimal::parse(value).as_ref(), values)
            }
            Self::Date(comparison, values) => {
                comparison.accepts(date::parse(value).as_ref(), values)
            }
            Self::Bool(values) => {
                let value = is_true(value);
                values
                    .iter()
                    .any(|flag| flag.resolve(context) == Some(value))
            }
            Self::Binary(values) => BASE64
                .decode(value)
                .is_ok_and(|value| values.contains(&value)),
            Self::Ip { negated, values } => ip::request_address(value).is_some_and(|address| {
                let contains = |range: &Option<Range>| range.map(|range| range.contains(address));
                settle(*negated, values.iter().map(contains))
            }),
            Self::Arn { negated, values } => arn::split(value).is_some_and(|arn| {
                let matches = |pattern: &ArnPattern| pattern.matches(&arn, context);
                settle(*negated, values.iter().map(matches))
            }),
        }
    }
}

/// Combines what each value of the policy says for addresses and ARNs. What is malformed, `None`
/// here and the request's value above, fails the operator and its negation.
fn settle(negated: bool, mut outcomes: impl Iterator<Item = Option<bool>>) -> bool {
    if negated {
        outcomes.all(|outcome| outcome == Some(false))
    } else {
        outcomes.any(|outcome| outcome == Some(true))
    }
}

impl Flag {
    fn new(value: &str, variables: bool) -> Self {
        let reading = Reading {
            wildcards: false,
            variables,
            ignore_case: false,
        };
        let parts = template::parts(value, reading);
        if template::has_variable(&parts) {
            Self::Variable(parts)
        } else {
            Self::Fixed(is_true(value))
        }
    }

    fn resolve(&self, context: &RequestContext) -> Option<bool> {
        match self {
            Self::Fixed(flag) => Some(*flag),
            Self::Variable(parts) => template::text(parts, context).map(|text| is_true(&text)),
        }
    }
}

/// `true` in any case is true, any other text is false.
pub(crate) fn is_true(text: &str) -> bool {
    text.eq_ignore_ascii_case("true")
}

/// Whether IAM stores such a value under an operator. Session policies are not checked.
pub(crate) fn is_well_formed(base: Base, value: &str) -> bool {
    match base {
        Base::Text { .. } | Base::Bool => true,
        Base::Numeric(_) => Decimal::parse(value).is_some(),
        Base::Date(_) => date::parse(value).is_some(),
        Base::Binary => BASE64.decode(value).is_ok(),
        Base::Ip { .. } => Range::parse(value).is_some(),
        Base::Arn { .. } => !ArnPattern::new(value, true).is_malformed(),
    }
}
