//! Requests to other servers, as the identity provider makes them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{Request, Response};
use jetway_web::{Outbound, OutboundError};
use tokio::sync::Semaphore;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// For one request, from the look-up of the name to the last byte of the answer.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Requests at once. Each takes a thread until it ends, also when nobody waits for it any more.
const AT_ONCE: usize = 8;
/// Longest answer, in bytes.
const MAX_ANSWER: u64 = 1 << 20;

/// A client that follows no redirects and trusts the authorities of the system.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    agent: Agent,
    places: Arc<Semaphore>,
}

impl Http {
    pub(crate) fn new() -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIME_LIMIT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .build();
        Self {
            agent: config.new_agent(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

#[async_trait]
impl Outbound for Http {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundError> {
        let failed = |error: &dyn std::fmt::Display| OutboundError(error.to_string());
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|error| failed(&error))?;
        let agent = self.agent.clone();
        let sending = tokio::task::spawn_blocking(move || {
            let _place = place;
            let (parts, mut body) = agent.run(request)?.into_parts();
            let bytes = body.with_config().limit(MAX_ANSWER).read_to_vec()?;
            Ok::<_, ureq::Error>(Response::from_parts(parts, bytes))
        });
        match sending.await {
            Ok(answer) => answer.map_err(|error| failed(&error)),
            Err(error) => Err(failed(&error)),
        }
    }
}
