//! `/api/v1/log-destinations`: where the log is sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use jetway_identity::LogDestinationId;
use jetway_identity::log_destinations::{
    ChangeLogDestinationError, CreateLogDestinationError, DestinationTarget, InvalidDestination,
    LogDestination, LogDestinationChange, NewLogDestination, SyslogTransport,
    change_log_destination, create_log_destination, delete_log_destination, find_log_destination,
    list_log_destinations, rotate_signing_secret,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{OpenApi, ToSchema};

use crate::api::instant::Instant;
use crate::api::{JsonBody, List, Page, PathId, Precondition, Problem, QueryFields, Versioned};
use crate::shared::{ApiCaller, Site};

/// The operations of this file.
#[derive(OpenApi)]
#[openapi(paths(list, create, show, change, delete, rotate_secret))]
pub(crate) struct Api;

/// A receiver.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = LogDestinationTarget)]
enum Target {
    /// Batches are POSTed as JSON and signed in the header `Jetway-Signature`.
    Webhook {
        /// `https://`, or `http://` on this machine.
        url: String,
    },
    /// RFC 5424 messages.
    Syslog {
        host: String,
        port: u16,
        transport: Transport,
    },
    /// JSON lines in a file of the folder `logs` in the server's data folder.
    File {
        /// A plain file name.
        name: String,
        /// A file that is larger is put aside.
        #[schema(minimum = 65536, maximum = 17_179_869_184_i64)]
        max_bytes: u64,
        /// How many files that were put aside are kept.
        #[schema(minimum = 1, maximum = 1000)]
        keep: u32,
    },
}

/// How syslog messages travel.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SyslogTransport)]
enum Transport {
    Udp,
    Tcp,
    Tls,
}

impl Target {
    fn into_domain(self) -> Result<DestinationTarget, Problem> {
        Ok(match self {
            Self::Webhook { url } => DestinationTarget::Webhook {
                url: Url::parse(&url)
                    .map_err(|_| Problem::field("target.url", "this is not a web address"))?,
            },
            Self::Syslog {
                host,
                port,
                transport,
            } => DestinationTarget::Syslog {
                host,
                port,
                transport: match transport {
                    Transport::Udp => SyslogTransport::Udp,
                    Transport::Tcp => SyslogTransport::Tcp,
                    Transport::Tls => SyslogTransport::Tls,
                },
            },
            Self::File {
                name,
                max_bytes,
                keep,
            } => DestinationTarget::File {
                name,
                max_bytes,
                keep,
            },
        })
    }

    fn of(target: DestinationTarget) -> Self {
        match target {
            DestinationTarget::Webhook { url } => Self::Webhook { url: url.into() },
            DestinationTarget::Syslog {
                host,
                port,
                transport,
            } => Self::Syslog {
                host,
                port,
                transport: match transport {
                    SyslogTransport::Udp => Transport::Udp,
                    SyslogTransport::Tcp => Transport::Tcp,
                    SyslogTransport::Tls => Transport::Tls,
                },
            },
            DestinationTarget::File {
                name,
                max_bytes,
                keep,
            } => Self::File {
                name,
                max_bytes,
                keep,
            },
        }
    }
}

/// A destination.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogDestination)]
pub(crate) struct Document {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    target: Target,
    enabled: bool,
    created_at: Instant,
    /// Events that were taken, counted with repetitions.
    delivered: i64,
    last_attempt_at: Option<Instant>,
    last_success_at: Option<Instant>,
    /// Failures since the last success.
    failures: u32,
    last_error: Option<String>,
}

fn document(one: LogDestination) -> Document {
    Document {
        id: one.id.to_string(),
        name: one.name,
        target: Target::of(one.target),
        enabled: one.enabled,
        created_at: Instant::new(one.created_at),
        delivered: one.delivery.delivered,
        last_attempt_at: one.delivery.last_attempt_at.map(Instant::new),
        last_success_at: one.delivery.last_success_at.map(Instant::new),
        failures: one.delivery.failures,
        last_error: one.delivery.last_error,
    }
}

/// List log destinations
#[utoipa::path(get, path = "/api/v1/log-destinations", tag = "Events",
    operation_id = "list_log_destinations", params(Page),
    responses((status = 200, description = "A page of destinations.", body = List<Document>)))]
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    QueryFields(page): QueryFields<Page>,
    _caller: ApiCaller,
) -> Result<Json<List<Document>>, Problem> {
    let mut all = list_log_destinations(site.store.as_ref()).await?;
    all.sort_by_key(|one| one.id);
    let page = List::of_all(all, page.limit, page.cursor.as_ref(), |one| {
        one.id.to_string()
    });
    Ok(Json(page.map(document)))
}

/// A destination to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLogDestination)]
pub(crate) struct New {
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    target: Target,
    #[serde(default = "yes")]
    #[schema(default = true)]
    enabled: bool,
    /// Send the log from its beginning, not only what comes from now on.
    #[serde(default)]
    from_start: bool,
}

fn yes() -> bool {
    true
}

/// A destination that was added.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedLogDestination)]
pub(crate) struct Created {
    #[serde(flatten)]
    destination: Document,
    /// A webhook's signing secret. It is shown this once.
    secret: Option<String>,
}

/// Add a log destination
#[utoipa::path(post, path = "/api/v1/log-destinations", tag = "Events",
    operation_id = "create_log_destination", request_body = New,
    responses((status = 201, description = "It was added.", body = Created,
        headers(("Location" = String)))))]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<New>,
) -> Result<Response, Problem> {
    let new = NewLogDestination {
        name: body.name,
        target: body.target.into_domain()?,
        enabled: body.enabled,
        from_start: body.from_start,
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let created = create_log_destination(&mut caller.op, store, sealing, new).await;
    let created = created.map_err(|error| match error {
        CreateLogDestinationError::Invalid(invalid) => field(invalid),
        CreateLogDestinationError::NotAllowed(error) => error.into(),
        CreateLogDestinationError::Store(error) => error.into(),
    })?;
    let location = format!("/api/v1/log-destinations/{}", created.destination.id);
    let body = Created {
        destination: document(created.destination),
        secret: created
            .secret
            .map(|secret| secret.expose_secret().to_owned()),
    };
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(body)).into_response())
}

fn field(invalid: InvalidDestination) -> Problem {
    Problem::field(invalid.field, invalid.reason)
}

/// One log destination
#[utoipa::path(get, path = "/api/v1/log-destinations/{id}", tag = "Events",
    operation_id = "get_log_destination", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The destination.", body = Document),
        (status = 404, description = "There is no such destination.")))]
pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<LogDestinationId>,
    condition: Precondition,
    _caller: ApiCaller,
) -> Result<Response, Problem> {
    let found = find_log_destination(site.store.as_ref(), id).await?;
    let found = found.ok_or_else(|| Problem::not_found("log destination"))?;
    let version = found.version;
    let body = document(found);
    Ok(Versioned { version, body }.answer(&condition))
}

/// What becomes different. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LogDestinationChange)]
pub(crate) struct Change {
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// Of the same kind as before.
    target: Option<Target>,
    enabled: Option<bool>,
}

/// Change a log destination
///
/// What failed before is tried again at once.
#[utoipa::path(patch, path = "/api/v1/log-destinations/{id}", tag = "Events",
    operation_id = "update_log_destination", params(("id" = String, Path)), request_body = Change,
    responses(
        (status = 200, description = "The destination as it is now.", body = Document),
        (status = 404, description = "There is no such destination."),
        (status = 412, description = "It was changed since it was read.")))]
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<LogDestinationId>,
    condition: Precondition,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<Change>,
) -> Result<Response, Problem> {
    let change = LogDestinationChange {
        name: body.name,
        target: body.target.map(Target::into_domain).transpose()?,
        enabled: body.enabled,
    };
    let (store, expected) = (site.store.as_ref(), condition.expected());
    let changed = change_log_destination(&mut caller.op, store, id, expected, change)
        .await
        .map_err(refusal)?;
    let version = changed.version;
    let body = document(changed);
    Ok(Versioned { version, body }.into_response())
}

/// A signing secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct SigningSecret {
    /// It is shown this once.
    secret: String,
}

/// Give a webhook a new signing secret
///
/// The old one signs nothing any more.
#[utoipa::path(post, path = "/api/v1/log-destinations/{id}/rotate-secret", tag = "Events",
    operation_id = "rotate_log_destination_secret", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The new secret.", body = SigningSecret),
        (status = 404, description = "There is no such destination."),
        (status = 422, description = "It is no webhook.")))]
pub(crate) async fn rotate_secret(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<LogDestinationId>,
    mut caller: ApiCaller,
) -> Result<Json<SigningSecret>, Problem> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let secret = rotate_signing_secret(&mut caller.op, store, sealing, id)
        .await
        .map_err(refusal)?;
    Ok(Json(SigningSecret {
        secret: secret.expose_secret().to_owned(),
    }))
}

/// Remove a log destination
#[utoipa::path(delete, path = "/api/v1/log-destinations/{id}", tag = "Events",
    operation_id = "delete_log_destination", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is removed."),
        (status = 404, description = "There is no such destination."),
        (status = 412, description = "It was changed since it was read.")))]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<LogDestinationId>,
    condition: Precondition,
    mut caller: ApiCaller,
) -> Result<StatusCode, Problem> {
    let (store, expected) = (site.store.as_ref(), condition.expected());
    delete_log_destination(&mut caller.op, store, id, expected)
        .await
        .map_err(refusal)?;
    Ok(StatusCode::NO_CONTENT)
}

fn refusal(error: ChangeLogDestinationError) -> Problem {
    match error {
        ChangeLogDestinationError::NoSuchDestination => Problem::not_found("log destination"),
        ChangeLogDestinationError::Invalid(invalid) => field(invalid),
        ChangeLogDestinationError::Stale(present) => Problem::stale(present.version),
        ChangeLogDestinationError::NotAllowed(error) => error.into(),
        ChangeLogDestinationError::Store(error) => error.into(),
    }
}
