//! Administrators: list, invitation, change of role (requirement A11).

use askama::Template;

use crate::Body;
use crate::admin::parts::{Badge, Confirm, Field, Moment, Select, Typed};

/// One administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdministratorRow {
    pub id: String,
    pub name: String,
    pub email: String,
    /// `Full administrator`.
    pub role: String,
    /// `active`, `invited`, `invitation expired`.
    pub state: Badge,
    pub last_sign_in: Option<Moment>,
    /// Whoever looks.
    pub is_you: bool,
    /// Sealed for emergencies: nobody deletes or demotes it.
    pub break_glass: bool,
    /// Has not accepted yet: may be invited again.
    pub invited: bool,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/access/administrators.html")]
pub struct Administrators {
    pub csrf: String,
    pub rows: Vec<AdministratorRow>,
    pub can_edit: bool,
}

impl Body for Administrators {
    fn title(&self) -> &'static str {
        "Administrators"
    }
}

/// An invitation (`email`, `role`; posts to `/admin/administrators/new`), or another role for
/// somebody (`role`, `state`, `version`; posts to `/admin/administrators/{id}`).
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/access/administrator.html")]
pub struct AdministratorForm {
    /// Id and name of the administrator; `None` for an invitation.
    pub who: Option<(String, String)>,
    pub csrf: String,
    pub version: String,
    pub email: Field,
    /// Radio buttons; each text says what the role may do.
    pub role: Select,
    /// Radio buttons for whether the administrator may sign in; `None` for an invitation.
    pub state: Option<Select>,
    /// Why the second factors of this administrator are taken away (`reason`, posts to
    /// `/admin/administrators/{id}/reset-factors`).
    pub reason: Field,
    pub problem: Option<String>,
}

impl AdministratorForm {
    fn action(&self) -> String {
        match &self.who {
            Some((id, _)) => format!("/admin/administrators/{id}"),
            None => "/admin/administrators/new".to_owned(),
        }
    }
}

impl Body for AdministratorForm {
    fn title(&self) -> &str {
        match &self.who {
            Some((_, name)) => name,
            None => "Invite an administrator",
        }
    }
}

impl Confirm {
    /// Asks for the address of the administrator who is to be deleted. `keys` is the number of
    /// API keys that die with them.
    pub fn delete_administrator(
        row: &AdministratorRow,
        keys: u32,
        csrf: String,
        typed: &str,
    ) -> Self {
        let mut consequences = vec![
            "They are signed out at once and cannot sign in any more.".to_owned(),
            "What they did stays in the activity log.".to_owned(),
        ];
        if keys > 0 {
            consequences.push(format!("Their API keys stop to work: {keys}."));
        }
        Self {
            heading: format!("Delete the administrator {}?", row.name),
            subjects: Vec::new(),
            more: None,
            consequences,
            action: format!("/admin/administrators/{}/delete", row.id),
            csrf,
            hidden: Vec::new(),
            choice: None,
            typed: Some(Typed {
                label: "Type the e-mail address".to_owned(),
                expected: row.email.clone(),
                value: typed.to_owned(),
                error: (!typed.is_empty()).then(|| "That is not the address.".to_owned()),
            }),
            submit: "Delete the administrator".to_owned(),
            danger: true,
            cancel: "/admin/administrators".to_owned(),
        }
    }
}
