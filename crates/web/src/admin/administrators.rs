//! `/admin/administrators` (requirement A11).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::break_glass::break_glass_ids;
use jetway_identity::factors::{self, ResetFactorsError};
use jetway_identity::{
    Administrator, AdministratorChange, AdministratorId, AdministratorState,
    DeleteAdministratorError, Invitation, InviteAdministratorError, Permission, Role, StoreError,
    Unique, UpdateAdministratorError, administrator, delete_administrator, invite_administrator,
    invite_administrator_again, list_administrators, list_api_keys, update_administrator,
};
use jetway_pages::admin::access::{AdministratorForm, AdministratorRow, Administrators};
use jetway_pages::admin::parts::{Badge, Choice, Confirm, Field, Select, Tone};
use jetway_pages::admin::{NavItem, Toast};

use crate::admin::set_up::sentence;
use crate::shared::{
    AdminVisit, Failure, Site, admin_form_fields, admin_html, moment, query_fields, role_words,
    see_other, typeable,
};

/// What was just done, by the code in the address.
const DONE: [(&str, &str); 5] = [
    (
        "invited",
        "The invitation is on its way. Without a mail server it waits in the outbox.",
    ),
    (
        "saved",
        "The administrator is saved. A change of role or state signs them out.",
    ),
    (
        "factors-reset",
        "The second factors are taken away; the next sign-in sets new ones up.",
    ),
    ("deleted", "The administrator is deleted."),
    ("unchanged", "There was nothing to do."),
];

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let known = list_administrators(site.store.as_ref()).await?;
    let sealed = break_glass_ids(site.store.as_ref()).await?;
    let rows = known.iter().map(|known| AdministratorRow {
        break_glass: sealed.contains(&known.id),
        ..row(&visit, known)
    });
    let rows = rows.collect();
    let page = Administrators {
        csrf: visit.csrf.clone(),
        rows,
        can_edit: visit.may(Permission::ManageAdministrators),
    };
    let mut frame = site.admin_chrome(&visit, NavItem::Administrators);
    let query = query_fields(uri.query())?;
    let code = query.get("done")?.unwrap_or_default();
    frame.toast = DONE
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, text)| Toast {
            tone: Tone::Good,
            text: (*text).to_owned(),
        });
    admin_html(StatusCode::OK, frame, page)
}

fn row(visit: &AdminVisit, known: &Administrator) -> AdministratorRow {
    let invited = known.password_changed_at.is_none() && known.last_sign_in_at.is_none();
    let state = match known.state {
        AdministratorState::Suspended => Badge::new(Tone::Waiting, "suspended"),
        AdministratorState::Active if invited => Badge::new(Tone::Waiting, "invited"),
        AdministratorState::Active => Badge::new(Tone::Good, "active"),
    };
    AdministratorRow {
        id: known.id.to_string(),
        name: known.label().to_owned(),
        email: known.email.clone(),
        role: role_words(known.role).to_owned(),
        state,
        last_sign_in: known.last_sign_in_at.map(|at| moment(at, visit.op.now)),
        is_you: known.id == visit.administrator.id,
        break_glass: false,
        invited: invited && known.state == AdministratorState::Active,
    }
}

pub(crate) async fn invite_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let form = form(&visit, None, "", Role::ReadOnly);
    show(&site, &visit, StatusCode::OK, form)
}

pub(crate) async fn invite(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let fields = admin_form_fields(&headers, &body)?;
    let email = typeable(fields.get("email")?.unwrap_or_default());
    let role = fields.get("role")?.and_then(Role::from_name);
    let mut page = form(&visit, None, &email, role.unwrap_or(Role::ReadOnly));
    let Some(role) = role else {
        page.role.error = Some("Choose a role.".to_owned());
        return show(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, page);
    };
    let invitation = Invitation {
        email: email.clone(),
        name: String::new(),
        role,
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let url = site.settings.public_url();
    let problem = match invite_administrator(&mut visit.op, store, sealing, url, invitation).await {
        Ok(_) => return see_other("/admin/administrators?done=invited"),
        Err(InviteAdministratorError::Store(StoreError::Taken(Unique::Email))) => {
            "An administrator already has this address.".to_owned()
        }
        Err(InviteAdministratorError::Text(error)) => sentence(&error.to_string()),
        Err(InviteAdministratorError::NotAllowed(_)) => return Err(Failure::forbidden()),
        Err(InviteAdministratorError::Store(error)) => return Err(error.into()),
        Err(error) => sentence(&error.to_string()),
    };
    page.email = Field::new(email).with_error(problem);
    show(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, page)
}

pub(crate) async fn invite_again(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let url = site.settings.public_url();
    match invite_administrator_again(&mut visit.op, store, sealing, url, id).await {
        Ok(_) => see_other("/admin/administrators?done=invited"),
        Err(InviteAdministratorError::NoSuchAdministrator) => Err(Failure::not_found()),
        Err(InviteAdministratorError::NotAllowed(_)) => Err(Failure::forbidden()),
        Err(InviteAdministratorError::Store(error)) => Err(error.into()),
        Err(_) => see_other("/admin/administrators?done=unchanged"),
    }
}

pub(crate) async fn edit_form(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let known = find(&site, &id).await?;
    let form = form(&visit, Some(&known), &known.email, known.role);
    show(&site, &visit, StatusCode::OK, form)
}

/// Takes the second factors of an administrator away who has lost them.
pub(crate) async fn reset_factors(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let known = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let reason = fields.get("reason")?.unwrap_or_default();
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let owner = known.id.into();
    match factors::reset_factors(&mut visit.op, store, sealing, owner, reason).await {
        Ok(()) => see_other("/admin/administrators?done=factors-reset"),
        Err(error @ (ResetFactorsError::Reason | ResetFactorsError::Sealed)) => {
            let mut form = form(&visit, Some(&known), &known.email, known.role);
            form.reason = Field::new(typeable(reason)).with_error(sentence(&error.to_string()));
            show(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
        Err(ResetFactorsError::NobodyThere) => Err(Failure::not_found()),
        Err(ResetFactorsError::NotAllowed(_)) => Err(Failure::forbidden()),
        Err(ResetFactorsError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn update(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let known = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let version = fields.get("version")?.and_then(|text| text.parse().ok());
    let role = fields.get("role")?.and_then(Role::from_name);
    let state = fields.get("state")?.and_then(AdministratorState::from_name);
    let change = AdministratorChange {
        name: None,
        role,
        state,
    };
    let store = site.store.as_ref();
    let outcome = update_administrator(&mut visit.op, store, known.id, version, change).await;
    let (known, status, problem) = match outcome {
        Ok(_) => return see_other("/admin/administrators?done=saved"),
        Err(UpdateAdministratorError::NoSuchAdministrator) => return Err(Failure::not_found()),
        Err(UpdateAdministratorError::NotAllowed(_)) => return Err(Failure::forbidden()),
        Err(UpdateAdministratorError::Store(error)) => return Err(error.into()),
        Err(UpdateAdministratorError::Stale(now)) => {
            let problem = format!(
                "Somebody else changed this administrator in the meantime: they are {} and {} \
                 now. Check what you chose and save again.",
                role_words(now.role).to_lowercase(),
                now.state.as_str()
            );
            (*now, StatusCode::CONFLICT, problem)
        }
        Err(
            error @ (UpdateAdministratorError::LastFull
            | UpdateAdministratorError::Sealed
            | UpdateAdministratorError::Text(_)),
        ) => (known, StatusCode::CONFLICT, sentence(&error.to_string())),
    };
    let mut page = form(
        &visit,
        Some(&known),
        &known.email,
        role.unwrap_or(known.role),
    );
    page.state = Some(states(state.unwrap_or(known.state)));
    page.problem = Some(problem);
    show(&site, &visit, status, page)
}

pub(crate) async fn delete_form(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    confirm(&site, &visit, &id, "", None).await
}

pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let known = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let typed = typeable(fields.get("typed")?.unwrap_or_default());
    if typed.trim() != known.email {
        return confirm(&site, &visit, &id, &typed, None).await;
    }
    match delete_administrator(&mut visit.op, site.store.as_ref(), known.id).await {
        Ok(()) if known.id == visit.administrator.id => see_other("/admin/login"),
        Ok(()) => see_other("/admin/administrators?done=deleted"),
        Err(DeleteAdministratorError::NoSuchAdministrator) => Err(Failure::not_found()),
        Err(DeleteAdministratorError::NotAllowed(_)) => Err(Failure::forbidden()),
        Err(DeleteAdministratorError::Store(error)) => Err(error.into()),
        Err(error @ (DeleteAdministratorError::LastFull | DeleteAdministratorError::Sealed)) => {
            let reason = sentence(&error.to_string());
            confirm(&site, &visit, &id, &typed, Some(reason)).await
        }
    }
}

/// The page before deleting; with a reason, why it was not done.
async fn confirm(
    site: &Site,
    visit: &AdminVisit,
    id: &str,
    typed: &str,
    reason: Option<String>,
) -> Result<Response, Failure> {
    let known = find(site, id).await?;
    let keys = list_api_keys(site.store.as_ref()).await?;
    let keys = keys.iter().filter(|(key, _)| key.owner == known.id).count();
    let keys = u32::try_from(keys).unwrap_or(u32::MAX);
    let row = row(visit, &known);
    let mut page = Confirm::delete_administrator(&row, keys, visit.csrf.clone(), typed);
    let status = match (typed.is_empty(), reason) {
        (true, _) => StatusCode::OK,
        (false, None) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, Some(reason)) => {
            if let Some(typed) = &mut page.typed {
                typed.error = Some(reason);
            }
            StatusCode::CONFLICT
        }
    };
    admin_html(
        status,
        site.admin_chrome(visit, NavItem::Administrators),
        page,
    )
}

async fn find(site: &Site, id: &str) -> Result<Administrator, Failure> {
    let id: AdministratorId = id.parse().map_err(|_| Failure::not_found())?;
    let known = administrator(site.store.as_ref(), id).await?;
    known.ok_or_else(Failure::not_found)
}

fn form(
    visit: &AdminVisit,
    known: Option<&Administrator>,
    email: &str,
    role: Role,
) -> AdministratorForm {
    AdministratorForm {
        reason: Field::default(),
        who: known.map(|known| (known.id.to_string(), known.label().to_owned())),
        csrf: visit.csrf.clone(),
        version: known
            .map(|known| known.version.to_string())
            .unwrap_or_default(),
        email: Field::new(email),
        role: roles(role),
        state: known.map(|known| states(known.state)),
        problem: None,
    }
}

fn roles(selected: Role) -> Select {
    let choices = Role::ALL.into_iter().map(|role| {
        let what = match role {
            Role::Full => "everything, also administrators, keys and settings",
            Role::HelpDesk => "people, invitations, resets and sessions; reads everything else",
            Role::ReadOnly => "reads; changes nothing",
        };
        let text = format!("{}: {what}", role_words(role));
        Choice::new(role.as_str(), text, role == selected)
    });
    Select {
        choices: choices.collect(),
        error: None,
    }
}

fn states(selected: AdministratorState) -> Select {
    let choices = [
        (AdministratorState::Active, "Active: may sign in"),
        (
            AdministratorState::Suspended,
            "Suspended: signed out at once, and their API keys stop to work",
        ),
    ];
    Select {
        choices: choices
            .into_iter()
            .map(|(state, text)| Choice::new(state.as_str(), text, state == selected))
            .collect(),
        error: None,
    }
}

fn show(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    page: AdministratorForm,
) -> Result<Response, Failure> {
    admin_html(
        status,
        site.admin_chrome(visit, NavItem::Administrators),
        page,
    )
}
