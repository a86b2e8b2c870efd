//! `POST /login/passkey`: signing in with a passkey alone. The sign-in page asks for one, in the
//! field of the e-mail address too where the browser can do that.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::Op;
use jetway_identity::factors::PasskeyAnswer;
use jetway_identity::sessions::{self, PasskeySignInError, ask_for_any_passkey};
use jetway_pages::{PasskeyForm, SignInProblem};

use crate::portal::factors::sentence;
use crate::portal::held::held;
use crate::portal::sign_in::{Form, admit, next_of, whole_seconds};
use crate::shared::csrf::{self, Purpose};
use crate::shared::passkeys::{form, relying_party_at, tools};
use crate::shared::{DeviceCookie, Failure, Site, Visit, form_fields, see_other};

/// What the sign-in page at `origin` asks; nothing where keys do not work. `secret` is the
/// browser's visitor cookie.
pub(super) fn question(
    site: &Site,
    op: &mut Op,
    (origin, secret): (&str, &str),
    next: Option<&str>,
) -> Result<Option<PasskeyForm>, Failure> {
    let Some(party) = relying_party_at(site, origin) else {
        return Ok(None);
    };
    let asked = ask_for_any_passkey(op, tools(site, &party), secret);
    let csrf = csrf::token(secret, Purpose::SignIn);
    let action = format!("{origin}/login/passkey");
    form(&asked, (action, csrf), next.map(str::to_owned)).map(Some)
}

/// Checks the answer and opens the session.
pub(crate) async fn sign_in_with_passkey(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    let next = next_of(&fields)?;
    let origin = Arc::clone(&visit.origin);
    let mut op = visit.into_op();
    let page = |problem| Form {
        origin: &origin,
        next: next.clone(),
        email: "",
        problem: Some(problem),
    };
    let token = fields.get("csrf")?.unwrap_or_default();
    let visitor = csrf::visitor(&site, &headers)
        .filter(|secret| csrf::is_valid(secret, Purpose::SignIn, token));
    let Some(visitor) = visitor else {
        return page(SignInProblem::Stale).page(&site, &mut op, &headers, StatusCode::FORBIDDEN);
    };
    let Some(party) = relying_party_at(&site, &origin) else {
        return see_other("/login");
    };
    let given = PasskeyAnswer {
        sealed: fields.get("ceremony")?.unwrap_or_default(),
        json: fields.get("answer")?.unwrap_or_default().as_bytes(),
    };
    let (store, tools) = (site.store.as_ref(), tools(&site, &party));
    let device = DeviceCookie::of(&site, &mut op, &headers);
    let browser = (visitor, Some(&device.token()));
    let outcome = sessions::sign_in_with_passkey(&mut op, store, tools, browser, given).await;
    match outcome {
        Ok(signed_in) => {
            let admitted = admit(&site, &mut op, &headers, &signed_in, next.as_deref()).await;
            device.keep(&site, admitted?)
        }
        Err(PasskeySignInError::SignIn(error)) => {
            let held = held(&site, &error, next.as_deref());
            device.keep(&site, held.unwrap_or_else(|| see_other("/login"))?)
        }
        Err(PasskeySignInError::LockedOut { retry_after }) => {
            let seconds = whole_seconds(retry_after);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let problem = SignInProblem::Wait { seconds };
            let mut response = page(problem).page(&site, &mut op, &headers, status)?;
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        Err(PasskeySignInError::Store(error)) => Err(error.into()),
        Err(error @ (PasskeySignInError::Refused(_) | PasskeySignInError::NotAdmitted)) => {
            let problem = SignInProblem::Passkey(sentence(&error.to_string()));
            page(problem).page(&site, &mut op, &headers, StatusCode::UNAUTHORIZED)
        }
    }
}
