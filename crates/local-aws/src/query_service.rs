//! STS and IAM: decoding, authentication, answer (aws-iam-sts.md §1.1, §1.10, §3).

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, Response, header, request::Parts},
};
use jetway_aws_wire::{
    AwsError, QueryRequest,
    sigv4::{self, Authorization, BodyHash, RequestParts, SigV4Error},
};
use secrecy::ExposeSecret;

use crate::{
    LocalAws,
    authorize::GLOBAL_REGION,
    body,
    credentials::{self, CredentialError},
    iam,
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
    let principal = authenticate(aws, service, op, parts, content)?;
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

/// Who signed the request. AWS's order: form of the signature, time and scope, access key and
/// token, signature.
fn authenticate(
    aws: &LocalAws,
    service: QueryService,
    op: &Op,
    parts: &Parts,
    content: &Bytes,
) -> Result<Principal, AwsError> {
    let headers = lower_case(&parts.headers);
    let signed = RequestParts {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &headers,
        body_sha256: BodyHash::of(content),
    };
    let refuse = |error: SigV4Error| error.into_query_error();
    let authorization = sigv4::parse(&signed).map_err(refuse)?.ok_or_else(|| {
        AwsError::sender(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        )
    })?;
    authorization
        .check_scope(service.name(), op.now)
        .map_err(refuse)?;
    check_region(service, &parts.headers, &authorization)?;
    let principal = credentials::resolve(
        aws.vault(),
        &aws.state(),
        &authorization.access_key_id,
        authorization.security_token.as_deref(),
        op.now,
    )
    .map_err(|fault| match fault {
        CredentialError::UnknownKey | CredentialError::InvalidToken => {
            AwsError::invalid_client_token_id()
        }
        CredentialError::Expired => AwsError::expired_token(),
    })?;
    let secret = aws.vault().secret_of(&authorization.access_key_id);
    sigv4::verify(&signed, &authorization, secret.expose_secret(), op.now).map_err(refuse)?;
    Ok(principal)
}

fn lower_case(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}

/// On AWS's own host names the region must be the host's. Elsewhere any region goes: a client that
/// is pointed to an endpoint signs for its configured region, for IAM too.
fn check_region(
    service: QueryService,
    headers: &HeaderMap,
    authorization: &Authorization,
) -> Result<(), AwsError> {
    let Some(expected) = region_of_host(service.name(), headers) else {
        return Ok(());
    };
    if authorization.region == expected {
        return Ok(());
    }
    Err(AwsError::sender(
        403,
        "SignatureDoesNotMatch",
        "Credential should be scoped to a valid region.",
    ))
}

/// The region that an AWS host name stands for; `None` for any other host.
fn region_of_host<'a>(service: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    let host = body::header_text(headers, header::HOST)?;
    let host = host.split_once(':').map_or(host, |(name, _)| name);
    let rest = host.strip_prefix(service)?.strip_suffix("amazonaws.com")?;
    match rest.strip_prefix('.')?.strip_suffix('.') {
        None => Some(GLOBAL_REGION),
        Some(region) => Some(region),
    }
}

fn region_of_unsigned(aws: &LocalAws, headers: &HeaderMap) -> String {
    region_of_host("sts", headers)
        .unwrap_or(&aws.settings().region)
        .to_owned()
}
