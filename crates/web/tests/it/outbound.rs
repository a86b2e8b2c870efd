//! Requests of the site to other servers on this machine.

use async_trait::async_trait;
use http::{Request, Response};
use jetway_web::{Outbound, OutboundError};

/// A client for servers on loopback.
pub(crate) struct Loopback;

#[async_trait]
impl Outbound for Loopback {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundError> {
        let sending = tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .proxy(None)
                .build()
                .into();
            let (parts, mut body) = agent.run(request)?.into_parts();
            Ok::<_, ureq::Error>(Response::from_parts(parts, body.read_to_vec()?))
        });
        let answer = sending.await.unwrap();
        answer.map_err(|error| OutboundError(error.to_string()))
    }
}
