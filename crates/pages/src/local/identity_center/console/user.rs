//! One user, and adding one.

use askama::Template;

use super::{BASE, ManagedBy, people::origin_of, people::status_of};
use crate::{
    Body, Link,
    admin::parts::{Badge, Field, Moment},
};

/// One user.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/user.html")]
pub struct UserDetails {
    pub managed: ManagedBy,
    pub id: String,
    pub user_name: String,
    pub display_name: String,
    pub enabled: bool,
    pub by_scim: bool,
    pub created: Moment,
    pub updated: Moment,
    /// All attributes as name and value.
    pub attributes: Vec<(String, String)>,
    pub groups: Vec<Link>,
    /// Accounts and permission sets, direct or through groups: account name, id, permission sets.
    pub access: Vec<(String, String, String)>,
}

impl UserDetails {
    fn status(&self) -> Badge {
        status_of(self.enabled)
    }

    fn origin(&self) -> &'static str {
        origin_of(self.by_scim)
    }
}

impl Body for UserDetails {
    fn title(&self) -> &str {
        &self.user_name
    }
}

/// `Add user`. It posts its fields to `/users`.
#[derive(Debug, Default, Template)]
#[template(path = "local/identity_center/console/new_user.html")]
pub struct NewUser {
    pub csrf: String,
    pub user_name: Field,
    pub email: Field,
    pub given_name: Field,
    pub family_name: Field,
    pub display_name: Field,
    pub title: Field,
    pub department: Field,
    pub cost_center: Field,
    pub region: Field,
    pub problem: Option<String>,
}

impl Body for NewUser {
    fn title(&self) -> &'static str {
        "Add user"
    }
}
