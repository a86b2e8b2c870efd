//! One port for everything: which service a request is for (aws-iam-sts.md §8.4).
//!
//! A signature decides before a path: `aws s3` may well use a bucket named `saml` or `console`,
//! and no browser signs.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, header, request::Parts},
};
use jetway_aws_wire::{AwsError, QueryRequest};

use crate::{
    LocalAws, Op, body, console,
    identity_center::{self, scim},
    json_service::{self, JsonService},
    op::Caller,
    query_service::{self, QueryService},
    s3, sign_in, sts,
};

/// The largest unsigned form that is looked at to find out what it is.
const MAX_UNSIGNED_FORM: usize = QueryService::Sts.max_body();

/// What browsers may do with an object: show it, with no script, no plug-in and no origin.
const OBJECTS_ARE_NO_PAGES: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

#[derive(Clone, Debug)]
struct Services {
    aws: LocalAws,
    s3: s3::Service,
}

/// Everything on one port.
pub(crate) fn router(aws: &LocalAws) -> Router {
    Router::new().fallback(route).with_state(Services {
        aws: aws.clone(),
        s3: s3::service(aws),
    })
}

/// Whose request it is, as far as the head tells.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// A page of Identity Center, or its APIs that take no signature.
    Center,
    SignIn,
    Console,
    Scim,
    Query(QueryService),
    Json(JsonService),
    S3,
    /// An unsigned form whose `Action` decides.
    UnsignedForm,
    /// Signed for a service that is not here.
    Unknown(String),
}

async fn route(State(services): State<Services>, request: Request) -> Response<Body> {
    let aws = &services.aws;
    let op = aws.op_for(caller(aws, &request));
    let (parts, content) = request.into_parts();
    match target(&parts) {
        Target::Center => identity_center::serve(aws, op, parts, content).await,
        Target::Console => console::serve(aws, op, parts, content).await,
        Target::SignIn => sign_in::serve(aws, op, parts, content).await,
        Target::Scim => scim::serve(aws, op, parts, content).await,
        Target::Query(service) => query(aws, service, op, &parts, content).await,
        Target::Json(service) => json_service::serve(aws, service, op, &parts, content).await,
        Target::S3 => s3(&services, op, parts, content).await,
        Target::UnsignedForm => unsigned_form(&services, op, parts, content).await,
        Target::Unknown(service) => unknown_service(&op, &parts.headers, &service),
    }
}

/// Objects share their origin with the console and the access portal, whose sessions a script in
/// an object must not reach.
async fn s3(services: &Services, op: Op, parts: Parts, content: Body) -> Response<Body> {
    let request = Request::from_parts(parts, content);
    let mut response = services.s3.handle(op, request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(OBJECTS_ARE_NO_PAGES),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

async fn query(
    aws: &LocalAws,
    service: QueryService,
    op: Op,
    parts: &Parts,
    content: Body,
) -> Response<Body> {
    match body::read(&parts.headers, content, service.max_body()).await {
        Ok(content) => {
            let request = query_service::decode(parts, &content);
            query_service::serve(aws, service, op, parts, content, request).await
        }
        Err(error) => service.refuse(&error, &op.request_id),
    }
}

/// `POST /` with a form and no signature: AssumeRoleWithSAML, or something that lacks a signature.
async fn unsigned_form(services: &Services, op: Op, parts: Parts, content: Body) -> Response<Body> {
    let content = match body::read(&parts.headers, content, MAX_UNSIGNED_FORM).await {
        Ok(content) => content,
        Err(error) => return QueryService::Sts.refuse(&error, &op.request_id),
    };
    let request = query_service::decode(&parts, &content);
    match unsigned_service(&request, &content) {
        Some(service) => {
            query_service::serve(&services.aws, service, op, &parts, content, request).await
        }
        None => s3(services, op, parts, Body::from(content)).await,
    }
}

/// The service that an unsigned request asks for by its parameters.
fn unsigned_service(
    request: &Result<QueryRequest, AwsError>,
    content: &Bytes,
) -> Option<QueryService> {
    let Ok(request) = request else {
        // A form that cannot be read is told so by STS, the only service that takes unsigned ones.
        return Some(QueryService::Sts);
    };
    let action = request.action()?;
    match request.version().and_then(QueryService::of_version) {
        Some(service) => Some(service),
        None if sts::knows(action) => Some(QueryService::Sts),
        None => Some(QueryService::Sts).filter(|_| !content.is_empty()),
    }
}

fn target(parts: &Parts) -> Target {
    if let Some(service) = signed_service(parts) {
        return match QueryService::of_scope(&service) {
            Some(service) => Target::Query(service),
            None if service == "s3" => Target::S3,
            None => match JsonService::of(&service, parts) {
                Some(service) => Target::Json(service),
                None => Target::Unknown(service),
            },
        };
    }
    if parts.method == Method::POST
        && let Some(service) = JsonService::of_unsigned(parts)
    {
        // It is told that a signature is missing.
        return Target::Json(service);
    }
    if console::serves(parts) {
        return Target::Console;
    }
    if scim::serves(parts) {
        return Target::Scim;
    }
    if identity_center::serves(parts) {
        return Target::Center;
    }
    if sign_in::serves(parts) {
        return Target::SignIn;
    }
    if let Some(target) = host_target(&parts.headers) {
        return target;
    }
    let asks_by_query = parts.method == Method::GET
        && parts
            .uri
            .query()
            .is_some_and(|query| query.split('&').any(|pair| pair.starts_with("Action=")));
    let posts_form = parts.method == Method::POST && is_form(&parts.headers);
    if parts.uri.path() == "/" && (posts_form || asks_by_query) {
        return Target::UnsignedForm;
    }
    Target::S3
}

/// The service in the credential scope, of the header or of a presigned query.
fn signed_service(parts: &Parts) -> Option<String> {
    let scope_of = |credential: &str| credential.split('/').nth(3).map(str::to_owned);
    if let Some(value) = body::header_text(&parts.headers, header::AUTHORIZATION)
        && let Some((_, rest)) = value.split_once("Credential=")
    {
        return scope_of(rest.split([',', ' ']).next().unwrap_or_default());
    }
    let credential = parts
        .uri
        .query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix("X-Amz-Credential="))?;
    let credential = percent_encoding::percent_decode_str(credential).decode_utf8_lossy();
    scope_of(&credential)
}

fn host_target(headers: &HeaderMap) -> Option<Target> {
    let host = body::header_text(headers, header::HOST)?;
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    if !name.ends_with(".amazonaws.com") {
        return None;
    }
    if name.starts_with("sts.") {
        return Some(Target::Query(QueryService::Sts));
    }
    if name.starts_with("iam.") {
        return Some(Target::Query(QueryService::Iam));
    }
    Some(Target::S3)
}

fn is_form(headers: &HeaderMap) -> bool {
    const FORM: &str = "application/x-www-form-urlencoded";
    body::header_text(headers, header::CONTENT_TYPE).is_some_and(|value| {
        value
            .get(..FORM.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(FORM))
    })
}

/// Clients of the JSON protocols and of the query protocol each get an error they can read.
fn unknown_service(op: &Op, headers: &HeaderMap, service: &str) -> Response<Body> {
    let message = format!(
        "The local AWS has no service {service}; it serves s3, sts, iam, organizations, sso and identitystore."
    );
    let json = headers.contains_key("x-amz-target")
        || body::header_text(headers, header::CONTENT_TYPE)
            .is_some_and(|value| value.contains("json"));
    if json {
        let content = serde_json::json!({
            "__type": "UnknownOperationException",
            "message": message,
        });
        return body::answer(
            404,
            &op.request_id,
            "application/x-amz-json-1.1",
            content.to_string(),
        );
    }
    let error = AwsError::sender(404, "UnknownOperation", message);
    QueryService::Sts.refuse(&error, &op.request_id)
}

fn caller(aws: &LocalAws, request: &Request) -> Caller {
    let text = |name| body::header_text(request.headers(), name).map(str::to_owned);
    Caller {
        source_ip: request
            .extensions()
            .get::<ConnectInfo<std::net::SocketAddr>>()
            .map(|ConnectInfo(address)| address.ip()),
        user_agent: text(header::USER_AGENT),
        referer: text(header::REFERER),
        secure_transport: aws.settings().public_url.scheme() == "https",
    }
}
