//! The pages before applications are deleted, and before a bookmark is switched off (requirements S01
//! to S04).

use super::ApplicationHeader;
use crate::admin::parts::{Confirm, Hidden, Typed};

/// Applications that are named; the others are counted.
const NAMED: usize = 10;

/// Where an application is set up as well: what was done there stays (requirement S04).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OtherSide {
    AwsIam,
    IdentityCenter,
    /// Any other service provider.
    Other,
}

impl OtherSide {
    fn stays(self) -> &'static str {
        match self {
            Self::AwsIam => "In AWS the SAML provider and its roles stay: remove them there.",
            Self::IdentityCenter => {
                "In IAM Identity Center the users, their assignments and the identity source \
                 stay: change or remove them there."
            }
            Self::Other => "The service provider keeps its side of the set-up: remove it there.",
        }
    }
}

/// What would be deleted, and what would be lost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deletion {
    /// Identifier, and name with kind: `AWS Production · AWS IAM`.
    pub applications: Vec<(String, String)>,
    /// `2 groups`; `None` when no group has one of them.
    pub groups: Option<String>,
    /// `14 people`; `None` when nobody has one of them.
    pub people: Option<String>,
    /// Where the applications with single sign-on are set up as well, each once.
    pub other_sides: Vec<OtherSide>,
}

impl Deletion {
    fn consequences(&self) -> Vec<String> {
        let mut all = vec![match (&self.people, &self.groups) {
            (Some(people), Some(groups)) => {
                format!("Access ends at once for {people}; {groups} had it.")
            }
            (Some(people), None) => format!("Access ends at once for {people}."),
            (None, Some(groups)) => {
                format!("Nobody loses access: {groups} had it, with nobody in them.")
            }
            (None, None) => "Nobody has access, so nobody loses it.".to_owned(),
        }];
        if !self.other_sides.is_empty() {
            let keys = "The keys are destroyed. An application that is created anew has another \
                        key and another certificate, and has to be set up again on the other side.";
            all.push(keys.to_owned());
        }
        all.extend(self.other_sides.iter().map(|side| side.stays().to_owned()));
        all.push("Events about it stay in the activity log.".to_owned());
        all
    }
}

impl Confirm {
    /// Asks for the number of applications. `typed` is what was typed before a refusal.
    pub fn delete_applications(deletion: &Deletion, csrf: String, typed: Option<&str>) -> Self {
        let applications = &deletion.applications;
        let number = applications.len();
        let words = match number {
            1 => "Delete Application".to_owned(),
            _ => format!("Delete {number} Applications"),
        };
        let rest = number.saturating_sub(NAMED);
        let named = applications.iter().take(NAMED);
        Self {
            heading: format!("{words}?"),
            subjects: named.map(|(_, name)| name.clone()).collect(),
            more: (rest > 0).then(|| format!("and {rest} more")),
            consequences: deletion.consequences(),
            action: "/admin/applications/delete".to_owned(),
            csrf,
            hidden: applications
                .iter()
                .map(|(id, _)| Hidden::new("application", id.clone()))
                .collect(),
            choice: None,
            typed: Some(Typed {
                label: "Type the number of applications to delete".to_owned(),
                expected: number.to_string(),
                value: typed.unwrap_or_default().to_owned(),
                error: typed.map(|_| "That is not the number.".to_owned()),
            }),
            submit: words,
            danger: true,
            cancel: "/admin/applications".to_owned(),
        }
    }

    /// Before the tile of a bookmark goes.
    pub fn deactivate_bookmark(application: &ApplicationHeader, csrf: String) -> Self {
        let address = format!("/admin/applications/{}", application.id);
        Self {
            heading: format!("Deactivate the bookmark {}?", application.label),
            subjects: Vec::new(),
            more: None,
            consequences: vec![
                "Its tile goes from the user portal for everyone who has it.".to_owned(),
                "What it is called, where it leads and who has it stays: it can be activated \
                 again."
                    .to_owned(),
                "What it leads to is not touched: who signs in there still can.".to_owned(),
            ],
            action: format!("{address}/bookmark/deactivate"),
            csrf,
            hidden: Vec::new(),
            choice: None,
            typed: None,
            submit: "Deactivate Bookmark".to_owned(),
            danger: true,
            cancel: format!("{address}/general"),
        }
    }
}
