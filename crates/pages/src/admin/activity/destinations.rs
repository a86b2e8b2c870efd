//! Where the log is sent as it is written.

use askama::Template;

use crate::Body;
use crate::admin::parts::{Badge, Field, Moment, Select, Tick};

/// The kinds of destinations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DestinationKind {
    /// Signed HTTP requests.
    Webhook,
    /// RFC 5424 messages.
    Syslog,
    /// A file on the server, one JSON object a line.
    File,
}

impl DestinationKind {
    const ALL: [Self; 3] = [Self::Webhook, Self::Syslog, Self::File];

    /// In addresses and forms: `webhook`.
    pub fn value(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Syslog => "syslog",
            Self::File => "file",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Webhook => "Webhook",
            Self::Syslog => "Syslog",
            Self::File => "JSON file",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Webhook => "Events in signed POST requests, sent again until they are taken.",
            Self::Syslog => "Each event as a message of RFC 5424.",
            Self::File => "Each event as one line of JSON, in a file on the server.",
        }
    }

    fn target(self) -> (&'static str, &'static str) {
        match self {
            Self::Webhook => ("Address", "Starts with https://."),
            Self::Syslog => (
                "Server",
                "Name or address and port, such as logs.example:6514.",
            ),
            Self::File => (
                "File name",
                "In the folder logs of the server's data folder, such as activity.jsonl.",
            ),
        }
    }
}

/// One destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestinationRow {
    pub id: String,
    pub kind: DestinationKind,
    pub name: String,
    pub target: String,
    /// `delivering`, `3 waiting`, `failing`, `switched off`.
    pub status: Badge,
    /// The last delivery, and what went wrong when it did.
    pub last: Option<Moment>,
    pub problem: Option<String>,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/activity/destinations.html")]
pub struct Destinations {
    pub rows: Vec<DestinationRow>,
}

impl Body for Destinations {
    fn title(&self) -> &'static str {
        "Destinations"
    }
}

/// A new or changed destination. Posts `kind`, `name`, `target`, `active` and for syslog
/// `transport` to `/admin/activity/destinations/new` or `/admin/activity/destinations/{id}`; with
/// `do=rotate` an existing webhook gets a new signing secret.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/activity/destination.html")]
pub struct DestinationForm {
    /// `None` for a new one.
    pub id: Option<String>,
    pub kind: DestinationKind,
    pub csrf: String,
    /// What the form was made from; `None` for a new one.
    pub version: Option<i64>,
    pub name: Field,
    pub target: Field,
    pub active: Tick,
    /// Syslog: TLS, TCP or UDP.
    pub transport: Select,
    /// How the last delivery went: the badge and a sentence.
    pub last: Option<(Badge, String)>,
    pub problem: Option<String>,
}

impl DestinationForm {
    fn action(&self) -> String {
        match &self.id {
            Some(id) => format!("/admin/activity/destinations/{id}"),
            None => "/admin/activity/destinations/new".to_owned(),
        }
    }

    fn is_webhook(&self) -> bool {
        self.kind == DestinationKind::Webhook
    }

    fn is_syslog(&self) -> bool {
        self.kind == DestinationKind::Syslog
    }
}

impl Body for DestinationForm {
    fn title(&self) -> &'static str {
        if self.id.is_some() {
            "Destination"
        } else {
            "New destination"
        }
    }
}

/// A webhook's signing secret, shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/activity/destination_secret.html")]
pub struct DestinationSecret {
    pub name: String,
    pub secret: String,
}

impl Body for DestinationSecret {
    fn title(&self) -> &'static str {
        "Signing secret"
    }
}
