//! `/profile/totp…` and `/profile/recovery-codes`: what a person proves besides the password.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use jetway_identity::factors::{
    ChangeFactorError, FactorKind, TotpEnrolment, begin_totp, finish_totp, remove_totp,
    renew_recovery_codes, resume_totp,
};
use jetway_identity::sessions::renew_session;
use jetway_identity::{Op, SignInError, SignedInUser};
use jetway_pages::{Body, ConnectApp, QrPicture, RecoveryCodes};
use secrecy::{ExposeSecret, SecretString};

use crate::portal::profile::{act_as, own_form};
use crate::portal::sign_in::admit;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{Failure, Site, Visit, html, see_other, sign_in_path, signed_in};

/// Begins with a new secret.
pub(crate) async fn connect(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(own) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match begin_totp(&mut op, store, sealing, (&own.person.session).into()).await {
        Ok(enrolment) => own.connecting(&site, StatusCode::OK, &enrolment, None),
        Err(error) => refused(error),
    }
}

/// The first code of the app.
pub(crate) async fn finish(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(own) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let session = (&own.person.session).into();
    match finish_totp(&mut op, store, sealing, session, &own.typed).await {
        Ok(codes) => {
            let new = NewFactor {
                kind: FactorKind::Totp,
                shown_at: "/profile?done=totp",
                done: "The authenticator app is connected.",
                codes,
            };
            own.proved(&site, &mut op, &headers, new).await
        }
        Err(ChangeFactorError::Code(error)) => {
            let enrolment = resume_totp(store, sealing, session).await;
            let enrolment = match enrolment {
                Ok(enrolment) => enrolment,
                Err(error) => return refused(error),
            };
            let problem = Some(sentence(&error.to_string()));
            own.connecting(&site, StatusCode::UNPROCESSABLE_ENTITY, &enrolment, problem)
        }
        Err(error) => refused(error),
    }
}

/// Takes the app away.
pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(own) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    match remove_totp(
        &mut op,
        site.store.as_ref(),
        site.keys.sealing(),
        (&own.person.session).into(),
    )
    .await
    {
        Ok(()) => see_other("/profile?done=totp-removed"),
        Err(error) => refused(error),
    }
}

/// Ten new codes.
pub(crate) async fn renew(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let mut op = visit.into_op();
    let Some(own) = Own::of(&site, &mut op, &headers, &body).await? else {
        return see_other(&sign_in_path("/profile"));
    };
    match renew_recovery_codes(
        &mut op,
        site.store.as_ref(),
        site.keys.sealing(),
        (&own.person.session).into(),
    )
    .await
    {
        Ok(codes) => own.codes(&site, &codes, "There are ten new codes."),
        Err(error) => refused(error),
    }
}

/// Whoever is not fresh signs in again; what was overtaken shows as it is now.
pub(super) fn refused(error: ChangeFactorError) -> Result<Response, Failure> {
    match error {
        ChangeFactorError::NotFresh => see_other("/login?again&next=%2Fprofile"),
        ChangeFactorError::Enrolled
        | ChangeFactorError::Sealed
        | ChangeFactorError::NotStarted
        | ChangeFactorError::Code(_) => see_other("/profile"),
        ChangeFactorError::Store(error) => Err(error.into()),
    }
}

/// What was just set up, and how the person hears of it.
pub(super) struct NewFactor {
    pub(super) kind: FactorKind,
    /// Where the profile says so.
    pub(super) shown_at: &'static str,
    /// The same above new recovery codes.
    pub(super) done: &'static str,
    /// Handed out with the first factor.
    pub(super) codes: Option<Vec<SecretString>>,
}

/// Whose form it is.
pub(super) struct Own {
    pub(super) token: String,
    pub(super) person: SignedInUser,
    /// The code.
    pub(super) typed: String,
}

impl Own {
    pub(super) async fn of(
        site: &Site,
        op: &mut Op,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<Self>, Failure> {
        let Some(present) = signed_in(site, op, headers).await? else {
            return Ok(None);
        };
        let fields = own_form(headers, body, present.token)?;
        let typed = fields.get("otp")?.unwrap_or_default().to_owned();
        act_as(op, &present.person);
        Ok(Some(Self {
            token: present.token.to_owned(),
            person: present.person,
            typed,
        }))
    }

    /// Whoever has set a factor up has proved it: the session goes on under a new id, and knows.
    pub(super) async fn proved(
        mut self,
        site: &Site,
        op: &mut Op,
        headers: &HeaderMap,
        new: NewFactor,
    ) -> Result<Response, Failure> {
        let store = site.store.as_ref();
        let renewed = match renew_session(op, store, self.person.clone(), new.kind).await {
            Ok(renewed) => renewed,
            Err(SignInError::Store(error)) => return Err(error.into()),
            // What a policy asks besides is for the next sign-in.
            Err(_) => return self.after(site, &new),
        };
        let admitted = admit(site, op, headers, &renewed, Some(new.shown_at)).await?;
        if new.codes.is_none() {
            return Ok(admitted);
        }
        renewed.token.expose_secret().clone_into(&mut self.token);
        let mut shown = self.after(site, &new)?;
        let cookies = admitted.headers().get_all(SET_COOKIE).iter().cloned();
        let cookies = cookies.map(|cookie| (SET_COOKIE, cookie));
        shown.headers_mut().extend(cookies);
        Ok(shown)
    }

    fn after(&self, site: &Site, new: &NewFactor) -> Result<Response, Failure> {
        match &new.codes {
            None => see_other(new.shown_at),
            Some(codes) => self.codes(site, codes, new.done),
        }
    }

    fn connecting(
        &self,
        site: &Site,
        status: StatusCode,
        enrolment: &TotpEnrolment,
        problem: Option<String>,
    ) -> Result<Response, Failure> {
        let page = ConnectApp {
            csrf: csrf::token(&self.token, Purpose::Profile),
            action: "/profile/totp/finish".to_owned(),
            next: None,
            cancel: "/profile".to_owned(),
            secret: enrolment.secret.expose_secret().to_owned(),
            picture: QrPicture::of(enrolment.uri.expose_secret()),
            problem,
        };
        self.answer(site, status, page)
    }

    pub(super) fn codes(
        &self,
        site: &Site,
        codes: &[SecretString],
        done: &'static str,
    ) -> Result<Response, Failure> {
        let codes = codes.iter().map(|code| code.expose_secret().to_owned());
        let page = RecoveryCodes {
            codes: codes.collect(),
            done,
            go_on: "/profile".to_owned(),
        };
        self.answer(site, StatusCode::OK, page)
    }

    pub(super) fn answer(
        &self,
        site: &Site,
        status: StatusCode,
        page: impl Body,
    ) -> Result<Response, Failure> {
        let csrf = csrf::token(&self.token, Purpose::SignOut);
        html(status, site.chrome_for(&self.person.user, csrf), page)
    }
}

pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
