//! `/admin/profile/totp…` and `/admin/profile/recovery-codes`: an administrator's own second factor.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::factors::{
    ChangeFactorError, TotpEnrolment, begin_totp, finish_totp, remove_totp, renew_recovery_codes,
    resume_totp,
};
use jetway_pages::{ConnectApp, QrPicture, RecoveryCodes};
use secrecy::{ExposeSecret, SecretString};

use crate::admin::set_up::sentence;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, admin_html, see_other};

const PROFILE: &str = "/admin/profile";

/// Begins with a new secret.
pub(crate) async fn connect(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let who = (&visit.session).into();
    match begin_totp(&mut visit.op, store, sealing, who).await {
        Ok(enrolment) => connecting(&site, &visit, StatusCode::OK, &enrolment, None),
        Err(error) => refused(error),
    }
}

/// The first code of the app.
pub(crate) async fn finish(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let typed = fields.get("otp")?.unwrap_or_default();
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let who = (&visit.session).into();
    match finish_totp(&mut visit.op, store, sealing, who, typed).await {
        Ok(None) => see_other("/admin/profile?done=totp"),
        Ok(Some(new)) => codes(&site, &visit, &new, "The authenticator app is connected."),
        Err(ChangeFactorError::Code(error)) => {
            let problem = Some(sentence(&error.to_string()));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            match resume_totp(store, sealing, who).await {
                Ok(enrolment) => connecting(&site, &visit, status, &enrolment, problem),
                Err(error) => refused(error),
            }
        }
        Err(error) => refused(error),
    }
}

/// Takes the app away.
pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let who = (&visit.session).into();
    match remove_totp(&mut visit.op, store, sealing, who).await {
        Ok(()) => see_other("/admin/profile?done=totp-removed"),
        Err(error) => refused(error),
    }
}

/// Ten new codes.
pub(crate) async fn renew(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let who = (&visit.session).into();
    match renew_recovery_codes(&mut visit.op, store, sealing, who).await {
        Ok(new) => codes(&site, &visit, &new, "There are ten new codes."),
        Err(error) => refused(error),
    }
}

/// Whoever is not fresh signs in again; what was overtaken shows as it is now.
fn refused(error: ChangeFactorError) -> Result<Response, Failure> {
    match error {
        ChangeFactorError::NotFresh => see_other("/admin/login?again&next=%2Fadmin%2Fprofile"),
        ChangeFactorError::Store(error) => Err(error.into()),
        ChangeFactorError::Enrolled
        | ChangeFactorError::Sealed
        | ChangeFactorError::NotStarted
        | ChangeFactorError::Code(_) => see_other(PROFILE),
    }
}

fn connecting(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    enrolment: &TotpEnrolment,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let page = ConnectApp {
        csrf: visit.csrf.clone(),
        action: "/admin/profile/totp/finish".to_owned(),
        next: None,
        cancel: PROFILE.to_owned(),
        secret: enrolment.secret.expose_secret().to_owned(),
        picture: QrPicture::of(enrolment.uri.expose_secret()),
        problem,
    };
    admin_html(status, site.admin_chrome(visit, None), page)
}

fn codes(
    site: &Site,
    visit: &AdminVisit,
    codes: &[SecretString],
    done: &'static str,
) -> Result<Response, Failure> {
    let codes = codes.iter().map(|code| code.expose_secret().to_owned());
    let page = RecoveryCodes {
        codes: codes.collect(),
        done,
        go_on: PROFILE.to_owned(),
    };
    admin_html(StatusCode::OK, site.admin_chrome(visit, None), page)
}
