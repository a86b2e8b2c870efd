//! One request as the use cases see it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use http::Request;
use http::header::USER_AGENT;
use http::request::Parts;
use jetway_identity::{Actor, Client, EventId, Op};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use time::OffsetDateTime;

use crate::shared::client_ip::client_ip;
use crate::shared::{Failure, Site};

/// What the front door knows of a request. Time is read once here and does not move after.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) now: OffsetDateTime,
    pub(crate) request_id: String,
    /// The origin that the request was sent to, one of those that are ours: `http://localhost:8700`.
    pub(crate) origin: Arc<str>,
    client: Client,
    seed: [u8; 32],
}

impl Visit {
    pub(crate) fn new<B>(site: &Site, request: &Request<B>) -> Self {
        let now = site.clock.now();
        let mut rng = site.entropy.rng();
        let request_id = EventId::new(now, &mut rng).to_string();
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let proxies = site.settings.trusted_proxies();
        let user_agent = request.headers().get(USER_AGENT);
        let client = Client {
            ip: peer.map(|ConnectInfo(peer)| client_ip(peer.ip(), request.headers(), proxies)),
            user_agent: user_agent.map(|text| String::from_utf8_lossy(text.as_bytes()).into()),
        };
        Self {
            now,
            request_id,
            origin: site.hosts.public_origin(),
            client,
            seed,
        }
    }

    /// What the front door noted of `request`.
    pub(crate) fn of<B>(request: &Request<B>) -> Result<Self, Failure> {
        let visit = request.extensions().get::<Self>().cloned();
        visit.ok_or_else(|| Failure::internal("no visit: no front door"))
    }

    /// The operation of this request, and a generator for what the handler itself draws. Each
    /// request makes one.
    pub(crate) fn into_op(self) -> Op {
        let rng = StdRng::from_seed(self.seed);
        Op::new(self.now, rng, Actor::Anonymous, self.request_id).from_client(self.client)
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .remove()
            .ok_or_else(|| Failure::internal("no visit: no front door"))
    }
}
