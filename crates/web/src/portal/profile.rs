//! `/profile`: what the directory says of a person, their password, where they are signed in
//! (security.md items 34 and 40).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::credentials::{
    ChangeOwnPasswordError, ChangePassword, change_own_password, password_expires_at,
};
use jetway_identity::factors::{list_passkeys, owned_factors, phones_of};
use jetway_identity::passwords::PasswordError;
use jetway_identity::sessions::{
    RevokeSessionError, list_sessions, revoke_session, revoke_sessions,
};
use jetway_identity::{Actor, Op, SessionId, SignedInUser};
use jetway_pages::account::{NewPasswordErrors, OwnPasskeys, OwnSession, OwnSessions};
use jetway_pages::{OwnPhone, Profile, ProfileFact};
use secrecy::SecretString;
use time::OffsetDateTime;

use crate::portal::new_password::typed_password;
use crate::portal::whole_seconds;
use crate::shared::csrf::{self, Purpose};
use crate::shared::passkeys::{own_passkey, place};
use crate::shared::{
    Failure, Fields, Site, Visit, client_name, form_fields, html, moment, password_rules,
    query_fields, refused, see_other, sign_in_path, signed_in,
};

/// What was just done, by the code in the address.
const DONE: [(&str, &str); 9] = [
    (
        "password",
        "Your new password is set. Everywhere else you are signed out.",
    ),
    ("session", "That browser is signed out."),
    ("sessions", "Everywhere else you are signed out."),
    ("passkey", "The passkey is added."),
    ("passkey-renamed", "The passkey has its new name."),
    (
        "passkey-removed",
        "The passkey is removed. If it was your last factor, your phones are taken away too, and your \
         password alone signs you in now.",
    ),
    ("totp", "The authenticator app is connected."),
    ("phone-removed", "That phone is taken away."),
    (
        "totp-removed",
        "The authenticator app is taken away. If it was your last factor, your phones are taken away \
         too, and your password alone signs you in now.",
    ),
];

pub(crate) async fn profile(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let origin = Arc::clone(&visit.origin);
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    let query = query_fields(uri.query())?;
    let code = query.get("done")?.unwrap_or_default();
    let done = DONE.iter().find(|(name, _)| *name == code);
    let view = View {
        site: &site,
        origin: &origin,
        token: present.token,
        person: &present.person,
    };
    let mut page = view.page(&op, None).await?;
    page.done = done.map(|(_, text)| (*text).to_owned());
    view.answer(StatusCode::OK, page)
}

pub(crate) async fn change_password(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let origin = Arc::clone(&visit.origin);
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    let fields = own_form(&headers, &body, present.token)?;
    let view = View {
        site: &site,
        origin: &origin,
        token: present.token,
        person: &present.person,
    };
    let new = match typed_password(&fields)? {
        Ok(new) => new,
        Err(errors) => {
            return view
                .refuse(&op, StatusCode::UNPROCESSABLE_ENTITY, None, errors)
                .await;
        }
    };
    act_as(&mut op, &present.person);
    let change = ChangePassword {
        user: present.person.user.id,
        current: SecretString::from(fields.get("current")?.unwrap_or_default()),
        new,
        keep: present.person.session.id,
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let outcome = change_own_password(&mut op, store, &site.hashers, sealing, change).await;
    let mut errors = NewPasswordErrors::default();
    match outcome {
        Ok(()) => see_other("/profile?done=password"),
        Err(ChangeOwnPasswordError::WrongPassword) => {
            errors.current = Some("This is not your current password.".to_owned());
            view.refuse(&op, StatusCode::UNPROCESSABLE_ENTITY, None, errors)
                .await
        }
        Err(ChangeOwnPasswordError::LockedOut { retry_after }) => {
            let seconds = whole_seconds(retry_after);
            let text = format!("Too many wrong passwords. Wait {seconds} seconds, then try again.");
            errors.form = Some(text);
            view.refuse(&op, StatusCode::TOO_MANY_REQUESTS, None, errors)
                .await
        }
        Err(ChangeOwnPasswordError::Password(error)) => {
            let (broken, errors) = refused(error);
            let status = match broken {
                Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
                None => StatusCode::SERVICE_UNAVAILABLE,
            };
            view.refuse(&op, status, broken, errors).await
        }
        Err(ChangeOwnPasswordError::NoSuchUser) => see_other("/login"),
        Err(ChangeOwnPasswordError::Store(error)) => Err(error.into()),
    }
}

/// Ends one of the person's own sessions. One that ended by itself meanwhile is no problem.
pub(crate) async fn end_session(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    let fields = own_form(&headers, &body, present.token)?;
    let id = fields.get("id")?.unwrap_or_default();
    let id: SessionId = id.parse().map_err(|_| Failure::bad_request())?;
    act_as(&mut op, &present.person);
    let user = present.person.user.id;
    match revoke_session(&mut op, site.store.as_ref(), user, id).await {
        Ok(()) | Err(RevokeSessionError::NoSuchSession) => see_other("/profile?done=session"),
        Err(RevokeSessionError::NoSuchUser) => see_other("/login"),
        Err(RevokeSessionError::Store(error)) => Err(error.into()),
    }
}

/// Ends all of the person's sessions but this one.
pub(crate) async fn end_other_sessions(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    own_form(&headers, &body, present.token)?;
    act_as(&mut op, &present.person);
    let keep = Some(present.person.session.id);
    let user = present.person.user.id;
    match revoke_sessions(&mut op, site.store.as_ref(), user, keep).await {
        Ok(_) => see_other("/profile?done=sessions"),
        Err(RevokeSessionError::Store(error)) => Err(error.into()),
        Err(_) => see_other("/login"),
    }
}

pub(super) fn act_as(op: &mut Op, person: &SignedInUser) {
    op.actor = Actor::User {
        id: person.user.id,
        label: person.user.email.clone(),
    };
}

/// The fields of a form of this page, sent from this session.
pub(super) fn own_form<'a>(
    headers: &HeaderMap,
    body: &'a [u8],
    session: &str,
) -> Result<Fields<'a>, Failure> {
    let fields = form_fields(headers, body)?;
    let given = fields.get("csrf")?.unwrap_or_default();
    if csrf::is_valid(session, Purpose::Profile, given) {
        Ok(fields)
    } else {
        Err(Failure::cross_site())
    }
}

/// The page of one person.
struct View<'a> {
    site: &'a Site,
    /// Where the browser is.
    origin: &'a str,
    token: &'a str,
    person: &'a SignedInUser,
}

impl View<'_> {
    async fn page(&self, op: &Op, broken: Option<PasswordError>) -> Result<Profile, Failure> {
        let user = &self.person.user;
        let sessions = list_sessions(op, self.site.store.as_ref(), user.id).await?;
        let store = self.site.store.as_ref();
        let factors = owned_factors(store, user.id.into()).await?;
        let keys = list_passkeys(store, user.id.into()).await?;
        let phones = phones_of(store, user.id).await?;
        let policy = self.site.password_policy();
        let at = |instant: OffsetDateTime| moment(instant, op.now);
        let mut rows: Vec<OwnSession> = sessions
            .iter()
            .map(|session| OwnSession {
                id: session.id.to_string(),
                client: client_name(session),
                address: session
                    .ip
                    .map_or_else(|| "address unknown".to_owned(), |ip| ip.to_string()),
                signed_in: at(session.created_at),
                last_seen: at(session.last_seen_at),
                current: session.id == self.person.session.id,
            })
            .collect();
        rows.sort_by_key(|row| !row.current);
        let phones = phones.into_iter().map(|phone| OwnPhone {
            id: phone.id.to_string(),
            name: phone.name,
            connected: at(phone.created_at),
        });
        let phones = phones.collect();
        let csrf = csrf::token(self.token, Purpose::Profile);
        Ok(Profile {
            csrf: csrf.clone(),
            facts: self.facts(),
            password_set: user.password_changed_at.map(at),
            password_expires: password_expires_at(&policy, user).map(at),
            rules: password_rules(&policy, broken),
            errors: NewPasswordErrors::default(),
            sessions: OwnSessions {
                base: "/profile/sessions",
                csrf: csrf.clone(),
                sessions: rows,
            },
            passkeys: OwnPasskeys {
                base: "/profile/passkeys",
                csrf,
                keys: keys.iter().map(|key| own_passkey(key, op.now)).collect(),
                place: place(self.site, self.origin),
            },
            totp: factors.totp.map(at),
            recovery_codes: factors.recovery_codes,
            phones,
            done: None,
            email: user.email.clone(),
        })
    }

    fn facts(&self) -> Vec<ProfileFact> {
        let user = &self.person.user;
        let name = format!("{} {}", user.first_name, user.last_name);
        let known = [
            ("Name", name.trim()),
            ("Display name", &user.display_name),
            ("E-mail address", &user.email),
            ("Username", &user.username),
        ];
        let more = FACTS.iter().filter_map(|(attribute, label)| {
            Some((*label, user.attributes.get(*attribute)?.as_str()))
        });
        known
            .into_iter()
            .chain(more)
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| ProfileFact {
                label: label.to_owned(),
                value: value.to_owned(),
            })
            .collect()
    }

    async fn refuse(
        &self,
        op: &Op,
        status: StatusCode,
        broken: Option<PasswordError>,
        errors: NewPasswordErrors,
    ) -> Result<Response, Failure> {
        let page = Profile {
            errors,
            ..self.page(op, broken).await?
        };
        self.answer(status, page)
    }

    fn answer(&self, status: StatusCode, page: Profile) -> Result<Response, Failure> {
        let csrf = csrf::token(self.token, Purpose::SignOut);
        let chrome = self.site.chrome_for(&self.person.user, csrf);
        html(status, chrome, page)
    }
}

/// Directory attributes that people see of themselves.
const FACTS: [(&str, &str); 7] = [
    ("jobTitle", "Job title"),
    ("department", "Department"),
    ("company", "Company"),
    ("location", "Location"),
    ("employeeType", "Employee type"),
    ("employeeIdentifier", "Employee number"),
    ("costCenter", "Cost centre"),
];
