//! The places where somebody is signed in, each with a way to end it.

use askama::{Template, filters::HtmlSafe};

use crate::admin::parts::Moment;

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// Sent back as `id` to end it; not the session's secret.
    pub id: String,
    /// `Firefox on Linux`, `Jetway command line`.
    pub client: String,
    /// Client address.
    pub address: String,
    pub signed_in: Moment,
    pub last_seen: Moment,
    /// The session that this page is read with.
    pub current: bool,
}

/// All sessions of whoever looks, the current one first.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "account/own_sessions.html")]
pub struct OwnSessions {
    /// Where the forms go: `/profile/sessions` or `/admin/profile/sessions`, then `/end` with the
    /// field `id`, or `/end-others`.
    pub base: &'static str,
    pub csrf: String,
    pub sessions: Vec<OwnSession>,
}

impl HtmlSafe for OwnSessions {}

impl OwnSessions {
    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.current)
    }
}
