//! `/authorize`: a program asks for access in the person's name (identity-center.md §1.6).

use askama::Template;

use crate::{Body, Layout, admin::parts::Hidden};

/// One scope, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// `sso:account:access`.
    pub name: String,
}

impl Scope {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// What the person gives away.
    pub fn words(&self) -> &'static str {
        match self.name.as_str() {
            "sso:account:access" => {
                "See the AWS accounts and roles that you have, and get credentials for them"
            }
            "openid" => "Know who you are",
            "profile" => "See your name",
            "email" => "See your e-mail address",
            _ => "Access named by the program",
        }
    }
}

/// The page that asks. It posts `answer` (`allow` or `deny`) beside the hidden fields.
///
/// The answer leads to the program's own address, so the page's Content-Security-Policy has to name
/// that origin in `form-action`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/consent.html")]
pub struct Consent {
    pub action: String,
    pub csrf: String,
    /// Whatever ties the answer to the question.
    pub hidden: Vec<Hidden>,
    /// As the program has registered itself: `botocore-client-corp`.
    pub client_name: String,
    /// Without the program's say: `127.0.0.1:45659`.
    pub leads_to: String,
    pub scopes: Vec<Scope>,
    /// Whose access it is: the user name.
    pub user_name: String,
}

impl Body for Consent {
    fn title(&self) -> &'static str {
        "Allow access to your data?"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
