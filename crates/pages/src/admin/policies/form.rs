//! One policy.
//!
//! Posts to `/admin/policies/new` or `/admin/policies/{id}`: `name`, `enabled`, `who` with `group`
//! for each ticked one and `more-groups` by name, `applies-to` with `application` for each ticked
//! one, `inside` and `outside` with a network on each line, `window-0-side`, `window-0-day`,
//! `window-0-from`, `window-0-until`, `window-0-offset` and so on, `device`, `effect`, `kind` for
//! each ticked kind, `max-age`, `without-factor`, and `do` (`save` or `add-window`).

use askama::Template;

use crate::Body;
use crate::admin::parts::{Choice, Field, Select, Tick};

/// Something that is ticked in a list, such as a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickedChoice {
    pub value: String,
    pub text: String,
    pub ticked: bool,
}

/// A time of day on certain days. A row without days and times counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeWindowRow {
    /// `inside`: the policy holds then; `outside`: it holds except then.
    pub side: Select,
    /// The seven days.
    pub days: Vec<Choice>,
    pub from: String,
    pub until: String,
    pub offset: String,
    pub error: Option<String>,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/policies/form.html")]
pub struct PolicyForm {
    /// `None` for a new one.
    pub id: Option<String>,
    /// The name as it is stored; the heading.
    pub heading: String,
    pub csrf: String,
    pub can_edit: bool,
    /// What the form was made from; `None` for a new one.
    pub version: Option<i64>,
    pub name: Field,
    pub enabled: Tick,
    pub who: Select,
    pub groups: Vec<TickedChoice>,
    pub groups_error: Option<String>,
    /// Where there are more groups than are listed: their names, one a line.
    pub more_groups: Option<Field>,
    pub applies_to: Select,
    pub applications: Vec<TickedChoice>,
    pub applications_error: Option<String>,
    pub inside: Field,
    pub outside: Field,
    pub windows: Vec<TimeWindowRow>,
    pub windows_error: Option<String>,
    pub device: Select,
    pub effect: Select,
    pub kinds: Vec<TickedChoice>,
    pub kinds_error: Option<String>,
    pub max_age: Field,
    pub without_factor: Select,
    /// What belongs to no field, such as that somebody else changed the policy meanwhile.
    pub problem: Option<String>,
}

impl PolicyForm {
    fn action(&self) -> String {
        match &self.id {
            Some(id) => format!("/admin/policies/{id}"),
            None => "/admin/policies/new".to_owned(),
        }
    }
}

impl Body for PolicyForm {
    fn title(&self) -> &str {
        &self.heading
    }
}
