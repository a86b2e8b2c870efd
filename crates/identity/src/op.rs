//! What every operation carries: one instant, one source of randomness, who asks and from where.

use std::net::IpAddr;

use rand::rngs::StdRng;
use serde_json::Value;
use time::OffsetDateTime;

use crate::events::{Event, EventKind, Target};
use crate::ids::{AdministratorId, ApiKeyId, EventId, UserId};

/// One request, job or command. Time does not move during it, so that all its expiry checks agree.
#[derive(Debug)]
pub struct Op {
    pub now: OffsetDateTime,
    pub rng: StdRng,
    pub actor: Actor,
    pub request_id: String,
    pub client: Client,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody has signed in yet.
    Anonymous,
    /// The program itself: first start, sample data, a job. The text says which.
    System(String),
    /// A signed-in person. The label is what people recognise, normally the e-mail address.
    User { id: UserId, label: String },
    /// A signed-in administrator, by e-mail address.
    Administrator { id: AdministratorId, label: String },
    /// A program that holds an API key, by the key's name.
    ApiKey { id: ApiKeyId, label: String },
}

impl Actor {
    /// The name that people recognise.
    pub fn label(&self) -> &str {
        match self {
            Self::Anonymous => "nobody",
            Self::System(label)
            | Self::User { label, .. }
            | Self::Administrator { label, .. }
            | Self::ApiKey { label, .. } => label,
        }
    }
}

/// Where a request came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
}

/// Longest user agent kept in sessions and events, in characters.
const MAX_USER_AGENT: usize = 512;

/// Where the present time comes from. The real clock lives at the edge, in the server.
pub trait Clock: Send + Sync {
    fn now(&self) -> OffsetDateTime;
}

/// Where randomness comes from: one generator per operation, seeded by the operating system in
/// production and by a fixed seed in tests.
pub trait Entropy: Send + Sync {
    fn rng(&self) -> StdRng;
}

impl Op {
    /// An operation at `now`, cut to milliseconds: the precision of what is stored.
    pub fn new(now: OffsetDateTime, rng: StdRng, actor: Actor, request_id: String) -> Self {
        let millisecond = now.millisecond();
        let now = now.replace_millisecond(millisecond).unwrap_or(now);
        Self {
            now,
            rng,
            actor,
            request_id,
            client: Client::default(),
        }
    }

    /// The same operation, asked for by `client`.
    #[must_use]
    pub fn from_client(mut self, client: Client) -> Self {
        self.client = client;
        self
    }

    /// An entry for the activity log about what this operation did or refused.
    pub(crate) fn event(
        &mut self,
        kind: EventKind,
        success: bool,
        target: Option<Target>,
        detail: Value,
    ) -> Event {
        Event {
            id: EventId::new(self.now, &mut self.rng),
            at: self.now,
            kind,
            actor: self.actor.clone(),
            target,
            success,
            detail,
            ip: self.client.ip,
            user_agent: self.user_agent(),
            request_id: self.request_id.clone(),
        }
    }

    /// The client's user agent, bounded and without control characters.
    pub(crate) fn user_agent(&self) -> Option<String> {
        let text = self.client.user_agent.as_deref()?;
        Some(
            text.chars()
                .filter(|c| !c.is_control())
                .take(MAX_USER_AGENT)
                .collect(),
        )
    }
}
