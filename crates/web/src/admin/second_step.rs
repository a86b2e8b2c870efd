//! `/admin/login/code` and `/admin/login/enrol`: what a sign-in to the admin portal asks besides the
//! password (security.md item 28). As for people, the cookie of the first step is no session.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::{RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_identity::administrators::{
    AdministratorFactorError, enrolling_administrator, finish_administrator_enrolment,
    pending_administrator_step, prove_administrator_code,
};
use jetway_identity::factors::{
    ChangeFactorError, FactorKind, SignedInOwner, TotpEnrolment, begin_totp, finish_totp,
    resume_totp,
};
use jetway_identity::sessions::PendingStep;
use jetway_identity::{AdministratorSignInError, Op};
use jetway_pages::{
    ConnectApp, EnrolNow, Message, QrPicture, RecoveryCodes, SecondStep, SecondStepProblem,
};
use secrecy::{ExposeSecret, SecretString};

use crate::admin::set_up::sentence;
use crate::admin::sign_in::{admit, next_of};
use crate::portal::{whole_seconds, with_next};
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, VisitorForm, form_fields, html, is_from_visitor, query_fields, see_other,
};

const LOGIN: &str = "/admin/login";
const CODE: &str = "/admin/login/code";
const ENROL: &str = "/admin/login/enrol";

/// Where the administrator goes now. `None`: the error is about what was typed.
pub(super) fn held(
    site: &Site,
    error: &AdministratorSignInError,
    next: Option<&str>,
) -> Option<Result<Response, Failure>> {
    Some(match error {
        AdministratorSignInError::FactorNeeded(needed) => go_on(site, CODE, &needed.token, next),
        AdministratorSignInError::MustEnrol(needed) => go_on(site, ENROL, &needed.token, next),
        AdministratorSignInError::Denied { text } => {
            html(StatusCode::FORBIDDEN, site.chrome(), Message::denied(text))
        }
        AdministratorSignInError::Refused
        | AdministratorSignInError::LockedOut { .. }
        | AdministratorSignInError::Busy(_)
        | AdministratorSignInError::Store(_) => return None,
    })
}

fn go_on(
    site: &Site,
    path: &str,
    token: &SecretString,
    next: Option<&str>,
) -> Result<Response, Failure> {
    let mut response = see_other(&with_next(path, next))?;
    let cookies = &site.cookies;
    let cookie = cookies.set(cookies.pending_administrator, token.expose_secret());
    let cookie = cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// The form for a code; without a first step, the sign-in.
pub(crate) async fn code_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let next = next_of(&query_fields(uri.query())?)?;
    let mut op = visit.into_op();
    code_page(&site, &mut op, &headers, next, (StatusCode::OK, None)).await
}

/// Checks the code and opens the session.
pub(crate) async fn prove(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    if !is_from_visitor(&site, &headers, &fields, Purpose::AdminDoor)? {
        return Err(Failure::cross_site());
    }
    let next = next_of(&fields)?;
    let Some(pending) = cookie(&headers, site.cookies.pending_administrator) else {
        return see_other(LOGIN);
    };
    let code = (pending, fields.get("otp")?.unwrap_or_default());
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let mut op = visit.into_op();
    let dev = site.settings.is_dev();
    let (status, problem, wait) =
        match prove_administrator_code(&mut op, store, sealing, code, dev).await {
            Ok(signed_in) => {
                let next = next.as_deref().unwrap_or("/admin");
                return admit(&site, &mut op, &headers, &signed_in, next).await;
            }
            Err(AdministratorFactorError::Refused(_)) => {
                (StatusCode::UNAUTHORIZED, SecondStepProblem::Refused, None)
            }
            Err(AdministratorFactorError::LockedOut { retry_after }) => {
                let seconds = whole_seconds(retry_after);
                let problem = SecondStepProblem::Wait { seconds };
                (StatusCode::TOO_MANY_REQUESTS, problem, Some(seconds))
            }
            Err(error) => return not_gone_on(&site, error, next.as_deref()),
        };
    let shown = (status, Some(problem));
    let mut response = code_page(&site, &mut op, &headers, next, shown).await?;
    if let Some(seconds) = wait {
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

fn not_gone_on(
    site: &Site,
    error: AdministratorFactorError,
    next: Option<&str>,
) -> Result<Response, Failure> {
    match error {
        AdministratorFactorError::SignIn(AdministratorSignInError::Store(error))
        | AdministratorFactorError::Store(error) => Err(error.into()),
        AdministratorFactorError::SignIn(error) => {
            held(site, &error, next).unwrap_or_else(|| see_other(LOGIN))
        }
        AdministratorFactorError::NotStarted
        | AdministratorFactorError::Refused(_)
        | AdministratorFactorError::LockedOut { .. } => see_other(LOGIN),
    }
}

async fn code_page(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    next: Option<String>,
    (status, problem): (StatusCode, Option<SecondStepProblem>),
) -> Result<Response, Failure> {
    let Some(PendingStep::Prove(kinds)) = step(site, op, headers).await? else {
        return see_other(LOGIN);
    };
    let form = VisitorForm::of(site, op, headers);
    let page = SecondStep {
        action: CODE.to_owned(),
        csrf: form.csrf(Purpose::AdminDoor),
        next,
        totp: kinds.contains(&FactorKind::Totp),
        // Phones are for people.
        push: false,
        recovery: kinds.contains(&FactorKind::RecoveryCode),
        passkey: None,
        elsewhere: None,
        somebody_else: LOGIN,
        problem,
    };
    form.page(site, status, page)
}

async fn step(site: &Site, op: &Op, headers: &HeaderMap) -> Result<Option<PendingStep>, Failure> {
    let Some(pending) = cookie(headers, site.cookies.pending_administrator) else {
        return Ok(None);
    };
    let (store, dev) = (site.store.as_ref(), site.settings.is_dev());
    Ok(pending_administrator_step(op, store, pending, dev).await?)
}

/// Why the sign-in does not go on, and what to do.
pub(crate) async fn enrol_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let next = next_of(&query_fields(uri.query())?)?;
    let mut op = visit.into_op();
    let Some(PendingStep::Enrol(kinds)) = step(&site, &op, &headers).await? else {
        return see_other(LOGIN);
    };
    let form = VisitorForm::of(&site, &mut op, &headers);
    let page = EnrolNow {
        csrf: form.csrf(Purpose::AdminDoor),
        action: ENROL,
        next,
        kinds: "a second factor".to_owned(),
        totp: kinds.contains(&FactorKind::Totp),
        somebody_else: LOGIN,
    };
    form.page(&site, StatusCode::OK, page)
}

/// Begins with a new secret.
pub(crate) async fn enrol(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(enrolling) = Enrolling::of(&site, &mut op, &headers, &body).await? else {
        return see_other(LOGIN);
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match begin_totp(&mut op, store, sealing, enrolling.who).await {
        Ok(enrolment) => enrolling.page(&site, StatusCode::OK, &enrolment, None),
        Err(ChangeFactorError::Store(error)) => Err(error.into()),
        Err(_) => see_other(LOGIN),
    }
}

/// The first code of the app, which goes on with the sign-in too.
pub(crate) async fn finish_enrol(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(enrolling) = Enrolling::of(&site, &mut op, &headers, &body).await? else {
        return see_other(LOGIN);
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let finished = finish_totp(&mut op, store, sealing, enrolling.who, &enrolling.typed).await;
    let codes = match finished {
        Ok(codes) => codes,
        Err(ChangeFactorError::Code(error)) => {
            let problem = Some(sentence(&error.to_string()));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return match resume_totp(store, sealing, enrolling.who).await {
                Ok(enrolment) => enrolling.page(&site, status, &enrolment, problem),
                Err(ChangeFactorError::Store(error)) => Err(error.into()),
                Err(_) => see_other(LOGIN),
            };
        }
        Err(ChangeFactorError::Store(error)) => return Err(error.into()),
        Err(_) => return see_other(LOGIN),
    };
    let (kind, dev) = (FactorKind::Totp, site.settings.is_dev());
    let token = &enrolling.token;
    let finished = finish_administrator_enrolment(&mut op, store, sealing, token, kind, dev).await;
    let signed_in = match finished {
        Ok(signed_in) => signed_in,
        Err(error) => return not_gone_on(&site, error, enrolling.next.as_deref()),
    };
    let next = enrolling.next.as_deref().unwrap_or("/admin");
    let admitted = admit(&site, &mut op, &headers, &signed_in, next).await?;
    let Some(codes) = codes else {
        return Ok(admitted);
    };
    let codes = codes.iter().map(|code| code.expose_secret().to_owned());
    let page = RecoveryCodes {
        codes: codes.collect(),
        done: "The authenticator app is connected, and you are signed in.",
        go_on: next.to_owned(),
    };
    let mut shown = html(StatusCode::OK, site.chrome(), page)?;
    let cookies = admitted.headers().get_all(SET_COOKIE).iter().cloned();
    let cookies = cookies.map(|cookie| (SET_COOKIE, cookie));
    shown.headers_mut().extend(cookies);
    Ok(shown)
}

/// A form of an administrator whose sign-in waits for the enrolment of an app.
struct Enrolling {
    who: SignedInOwner,
    /// Of the waiting sign-in.
    token: String,
    csrf: String,
    next: Option<String>,
    /// The code.
    typed: String,
}

impl Enrolling {
    async fn of(
        site: &Site,
        op: &mut Op,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<Self>, Failure> {
        let fields = form_fields(headers, body)?;
        if !is_from_visitor(site, headers, &fields, Purpose::AdminDoor)? {
            return Err(Failure::cross_site());
        }
        let Some(token) = cookie(headers, site.cookies.pending_administrator) else {
            return Ok(None);
        };
        let (store, dev) = (site.store.as_ref(), site.settings.is_dev());
        let who = enrolling_administrator(op, store, token, FactorKind::Totp, dev).await?;
        let form = VisitorForm::of(site, op, headers);
        let next = next_of(&fields)?;
        let typed = fields.get("otp")?.unwrap_or_default().to_owned();
        Ok(who.map(|who| Self {
            who,
            token: token.to_owned(),
            csrf: form.csrf(Purpose::AdminDoor),
            next,
            typed,
        }))
    }

    fn page(
        &self,
        site: &Site,
        status: StatusCode,
        enrolment: &TotpEnrolment,
        problem: Option<String>,
    ) -> Result<Response, Failure> {
        let page = ConnectApp {
            csrf: self.csrf.clone(),
            action: format!("{ENROL}/finish"),
            next: self.next.clone(),
            cancel: LOGIN.to_owned(),
            secret: enrolment.secret.expose_secret().to_owned(),
            picture: QrPicture::of(enrolment.uri.expose_secret()),
            problem,
        };
        html(status, site.chrome(), page)
    }
}
