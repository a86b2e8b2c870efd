//! `/admin/outbox`: every mail that was written, with what became of it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::mail::{
    MailCounts, MailView, RetryMailError, ViewMailError, count_mails, list_mails, retry_mail,
    view_mail,
};
use jetway_identity::{Mail, MailId, MailState, Permission};
use jetway_pages::admin::outbox::{MailRow, Outbox, OutboxMail};
use jetway_pages::admin::parts::{Badge, Counter, Counters, Paging, Tone};
use jetway_pages::admin::{NavItem, Toast};
use time::OffsetDateTime;

use crate::shared::{
    AdminVisit, Failure, Site, admin_form_fields, admin_html, moment, query_fields, see_other,
};

/// Mails on a page.
const ROWS: u32 = 50;

pub(crate) async fn outbox(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let state = query.get("state")?.and_then(MailState::from_name);
    let before = query.get("before")?.and_then(|id| id.parse().ok());
    let store = site.store.as_ref();
    let counts = count_mails(store).await?;
    let mut mails = list_mails(store, state, before, ROWS + 1).await?;
    let more = mails.len() > ROWS as usize;
    mails.truncate(ROWS as usize);
    let next = mails.last().filter(|_| more).map(|last| last.id);
    let body = Outbox {
        counters: counters(counts, state),
        rows: mails.iter().map(|mail| row(mail, visit.op.now)).collect(),
        paging: Paging {
            shown: format!("{} mails", mails.len()),
            first: before.map(|_| address(state, None)),
            next: next.map(|id| address(state, Some(id))),
            rows: Vec::new(),
        },
        mail_server: visit.settings.sections.mail.is_some(),
    };
    let frame = site.admin_chrome(&visit, NavItem::Outbox);
    admin_html(StatusCode::OK, frame, body)
}

pub(crate) async fn mail(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    uri: Uri,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let id: MailId = id.parse().map_err(|_| Failure::not_found())?;
    let query = query_fields(uri.query())?;
    let found = visible(&site, &mut visit, id).await?;
    let mut frame = site.admin_chrome(&visit, NavItem::Outbox);
    frame.toast = match query.get("done")? {
        Some("again") => Some(Toast {
            tone: Tone::Good,
            text: "The mail is handed over again now.".to_owned(),
        }),
        Some("over") => Some(Toast {
            tone: Tone::Bad,
            text: "This mail cannot be sent any more: write a new one.".to_owned(),
        }),
        _ => None,
    };
    admin_html(StatusCode::OK, frame, page(&visit, found))
}

/// `do=again` hands the mail over again.
pub(crate) async fn act_on_mail(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    let id: MailId = id.parse().map_err(|_| Failure::not_found())?;
    let fields = admin_form_fields(&headers, &body)?;
    if fields.get("do")? != Some("again") {
        return Err(Failure::bad_request());
    }
    match retry_mail(&mut visit.op, site.store.as_ref(), id).await {
        Ok(()) => see_other(&format!("/admin/outbox/{id}?done=again")),
        Err(RetryMailError::Over) => see_other(&format!("/admin/outbox/{id}?done=over")),
        Err(RetryMailError::NoSuchMail) => Err(Failure::not_found()),
        Err(RetryMailError::Store(error)) => Err(error.into()),
    }
}

/// The mail, unless its link would make its reader more than they are.
async fn visible(site: &Site, visit: &mut AdminVisit, id: MailId) -> Result<MailView, Failure> {
    let store = site.store.as_ref();
    let known = store.read().await?.mail(id).await?;
    let for_administrators = known.is_some_and(|mail| mail.is_for_administrators());
    if for_administrators && !visit.may(Permission::ManageAdministrators) {
        return Err(Failure::forbidden());
    }
    match view_mail(&mut visit.op, store, site.keys.sealing(), id).await {
        Ok(view) => Ok(view),
        Err(ViewMailError::NoSuchMail) => Err(Failure::not_found()),
        Err(ViewMailError::Sealed(error)) => Err(Failure::internal(error)),
        Err(ViewMailError::Store(error)) => Err(error.into()),
    }
}

fn page(visit: &AdminVisit, view: MailView) -> OutboxMail {
    let mail = view.mail;
    let now = visit.op.now;
    let text = view.text.map(|text| text.to_string());
    let link = text
        .as_deref()
        .filter(|_| view.link_is_live)
        .and_then(|text| text.lines().find(|line| is_link(line)))
        .map(str::to_owned);
    let attempts = match (mail.attempts, &mail.last_error) {
        (0, None) => None,
        (count, None) => Some(format!("Attempts: {count}.")),
        (count, Some(error)) => Some(format!("Attempts: {count}. The last one: {error}")),
    };
    let expires = link.as_ref().map(|_| moment(mail.useful_until, now));
    OutboxMail {
        id: mail.id.to_string(),
        csrf: visit.csrf.clone(),
        can_send: visit.settings.sections.mail.is_some() && mail.can_retry(&visit.op),
        state: badge(mail.state),
        at: moment(mail.created_at, now),
        to: mail.to,
        subject: mail.subject,
        text: text.unwrap_or_else(|| {
            "The text was forgotten when the mail was sent: its link is the recipient's alone."
                .to_owned()
        }),
        attempts,
        link,
        link_expires: expires,
    }
}

fn is_link(line: &str) -> bool {
    line.starts_with("https://") || line.starts_with("http://")
}

fn row(mail: &Mail, now: OffsetDateTime) -> MailRow {
    MailRow {
        id: mail.id.to_string(),
        to: mail.to.clone(),
        subject: mail.subject.clone(),
        state: badge(mail.state),
        at: moment(mail.created_at, now),
    }
}

fn badge(state: MailState) -> Badge {
    match state {
        MailState::Waiting => Badge::new(Tone::Waiting, "waiting"),
        MailState::Sent => Badge::new(Tone::Good, "sent"),
        MailState::Failed => Badge::new(Tone::Bad, "failed"),
    }
}

fn counters(counts: MailCounts, current: Option<MailState>) -> Counters {
    let all = counts.waiting + counts.sent + counts.failed;
    let counter = |text: &str, count: u64, state: Option<MailState>| Counter {
        href: address(state, None),
        text: text.to_owned(),
        count: count.to_string(),
        current: state == current,
    };
    let counters = if all == 0 {
        Vec::new()
    } else {
        vec![
            counter("All", all, None),
            counter("Waiting", counts.waiting, Some(MailState::Waiting)),
            counter("Sent", counts.sent, Some(MailState::Sent)),
            counter("Failed", counts.failed, Some(MailState::Failed)),
        ]
    };
    Counters {
        label: "Mails by state".to_owned(),
        counters,
    }
}

fn address(state: Option<MailState>, before: Option<MailId>) -> String {
    let state = state.map(|state| format!("state={}", state.as_str()));
    let before = before.map(|id| format!("before={id}"));
    let query: Vec<_> = [state, before].into_iter().flatten().collect();
    if query.is_empty() {
        "/admin/outbox".to_owned()
    } else {
        format!("/admin/outbox?{}", query.join("&"))
    }
}
