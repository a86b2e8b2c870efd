//! `/admin/oidc/start` and `/admin/oidc/callback`: "Sign in with …" (requirement A04). Off unless
//! the settings name a provider. It opens the portal to administrators who exist already, matched
//! by an e-mail address that the provider has verified.

mod attempt;
mod provider;

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_identity::administrators::ProviderBrowser;
use jetway_identity::settings::OidcProvider;
use jetway_identity::{
    AdministratorSignInError, Op, record_failed_provider_sign_in, sign_in_administrator_by_email,
};
use jetway_pages::admin::door::AdministratorSignInProblem;

use crate::admin::oidc::attempt::Attempt;
use crate::admin::oidc::provider::{Provider, Reason};
use crate::admin::second_step::held;
use crate::admin::sign_in::{Form, admit, next_of};
use crate::shared::{DeviceCookie, Failure, Fields, Site, Visit, query_fields};

pub(crate) use provider::KnownProvider;

/// Sends the browser to the provider.
pub(crate) async fn start(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let settings = settings(&site).await?;
    let query = query_fields(uri.query())?;
    let next = next_of(&query)?;
    let mut op = visit.into_op();
    let provider = match Provider::of(&site, &settings, op.now).await {
        Ok(provider) => provider,
        Err(reason) => return failed(&site, &mut op, &headers, &settings, &reason).await,
    };
    let attempt = Attempt::begin(&mut op, &provider.issuer, next);
    let url = provider.authorization_url(&attempt);
    let location = HeaderValue::from_str(url.as_str()).map_err(Failure::internal)?;
    let cookie = attempt.cookie(&site, &mut op)?;
    let headers = [(LOCATION, location), (SET_COOKIE, cookie)];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Takes the provider's answer. Whatever it is, the attempt is over.
pub(crate) async fn callback(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let settings = settings(&site).await?;
    let query = query_fields(uri.query())?;
    let mut op = visit.into_op();
    let Some(attempt) = Attempt::of(&site, &op, &headers) else {
        // Any page can send a browser here. What nobody began leaves no trace in the log.
        let provider = settings.name.clone();
        let problem = AdministratorSignInProblem::ProviderFailed { provider };
        return page(&site, &mut op, &headers, problem, None);
    };
    let mut response = match answered(&site, &op, attempt, &settings, &query).await? {
        Err(reason) => failed(&site, &mut op, &headers, &settings, &reason).await?,
        Ok((email, next)) => {
            let store = site.store.as_ref();
            let device = DeviceCookie::of(&site, &mut op, &headers);
            let browser = ProviderBrowser {
                device: Some(device.token()),
                dev: site.settings.is_dev(),
            };
            let sealing = site.keys.sealing();
            let outcome =
                sign_in_administrator_by_email(&mut op, store, sealing, &email, &browser).await;
            let response = match outcome {
                Ok(signed_in) => {
                    let next = next.as_deref().unwrap_or("/admin");
                    admit(&site, &mut op, &headers, &signed_in, next).await?
                }
                Err(AdministratorSignInError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    if let Some(response) = held(&site, &error, next.as_deref()) {
                        response?
                    } else {
                        let provider = settings.name.clone();
                        let problem = AdministratorSignInProblem::Unknown { provider };
                        page(&site, &mut op, &headers, problem, next)?
                    }
                }
            };
            device.keep(&site, response)?
        }
    };
    if let Some(cookie) = site.cookies.forget(site.cookies.provider) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The verified address and where to go on to, or why there is none.
async fn answered(
    site: &Site,
    op: &Op,
    attempt: Attempt,
    settings: &OidcProvider,
    query: &Fields<'_>,
) -> Result<Result<(String, Option<String>), Reason>, Failure> {
    let state = query.get("state")?.unwrap_or_default();
    if verify_slices_are_equal(state.as_bytes(), attempt.state.as_bytes()).is_err() {
        return Ok(Err("the answer belongs to another sign-in".to_owned()));
    }
    // RFC 9207: when the provider says who answers, it has to be the one that was asked.
    if query
        .get("iss")?
        .is_some_and(|issuer| issuer != attempt.issuer)
    {
        return Ok(Err("another issuer answered".to_owned()));
    }
    if let Some(error) = query.get("error")? {
        return Ok(Err(format!("the provider refused: {error}")));
    }
    let Some(code) = query.get("code")?.filter(|code| !code.is_empty()) else {
        return Ok(Err("the answer holds no code".to_owned()));
    };
    let provider = match Provider::of(site, settings, op.now).await {
        Ok(provider) if provider.issuer == attempt.issuer => provider,
        Ok(_) => return Ok(Err("the provider was changed meanwhile".to_owned())),
        Err(reason) => return Ok(Err(reason)),
    };
    let email = provider.verified_email(&attempt, code).await;
    Ok(email.map(|email| (email, attempt.next)))
}

/// The provider of the settings. Without one these addresses do not exist.
async fn settings(site: &Site) -> Result<OidcProvider, Failure> {
    let settings = site.store.read().await?.settings().await?;
    settings
        .sections
        .administrator_oidc
        .ok_or_else(Failure::not_found)
}

async fn failed(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    settings: &OidcProvider,
    reason: &str,
) -> Result<Response, Failure> {
    record_failed_provider_sign_in(op, site.store.as_ref(), reason).await?;
    let provider = settings.name.clone();
    let problem = AdministratorSignInProblem::ProviderFailed { provider };
    page(site, op, headers, problem, None)
}

fn page(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    problem: AdministratorSignInProblem,
    next: Option<String>,
) -> Result<Response, Failure> {
    let form = Form {
        next,
        email: "",
        problem: Some(problem),
    };
    form.page(site, op, headers, StatusCode::UNAUTHORIZED)
}
