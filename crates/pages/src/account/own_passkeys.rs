//! The passkeys and security keys of whoever looks (requirements M01 and M02).

use askama::{Template, filters::HtmlSafe};

use crate::admin::parts::Moment;
use crate::passkey::PasskeyPlace;

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPasskey {
    pub id: String,
    /// Given by the person.
    pub name: String,
    pub added: Moment,
    pub used: Option<Moment>,
    /// It is copied to other devices of the person.
    pub synced: bool,
    /// There may be a copy of it, so it is not believed any longer.
    pub distrusted: bool,
}

/// All keys, and how to add one.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "account/own_passkeys.html")]
pub struct OwnPasskeys {
    /// `/profile/passkeys`: adding posts there; `/…/{id}` changes a key.
    pub base: &'static str,
    pub csrf: String,
    pub keys: Vec<OwnPasskey>,
    pub place: PasskeyPlace,
}

impl HtmlSafe for OwnPasskeys {}
