//! The errors of the API, each an exception of AWS's model and an error of OAuth (§1.6).

use serde_json::{Value, json};

use crate::StoreError;

/// Which error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    AuthorizationPending,
    SlowDown,
    ExpiredToken,
    InvalidGrant,
    InvalidClient,
    AccessDenied,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidRequest,
    InvalidScope,
    InvalidClientMetadata,
    InvalidRedirectUri,
    InternalServer,
}

/// An error of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OidcError {
    kind: Kind,
    description: Option<String>,
}

impl OidcError {
    pub(super) fn new(kind: Kind, description: &str) -> Self {
        Self {
            kind,
            description: Some(description.to_owned()),
        }
    }

    /// Without a description, as AWS answers some.
    pub(super) fn bare(kind: Kind) -> Self {
        Self {
            kind,
            description: None,
        }
    }

    pub(super) fn invalid_request(description: &str) -> Self {
        Self::new(Kind::InvalidRequest, description)
    }

    /// Whatever was granted is not, or no longer, or not to this client.
    pub(super) fn invalid_grant() -> Self {
        Self::new(Kind::InvalidGrant, "Invalid grant provided")
    }

    pub(super) fn invalid_client() -> Self {
        Self::new(Kind::InvalidClient, "Invalid client provided")
    }

    pub(super) fn server_error() -> Self {
        Self::bare(Kind::InternalServer)
    }

    pub(super) fn status(&self) -> u16 {
        match self.kind {
            Kind::InvalidClient => 401,
            Kind::InternalServer => 500,
            _ => 400,
        }
    }

    pub(super) fn exception(&self) -> &'static str {
        self.names().0
    }

    pub(super) fn body(&self) -> Value {
        json!({ "error": self.names().1, "error_description": self.description })
    }

    fn names(&self) -> (&'static str, &'static str) {
        match self.kind {
            Kind::AuthorizationPending => {
                ("AuthorizationPendingException", "authorization_pending")
            }
            Kind::SlowDown => ("SlowDownException", "slow_down"),
            Kind::ExpiredToken => ("ExpiredTokenException", "expired_token"),
            Kind::InvalidGrant => ("InvalidGrantException", "invalid_grant"),
            Kind::InvalidClient => ("InvalidClientException", "invalid_client"),
            Kind::AccessDenied => ("AccessDeniedException", "access_denied"),
            Kind::UnauthorizedClient => ("UnauthorizedClientException", "unauthorized_client"),
            Kind::UnsupportedGrantType => {
                ("UnsupportedGrantTypeException", "unsupported_grant_type")
            }
            Kind::InvalidRequest => ("InvalidRequestException", "invalid_request"),
            Kind::InvalidScope => ("InvalidScopeException", "invalid_scope"),
            Kind::InvalidClientMetadata => {
                ("InvalidClientMetadataException", "invalid_client_metadata")
            }
            Kind::InvalidRedirectUri => ("InvalidRedirectUriException", "invalid_redirect_uri"),
            Kind::InternalServer => ("InternalServerException", "server_error"),
        }
    }
}

impl From<StoreError> for OidcError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the state file cannot be read or written");
        Self::server_error()
    }
}
