//! Filters (RFC 7644 section 3.4.2.2): the complete grammar, bounded in length and depth.

mod evaluate;
mod parse;

use std::fmt;

use serde_json::{Number, Value};

use crate::path::AttributePath;

pub(crate) use evaluate::matches_element;
pub(crate) use parse::parse_value_path;

/// The longest filter read, in bytes.
pub const MAX_FILTER_BYTES: usize = 4096;
/// How deep parentheses and brackets may nest.
pub const MAX_FILTER_DEPTH: usize = 16;

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

impl Operator {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Eq, "eq"),
        (Self::Ne, "ne"),
        (Self::Co, "co"),
        (Self::Sw, "sw"),
        (Self::Ew, "ew"),
        (Self::Gt, "gt"),
        (Self::Ge, "ge"),
        (Self::Lt, "lt"),
        (Self::Le, "le"),
    ];

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(word))
            .map(|(operator, _)| *operator)
    }

    fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(operator, _)| *operator == self)
            .map_or("eq", |(_, name)| name)
    }
}

/// What an attribute is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`: the attribute has no value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
}

impl Literal {
    /// The string, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.clone()),
        }
    }
}

/// A filter. Chains of `and` and of `or` are flat, so depth follows the parentheses only.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `attribute op value`.
    Compare(AttributePath, Operator, Literal),
    /// `attribute pr`.
    Present(AttributePath),
    /// All of two or more.
    And(Vec<Filter>),
    /// Any of two or more.
    Or(Vec<Filter>),
    /// `not (…)`.
    Not(Box<Filter>),
    /// `attribute[…]`: one value of the attribute meets all of it.
    ValuePath(AttributePath, Box<Filter>),
}

/// Why a text is no filter. Positions are byte offsets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// Longer than [`MAX_FILTER_BYTES`], or a path longer than its bound.
    #[error("The filter is too long.")]
    TooLong,
    /// Nested deeper than [`MAX_FILTER_DEPTH`].
    #[error("The filter nests too deep.")]
    TooDeep,
    /// No attribute where one must stand.
    #[error("An attribute name is expected at position {0}.")]
    Attribute(usize),
    /// No operator where one must stand.
    #[error("An operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr) is expected at position {0}.")]
    Operator(usize),
    /// No value where one must stand.
    #[error(
        "A value (a string in double quotes, a number, true, false or null) is expected at position {0}."
    )]
    Value(usize),
    /// The operator cannot compare values of this kind.
    #[error("The operator before position {0} cannot be used with this kind of value.")]
    Comparison(usize),
    /// A character that does not belong there.
    #[error("The filter cannot be read from position {0} on.")]
    Unexpected(usize),
}

impl Filter {
    /// Reads a filter.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse::parse(text)
    }

    /// Whether a resource meets the filter. Strings compare by the `caseExact` of the attribute.
    pub fn matches(&self, resource: &Value) -> bool {
        evaluate::matches(self, resource)
    }

    /// Whether the filter asks for the attribute `name`, at any depth.
    pub fn names(&self, name: &str) -> bool {
        let is_it = |path: &AttributePath| path.name.eq_ignore_ascii_case(name);
        match self {
            Self::Compare(path, ..) | Self::Present(path) => is_it(path),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.names(name)),
            Self::Not(inner) => inner.names(name),
            Self::ValuePath(path, inner) => is_it(path) || inner.names(name),
        }
    }

    /// The comparisons where the filter is `a eq v` or several of them joined by `and`; `None` for
    /// every other shape. This is the form databases have indexes for, and all that AWS reads.
    pub fn equalities(&self) -> Option<Vec<(&AttributePath, &Literal)>> {
        match self {
            Self::Compare(path, Operator::Eq, value) => Some(vec![(path, value)]),
            Self::And(parts) => parts
                .iter()
                .map(|part| match part {
                    Self::Compare(path, Operator::Eq, value) => Some((path, value)),
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare(path, operator, value) => {
                write!(f, "{path} {} {}", operator.as_str(), value.to_value())
            }
            Self::Present(path) => write!(f, "{path} pr"),
            Self::And(parts) => chain(f, parts, " and ", |part| {
                matches!(part, Self::And(_) | Self::Or(_))
            }),
            Self::Or(parts) => chain(f, parts, " or ", |part| matches!(part, Self::Or(_))),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::ValuePath(path, inner) => write!(f, "{path}[{inner}]"),
        }
    }
}

fn chain(
    f: &mut fmt::Formatter<'_>,
    parts: &[Filter],
    word: &str,
    needs_parentheses: impl Fn(&Filter) -> bool,
) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(word)?;
        }
        if needs_parentheses(part) {
            write!(f, "({part})")?;
        } else {
            write!(f, "{part}")?;
        }
    }
    Ok(())
}
