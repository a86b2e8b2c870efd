//! The page before something that cannot be taken back, or that touches many
//! (requirements S05, D04).

use askama::Template;

use super::Select;
use crate::Body;

/// A hidden field that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    pub name: String,
    pub value: String,
}

impl Hidden {
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// What has to be typed, posted as `typed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// `Type the number of users to delete`.
    pub label: String,
    /// Shown beside the field: `12`, `road.runner`.
    pub expected: String,
    pub value: String,
    pub error: Option<String>,
}

/// The page. Nothing has happened before its form is sent.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/confirm.html")]
pub struct Confirm {
    /// A question or what will happen: `Delete 12 users?`
    pub heading: String,
    /// What it is about, by name; the first few of many.
    pub subjects: Vec<String>,
    /// `and 9 more`.
    pub more: Option<String>,
    /// What will happen and what stays behind, with counts; one sentence each.
    pub consequences: Vec<String>,
    /// Where the form goes.
    pub action: String,
    pub csrf: String,
    pub hidden: Vec<Hidden>,
    /// A choice that belongs to the action, with its label and the field's name.
    pub choice: Option<(String, String, Select)>,
    pub typed: Option<Typed>,
    /// Text of the button: `Delete 12 users`.
    pub submit: String,
    /// Red, since it cannot be taken back.
    pub danger: bool,
    /// Where to go instead.
    pub cancel: String,
}

impl Body for Confirm {
    fn title(&self) -> &str {
        &self.heading
    }
}
