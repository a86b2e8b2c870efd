//! Default states of new users by how they are made (requirement D02).
//!
//! The form posts to `/admin/users/settings`: `csrf`, `version`, `manual`, `bulk` and `import`,
//! each `staged` or `active`.

use askama::Template;

use crate::Body;
use crate::admin::parts::Select;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/settings.html")]
pub struct UsersSettings {
    pub csrf: String,
    /// Version of the settings that the form was read at.
    pub version: String,
    /// In the admin portal, or alone by the API.
    pub manual: Select,
    /// From a CSV file, or many at once by the API.
    pub bulk: Select,
    /// From another directory or application.
    pub import: Select,
    /// Why it was not saved, such as that somebody else saved first.
    pub problem: Option<String>,
}

impl Body for UsersSettings {
    fn title(&self) -> &'static str {
        "Users settings"
    }
}
