//! `/admin/activity/destinations/…`: where the log is sent.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::LogDestinationId;
use jetway_identity::log_destinations::{
    ChangeLogDestinationError, CreateLogDestinationError, DestinationTarget, InvalidDestination,
    LogDestination, LogDestinationChange, NewLogDestination, SyslogTransport,
    change_log_destination, create_log_destination, find_log_destination, list_log_destinations,
    rotate_signing_secret,
};
use jetway_pages::admin::activity::{
    DestinationForm, DestinationKind, DestinationRow, DestinationSecret, Destinations,
};
use jetway_pages::admin::parts::{Badge, Choice, Field, Select, Tick, Tone};
use jetway_pages::admin::{NavItem, Toast};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::destination_conflict::meanwhile;
use crate::admin::typed::typed_version;
use crate::shared::{
    AdminVisit, Failure, Fields, Site, admin_form_fields, admin_html, moment, query_fields,
    see_other, typeable,
};

pub(super) const LIST: &str = "/admin/activity/destinations";

/// Size of a log file and how many are kept, where the form does not ask.
const FILE_BYTES: u64 = 64 << 20;
const FILES_KEPT: u32 = 10;

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let all = list_log_destinations(site.store.as_ref()).await?;
    let body = Destinations {
        rows: all.iter().map(|one| row(one, &visit)).collect(),
    };
    let mut frame = site.admin_chrome(&visit, NavItem::Activity);
    frame.toast = match query_fields(uri.query())?.get("done")? {
        Some("saved") => Some("The destination is saved."),
        Some("deleted") => Some("The destination is removed. Nothing more is sent to it."),
        _ => None,
    }
    .map(|text| Toast {
        tone: Tone::Good,
        text: text.to_owned(),
    });
    admin_html(StatusCode::OK, frame, body)
}

fn row(one: &LogDestination, visit: &AdminVisit) -> DestinationRow {
    let (badge, _) = status(one);
    DestinationRow {
        id: one.id.to_string(),
        kind: kind(&one.target),
        name: one.name.clone(),
        target: one.target.place(),
        status: badge,
        last: one
            .delivery
            .last_success_at
            .map(|at| moment(at, visit.op.now)),
        problem: one.delivery.last_error.clone(),
    }
}

/// The badge and a sentence.
fn status(one: &LogDestination) -> (Badge, String) {
    let delivery = &one.delivery;
    match &delivery.last_error {
        _ if !one.enabled => (
            Badge::new(Tone::None, "switched off"),
            "It goes on where it stopped when it is switched on.".to_owned(),
        ),
        Some(error) => (Badge::new(Tone::Bad, "failing"), error.clone()),
        None if delivery.last_success_at.is_some() => (
            Badge::new(Tone::Good, "delivering"),
            format!("{} events were delivered.", delivery.delivered),
        ),
        None => (
            Badge::new(Tone::Waiting, "waiting"),
            "Nothing was sent yet.".to_owned(),
        ),
    }
}

fn kind(target: &DestinationTarget) -> DestinationKind {
    match target {
        DestinationTarget::Webhook { .. } => DestinationKind::Webhook,
        DestinationTarget::Syslog { .. } => DestinationKind::Syslog,
        DestinationTarget::File { .. } => DestinationKind::File,
    }
}

fn kind_named(name: &str) -> Option<DestinationKind> {
    [
        DestinationKind::Webhook,
        DestinationKind::Syslog,
        DestinationKind::File,
    ]
    .into_iter()
    .find(|kind| kind.value() == name)
}

fn transports(current: SyslogTransport) -> Select {
    let choice =
        |value: &str, text: &str, transport| Choice::new(value, text, transport == current);
    Select {
        choices: vec![
            choice("tls", "TLS", SyslogTransport::Tls),
            choice("tcp", "TCP", SyslogTransport::Tcp),
            choice(
                "udp",
                "UDP: what the network loses is lost",
                SyslogTransport::Udp,
            ),
        ],
        error: None,
    }
}

fn empty_form(visit: &AdminVisit, kind: DestinationKind) -> DestinationForm {
    DestinationForm {
        id: None,
        kind,
        csrf: visit.csrf.clone(),
        version: None,
        name: Field::default(),
        target: Field::default(),
        active: Tick {
            on: true,
            error: None,
        },
        transport: transports(SyslogTransport::Tls),
        last: None,
        problem: None,
    }
}

fn form_of(visit: &AdminVisit, one: &LogDestination) -> DestinationForm {
    let (target, transport) = match &one.target {
        DestinationTarget::Webhook { url } => (url.to_string(), None),
        DestinationTarget::Syslog {
            host,
            port,
            transport,
        } => (format!("{host}:{port}"), Some(*transport)),
        DestinationTarget::File { name, .. } => (name.clone(), None),
    };
    DestinationForm {
        id: Some(one.id.to_string()),
        version: Some(one.version),
        name: Field::new(&one.name),
        target: Field::new(target),
        active: Tick {
            on: one.enabled,
            error: None,
        },
        transport: transports(transport.unwrap_or(SyslogTransport::Tls)),
        last: Some(status(one)),
        ..empty_form(visit, kind(&one.target))
    }
}

pub(crate) async fn new(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let kind =
        kind_named(query.get("kind")?.unwrap_or("webhook")).ok_or_else(Failure::not_found)?;
    let frame = site.admin_chrome(&visit, NavItem::Activity);
    admin_html(StatusCode::OK, frame, empty_form(&visit, kind))
}

/// What was typed, as far as it can be read.
struct Given {
    name: String,
    enabled: bool,
    target: Result<DestinationTarget, InvalidDestination>,
}

fn given(
    fields: &Fields<'_>,
    form: &mut DestinationForm,
    before: Option<&DestinationTarget>,
) -> Result<Given, Failure> {
    let text = |name: &str| -> Result<String, Failure> {
        Ok(typeable(fields.get(name)?.unwrap_or_default().trim()))
    };
    let (name, place) = (text("name")?, text("target")?);
    let enabled = fields.has("active");
    let transport = match fields.get("transport")? {
        Some("tcp") => SyslogTransport::Tcp,
        Some("udp") => SyslogTransport::Udp,
        _ => SyslogTransport::Tls,
    };
    (form.name, form.target) = (Field::new(&name), Field::new(&place));
    form.active.on = enabled;
    form.transport = transports(transport);
    let target = match form.kind {
        DestinationKind::Webhook => webhook(&place),
        DestinationKind::Syslog => syslog(&place, transport),
        DestinationKind::File => Ok(match before {
            Some(DestinationTarget::File {
                max_bytes, keep, ..
            }) => DestinationTarget::File {
                name: place,
                max_bytes: *max_bytes,
                keep: *keep,
            },
            _ => DestinationTarget::File {
                name: place,
                max_bytes: FILE_BYTES,
                keep: FILES_KEPT,
            },
        }),
    };
    Ok(Given {
        name,
        enabled,
        target,
    })
}

fn webhook(place: &str) -> Result<DestinationTarget, InvalidDestination> {
    let url = Url::parse(place).map_err(|_| InvalidDestination {
        field: "target.url",
        reason: "write the address as https://siem.example.com/path".to_owned(),
    })?;
    Ok(DestinationTarget::Webhook { url })
}

fn syslog(
    place: &str,
    transport: SyslogTransport,
) -> Result<DestinationTarget, InvalidDestination> {
    let split = place.rsplit_once(':').and_then(|(host, port)| {
        let port = port.parse().ok()?;
        Some((host.trim_matches(['[', ']']).to_owned(), port))
    });
    let (host, port) = split.ok_or_else(|| InvalidDestination {
        field: "target.host",
        reason: "write name or address and port, such as logs.example.com:6514".to_owned(),
    })?;
    Ok(DestinationTarget::Syslog {
        host,
        port,
        transport,
    })
}

/// The form again, with what is wrong at its field.
fn refused(
    site: &Site,
    visit: &AdminVisit,
    mut form: DestinationForm,
    invalid: &InvalidDestination,
) -> Result<Response, Failure> {
    let mut reason = invalid.reason.clone();
    if let Some(first) = reason.get(..1) {
        reason.replace_range(..1, &first.to_uppercase());
    }
    let reason = Some(format!("{}.", reason.trim_end_matches('.')));
    if invalid.field == "name" {
        form.name.error = reason;
    } else {
        form.target.error = reason;
    }
    let frame = site.admin_chrome(visit, NavItem::Activity);
    admin_html(StatusCode::UNPROCESSABLE_ENTITY, frame, form)
}

pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let kind = kind_named(fields.get("kind")?.unwrap_or_default());
    let mut form = empty_form(&visit, kind.ok_or_else(Failure::bad_request)?);
    let given = given(&fields, &mut form, None)?;
    let target = match given.target {
        Ok(target) => target,
        Err(invalid) => return refused(&site, &visit, form, &invalid),
    };
    let new = NewLogDestination {
        name: given.name,
        target,
        enabled: given.enabled,
        from_start: false,
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match create_log_destination(&mut visit.op, store, sealing, new).await {
        Ok(created) => match created.secret {
            Some(secret) => show_secret(&site, &visit, &created.destination.name, &secret),
            None => see_other(&format!("{LIST}?done=saved")),
        },
        Err(CreateLogDestinationError::Invalid(invalid)) => refused(&site, &visit, form, &invalid),
        Err(CreateLogDestinationError::NotAllowed(error)) => Err(error.into()),
        Err(CreateLogDestinationError::Store(error)) => Err(error.into()),
    }
}

fn show_secret(
    site: &Site,
    visit: &AdminVisit,
    name: &str,
    secret: &SecretString,
) -> Result<Response, Failure> {
    let body = DestinationSecret {
        name: name.to_owned(),
        secret: secret.expose_secret().to_owned(),
    };
    let frame = site.admin_chrome(visit, NavItem::Activity);
    admin_html(StatusCode::OK, frame, body)
}

pub(super) async fn find(site: &Site, id: &str) -> Result<LogDestination, Failure> {
    let id: LogDestinationId = id.parse().map_err(|_| Failure::not_found())?;
    let found = find_log_destination(site.store.as_ref(), id).await?;
    found.ok_or_else(Failure::not_found)
}

pub(crate) async fn open(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let form = form_of(&visit, &find(&site, &id).await?);
    let frame = site.admin_chrome(&visit, NavItem::Activity);
    admin_html(StatusCode::OK, frame, form)
}

/// `do=rotate` gives a webhook a new signing secret; anything else saves.
pub(crate) async fn save(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    let before = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let store = site.store.as_ref();
    if fields.get("do")? == Some("rotate") {
        let sealing = site.keys.sealing();
        return match rotate_signing_secret(&mut visit.op, store, sealing, before.id).await {
            Ok(secret) => show_secret(&site, &visit, &before.name, &secret),
            Err(error) => Err(failure(error)),
        };
    }
    let version = typed_version(&fields)?;
    let mut form = form_of(&visit, &before);
    form.version = Some(version);
    let given = given(&fields, &mut form, Some(&before.target))?;
    let target = match given.target {
        Ok(target) => target,
        Err(invalid) => return refused(&site, &visit, form, &invalid),
    };
    let change = LogDestinationChange {
        name: Some(given.name),
        target: Some(target),
        enabled: Some(given.enabled),
    };
    match change_log_destination(&mut visit.op, store, before.id, Some(version), change).await {
        Ok(_) => see_other(&format!("{LIST}?done=saved")),
        Err(ChangeLogDestinationError::Invalid(invalid)) => refused(&site, &visit, form, &invalid),
        Err(ChangeLogDestinationError::Stale(now)) => {
            form.version = Some(now.version);
            form.problem = Some(meanwhile(store, version, &now).await?);
            let frame = site.admin_chrome(&visit, NavItem::Activity);
            admin_html(StatusCode::CONFLICT, frame, form)
        }
        Err(error) => Err(failure(error)),
    }
}

pub(super) fn failure(error: ChangeLogDestinationError) -> Failure {
    match error {
        ChangeLogDestinationError::NoSuchDestination => Failure::not_found(),
        ChangeLogDestinationError::NotAllowed(error) => error.into(),
        ChangeLogDestinationError::Store(error) => error.into(),
        ChangeLogDestinationError::Invalid(_) | ChangeLogDestinationError::Stale(_) => {
            Failure::bad_request()
        }
    }
}
