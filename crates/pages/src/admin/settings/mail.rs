//! The mail server.

use askama::Template;

use super::SettingsHead;
use crate::Body;
use crate::admin::parts::{Badge, Field, Select};

/// Fields `mail.host`, `mail.port`, `mail.security`, `mail.username`, `mail.password`,
/// `mail.from`. `do` is `save`, `test` (saves too, then sends a mail to whoever pressed it) or
/// `remove` (no mail server any more).
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/mail.html")]
pub struct MailSettings {
    pub head: SettingsHead,
    pub host: Field,
    pub port: Field,
    pub security: Select,
    pub username: Field,
    pub has_password: bool,
    pub password_error: Option<String>,
    pub from: Field,
    /// Whether a server is set up, so that it can be removed.
    pub set_up: bool,
    /// Whether the role may open the outbox.
    pub can_outbox: bool,
    /// Where the test mail goes.
    pub test_to: String,
    /// How the test went.
    pub test: Option<(Badge, String)>,
}

impl Body for MailSettings {
    fn title(&self) -> &'static str {
        self.head.tab.text()
    }
}
