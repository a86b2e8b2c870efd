//! What an application is called and how it looks; of a bookmark, also where it leads (requirements
//! G04 to G10, H05).

use askama::Template;

use super::{ApplicationHeader, ColorChoice};
use crate::Body;
use crate::admin::parts::{Field, Select};

/// How people get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignOnFacts {
    /// By SAML: the address that cannot be changed.
    Saml { idp_url: String },
    /// Where the tile leads, sent as `bookmark_url`; switched on or off by a button of its own.
    Bookmark { url: Field, active: bool },
}

/// The page. The form posts to `…/general`: `label`, `description`, the colour, `portal` (`show` or
/// `hide`), `bookmark_url`, `version`. The image has forms of its own: a file `image` to `…/image`,
/// and `…/image/delete`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/general.html")]
pub struct ApplicationGeneral {
    pub application: ApplicationHeader,
    pub csrf: String,
    pub can_edit: bool,
    /// The version that the page was made from, sent back as `version`.
    pub version: String,
    /// ISO-8601 with milliseconds.
    pub created: String,
    pub label: Field,
    pub description: Field,
    pub color: ColorChoice,
    pub portal: Select,
    pub sign_on: SignOnFacts,
    /// What belongs to no field, such as that somebody else changed the application meanwhile.
    pub problem: Option<String>,
    /// Why a picture was not taken.
    pub image_error: Option<String>,
}

impl Body for ApplicationGeneral {
    fn title(&self) -> &str {
        &self.application.label
    }
}
