//! Who belongs to a dynamic group, with a preview of what the rule would change.
//!
//! The form posts to `…/rule`: `membership`, `combine` (`all` or `any`), and per condition
//! `attribute`, `operator` and `value`, in order; a condition without attribute counts for
//! nothing. `do` says what was pressed: `preview`, `add` (one more empty condition) or `save`.

use askama::Template;

use super::GroupHeader;
use crate::Body;
use crate::admin::parts::Select;

/// One condition as stored or typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Its first choice is empty: no condition.
    pub attribute: Select,
    pub operator: Select,
    pub value: String,
    /// What is wrong with the condition.
    pub error: Option<String>,
}

/// What the rule would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePreview {
    /// `+3`, already with its sign.
    pub added: String,
    /// `−1`.
    pub removed: String,
    /// `14 people match.`
    pub matching: String,
    /// Names of the first few who come.
    pub comes: Vec<String>,
    /// Names of the first few who go.
    pub goes: Vec<String>,
    /// `and 12 more`, for each.
    pub more_come: Option<String>,
    pub more_go: Option<String>,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/groups/rule.html")]
pub struct GroupRule {
    pub group: GroupHeader,
    pub csrf: String,
    pub can_edit: bool,
    /// The version that the page was made from, sent back as `version`.
    pub version: String,
    pub membership: Select,
    pub combine: Select,
    pub conditions: Vec<Condition>,
    /// `None` when there is nothing to preview.
    pub preview: Option<RulePreview>,
    pub problem: Option<String>,
}

impl Body for GroupRule {
    fn title(&self) -> &str {
        &self.group.name
    }
}
