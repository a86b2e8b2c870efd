//! Requests to other servers. The implementation lives at the edge, in the server.

use async_trait::async_trait;
use http::{Request, Response};

/// Why there is no answer. The text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OutboundError(pub String);

/// A client for HTTP. It follows no redirects, checks certificates, gives up after a few seconds
/// and takes answers of at most a megabyte.
#[async_trait]
pub trait Outbound: Send + Sync {
    /// The answer, whatever its status.
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundError>;
}
