//! Attributes for access control: keys of session tags and where their values come from
//! (identity-center.md §4.6).

use askama::Template;

use super::{BASE, SettingsTab};
use crate::{Body, admin::parts::Tabs};

/// What a value can come from, as the console offers it.
const SOURCES: [&str; 23] = [
    "${path:userName}",
    "${path:name.familyName}",
    "${path:name.givenName}",
    "${path:displayName}",
    "${path:nickName}",
    "${path:emails[primary eq true].value}",
    "${path:addresses[type eq \"work\"].streetAddress}",
    "${path:addresses[type eq \"work\"].locality}",
    "${path:addresses[type eq \"work\"].region}",
    "${path:addresses[type eq \"work\"].postalCode}",
    "${path:addresses[type eq \"work\"].country}",
    "${path:addresses[type eq \"work\"].formatted}",
    "${path:phoneNumbers[type eq \"work\"].value}",
    "${path:userType}",
    "${path:title}",
    "${path:locale}",
    "${path:timezone}",
    "${path:enterprise.employeeNumber}",
    "${path:enterprise.costCenter}",
    "${path:enterprise.organization}",
    "${path:enterprise.division}",
    "${path:enterprise.department}",
    "${path:enterprise.manager.value}",
];

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessControlRow {
    pub key: String,
    /// `${path:enterprise.costCenter}` and the like.
    pub source: String,
}

impl AccessControlRow {
    /// The offered sources, with this row's own if it is another one.
    fn choices(&self) -> Vec<&str> {
        let mut all: Vec<&str> = vec![""];
        if !self.source.is_empty() && !SOURCES.contains(&self.source.as_str()) {
            all.push(&self.source);
        }
        all.extend(SOURCES);
        all
    }
}

/// The tab. It posts to `/settings/access-control/{enable,disable}`, and `key` and `source` of each
/// row with `do` (`save`, `add-row` or `remove-<number>`) to `/settings/access-control`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/access_control.html")]
pub struct AccessControl {
    pub csrf: String,
    /// `None` while it is not enabled.
    pub rows: Option<Vec<AccessControlRow>>,
    pub problem: Option<String>,
    /// Which value counts when an assertion carries the same attribute, as a sentence.
    pub precedence: String,
}

impl AccessControl {
    fn tabs() -> Tabs {
        SettingsTab::AccessControl.tabs()
    }

    /// Numbered, with one empty row at the end.
    fn numbered(&self) -> Vec<(usize, AccessControlRow)> {
        let rows = self.rows.iter().flatten().cloned();
        rows.chain([AccessControlRow::default()])
            .enumerate()
            .map(|(index, row)| (index + 1, row))
            .collect()
    }
}

impl Body for AccessControl {
    fn title(&self) -> &'static str {
        "Attributes for access control"
    }
}
