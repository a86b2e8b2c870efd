//! A policy: shown, made, changed, switched and moved.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::sign_in_policies::{
    ChangeSignInPolicyError, CreateSignInPolicyError, Direction, MAX_WINDOWS, PolicyRule,
    SavedSignInPolicy, SignInPolicyChange, change_sign_in_policy, create_sign_in_policy,
    list_sign_in_policies, move_sign_in_policy, order_behind,
};
use jetway_pages::admin::NavItem;

use super::form::form;
use super::typed::{Typed, TypedWindow};
use super::{LIST, failure, find};
use crate::admin::typed_version;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, admin_html, see_other};

/// Most groups that are named at once, beside those that are ticked.
const MOST_NAMED: usize = 20;

/// The form of a new policy.
pub(crate) async fn new_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    page(&site, &visit, StatusCode::OK, None, Typed::new()).await
}

/// A policy as it is stored.
pub(crate) async fn open(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let saved = find(&site, &id).await?;
    let typed = Typed::stored(&saved);
    let shown = Some((&saved, saved.version));
    page(&site, &visit, StatusCode::OK, shown, typed).await
}

/// Makes a policy, or adds a time to the form.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let mut typed = Typed::sent(&fields)?;
    if fields.get("do")? == Some("add-window") {
        add_window(&mut typed);
        return page(&site, &visit, StatusCode::OK, None, typed).await;
    }
    let all = list_sign_in_policies(site.store.as_ref()).await?;
    let Some(rule) = read(&site, &mut typed, order_behind(&all)).await? else {
        return page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, None, typed).await;
    };
    match create_sign_in_policy(&mut visit.op, site.store.as_ref(), rule).await {
        Ok(_) => see_other(&format!("{LIST}?done=saved")),
        Err(CreateSignInPolicyError::Invalid(invalid)) => {
            typed.mark(&invalid);
            page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, None, typed).await
        }
        Err(CreateSignInPolicyError::NotAllowed(error)) => Err(error.into()),
        Err(CreateSignInPolicyError::Store(error)) => Err(error.into()),
    }
}

/// Changes a policy, or adds a time to the form.
pub(crate) async fn save(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    let saved = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let version = typed_version(&fields)?;
    let mut typed = Typed::sent(&fields)?;
    let shown = Some((&saved, version));
    if fields.get("do")? == Some("add-window") {
        add_window(&mut typed);
        return page(&site, &visit, StatusCode::OK, shown, typed).await;
    }
    let Some(rule) = read(&site, &mut typed, saved.policy.rule.order).await? else {
        return page(
            &site,
            &visit,
            StatusCode::UNPROCESSABLE_ENTITY,
            shown,
            typed,
        )
        .await;
    };
    let change = SignInPolicyChange {
        name: Some(rule.name),
        enabled: Some(rule.enabled),
        order: None,
        who: Some(rule.who),
        application: Some(rule.application),
        conditions: Some(rule.conditions),
        effect: Some(rule.effect),
    };
    let store = site.store.as_ref();
    let id = saved.policy.id;
    match change_sign_in_policy(&mut visit.op, store, id, Some(version), change).await {
        Ok(_) => see_other(&format!("{LIST}?done=saved")),
        Err(ChangeSignInPolicyError::Invalid(invalid)) => {
            typed.mark(&invalid);
            page(
                &site,
                &visit,
                StatusCode::UNPROCESSABLE_ENTITY,
                shown,
                typed,
            )
            .await
        }
        Err(ChangeSignInPolicyError::Stale(now)) => {
            let told = "Somebody else changed this policy while the form was open, so nothing is saved yet. What you typed is below: save again to use it instead, or cancel to see how things are now.";
            typed.problem = Some(told.to_owned());
            let shown = Some((&*now, now.version));
            page(&site, &visit, StatusCode::CONFLICT, shown, typed).await
        }
        Err(error) => Err(failure(error)),
    }
}

/// What a row of the list can do: `on`, `off`, `up`, `down`.
pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    let saved = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let (store, id) = (site.store.as_ref(), saved.policy.id);
    let (enabled, done) = match fields.get("do")? {
        Some("on") => (true, "on"),
        Some("off") => (false, "off"),
        Some(way @ ("up" | "down")) => {
            let direction = if way == "up" {
                Direction::Up
            } else {
                Direction::Down
            };
            let moved = move_sign_in_policy(&mut visit.op, store, id, direction).await;
            moved.map_err(failure)?;
            return see_other(&format!("{LIST}?done=moved"));
        }
        _ => return Err(Failure::bad_request()),
    };
    let change = SignInPolicyChange {
        enabled: Some(enabled),
        ..SignInPolicyChange::default()
    };
    match change_sign_in_policy(&mut visit.op, store, id, None, change).await {
        Ok(_) => see_other(&format!("{LIST}?done={done}")),
        Err(ChangeSignInPolicyError::Invalid(invalid)) => {
            let mut typed = Typed::stored(&saved);
            typed.enabled = enabled;
            typed.problem =
                Some("It cannot be switched on as it is. What is wrong is said below.".to_owned());
            typed.mark(&invalid);
            let shown = Some((&saved, saved.version));
            page(
                &site,
                &visit,
                StatusCode::UNPROCESSABLE_ENTITY,
                shown,
                typed,
            )
            .await
        }
        Err(error) => Err(failure(error)),
    }
}

fn add_window(typed: &mut Typed) {
    if typed.windows.len() < MAX_WINDOWS {
        typed.windows.push(TypedWindow::default());
    }
}

/// The policy that was typed; `None` if something cannot be read, which is then noted.
async fn read(site: &Site, typed: &mut Typed, order: u16) -> Result<Option<PolicyRule>, Failure> {
    if typed.who == "groups" {
        take_named_groups(site, typed).await?;
    }
    typed.rule(order)
}

/// Ticks the groups that were named. Those that there are not stay in the field.
async fn take_named_groups(site: &Site, typed: &mut Typed) -> Result<(), Failure> {
    let text = std::mem::take(&mut typed.more_groups);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let names: Vec<&str> = lines.collect();
    if names.len() > MOST_NAMED {
        let reason = format!("Name at most {MOST_NAMED} groups at once.");
        typed.errors.insert("more-groups", reason);
        typed.more_groups = text;
        return Ok(());
    }
    let mut read = site.store.read().await?;
    let mut unknown = Vec::new();
    for name in names {
        match read.group_by_name(name).await? {
            Some(group) => {
                typed.groups.insert(group.id);
            }
            None => unknown.push(name),
        }
    }
    if let Some(name) = unknown.first() {
        let reason = format!("There is no group “{name}”.");
        typed.errors.insert("more-groups", reason);
    }
    typed.more_groups = unknown.join("\n");
    Ok(())
}

/// The form, of what is stored and the version that it was made from.
async fn page(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    shown: Option<(&SavedSignInPolicy, i64)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let (saved, version) = shown.unzip();
    let body = form(site, visit, saved, version, typed).await?;
    let frame = site.admin_chrome(visit, NavItem::Policies);
    admin_html(status, frame, body)
}
