//! `GET` and `POST /login/code`: the second step of a sign-in.
//!
//! The cookie of the first step is no session; it serves for this page alone and ends with it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_identity::factors::webauthn::UserVerification;
use jetway_identity::factors::{FactorKind, PasskeyAnswer};
use jetway_identity::sessions::{
    self, PasskeyStepError, PendingStep, SecondFactorError, ask_for_passkey, pending_step,
    prove_code,
};
use jetway_identity::{Op, SignInError};
use jetway_pages::{PasskeyForm, SecondStep, SecondStepProblem};
use time::Duration;

use crate::portal::factors::sentence;
use crate::portal::held::held;
use crate::portal::sign_in::{admit, next_of};
use crate::portal::whole_seconds;
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::passkeys::{form, relying_party_at, tools};
use crate::shared::{
    Failure, Site, Visit, VisitorForm, form_fields, is_from_visitor, query_fields, see_other,
};

pub(super) const PATH: &str = "/login/code";

/// The form; without a first step, the sign-in.
pub(crate) async fn code_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let next = next_of(&query)?;
    let origin = Arc::clone(&visit.origin);
    let step = Step {
        site: &site,
        headers: &headers,
        origin: &origin,
        next,
    };
    step.page(&mut visit.into_op(), StatusCode::OK, None).await
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
    let origin = Arc::clone(&visit.origin);
    let step = Step {
        site: &site,
        headers: &headers,
        origin: &origin,
        next: next_of(&fields)?,
    };
    if !is_from_visitor(&site, &headers, &fields, Purpose::SignIn)? {
        return Err(Failure::cross_site());
    }
    let Some(pending) = cookie(&headers, site.cookies.pending) else {
        return see_other("/login");
    };
    let typed = fields.get("otp")?.unwrap_or_default();
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let mut op = visit.into_op();
    match prove_code(&mut op, store, sealing, (pending, typed)).await {
        Ok(signed_in) => admit(&site, &mut op, &headers, &signed_in, step.next.as_deref()).await,
        Err(SecondFactorError::NotStarted) => see_other("/login"),
        Err(SecondFactorError::Refused(_)) => {
            let problem = Some(SecondStepProblem::Refused);
            step.page(&mut op, StatusCode::UNAUTHORIZED, problem).await
        }
        Err(SecondFactorError::LockedOut { retry_after }) => step.wait(&mut op, retry_after).await,
        Err(SecondFactorError::SignIn(error)) => step.held(&error),
        Err(SecondFactorError::Store(error)) => Err(error.into()),
    }
}

/// Checks the answer of a key and opens the session.
pub(crate) async fn prove_passkey(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    let origin = Arc::clone(&visit.origin);
    let step = Step {
        site: &site,
        headers: &headers,
        origin: &origin,
        next: next_of(&fields)?,
    };
    if !is_from_visitor(&site, &headers, &fields, Purpose::SignIn)? {
        return Err(Failure::cross_site());
    }
    let pending = cookie(&headers, site.cookies.pending);
    let (Some(pending), Some(party)) = (pending, relying_party_at(&site, &origin)) else {
        return see_other("/login");
    };
    let given = PasskeyAnswer {
        sealed: fields.get("ceremony")?.unwrap_or_default(),
        json: fields.get("answer")?.unwrap_or_default().as_bytes(),
    };
    let (store, tools) = (site.store.as_ref(), tools(&site, &party));
    let mut op = visit.into_op();
    match sessions::prove_passkey(&mut op, store, tools, pending, given).await {
        Ok(signed_in) => admit(&site, &mut op, &headers, &signed_in, step.next.as_deref()).await,
        Err(PasskeyStepError::NotStarted) => see_other("/login"),
        Err(PasskeyStepError::Refused(refused)) => {
            let problem = SecondStepProblem::Passkey(sentence(&refused.to_string()));
            step.page(&mut op, StatusCode::UNAUTHORIZED, Some(problem))
                .await
        }
        Err(PasskeyStepError::LockedOut { retry_after }) => step.wait(&mut op, retry_after).await,
        Err(PasskeyStepError::SignIn(error)) => step.held(&error),
        Err(PasskeyStepError::Store(error)) => Err(error.into()),
    }
}

/// The page of one browser.
struct Step<'a> {
    site: &'a Site,
    headers: &'a HeaderMap,
    origin: &'a str,
    next: Option<String>,
}

impl Step<'_> {
    fn held(&self, error: &SignInError) -> Result<Response, Failure> {
        held(self.site, error, self.next.as_deref()).unwrap_or_else(|| see_other("/login"))
    }

    async fn wait(&self, op: &mut Op, retry_after: Duration) -> Result<Response, Failure> {
        let seconds = whole_seconds(retry_after);
        let problem = Some(SecondStepProblem::Wait { seconds });
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut response = self.page(op, status, problem).await?;
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        Ok(response)
    }

    /// What the keys of whoever signs in are asked, and where else they work.
    async fn question(
        &self,
        op: &mut Op,
        (pending, csrf): (&str, String),
    ) -> Result<(Option<PasskeyForm>, Option<String>), Failure> {
        let site = self.site;
        let Some(party) = relying_party_at(site, self.origin) else {
            return Ok((None, Some(site.settings.public_url().to_string())));
        };
        let (store, verification) = (site.store.as_ref(), UserVerification::Preferred);
        let asked = ask_for_passkey(op, store, tools(site, &party), pending, verification).await?;
        let asked = asked.map(|asked| {
            let action = format!("{}{PATH}/passkey", self.origin);
            form(&asked, (action, csrf), self.next.clone())
        });
        Ok((asked.transpose()?, None))
    }

    async fn page(
        &self,
        op: &mut Op,
        status: StatusCode,
        problem: Option<SecondStepProblem>,
    ) -> Result<Response, Failure> {
        let site = self.site;
        let Some(pending) = cookie(self.headers, site.cookies.pending) else {
            return see_other("/login");
        };
        let step = pending_step(op, site.store.as_ref(), pending).await?;
        let Some(PendingStep::Prove(kinds)) = step else {
            return see_other("/login");
        };
        let visitor = VisitorForm::of(site, op, self.headers);
        let (passkey, elsewhere) = if kinds.contains(&FactorKind::Webauthn) {
            let csrf = visitor.csrf(Purpose::SignIn);
            self.question(op, (pending, csrf)).await?
        } else {
            (None, None)
        };
        let body = SecondStep {
            action: format!("{}{PATH}", self.origin),
            csrf: visitor.csrf(Purpose::SignIn),
            next: self.next.clone(),
            totp: kinds.contains(&FactorKind::Totp),
            push: kinds.contains(&FactorKind::Push),
            recovery: kinds.contains(&FactorKind::RecoveryCode),
            passkey,
            elsewhere,
            somebody_else: "/login",
            problem,
        };
        visitor.page(site, status, body)
    }
}
