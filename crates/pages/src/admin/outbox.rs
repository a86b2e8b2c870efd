//! Mails that were written, with what became of them. Without a mail server this is where
//! administrators read the links that they hand over.

use askama::Template;

use crate::Body;
use crate::admin::parts::{Badge, Counters, Moment, Paging};

/// One mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    pub id: String,
    pub to: String,
    pub subject: String,
    /// `sent`, `waiting`, `failed`.
    pub state: Badge,
    pub at: Moment,
}

/// The list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/outbox.html")]
pub struct Outbox {
    pub counters: Counters,
    pub rows: Vec<MailRow>,
    pub paging: Paging,
    /// Whether a mail server is set up.
    pub mail_server: bool,
}

impl Body for Outbox {
    fn title(&self) -> &'static str {
        "Outbox"
    }
}

/// One mail as it was written. `do=again` posted to `/admin/outbox/{id}` hands it over again.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/outbox_mail.html")]
pub struct OutboxMail {
    pub id: String,
    pub csrf: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub state: Badge,
    pub at: Moment,
    /// `2 attempts; the last one failed: connection refused.`
    pub attempts: Option<String>,
    /// The link in the mail, while it works and the role may see it.
    pub link: Option<String>,
    /// Until when the link works.
    pub link_expires: Option<Moment>,
    /// Whether it can be handed over again.
    pub can_send: bool,
}

impl Body for OutboxMail {
    fn title(&self) -> &str {
        &self.subject
    }
}
