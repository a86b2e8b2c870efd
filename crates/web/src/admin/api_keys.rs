//! `/admin/api-keys`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::{
    Administrator, AdministratorState, ApiKey, ApiKeyId, CreateApiKeyError, NewApiKey, Permission,
    RevokeApiKeyError, Scope, create_api_key, list_api_keys, revoke_api_key,
};
use jetway_pages::admin::access;
use jetway_pages::admin::access::{ApiKeyCreated, ApiKeyRow, ApiKeys};
use jetway_pages::admin::parts::{Badge, Choice, Confirm, Field, Select, Tone};
use jetway_pages::admin::{NavItem, Toast};
use secrecy::ExposeSecret;
use time::Duration;

use crate::admin::set_up::sentence;
use crate::shared::{
    AdminVisit, Failure, Site, admin_form_fields, admin_html, moment, query_fields, see_other,
    typeable,
};

/// Choices of how long a key lives, in days; 0: for ever.
const LIVES: [(u16, &str); 5] = [
    (30, "in 30 days"),
    (90, "in 90 days"),
    (365, "in a year"),
    (730, "in two years"),
    (0, "never"),
];
const USUAL_LIFE: u16 = 90;
/// A key that ends within this time is shown as about to.
const SOON: Duration = Duration::days(14);

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let keys = list_api_keys(site.store.as_ref()).await?;
    let can_edit = visit.may(Permission::ManageApiKeys);
    let page = ApiKeys {
        rows: keys
            .iter()
            .map(|(key, owner)| row(&visit, key, owner, can_edit))
            .collect(),
        can_create: can_edit,
    };
    let mut frame = site.admin_chrome(&visit, NavItem::ApiKeys);
    let query = query_fields(uri.query())?;
    if query.get("done")? == Some("revoked") {
        frame.toast = Some(Toast {
            tone: Tone::Good,
            text: "The key is revoked and opens nothing any more.".to_owned(),
        });
    }
    admin_html(StatusCode::OK, frame, page)
}

fn row(visit: &AdminVisit, key: &ApiKey, owner: &Administrator, can_revoke: bool) -> ApiKeyRow {
    let now = visit.op.now;
    let state = if !key.is_live(now) {
        Badge::new(Tone::None, "expired")
    } else if owner.state == AdministratorState::Suspended {
        Badge::new(Tone::Waiting, "owner suspended")
    } else if key.expires_at.is_some_and(|end| end - now < SOON) {
        Badge::new(Tone::Waiting, "expires soon")
    } else {
        Badge::new(Tone::Good, "active")
    };
    ApiKeyRow {
        id: key.id.to_string(),
        name: key.name.clone(),
        start: key.hint.clone(),
        scope: scopes_words(&key.scopes),
        owner: owner.label().to_owned(),
        expires: key.expires_at.map(|at| moment(at, now)),
        last_used: key.last_used_at.map(|at| moment(at, now)),
        state,
        can_revoke,
    }
}

pub(crate) async fn create_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let page = form(&visit, "", Some(Scope::Read), USUAL_LIFE);
    let frame = site.admin_chrome(&visit, NavItem::ApiKeys);
    admin_html(StatusCode::OK, frame, page)
}

/// Makes a key for whoever is signed in, and shows its secret this once.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let fields = admin_form_fields(&headers, &body)?;
    let name = typeable(fields.get("name")?.unwrap_or_default());
    let scope = fields.get("scope")?.and_then(Scope::from_name);
    let days = fields.get("expires")?.and_then(|text| text.parse().ok());
    let days = days.filter(|days| LIVES.iter().any(|(known, _)| known == days));
    let mut page = form(&visit, &name, scope, days.unwrap_or(USUAL_LIFE));
    if scope.is_none() {
        page.scope.error = Some("Choose what the key may do.".to_owned());
    }
    if days.is_none() {
        page.expires.error = Some("Choose when the key ends.".to_owned());
    }
    let (Some(scope), Some(days)) = (scope, days) else {
        let frame = site.admin_chrome(&visit, NavItem::ApiKeys);
        return admin_html(StatusCode::UNPROCESSABLE_ENTITY, frame, page);
    };
    let life = (days > 0).then(|| Duration::days(i64::from(days)));
    let new = NewApiKey {
        name,
        scopes: vec![scope],
        expires_at: life.map(|life| visit.op.now + life),
    };
    let owner = visit.administrator.id;
    let created = match create_api_key(&mut visit.op, site.store.as_ref(), owner, new).await {
        Ok(created) => created,
        Err(CreateApiKeyError::NotAllowed(_)) => return Err(Failure::forbidden()),
        Err(CreateApiKeyError::Store(error)) => return Err(error.into()),
        Err(error) => {
            let problem = sentence(&error.to_string());
            match error {
                CreateApiKeyError::Text(_) => page.name.error = Some(problem),
                _ => page.problem = Some(problem),
            }
            let frame = site.admin_chrome(&visit, NavItem::ApiKeys);
            return admin_html(StatusCode::UNPROCESSABLE_ENTITY, frame, page);
        }
    };
    let secret = created.secret.expose_secret();
    let origin = site.settings.public_url().origin().ascii_serialization();
    let page = ApiKeyCreated {
        name: created.key.name.clone(),
        secret: secret.to_owned(),
        scope: scopes_words(&created.key.scopes),
        expires: created.key.expires_at.map(|at| moment(at, visit.op.now)),
        example: format!("curl -H 'Authorization: Bearer {secret}' {origin}/api/v1/caller"),
    };
    admin_html(
        StatusCode::OK,
        site.admin_chrome(&visit, NavItem::ApiKeys),
        page,
    )
}

pub(crate) async fn revoke_form(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let id: ApiKeyId = id.parse().map_err(|_| Failure::not_found())?;
    let keys = list_api_keys(site.store.as_ref()).await?;
    let found = keys.into_iter().find(|(key, _)| key.id == id);
    let (key, owner) = found.ok_or_else(Failure::not_found)?;
    let used = match key.last_used_at {
        Some(at) => format!("It was last used {}.", moment(at, visit.op.now).relative),
        None => "It was never used.".to_owned(),
    };
    let page = Confirm {
        heading: format!("Revoke the key {}?", key.name),
        subjects: Vec::new(),
        more: None,
        consequences: vec![
            "Programs that use it are refused from now on.".to_owned(),
            used,
            format!("It belongs to {}.", owner.label()),
        ],
        action: format!("/admin/api-keys/{id}/revoke"),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: None,
        submit: "Revoke the key".to_owned(),
        danger: true,
        cancel: "/admin/api-keys".to_owned(),
    };
    admin_html(
        StatusCode::OK,
        site.admin_chrome(&visit, NavItem::ApiKeys),
        page,
    )
}

pub(crate) async fn revoke(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let id = id.parse().map_err(|_| Failure::not_found())?;
    match revoke_api_key(&mut visit.op, site.store.as_ref(), id).await {
        Ok(()) => see_other("/admin/api-keys?done=revoked"),
        Err(RevokeApiKeyError::NoSuchKey) => Err(Failure::not_found()),
        Err(RevokeApiKeyError::NotAllowed(_)) => Err(Failure::forbidden()),
        Err(RevokeApiKeyError::Store(error)) => Err(error.into()),
    }
}

fn form(visit: &AdminVisit, name: &str, scope: Option<Scope>, days: u16) -> access::NewApiKey {
    let scopes = Scope::ALL.into_iter().map(|known| {
        let text = format!("{}: {}", scope_words(known), scope_explained(known));
        Choice::new(known.as_str(), text, Some(known) == scope)
    });
    let lives = LIVES
        .into_iter()
        .map(|(known, text)| Choice::new(known.to_string(), text, known == days));
    access::NewApiKey {
        csrf: visit.csrf.clone(),
        name: Field::new(name),
        scope: Select {
            choices: scopes.collect(),
            error: None,
        },
        expires: Select {
            choices: lives.collect(),
            error: None,
        },
        problem: None,
    }
}

fn scopes_words(scopes: &[Scope]) -> String {
    let words: Vec<_> = scopes.iter().map(|scope| scope_words(*scope)).collect();
    words.join(", ")
}

fn scope_words(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "Read",
        Scope::Users => "Users",
        Scope::Groups => "Groups",
        Scope::Settings => "Settings",
        Scope::Full => "Full",
    }
}

fn scope_explained(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "people, groups, applications, activity and settings, to read",
        Scope::Users => "everything about people",
        Scope::Groups => "groups, their members and their applications",
        Scope::Settings => "the organisation's settings and where the log goes",
        Scope::Full => "whatever you may do",
    }
}
