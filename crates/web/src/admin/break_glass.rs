//! `/admin/administrators/break-glass`: sealed accounts, drills, and what they were used for.

mod banners;
mod page;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::break_glass::{
    BreakGlassError, SeenUse, UseKind, acknowledge_break_glass_use, renew_break_glass_codes,
    seal_break_glass_account, set_drill_interval, start_drill, unseal_break_glass_account,
};
use jetway_identity::{AdministratorId, administrator};
use jetway_pages::admin::NavItem;
use jetway_pages::admin::access::BreakGlassCodes;
use secrecy::{ExposeSecret, SecretString};

use crate::admin::break_glass::page::{Typed, page};
use crate::admin::done::done;
use crate::admin::set_up::sentence;
use crate::shared::{
    AdminVisit, Failure, Site, admin_form_fields, admin_html, moment, query_fields, see_other,
    typeable,
};

pub(crate) use banners::banners;

/// What was just done, by the code in the address.
const DONE: [(&str, &str); 4] = [
    (
        "drill",
        "The drill is announced: sign in with the account within an hour.",
    ),
    ("interval", "The days between drills are saved."),
    (
        "unsealed",
        "The seal is removed, and the account is suspended. Activate it under Administrators, or delete it.",
    ),
    ("acknowledged", "Acknowledged. The activity log has it."),
];

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let body = page(&site, &visit, None).await?;
    let mut frame = site.admin_chrome(&visit, NavItem::Administrators);
    frame.toast = done(&query_fields(uri.query())?, &DONE)?;
    admin_html(StatusCode::OK, frame, body)
}

/// Seals an account and shows its codes.
pub(crate) async fn seal(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let id = fields.get("administrator")?.unwrap_or_default();
    let Ok(id) = id.parse() else {
        return refuse(&site, &visit, BreakGlassError::NoSuchAdministrator, None).await;
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match seal_break_glass_account(&mut visit.op, store, sealing, id).await {
        Ok(new) => sheet(&site, &visit, id, &new).await,
        Err(error) => refuse(&site, &visit, error, None).await,
    }
}

/// Ten new codes.
pub(crate) async fn codes(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let fields = admin_form_fields(&headers, &body)?;
    let reason = typeable(fields.get("reason")?.unwrap_or_default());
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match renew_break_glass_codes(&mut visit.op, store, sealing, (id, &reason)).await {
        Ok(new) => sheet(&site, &visit, id, &new).await,
        Err(error) => refuse(&site, &visit, error, Some(Typed::Codes(id, reason))).await,
    }
}

/// Makes an ordinary account of a sealed one, which is suspended.
pub(crate) async fn unseal(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let fields = admin_form_fields(&headers, &body)?;
    let reason = typeable(fields.get("reason")?.unwrap_or_default());
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match unseal_break_glass_account(&mut visit.op, store, sealing, (id, &reason)).await {
        Ok(()) => see_done("unsealed"),
        Err(error) => refuse(&site, &visit, error, Some(Typed::Unseal(id, reason))).await,
    }
}

/// Announces a drill.
pub(crate) async fn drill(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    match start_drill(&mut visit.op, site.store.as_ref(), id).await {
        Ok(()) => see_done("drill"),
        Err(error) => refuse(&site, &visit, error, None).await,
    }
}

/// The days between drills.
pub(crate) async fn interval(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let fields = admin_form_fields(&headers, &body)?;
    let typed = typeable(fields.get("days")?.unwrap_or_default());
    // What is no number is out of range.
    let days = (id, typed.trim().parse().unwrap_or(0));
    match set_drill_interval(&mut visit.op, site.store.as_ref(), days).await {
        Ok(()) => see_done("interval"),
        Err(error) => refuse(&site, &visit, error, Some(Typed::Days(id, typed))).await,
    }
}

/// Keeps what a use was.
pub(crate) async fn acknowledge(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let fields = admin_form_fields(&headers, &body)?;
    let note = typeable(fields.get("note")?.unwrap_or_default());
    let what = UseKind::from_name(fields.get("what")?.unwrap_or_default());
    let times = fields.get("times")?.unwrap_or_default().parse::<i64>().ok();
    let outcome = match what.zip(times) {
        Some((what, times)) => {
            let said = (SeenUse { id, what, times }, note.as_str());
            acknowledge_break_glass_use(&mut visit.op, site.store.as_ref(), said).await
        }
        // Whoever does not say what they saw has not seen it.
        None => Err(BreakGlassError::Changed),
    };
    match outcome {
        Ok(()) => see_done("acknowledged"),
        Err(error) => refuse(&site, &visit, error, Some(Typed::Note(id, note))).await,
    }
}

fn see_done(code: &str) -> Result<Response, Failure> {
    see_other(&format!("/admin/administrators/break-glass?done={code}"))
}

/// The page once more, with what is wrong and with what was typed.
async fn refuse(
    site: &Site,
    visit: &AdminVisit,
    error: BreakGlassError,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    let status = match error {
        BreakGlassError::Store(error) => return Err(error.into()),
        BreakGlassError::NotAllowed(error) => return Err(error.into()),
        BreakGlassError::NoSuchUse => return Err(Failure::not_found()),
        BreakGlassError::Reason | BreakGlassError::Days => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    };
    let problem = sentence(&error.to_string());
    let body = page(site, visit, Some((problem, typed))).await?;
    let frame = site.admin_chrome(visit, NavItem::Administrators);
    admin_html(status, frame, body)
}

/// The codes, shown once.
async fn sheet(
    site: &Site,
    visit: &AdminVisit,
    id: AdministratorId,
    codes: &[SecretString],
) -> Result<Response, Failure> {
    let known = administrator(site.store.as_ref(), id).await?;
    let known = known.ok_or_else(Failure::not_found)?;
    let address = site.settings.public_url().join("/admin/login");
    let address = address.map_err(Failure::internal)?;
    let codes = codes.iter().map(|code| code.expose_secret().to_owned());
    let page = BreakGlassCodes {
        email: known.email,
        codes: codes.collect(),
        made: moment(visit.op.now, visit.op.now),
        address: address.to_string(),
    };
    let frame = site.admin_chrome(visit, NavItem::Administrators);
    admin_html(StatusCode::OK, frame, page)
}
