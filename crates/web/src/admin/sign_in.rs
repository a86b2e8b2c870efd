//! `GET /admin/login` and `POST /admin/login` (requirements A01 to A04).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::{RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_identity::{
    AdministratorSignIn, AdministratorSignInError, Op, SignedInAs, current_administrator,
    sign_in_administrator, sign_out_administrator,
};
use jetway_pages::SignInProblem;
use jetway_pages::admin::door::{self, AdministratorSignInProblem};
use jetway_pages::admin::parts::Field;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::byte_serialize;

use crate::admin::second_step::held;
use crate::portal::{BUSY_WAIT, whole_seconds};
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    DeviceCookie, Failure, Fields, Site, Visit, VisitorForm, form_fields, is_from_visitor,
    query_fields, same_site_path, see_other, typeable,
};

/// The form. Whoever is signed in goes straight on, unless they shall sign in again.
pub(crate) async fn sign_in_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let next = next_of(&query)?;
    let mut op = visit.into_op();
    if let Some(token) = cookie(&headers, site.cookies.administrator)
        && !query.has("again")
    {
        let present = current_administrator(&op, site.store.as_ref(), token).await?;
        if present.is_some() {
            return see_other(next.as_deref().unwrap_or("/admin"));
        }
    }
    let problem = query.has("signed-out").then_some(SignInProblem::SignedOut);
    let form = Form {
        next,
        email: "",
        problem: problem.map(AdministratorSignInProblem::Form),
    };
    form.page(&site, &mut op, &headers, StatusCode::OK)
}

/// Checks e-mail address and password, opens a session under a new id and ends the one before.
pub(crate) async fn sign_in(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    let next = next_of(&fields)?;
    let mut op = visit.into_op();
    let email = fields.get("email")?.unwrap_or_default();
    let form = |problem| Form {
        next: next.clone(),
        email,
        problem: Some(AdministratorSignInProblem::Form(problem)),
    };
    if !is_from_visitor(&site, &headers, &fields, Purpose::AdminDoor)? {
        let form = Form {
            email: "",
            ..form(SignInProblem::Stale)
        };
        return form.page(&site, &mut op, &headers, StatusCode::FORBIDDEN);
    }
    let device = DeviceCookie::of(&site, &mut op, &headers);
    let attempt = AdministratorSignIn {
        email: email.to_owned(),
        password: SecretString::from(fields.get("password")?.unwrap_or_default()),
        device: Some(device.token()),
        dev: site.settings.is_dev(),
    };
    let tools = (site.hashers.as_ref(), site.keys.sealing());
    let outcome = sign_in_administrator(&mut op, site.store.as_ref(), tools, attempt).await;
    let error = match outcome {
        Ok(signed_in) => {
            let next = next.as_deref().unwrap_or("/admin");
            let admitted = admit(&site, &mut op, &headers, &signed_in, next).await;
            return device.keep(&site, admitted?);
        }
        Err(error) => error,
    };
    if let Some(response) = held(&site, &error, next.as_deref()) {
        return device.keep(&site, response?);
    }
    let (problem, status, wait) = match error {
        AdministratorSignInError::LockedOut { retry_after } => {
            let seconds = whole_seconds(retry_after);
            let problem = SignInProblem::Wait { seconds };
            let wait = HeaderValue::from(seconds);
            (problem, StatusCode::TOO_MANY_REQUESTS, Some(wait))
        }
        AdministratorSignInError::Busy(_) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            (SignInProblem::Busy, status, Some(BUSY_WAIT))
        }
        AdministratorSignInError::Store(error) => return Err(error.into()),
        // What `held` took besides.
        _ => (SignInProblem::Refused, StatusCode::UNAUTHORIZED, None),
    };
    let mut response = form(problem).page(&site, &mut op, &headers, status)?;
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    Ok(response)
}

/// Ends the session of the admin portal that the browser came with, gives it the new one and goes
/// on. A session of the user portal stays what it is.
pub(crate) async fn admit(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    signed_in: &SignedInAs,
    next: &str,
) -> Result<Response, Failure> {
    if let Some(old) = cookie(headers, site.cookies.administrator) {
        sign_out_administrator(op, site.store.as_ref(), old).await?;
    }
    let mut response = see_other(next)?;
    let token = signed_in.token.expose_secret();
    let cookies = [
        site.cookies.set(site.cookies.administrator, token),
        site.cookies.forget(site.cookies.visitor),
        site.cookies.forget(site.cookies.pending_administrator),
    ];
    for cookie in cookies {
        let cookie = cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Where to go on to; anything that is not a path of the admin portal counts as nowhere.
pub(crate) fn next_of(fields: &Fields<'_>) -> Result<Option<String>, Failure> {
    let next = fields.get("next")?.and_then(same_site_path);
    let next = next.filter(|path| {
        path.strip_prefix("/admin")
            .is_some_and(|rest| rest.starts_with(['/', '?']))
            && !path.starts_with("/admin/log")
    });
    Ok(next.map(str::to_owned))
}

/// The form to show.
pub(crate) struct Form<'a> {
    pub(crate) next: Option<String>,
    pub(crate) email: &'a str,
    pub(crate) problem: Option<AdministratorSignInProblem>,
}

impl Form<'_> {
    /// The page, with a visitor cookie for a browser that has none.
    pub(crate) fn page(
        self,
        site: &Site,
        op: &mut Op,
        headers: &HeaderMap,
        status: StatusCode,
    ) -> Result<Response, Failure> {
        let form = VisitorForm::of(site, op, headers);
        let body = door::AdministratorSignIn {
            csrf: form.csrf(Purpose::AdminDoor),
            next: self.next.clone(),
            email: Field::new(typeable(self.email)),
            problem: self.problem,
            provider: provider_button(site, self.next.as_deref()),
        };
        form.page(site, status, body)
    }
}

/// "Sign in with …", when a provider is set up (requirement A04).
fn provider_button(site: &Site, next: Option<&str>) -> Option<door::Provider> {
    let known = site.organisation.get()?;
    let provider = known.settings.sections.administrator_oidc.as_ref()?;
    let mut href = "/admin/oidc/start".to_owned();
    if let Some(next) = next {
        href.push_str("?next=");
        href.extend(byte_serialize(next.as_bytes()));
    }
    Some(door::Provider {
        name: provider.name.clone(),
        href,
    })
}
