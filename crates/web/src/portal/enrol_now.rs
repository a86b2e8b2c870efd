//! `GET` and `POST /login/enrol`: a sign-in that goes on once the person has set a second factor up,
//! because a policy asks for one.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::Op;
use jetway_identity::factors::{
    ChangeFactorError, FactorKind, SignedInOwner, TotpEnrolment, begin_totp, finish_totp,
    resume_totp,
};
use jetway_identity::sessions::{
    PendingStep, SecondFactorError, enrolling, finish_enrolment, pending_step,
};
use jetway_pages::{ConnectApp, EnrolNow, QrPicture, RecoveryCodes};
use secrecy::ExposeSecret;

use crate::portal::factors::sentence;
use crate::portal::held::held;
use crate::portal::sign_in::{admit, next_of};
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, VisitorForm, form_fields, html, is_from_visitor, query_fields, see_other,
    sign_in_again_path,
};

pub(super) const PATH: &str = "/login/enrol";

/// Why, and what can be set up.
pub(crate) async fn enrol_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let next = next_of(&query)?;
    let mut op = visit.into_op();
    let Some(pending) = cookie(&headers, site.cookies.pending) else {
        return see_other("/login");
    };
    let step = pending_step(&op, site.store.as_ref(), pending).await?;
    let Some(PendingStep::Enrol(kinds)) = step else {
        return see_other("/login");
    };
    let form = VisitorForm::of(&site, &mut op, &headers);
    let page = EnrolNow {
        csrf: form.csrf(Purpose::SignIn),
        action: PATH,
        next,
        kinds: "a second factor".to_owned(),
        totp: kinds.contains(&FactorKind::Totp),
        somebody_else: "/login",
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
        return see_other("/login");
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match begin_totp(&mut op, store, sealing, enrolling.who).await {
        Ok(enrolment) => enrolling.page(&site, StatusCode::OK, &enrolment, None),
        Err(error) => refused(error, enrolling.next.as_deref()),
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
        return see_other("/login");
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
                Err(error) => refused(error, enrolling.next.as_deref()),
            };
        }
        Err(error) => return refused(error, enrolling.next.as_deref()),
    };
    let kind = FactorKind::Totp;
    let next = enrolling.next.as_deref();
    let token = &enrolling.token;
    let signed_in = match finish_enrolment(&mut op, store, sealing, token, kind).await {
        Ok(signed_in) => signed_in,
        Err(SecondFactorError::SignIn(error)) => {
            return held(&site, &error, next).unwrap_or_else(|| see_other("/login"));
        }
        Err(SecondFactorError::Store(error)) => return Err(error.into()),
        Err(_) => return see_other("/login"),
    };
    let response = admit(&site, &mut op, &headers, &signed_in, next).await?;
    let Some(codes) = codes else {
        return Ok(response);
    };
    let codes = codes.iter().map(|code| code.expose_secret().to_owned());
    let page = RecoveryCodes {
        codes: codes.collect(),
        done: "The authenticator app is connected, and you are signed in.",
        go_on: next.unwrap_or("/").to_owned(),
    };
    let mut shown = html(StatusCode::OK, site.chrome(), page)?;
    // The cookies of the new session, without the redirection.
    let cookies = response.headers().get_all(SET_COOKIE).iter().cloned();
    let cookies = cookies.map(|cookie| (SET_COOKIE, cookie));
    shown.headers_mut().extend(cookies);
    Ok(shown)
}

/// Whoever took too long begins again: with the password too, also in a session.
fn refused(error: ChangeFactorError, next: Option<&str>) -> Result<Response, Failure> {
    match error {
        ChangeFactorError::Store(error) => Err(error.into()),
        ChangeFactorError::NotFresh => see_other(&sign_in_again_path(next.unwrap_or("/"))),
        ChangeFactorError::Enrolled
        | ChangeFactorError::Sealed
        | ChangeFactorError::NotStarted
        | ChangeFactorError::Code(_) => see_other("/login"),
    }
}

/// A form of somebody whose sign-in waits for the enrolment of an app.
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
        if !is_from_visitor(site, headers, &fields, Purpose::SignIn)? {
            return Err(Failure::cross_site());
        }
        let Some(token) = cookie(headers, site.cookies.pending) else {
            return Ok(None);
        };
        let who = enrolling(op, site.store.as_ref(), token, FactorKind::Totp).await?;
        let form = VisitorForm::of(site, op, headers);
        let next = next_of(&fields)?;
        let typed = fields.get("otp")?.unwrap_or_default().to_owned();
        Ok(who.map(|who| Self {
            who,
            token: token.to_owned(),
            csrf: form.csrf(Purpose::SignIn),
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
            action: format!("{PATH}/finish"),
            next: self.next.clone(),
            cancel: "/login".to_owned(),
            secret: enrolment.secret.expose_secret().to_owned(),
            picture: QrPicture::of(enrolment.uri.expose_secret()),
            problem,
        };
        html(status, site.chrome(), page)
    }
}
