//! `GET /saml2/{application}`: single sign-on that starts here (SAML profiles 4.1.5; requirements
//! K01, N01, N04, N06). AWS with IAM roles knows no other way.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::{AssertError, AssertRequest, Grant, Op};
use jetway_pages::{Message, SingleSignOn};

use crate::saml::is_slug;
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, content_security_policy_for, html, query_fields, same_site_path,
    see_other, sign_in_path, signed_in,
};

/// SAML bindings 3.5.3: "RelayState data … MUST NOT exceed 80 bytes in length".
const MAX_RELAY_STATE: usize = 80;

/// Takes the person to the application with a signed response, or says why not.
pub(crate) async fn single_sign_on(
    State(site): State<Arc<Site>>,
    visit: Visit,
    application: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Path(slug) = application.map_err(|_| Failure::not_found())?;
    let query = query_fields(uri.query())?;
    if query.has("SAMLRequest") {
        return html(
            StatusCode::BAD_REQUEST,
            site.chrome(),
            Message::request_not_accepted(),
        );
    }
    let relay_state = query.get("RelayState")?.filter(|text| !text.is_empty());
    if relay_state.is_some_and(|text| text.len() > MAX_RELAY_STATE) {
        return html(
            StatusCode::BAD_REQUEST,
            site.chrome(),
            Message::relay_state_too_long(),
        );
    }
    let Some(token) = cookie(&headers, site.cookies.session) else {
        return to_sign_in(&site, &uri, false);
    };
    let mut op = visit.into_op();
    if !is_slug(&slug) {
        // No application can have this name, so only the sign-in is left to check.
        return match signed_in(&site, &mut op, &headers).await? {
            Some(_) => Err(Failure::not_found()),
            None => to_sign_in(&site, &uri, true),
        };
    }
    let request = AssertRequest {
        session_token: token,
        slug: &slug,
        in_response_to: None,
    };
    match jetway_identity::assert(&mut op, site.store.as_ref(), &site.keys, request).await {
        Ok(grant) => carry(&site, &grant, relay_state),
        Err(AssertError::NotSignedIn) => to_sign_in(&site, &uri, true),
        Err(AssertError::NoSuchApplication) => Err(Failure::not_found()),
        Err(AssertError::Store(error)) => Err(error.into()),
        Err(refusal) => refused(&site, &mut op, &headers, &refusal).await,
    }
}

/// Signs, and hands the response to the browser. The page has no other form, and may post nowhere
/// but to the application.
fn carry(site: &Site, grant: &Grant, relay_state: Option<&str>) -> Result<Response, Failure> {
    let signed = grant
        .response
        .sign(&grant.key, grant.sign)
        .map_err(Failure::internal)?;
    let policy = content_security_policy_for(&grant.acs_url)
        .ok_or_else(|| Failure::internal("the application's ACS URL has no origin"))?;
    let body = SingleSignOn {
        application_label: grant.application_label.clone(),
        acs_url: grant.acs_url.clone(),
        saml_response: signed.to_base64(),
        relay_state: relay_state.map(str::to_owned),
    };
    let mut response = html(StatusCode::OK, site.chrome(), body)?;
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// The sign-in page, which comes back here with everything that the address carried. A cookie that
/// no longer means anything is taken away.
fn to_sign_in(site: &Site, uri: &Uri, ended: bool) -> Result<Response, Failure> {
    let here = uri.path_and_query().map_or("/", |whole| whole.as_str());
    let here = same_site_path(here).ok_or_else(Failure::bad_request)?;
    let mut response = see_other(&sign_in_path(here))?;
    if ended && let Some(cookie) = site.cookies.forget(site.cookies.session) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The refusal page, for the person who is signed in.
async fn refused(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    refusal: &AssertError,
) -> Result<Response, Failure> {
    let Some(present) = signed_in(site, op, headers).await? else {
        // The session ended between the two questions.
        return see_other(&sign_in_path("/"));
    };
    let user = &present.person.user;
    let (status, message) = match refusal {
        AssertError::NotAssigned { label } => (
            StatusCode::FORBIDDEN,
            Message::not_assigned(label, &user.email),
        ),
        AssertError::Inactive { label } => {
            (StatusCode::FORBIDDEN, Message::application_inactive(label))
        }
        AssertError::Misconfigured { admin, person } => {
            tracing::warn!(
                request.id = op.request_id,
                error = admin,
                "an application cannot be signed in to"
            );
            let message = Message::application_misconfigured(person, &op.request_id);
            (StatusCode::INTERNAL_SERVER_ERROR, message)
        }
        AssertError::NotSignedIn | AssertError::NoSuchApplication | AssertError::Store(_) => {
            return Err(Failure::internal("not a refusal"));
        }
    };
    let csrf = csrf::token(present.token, Purpose::SignOut);
    html(status, site.chrome_for(user, csrf), message)
}
