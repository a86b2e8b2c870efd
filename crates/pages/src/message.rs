//! Pages that say one thing: what is wrong, why, and what to do.

use askama::Template;

use crate::{Body, Layout};

/// Where to go from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub href: String,
    pub text: String,
}

/// Who has to act: decides the colour of the badge, which also says it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Jetway answered as it should; the request or the access is the point.
    Refused,
    /// Something here does not work.
    Broken,
    /// What was asked for has happened.
    Done,
}

/// A refusal, an error or a confirmation.
#[derive(Debug, Template)]
#[template(path = "message.html")]
pub struct Message {
    pub severity: Severity,
    /// The badge: `No access`, `404 Not found`.
    pub badge: String,
    /// What happened, as a sentence without a full stop.
    pub heading: String,
    /// Why, and what to do: one paragraph each.
    pub paragraphs: Vec<String>,
    pub link: Option<Link>,
    /// Small print that helps whoever is asked: the request's id.
    pub reference: Option<String>,
}

impl Message {
    fn badge_class(&self) -> &'static str {
        match self.severity {
            Severity::Refused => "badge badge-warning",
            Severity::Broken => "badge badge-danger",
            Severity::Done => "badge badge-success",
        }
    }
}

impl Body for Message {
    fn title(&self) -> &str {
        &self.heading
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
