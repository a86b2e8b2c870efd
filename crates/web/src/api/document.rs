//! The description of the API (OpenAPI 3.1), made from the handlers and the route table.
//!
//! Each area has a `#[derive(OpenApi)]` that lists its handlers; they come together in [`parts`].
//! What all operations share (the permission, the problem document, `Idempotency-Key`) is added
//! here from the route table, so that the description cannot say anything else than the guard.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::api::{
    administrators, alerts, api_keys, applications, caller, credentials, enrolment, events, groups,
    log_destinations, mails, problem, search, settings, sign_in_policies, user_imports, users,
};
use crate::jumpcloud;
use crate::routes::{Audience, ROUTES, Route};
use crate::shared::Failure;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Jetway API",
        description = "Everything that Jetway's portals do, for programs.\n\nSend an API key as \
            `Authorization: Bearer <key>`. Lists come in pages: send `next_cursor` as `cursor` for \
            the next one. What can be changed has an `ETag`; send it back in `If-Match` so that \
            nobody's change is lost. Send an `Idempotency-Key` with a POST that you may have to \
            send twice. Problems are documents of the type `application/problem+json` (RFC 9457) \
            that name the fields that are wrong.",
        license(name = "Apache-2.0 OR MIT")
    ),
    components(schemas(problem::Document, problem::FieldError)),
    tags(
        (name = "Users", description = "People of the directory."),
        (name = "Groups", description = "Groups of people, and what they give access to."),
        (name = "Applications", description = "What people sign in to."),
        (name = "JumpCloud", description = "Applications and who has them at the addresses and in \
            the shapes of JumpCloud's API, for scripts that were written for it. Errors are \
            objects with a `message`."),
        (name = "Events", description = "The activity log."),
        (name = "Sign-in policies", description = "What sign-ins need, and what would happen if."),
        (name = "Mails", description = "The outbox."),
        (name = "Search", description = "Across everything, by one text."),
        (name = "Organisation", description = "The organisation and its settings."),
        (name = "Administrators", description = "Who administers Jetway, and their API keys."),
    )
)]
struct Frame;

/// What each area describes.
fn parts() -> Vec<utoipa::openapi::OpenApi> {
    vec![
        users::Api::openapi(),
        users::DetailsApi::openapi(),
        user_imports::Api::openapi(),
        settings::Api::openapi(),
        administrators::Api::openapi(),
        api_keys::Api::openapi(),
        caller::Api::openapi(),
        credentials::Api::openapi(),
        enrolment::Api::openapi(),
        mails::Api::openapi(),
        events::Api::openapi(),
        alerts::Api::openapi(),
        log_destinations::Api::openapi(),
        sign_in_policies::Api::openapi(),
        groups::Api::openapi(),
        applications::Api::openapi(),
        jumpcloud::Api::openapi(),
        search::Api::openapi(),
    ]
}

/// The document as JSON.
pub(crate) static DOCUMENT: LazyLock<Result<Value, String>> =
    LazyLock::new(|| describe().map_err(|error| error.to_string()));

fn describe() -> Result<Value, serde_json::Error> {
    let whole = parts()
        .into_iter()
        .fold(Frame::openapi(), utoipa::openapi::OpenApi::merge_from);
    let mut document = serde_json::to_value(whole)?;
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "jwk_…",
            "description": "An API key. Make one in the admin portal under API keys.",
        },
    });
    for route in ROUTES {
        let method = route.method.to_ascii_lowercase();
        if let Some(Value::Object(operation)) = document["paths"]
            .get_mut(route.path)
            .and_then(|path| path.get_mut(&method))
        {
            complete(operation, route);
        }
    }
    Ok(document)
}

/// Adds what the route table knows of an operation.
fn complete(operation: &mut Map<String, Value>, route: &Route) {
    let security = match route.audience {
        Audience::Api(permission) => json!([{ "bearer": [permission.as_str()] }]),
        Audience::ApiAny => json!([{ "bearer": [] }]),
        _ => json!([]),
    };
    operation.insert("security".to_owned(), security);
    if let Some(Value::Object(responses)) = operation.get_mut("responses") {
        responses.insert(
            "default".to_owned(),
            json!({ "description": "The request was not done. The document says why." }),
        );
        for (status, response) in responses {
            let refused = status.starts_with(['4', '5']) || status == "default";
            if let (true, Some(response)) = (refused, response.as_object_mut()) {
                response.insert("content".to_owned(), refusal(route));
            }
        }
    }
    if route.method == "POST" && is_ours(route) {
        let parameters = operation
            .entry("parameters")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(parameters) = parameters {
            parameters.push(json!({
                "name": "Idempotency-Key",
                "in": "header",
                "required": false,
                "description": "Makes it safe to send the request twice: the second time gets the \
                    answer of the first, for a day. 409 when the first still runs, or when its \
                    outcome is unknown.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 255,
                    "pattern": "^[!-~]+$" },
            }));
        }
    }
}

/// Whether it is an address of our own API, and not one in JumpCloud's shapes.
fn is_ours(route: &Route) -> bool {
    route.path.starts_with("/api/v1/")
}

/// The document that says why a request was not done.
fn refusal(route: &Route) -> Value {
    if is_ours(route) {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        return json!({ "application/problem+json": { "schema": schema } });
    }
    let schema = json!({
        "type": "object",
        "required": ["message"],
        "properties": { "message": { "type": "string" } },
    });
    json!({ "application/json": { "schema": schema } })
}

/// `GET /api/v1/openapi.json`
pub(crate) async fn openapi() -> Result<Response, Failure> {
    let document = DOCUMENT.as_ref().map_err(Failure::internal)?;
    Ok(([(CONTENT_TYPE, JSON)], document.to_string()).into_response())
}
