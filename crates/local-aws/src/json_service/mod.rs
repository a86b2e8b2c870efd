//! The services of the awsJson 1.1 protocol: Organizations, IAM Identity Center (sso-admin) and
//! Identity Store (identity-center.md §2.1), and the local administration of what AWS offers in its
//! console only.

mod call;
mod error;
mod input;
mod paging;

use axum::{
    body::{Body, Bytes},
    http::{Method, Response, request::Parts},
};
use serde_json::Value;

pub(crate) use self::{
    call::JsonCall,
    error::JsonError,
    input::{Input, Pattern},
    paging::Paging,
};
use crate::{LocalAws, authenticate::authenticate, body, identity_center, op::Op, organizations};

/// The longest request: an inline policy of 32 768 characters, escaped, fits many times.
const MAX_BODY: usize = 1024 * 1024;
const CONTENT_TYPE: &str = "application/x-amz-json-1.1";
/// Before the operation's name in `X-Amz-Target`.
const TARGET: &str = "x-amz-target";

/// One operation: checks its input, authorises the caller, and answers.
pub(crate) type Operation = fn(&mut JsonCall<'_>) -> Result<Value, JsonError>;

/// A service of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonService {
    Organizations,
    SsoAdmin,
    IdentityStore,
    /// What the console of AWS does and no API.
    LocalAdmin,
}

impl JsonService {
    const ALL: [Self; 4] = [
        Self::Organizations,
        Self::SsoAdmin,
        Self::IdentityStore,
        Self::LocalAdmin,
    ];

    /// By the name in a credential scope and, where two share it, the target.
    pub(crate) fn of(scope: &str, parts: &Parts) -> Option<Self> {
        let target = target(parts).unwrap_or_default();
        let same_scope = || {
            Self::ALL
                .into_iter()
                .filter(|service| service.scope() == scope)
        };
        same_scope()
            .find(|service| target.starts_with(service.target_prefix()))
            .or_else(|| same_scope().next())
    }

    /// By the target of a request that nobody signed.
    pub(crate) fn of_unsigned(parts: &Parts) -> Option<Self> {
        let target = target(parts).filter(|_| parts.uri.path() == "/")?;
        Self::ALL
            .into_iter()
            .find(|service| target.starts_with(service.target_prefix()))
    }

    const fn scope(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::SsoAdmin | Self::LocalAdmin => "sso",
            Self::IdentityStore => "identitystore",
        }
    }

    const fn target_prefix(self) -> &'static str {
        match self {
            Self::Organizations => "AWSOrganizationsV20161128.",
            Self::SsoAdmin => "SWBExternalService.",
            Self::IdentityStore => "AWSIdentityStore.",
            Self::LocalAdmin => "JetwayLocalAws.",
        }
    }

    /// The operation of this name.
    pub(crate) fn operation(self, name: &str) -> Option<Operation> {
        match self {
            Self::Organizations => organizations::operation(name),
            Self::SsoAdmin => identity_center::sso_admin::operation(name),
            Self::IdentityStore => identity_center::identity_store::operation(name),
            Self::LocalAdmin => identity_center::local_admin::operation(name),
        }
    }
}

/// Answers a request, which has to be signed.
pub(crate) async fn serve(
    aws: &LocalAws,
    service: JsonService,
    mut op: Op,
    parts: &Parts,
    content: Body,
) -> Response<Body> {
    let request_id = op.request_id.clone();
    let answered = match body::read(&parts.headers, content, MAX_BODY).await {
        Ok(content) => match prepare(aws, service, &op, parts, &content) {
            Ok(prepared) => {
                let aws = aws.clone();
                // Operations write to the disk.
                tokio::task::spawn_blocking(move || prepared.run(&aws, &mut op))
                    .await
                    .unwrap_or_else(|error| {
                        tracing::error!(%error, "an operation did not finish");
                        Err(JsonError::internal())
                    })
            }
            Err(error) => Err(error),
        },
        Err(error) => Err(error.into()),
    };
    match answered {
        Ok(value) => body::answer(200, &request_id, CONTENT_TYPE, value.to_string()),
        Err(error) => body::answer(error.status, &request_id, CONTENT_TYPE, error.body()),
    }
}

/// An authenticated request whose operation is known.
struct Prepared {
    authenticated: crate::authenticate::Authenticated,
    operation: Operation,
    input: serde_json::Map<String, Value>,
}

fn prepare(
    aws: &LocalAws,
    service: JsonService,
    op: &Op,
    parts: &Parts,
    content: &Bytes,
) -> Result<Prepared, JsonError> {
    let operation = target(parts)
        .and_then(|target| target.strip_prefix(service.target_prefix()))
        .filter(|_| parts.method == Method::POST && parts.uri.path() == "/")
        .and_then(|name| service.operation(name))
        .ok_or_else(JsonError::unknown_operation)?;
    let authenticated = authenticate(aws, service.scope(), op, parts, content)?;
    let input = match content.as_ref() {
        [] => serde_json::Map::new(),
        bytes => serde_json::from_slice(bytes).map_err(|_| JsonError::serialization())?,
    };
    Ok(Prepared {
        authenticated,
        operation,
        input,
    })
}

impl Prepared {
    fn run(self, aws: &LocalAws, op: &mut Op) -> Result<Value, JsonError> {
        let mut call = JsonCall {
            aws,
            op,
            principal: &self.authenticated.principal,
            region: &self.authenticated.region,
            state: aws.state(),
            input: Input::of(&self.input),
        };
        (self.operation)(&mut call)
    }
}

fn target(parts: &Parts) -> Option<&str> {
    parts.headers.get(TARGET)?.to_str().ok()
}
