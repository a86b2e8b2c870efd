//! Requests to other servers, as the identity provider makes them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{Request, Response};
use jetway_web::{Outbound, OutboundError};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// For one request, from the look-up of the name to the last byte of the answer.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Longest answer, in bytes.
const MAX_ANSWER: u64 = 1 << 20;

/// A client that follows no redirects and trusts the authorities of the system.
#[derive(Debug, Clone)]
pub(crate) struct Http(Agent);

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
        Self(config.new_agent())
    }
}

#[async_trait]
impl Outbound for Http {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundError> {
        let agent = self.0.clone();
        let sending = tokio::task::spawn_blocking(move || {
            let (parts, mut body) = agent.run(request)?.into_parts();
            let bytes = body.with_config().limit(MAX_ANSWER).read_to_vec()?;
            Ok::<_, ureq::Error>(Response::from_parts(parts, bytes))
        });
        match sending.await {
            Ok(answer) => answer.map_err(|error| OutboundError(error.to_string())),
            Err(error) => Err(OutboundError(error.to_string())),
        }
    }
}
