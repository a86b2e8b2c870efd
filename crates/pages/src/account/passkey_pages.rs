//! Adding a passkey or security key, and changing one.

use askama::Template;

use crate::assets::PASSKEY_SCRIPT;
use crate::passkey::PasskeyForm;
use crate::{Body, Layout, PortalSection};

/// The page that makes a key. The form posts `name` and the answer of the browser.
#[derive(Debug, Template)]
#[template(path = "account/add_passkey.html")]
pub struct AddPasskey {
    pub form: PasskeyForm,
    /// What the person typed before, or a suggestion.
    pub name: String,
    /// Where to go without adding one.
    pub back: &'static str,
    pub problem: Option<String>,
}

/// The page of one key: posts `name` to `action`, or nothing to `action` and `/remove`.
#[derive(Debug, Template)]
#[template(path = "account/change_passkey.html")]
pub struct ChangePasskey {
    pub action: String,
    pub csrf: String,
    pub name: String,
    pub back: &'static str,
    pub problem: Option<String>,
}

impl Body for AddPasskey {
    fn title(&self) -> &'static str {
        "Add a passkey or security key"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }

    fn script(&self) -> Option<&'static str> {
        Some(PASSKEY_SCRIPT)
    }

    fn section(&self) -> Option<PortalSection> {
        Some(PortalSection::Profile)
    }
}

impl Body for ChangePasskey {
    fn title(&self) -> &'static str {
        "Rename or remove a passkey"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }

    fn section(&self) -> Option<PortalSection> {
        Some(PortalSection::Profile)
    }
}
