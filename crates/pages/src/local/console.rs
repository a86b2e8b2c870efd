//! The console landing page: who you are here, and what that lets you see.

use askama::Template;

use crate::{Body, Layout};

/// One session tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTag {
    pub key: String,
    pub value: String,
    /// Whether it goes along when this session assumes another role.
    pub transitive: bool,
}

/// One bucket that the session may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub name: String,
    pub region: String,
    /// Whether the session may also list what is in it.
    pub listable: bool,
}

/// What came of listing buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Buckets {
    Listed(Vec<Bucket>),
    /// AWS's text.
    Refused(String),
}

/// The console.
#[derive(Debug, Template)]
#[template(path = "local/console.html")]
pub struct Console {
    pub account_id: String,
    pub account_name: String,
    pub role_name: String,
    pub role_arn: String,
    pub session_name: String,
    pub assumed_role_arn: String,
    pub provider_arn: Option<String>,
    pub source_identity: Option<String>,
    pub tags: Vec<SessionTag>,
    /// `59 minutes`.
    pub remaining: String,
    /// ISO 8601.
    pub expires_at: String,
    /// In which the buckets were asked for.
    pub region: String,
    pub buckets: Buckets,
}

impl Body for Console {
    fn title(&self) -> &str {
        &self.role_name
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }
}

/// Nobody is signed in.
#[derive(Debug, Template)]
#[template(path = "local/signed_out.html")]
pub struct SignedOut {
    /// Whether the person has just signed out, or was never signed in.
    pub just_now: bool,
}

impl Body for SignedOut {
    fn title(&self) -> &'static str {
        "Not signed in"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
