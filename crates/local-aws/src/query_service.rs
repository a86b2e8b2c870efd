//! STS and IAM: decoding, authentication, answer (aws-iam-sts.md §1.1, §1.10, §3).

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, Response, request::Parts},
};
use jetway_aws_wire::{AwsError, QueryRequest};

use crate::{
    LocalAws,
    authenticate::{authenticate, region_of_host},
    body, iam,
    op::Op,
    principal::Principal,
    sts,
};

/// An assertion of 100 000 characters with every one of them percent-encoded, and a session policy.
const MAX_STS_BODY: usize = 512 * 1024;
/// A metadata document of 10 000 000 characters, encoded as XML usually comes out.
const MAX_IAM_BODY: usize = 20 * 1024 * 1024;

/// A service of the query protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueryService {
    Sts,
    Iam,
}

impl QueryService {
    /// By the name in a credential scope.
    pub(crate) fn of_scope(service: &str) -> Option<Self> {
        match service {
            "sts" => Some(Self::Sts),
            "iam" => Some(Self::Iam),
            _ => None,
        }
    }

    /// By the `Version` of a request.
    pub(crate) fn of_version(version: &str) -> Option<Self> {
        match version {
            sts::VERSION => Some(Self::Sts),
            iam::VERSION => Some(Self::Iam),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Iam => "iam",
        }
    }

    const fn version(self) -> &'static str {
        match self {
            Self::Sts => sts::VERSION,
            Self::Iam => iam::VERSION,
        }
    }

    const fn namespace(self) -> &'static str {
        match self {
            Self::Sts => sts::NAMESPACE,
            Self::Iam => iam::NAMESPACE,
        }
    }

    /// The longest body that is read for this service.
    pub(crate) const fn max_body(self) -> usize {
        match self {
            Self::Sts => MAX_STS_BODY,
            Self::Iam => MAX_IAM_BODY,
        }
    }

    /// An error in this service's envelope.
    pub(crate) fn refuse(self, error: &AwsError, request_id: &str) -> Response<Body> {
        body::xml(
            error.status,
            request_id,
            error.to_query_xml(self.namespace(), request_id),
        )
    }
}

/// Answers a request whose body has been read and decoded.
pub(crate) async fn serve(
    aws: &LocalAws,
    service: QueryService,
    mut op: Op,
    parts: &Parts,
    content: Bytes,
    request: Result<QueryRequest, AwsError>,
) -> Response<Body> {
    let request_id = op.request_id.clone();
    let prepared =
        request.and_then(|request| prepare(aws, service, &mut op, parts, (&content, request)));
    let answered = match prepared {
        Ok(Prepared::Answered(xml)) => Ok(xml),
        Ok(Prepared::Authenticated {
            principal, request, ..
        }) => run(aws, service, op, principal, request).await,
        Err(error) => Err(error),
    };
    match answered {
        Ok(xml) => body::xml(200, &request_id, xml),
        Err(error) => service.refuse(&error, &request_id),
    }
}

enum Prepared {
    /// The operation took no signature and is done.
    Answered(String),
    /// Who asks for what.
    Authenticated {
        principal: Box<Principal>,
        request: QueryRequest,
    },
}

fn prepare(
    aws: &LocalAws,
    service: QueryService,
    op: &mut Op,
    parts: &Parts,
    (content, request): (&Bytes, QueryRequest),
) -> Result<Prepared, AwsError> {
    let action = request.action().ok_or_else(|| {
        AwsError::bad_request(
            "MissingAction",
            "The request is missing an action or operation parameter.",
        )
    })?;
    known_operation(service, action, request.version())?;
    if service == QueryService::Sts && sts::is_unsigned(action) {
        let region = region_of_unsigned(aws, &parts.headers);
        return sts::answer_unsigned(aws, op, &region, &request).map(Prepared::Answered);
    }
    let principal = authenticate(aws, service.name(), op, parts, content)?.principal;
    Ok(Prepared::Authenticated {
        principal: Box::new(principal),
        request,
    })
}

/// IAM writes to disk, so it runs where waiting for the disk holds nobody up.
async fn run(
    aws: &LocalAws,
    service: QueryService,
    mut op: Op,
    principal: Box<Principal>,
    request: QueryRequest,
) -> Result<String, AwsError> {
    if service == QueryService::Sts {
        return sts::answer(&op, &principal, &request);
    }
    let aws = aws.clone();
    tokio::task::spawn_blocking(move || iam::answer(&aws, &mut op, &principal, &request))
        .await
        .unwrap_or_else(|error| {
            tracing::error!(%error, "an IAM operation did not finish");
            Err(AwsError::internal())
        })
}

/// The parameters: of the body for POST, of the query string for GET.
pub(crate) fn decode(parts: &Parts, content: &Bytes) -> Result<QueryRequest, AwsError> {
    match parts.method {
        Method::POST => Ok(QueryRequest::decode(content)?),
        Method::GET => Ok(QueryRequest::decode(
            parts.uri.query().unwrap_or_default().as_bytes(),
        )?),
        _ => Err(AwsError::sender(
            405,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        )),
    }
}

fn known_operation(
    service: QueryService,
    action: &str,
    version: Option<&str>,
) -> Result<(), AwsError> {
    let known = match service {
        QueryService::Sts => sts::knows(action),
        QueryService::Iam => iam::knows(action),
    };
    if known && version == Some(service.version()) {
        return Ok(());
    }
    Err(AwsError::invalid_action(
        action,
        version.unwrap_or("NO_VERSION_SPECIFIED"),
    ))
}

fn region_of_unsigned(aws: &LocalAws, headers: &HeaderMap) -> String {
    region_of_host("sts", headers)
        .unwrap_or(&aws.settings().region)
        .to_owned()
}
