//! What an application is told about people (requirements J01 to J17).

use askama::Template;

use super::ApplicationHeader;
use crate::Body;
use crate::admin::parts::{Field, Select};

/// A constant attribute: `constant.name`, `constant.value`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConstantRow {
    pub name: String,
    pub value: String,
    pub error: Option<String>,
}

/// A mapped attribute: `mapped.name`, `mapped.source`, `mapped.custom`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MappedRow {
    pub name: String,
    pub source: Select,
    /// The name of the custom attribute, when that is the source.
    pub custom: String,
    /// The service provider requires it: its name cannot be changed.
    pub locked: bool,
    pub error: Option<String>,
}

/// A role rule: `rule.group`, `rule.account`, `rule.role`, `rule.provider`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleRow {
    pub group: String,
    pub account: String,
    pub role: String,
    pub provider: String,
    pub error: Option<String>,
}

/// The form posts to `…/attributes`: the rows, `group_attribute`, `version`, and `do` (`save`,
/// `add-constant`, `add-mapped` or `add-rule`). A row without any text counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/attributes.html")]
pub struct ApplicationAttributes {
    pub application: ApplicationHeader,
    pub csrf: String,
    pub can_edit: bool,
    /// The version that the page was made from, sent back as `version`.
    pub version: String,
    /// Names that the service provider knows, offered while typing.
    pub known: Vec<String>,
    pub constant: Vec<ConstantRow>,
    pub mapped: Vec<MappedRow>,
    /// `None`: the service provider knows no roles of AWS IAM.
    pub rules: Option<Vec<RuleRow>>,
    /// Offered while typing the group of a rule.
    pub groups: Vec<String>,
    pub group_attribute: Field,
    /// Where custom attributes are tags for access control, and SCIM may send the same.
    pub access_control: bool,
    /// What belongs to no row.
    pub problems: Vec<String>,
}

impl Body for ApplicationAttributes {
    fn title(&self) -> &str {
        &self.application.label
    }
}
