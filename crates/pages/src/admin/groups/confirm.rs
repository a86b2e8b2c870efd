//! The page before a group is deleted (requirement S05).

use super::GroupHeader;
use crate::admin::parts::{Confirm, Typed};

impl Confirm {
    /// Asks for the group's name. `lost` are the applications that nobody gets through it any
    /// more; `typed` is what was typed before a refusal.
    pub fn delete_group(group: &GroupHeader, lost: &[String], csrf: String, typed: &str) -> Self {
        let mut consequences = vec![format!(
            "It has {}. The people stay in the directory.",
            group.members
        )];
        if lost.is_empty() {
            consequences.push("It has no applications, so nobody loses access.".to_owned());
        } else {
            consequences.push(format!(
                "Access through it ends at once: {}.",
                lost.join(", ")
            ));
        }
        consequences.push("Events about it stay in the activity log.".to_owned());
        Self {
            heading: format!("Delete the group {}?", group.name),
            subjects: Vec::new(),
            more: None,
            consequences,
            action: format!("/admin/groups/{}/delete", group.id),
            csrf,
            hidden: Vec::new(),
            choice: None,
            typed: Some(Typed {
                label: "Type the name of the group".to_owned(),
                expected: group.name.clone(),
                value: typed.to_owned(),
                error: (!typed.is_empty()).then(|| "That is not the name.".to_owned()),
            }),
            submit: "Delete the group".to_owned(),
            danger: true,
            cancel: format!("/admin/groups/{}/details", group.id),
        }
    }
}
