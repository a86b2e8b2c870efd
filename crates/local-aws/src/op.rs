//! What one request brings along: the time, randomness, and who called from where.

use std::net::IpAddr;

use rand::{Rng, rngs::StdRng};
use time::OffsetDateTime;

/// Where the time comes from. The production implementation lives in the server crate.
pub trait Clock: Send + Sync {
    /// The present instant, UTC.
    fn now(&self) -> OffsetDateTime;
}

/// Where randomness comes from: one cryptographically seeded generator per request.
pub trait Entropy: Send + Sync {
    /// A freshly seeded generator.
    fn rng(&self) -> StdRng;
}

/// Facts about the HTTP caller that become condition keys.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Address of the peer (`aws:SourceIp`); absent when the transport does not say.
    pub source_ip: Option<IpAddr>,
    /// `User-Agent` header (`aws:UserAgent`).
    pub user_agent: Option<String>,
    /// `Referer` header (`aws:referer`).
    pub referer: Option<String>,
    /// Whether the endpoint is served over TLS (`aws:SecureTransport`).
    pub secure_transport: bool,
}

/// One request, job or seeding step. Nothing else asks for time or randomness.
#[derive(Debug)]
pub struct Op {
    /// The instant at which the request is judged.
    pub now: OffsetDateTime,
    /// Randomness of this request.
    pub rng: StdRng,
    /// `x-amzn-RequestId`, a UUID in text form.
    pub request_id: String,
    /// Who called from where.
    pub caller: Caller,
}

impl Op {
    /// An `Op` at `now` whose request id is the first 128 bits of `rng`.
    pub fn new(now: OffsetDateTime, mut rng: StdRng, caller: Caller) -> Self {
        let request_id = uuid::Builder::from_random_bytes(random(&mut rng))
            .into_uuid()
            .to_string();
        Self {
            now,
            rng,
            request_id,
            caller,
        }
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        random(&mut self.rng)
    }

    /// Unix time in whole seconds, the precision of every AWS timestamp here.
    pub fn unix(&self) -> i64 {
        self.now.unix_timestamp()
    }
}

fn random<const N: usize>(rng: &mut StdRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}
