//! `/api/v1/mails`: the outbox. Texts are shown one at a time, since each look at a live link is
//! noted in the activity log.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jetway_identity::mail::{RetryMailError, ViewMailError, list_mails, retry_mail, view_mail};
use jetway_identity::{Mail, MailId, MailState, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::api::instant::instant;
use crate::api::problem::FieldError;
use crate::api::{Cursor, Limit, List, PathId, Problem, QueryFields};
use crate::shared::{ApiCaller, Failure, Site};

/// The operations of this file.
#[derive(OpenApi)]
#[openapi(paths(mails, mail, retry))]
pub(crate) struct Api;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MailQuery {
    /// `waiting`, `sent` or `failed`.
    state: Option<String>,
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A mail of the outbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailDocument {
    id: String,
    to: String,
    subject: String,
    /// `waiting`, `sent` or `failed`.
    state: &'static str,
    /// How often delivery was tried.
    attempts: u32,
    /// What the mail server said last, when it was not yes.
    last_error: Option<String>,
    created_at: String,
    sent_at: Option<String>,
}

/// A mail with its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeMail {
    #[serde(flatten)]
    mail: MailDocument,
    /// `null`: it was forgotten when the mail was sent, since the link in it is its recipient's.
    text: Option<String>,
    /// Whether the link in it works.
    link_is_live: bool,
}

/// Lists the mails that were written, newest first
///
/// Mails are kept for 30 days.
#[utoipa::path(get, path = "/api/v1/mails", tag = "Mails", params(MailQuery),
    responses((status = 200, body = List<MailDocument>)))]
pub(crate) async fn mails(
    State(site): State<Arc<Site>>,
    QueryFields(query): QueryFields<MailQuery>,
    _caller: ApiCaller,
) -> Result<Json<List<MailDocument>>, Problem> {
    let state = match query.state.as_deref() {
        None => None,
        Some(name) => Some(MailState::from_name(name).ok_or_else(|| {
            let error = FieldError::new("state", "use waiting, sent or failed");
            Problem::bad_parameters(vec![error])
        })?),
    };
    let before = match &query.cursor {
        None => None,
        Some(cursor) => Some(cursor.as_str().parse::<MailId>().map_err(|_| {
            let error = FieldError::new("cursor", "use next_cursor of the page before");
            Problem::bad_parameters(vec![error])
        })?),
    };
    let limit = query.limit.get();
    let mails = list_mails(site.store.as_ref(), state, before, limit).await?;
    let full = mails.len() == limit as usize;
    let next = mails.last().filter(|_| full);
    Ok(Json(List {
        next_cursor: next.map(|last| Cursor::new(last.id.to_string())),
        items: mails.iter().map(document).collect(),
    }))
}

/// Shows a mail with its text
///
/// Whoever reads a live link could use it, so this leaves the event `mail_view`. The key also needs
/// the permission to do what the link does: looking after people, or administrators.
#[utoipa::path(get, path = "/api/v1/mails/{id}", tag = "Mails", params(("id" = String, Path)),
    responses(
        (status = 200, body = WholeMail),
        (status = 403, description = "The key may not use the link in it"),
        (status = 404, description = "There is no such mail")))]
pub(crate) async fn mail(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<MailId>,
    mut caller: ApiCaller,
) -> Result<Json<WholeMail>, Problem> {
    let store = site.store.as_ref();
    let known = store.read().await?.mail(id).await?;
    let known = known.ok_or_else(|| Problem::not_found("mail"))?;
    let needed = if known.is_for_administrators() {
        Permission::ManageAdministrators
    } else {
        Permission::ManageCredentials
    };
    if !caller.may(needed) {
        return Err(Failure::forbidden().into());
    }
    match view_mail(&mut caller.op, store, site.keys.sealing(), id).await {
        Ok(view) => Ok(Json(WholeMail {
            mail: document(&view.mail),
            text: view.text.map(|text| text.to_string()),
            link_is_live: view.link_is_live,
        })),
        Err(ViewMailError::NoSuchMail) => Err(Problem::not_found("mail")),
        Err(ViewMailError::Sealed(error)) => Err(Failure::internal(error).into()),
        Err(ViewMailError::Store(error)) => Err(error.into()),
    }
}

/// Hands a mail over again
#[utoipa::path(post, path = "/api/v1/mails/{id}/retry", tag = "Mails",
    params(("id" = String, Path)),
    responses(
        (status = 202),
        (status = 404, description = "There is no such mail"),
        (status = 409, description = "It was sent, or is of no use any more")))]
pub(crate) async fn retry(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<MailId>,
    mut caller: ApiCaller,
) -> Result<StatusCode, Problem> {
    match retry_mail(&mut caller.op, site.store.as_ref(), id).await {
        Ok(()) => Ok(StatusCode::ACCEPTED),
        Err(RetryMailError::NoSuchMail) => Err(Problem::not_found("mail")),
        Err(error @ RetryMailError::Over) => Err(Problem::conflict("over", format!("{error}."))),
        Err(RetryMailError::Store(error)) => Err(error.into()),
    }
}

fn document(mail: &Mail) -> MailDocument {
    MailDocument {
        id: mail.id.to_string(),
        to: mail.to.clone(),
        subject: mail.subject.clone(),
        state: mail.state.as_str(),
        attempts: mail.attempts,
        last_error: mail.last_error.clone(),
        created_at: instant(mail.created_at),
        sent_at: mail.sent_at.map(instant),
    }
}
