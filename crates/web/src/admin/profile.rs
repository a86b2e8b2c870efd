//! `/admin/profile`: an administrator's own name, password and sessions (security.md item 40).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::break_glass::break_glass_ids;
use jetway_identity::credentials::ChangeOwnPasswordError;
use jetway_identity::factors::owned_factors;
use jetway_identity::passwords::PasswordError;
use jetway_identity::{
    ChangeAdministratorPassword, RenameOwnError, SessionId, Via, change_own_administrator_password,
    list_administrator_sessions, rename_own_administrator, revoke_administrator_session,
    revoke_administrator_sessions,
};
use jetway_pages::account::{NewPasswordErrors, OwnSession, OwnSessions};
use jetway_pages::admin::Toast;
use jetway_pages::admin::access::AdministratorProfile;
use jetway_pages::admin::parts::{Field, Tone};
use secrecy::SecretString;

use crate::admin::set_up::sentence;
use crate::portal::{typed_password, whole_seconds};
use crate::shared::{
    AdminVisit, Failure, Site, admin_form_fields, admin_html, moment, password_rules, program_name,
    query_fields, refused, role_words, see_other, typeable,
};

/// What was just done, by the code in the address.
const DONE: [(&str, &str); 6] = [
    ("name", "Your name is saved."),
    (
        "password",
        "Your new password is set. Everywhere else you are signed out.",
    ),
    ("session", "That browser is signed out."),
    ("sessions", "Everywhere else you are signed out."),
    ("totp", "The authenticator app is connected."),
    ("totp-removed", "The authenticator app is taken away."),
];

pub(crate) async fn profile(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let code = query.get("done")?.unwrap_or_default();
    let page = page(&site, &visit, None).await?;
    let mut frame = site.admin_chrome(&visit, None);
    frame.toast = DONE
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, text)| Toast {
            tone: Tone::Good,
            text: (*text).to_owned(),
        });
    admin_html(StatusCode::OK, frame, page)
}

pub(crate) async fn rename(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let fields = admin_form_fields(&headers, &body)?;
    let name = typeable(fields.get("name")?.unwrap_or_default());
    let id = visit.administrator.id;
    match rename_own_administrator(&mut visit.op, site.store.as_ref(), id, &name).await {
        Ok(()) => see_other("/admin/profile?done=name"),
        Err(RenameOwnError::Store(error)) => Err(error.into()),
        Err(error) => {
            let mut page = page(&site, &visit, None).await?;
            page.name = Field::new(name).with_error(sentence(&error.to_string()));
            let frame = site.admin_chrome(&visit, None);
            admin_html(StatusCode::UNPROCESSABLE_ENTITY, frame, page)
        }
    }
}

pub(crate) async fn change_password(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let fields = admin_form_fields(&headers, &body)?;
    let unusable = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match typed_password(&fields)? {
        Ok(new) => new,
        Err(errors) => return refuse(&site, &visit, unusable, None, errors).await,
    };
    let change = ChangeAdministratorPassword {
        administrator: visit.administrator.id,
        current: SecretString::from(fields.get("current")?.unwrap_or_default()),
        new,
        keep: visit.session.id,
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let hashers = &site.hashers;
    let outcome =
        change_own_administrator_password(&mut visit.op, store, hashers, sealing, change).await;
    let mut errors = NewPasswordErrors::default();
    match outcome {
        Ok(()) => see_other("/admin/profile?done=password"),
        Err(ChangeOwnPasswordError::WrongPassword) => {
            errors.current = Some("This is not your current password.".to_owned());
            refuse(&site, &visit, unusable, None, errors).await
        }
        Err(ChangeOwnPasswordError::LockedOut { retry_after }) => {
            let seconds = whole_seconds(retry_after);
            let text = format!("Too many wrong passwords. Wait {seconds} seconds, then try again.");
            errors.form = Some(text);
            refuse(&site, &visit, StatusCode::TOO_MANY_REQUESTS, None, errors).await
        }
        Err(ChangeOwnPasswordError::Password(error)) => {
            let (broken, errors) = refused(error);
            let status = match broken {
                Some(_) => unusable,
                None => StatusCode::SERVICE_UNAVAILABLE,
            };
            refuse(&site, &visit, status, broken, errors).await
        }
        Err(ChangeOwnPasswordError::NoSuchUser) => see_other("/admin/login"),
        Err(ChangeOwnPasswordError::Store(error)) => Err(error.into()),
    }
}

/// Ends one of the administrator's own sessions. One that ended meanwhile is no problem.
pub(crate) async fn end_session(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let fields = admin_form_fields(&headers, &body)?;
    let id = fields.get("id")?.unwrap_or_default();
    let id: SessionId = id.parse().map_err(|_| Failure::bad_request())?;
    let store = site.store.as_ref();
    revoke_administrator_session(&mut visit.op, store, &visit.administrator, id).await?;
    see_other("/admin/profile?done=session")
}

/// Ends all of the administrator's sessions but this one.
pub(crate) async fn end_other_sessions(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let mut visit = visit;
    let keep = Some(visit.session.id);
    let store = site.store.as_ref();
    revoke_administrator_sessions(&mut visit.op, store, &visit.administrator, keep).await?;
    see_other("/admin/profile?done=sessions")
}

async fn refuse(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    broken: Option<PasswordError>,
    errors: NewPasswordErrors,
) -> Result<Response, Failure> {
    let page = AdministratorProfile {
        errors,
        ..page(site, visit, broken).await?
    };
    admin_html(status, site.admin_chrome(visit, None), page)
}

async fn page(
    site: &Site,
    visit: &AdminVisit,
    broken: Option<PasswordError>,
) -> Result<AdministratorProfile, Failure> {
    let administrator = &visit.administrator;
    let store = site.store.as_ref();
    let sessions = list_administrator_sessions(&visit.op, store, administrator.id).await?;
    let factors = owned_factors(store, administrator.id.into()).await?;
    let sealed = break_glass_ids(store).await?;
    let at = |instant| moment(instant, visit.op.now);
    let mut rows: Vec<OwnSession> = sessions
        .iter()
        .map(|session| OwnSession {
            id: session.id.to_string(),
            client: program_name(session.user_agent.as_deref(), Via::Browser),
            address: session
                .ip
                .map_or_else(|| "address unknown".to_owned(), |ip| ip.to_string()),
            signed_in: at(session.created_at),
            last_seen: at(session.last_seen_at),
            current: session.id == visit.session.id,
        })
        .collect();
    rows.sort_by_key(|row| !row.current);
    Ok(AdministratorProfile {
        csrf: visit.csrf.clone(),
        name: Field::new(administrator.name.clone()),
        email: administrator.email.clone(),
        role: role_words(administrator.role).to_owned(),
        has_password: administrator.password_changed_at.is_some(),
        rules: password_rules(&visit.settings.sections.passwords, broken),
        errors: NewPasswordErrors::default(),
        totp: factors.totp.map(at),
        recovery_codes: factors.recovery_codes,
        break_glass: sealed.contains(&administrator.id),
        sessions: OwnSessions {
            base: "/admin/profile/sessions",
            csrf: visit.csrf.clone(),
            sessions: rows,
        },
    })
}
