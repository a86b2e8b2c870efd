//! Settings, Identity source: what it is, and the steps to change it (identity-center.md §4).

use askama::Template;

use super::{BASE, SettingsTab, certificates::CertificateRow};
use crate::{
    Body,
    admin::parts::{Field, Tabs},
};

/// The instance as a service provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFacts {
    /// The user portal URL, as AWS would have it.
    pub sign_in_url: String,
    /// The assertion consumer service on this machine.
    pub acs_url: String,
    /// The entity id.
    pub issuer_url: String,
    /// Address of the metadata file.
    pub metadata: String,
}

/// Where people come from now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurrentSource {
    Directory,
    External {
        entity_id: String,
        sign_in_url: String,
        certificates: Vec<CertificateRow>,
    },
}

/// The tab.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/identity_source.html")]
pub struct ChangeSource {
    pub source: CurrentSource,
    pub facts: SourceFacts,
    /// Whether automatic provisioning is on.
    pub provisioning: bool,
    /// Whether attributes for access control are on.
    pub access_control: bool,
}

impl ChangeSource {
    fn tabs() -> Tabs {
        SettingsTab::IdentitySource.tabs()
    }
}

impl Body for ChangeSource {
    fn title(&self) -> &'static str {
        "Identity source"
    }
}

/// Steps 1 and 2: choose the source and configure it. It posts, as `multipart/form-data`,
/// `source` (`external` or `directory`), the file `metadata`, or `entity_id`, `sign_in_url` and
/// `certificate` (a file or pasted text).
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/configure_source.html")]
pub struct ConfigureSource {
    pub csrf: String,
    pub facts: SourceFacts,
    /// Which of the two is chosen.
    pub external: bool,
    pub entity_id: Field,
    pub sign_in_url: Field,
    /// PEM or the bare base64.
    pub certificate: Field,
    /// What is wrong with the file, or with all of it.
    pub problem: Option<String>,
}

impl Body for ConfigureSource {
    fn title(&self) -> &'static str {
        "Change identity source"
    }
}

/// Step 3: what will change. It posts `typed` with the hidden fields.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/review_source.html")]
pub struct ReviewSource {
    pub csrf: String,
    /// `None`: back to the Identity Center directory.
    pub external: Option<CurrentSource>,
    /// Carried along, base64 of the metadata or of the values.
    pub sealed: String,
    /// Users that are there and stay.
    pub users: usize,
    /// Assignments that are there and stay.
    pub assignments: usize,
    /// What was typed before, when it was not `ACCEPT`.
    pub typed: Field,
}

impl ReviewSource {
    fn consequences(&self) -> Vec<String> {
        let people = match self.users {
            0 => "There are no users yet.".to_owned(),
            1 => "The one user stays as it is, with its assignments.".to_owned(),
            count => format!("All {count} users stay as they are, with their assignments."),
        };
        match self.external {
            Some(_) => vec![
                people,
                "People sign in at the external identity provider from now on. Its NameID has to be the user name here, letter by letter.".to_owned(),
                "Sign-ins that are open now end when their time is up.".to_owned(),
            ],
            None => vec![
                people,
                "Nobody can sign in to the access portal: the local Identity Center directory has no passwords.".to_owned(),
                "The identity provider's certificates are forgotten, and automatic provisioning ends.".to_owned(),
            ],
        }
    }
}

impl Body for ReviewSource {
    fn title(&self) -> &'static str {
        "Review and confirm"
    }
}
