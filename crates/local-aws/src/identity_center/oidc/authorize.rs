//! `/authorize`: somebody allows a program to act for them, in the browser (identity-center.md §1.6).

use axum::http::StatusCode;
use jetway_aws_wire::QueryRequest;
use jetway_pages::{
    admin::parts::Hidden,
    local::identity_center::{Consent, Scope},
};
use url::{Host, Url};

use super::{
    client::{AUTHORIZATION_CODE, Client},
    code,
    family::{Granted, Holder},
    register::registered,
    scopes,
};
use crate::{
    identity_center::{
        browser::{Answer, Failure, Visit},
        portal_session::{SignedIn, hash},
        saml,
    },
    sign_in::page,
};

/// The parameters that the form carries on.
const CARRIED: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge_method",
    "code_challenge",
    "scopes",
];
/// Longest `state` that is carried.
const MAX_STATE: usize = 1024;

/// What a program asks for.
#[derive(Debug)]
struct Asked {
    client: Client,
    /// Hash of its id.
    client_key: String,
    redirect_uri: Url,
    /// As it stood in the request.
    redirect_text: String,
    state: Option<String>,
    challenge: String,
    scopes: Vec<String>,
}

/// `GET /authorize`.
pub(super) fn show(visit: &mut Visit) -> Answer {
    let asked = match read(visit, &visit.query)? {
        Ok(asked) => asked,
        Err(back) => return visit.redirect(back.as_str()),
    };
    let Some(signed_in) = visit.signed_in()? else {
        let here = visit.parts.uri.path_and_query();
        let here = here.map_or("/authorize", |here| here.as_str()).to_owned();
        return saml::begin(visit, &here);
    };
    Ok(consent(visit, &signed_in, &asked))
}

fn consent(
    visit: &Visit,
    signed_in: &SignedIn,
    asked: &Asked,
) -> axum::http::Response<axum::body::Body> {
    let hidden = CARRIED
        .iter()
        .filter_map(|name| Some(Hidden::new(*name, visit.query.get(name)?)))
        .collect();
    let scopes = scopes::effective(&asked.scopes).into_iter();
    let scopes = scopes.map(Scope::new).collect();
    let page = Consent {
        action: "/authorize".to_owned(),
        csrf: signed_in.session.csrf.clone(),
        hidden,
        client_name: asked.client.name.clone(),
        leads_to: asked.redirect_uri.authority().to_owned(),
        scopes,
        user_name: signed_in.user_name().to_owned(),
    };
    let mut response = visit.page_for(signed_in, page);
    page::allow_forms_to(&mut response, &form_source(&asked.redirect_uri));
    response
}

/// The address as a source of a content security policy, which cannot name IPv6 addresses.
fn form_source(redirect_uri: &Url) -> String {
    match redirect_uri.host() {
        Some(Host::Ipv6(_)) => "http:".to_owned(),
        _ => redirect_uri.origin().ascii_serialization(),
    }
}

/// `POST /authorize`: what the person answered.
pub(super) fn answered(visit: &mut Visit) -> Answer {
    let Some(signed_in) = visit.signed_in()? else {
        return Err(Failure::told(
            StatusCode::UNAUTHORIZED,
            "You are not signed in any more",
            &["Start the sign-in again in the program, for example with aws sso login."],
        ));
    };
    visit.check_form(&signed_in)?;
    let asked = match read(visit, &visit.form)? {
        Ok(asked) => asked,
        Err(back) => return visit.redirect(back.as_str()),
    };
    if visit.form.get("answer") != Some("allow") {
        let back = refused(&asked.redirect_uri, asked.state.as_deref(), "access_denied");
        return visit.redirect(back.as_str());
    }
    let granted = Granted {
        holder: Holder {
            user: signed_in.session.user,
            tags: signed_in.session.tags.clone(),
            scopes: asked.scopes.clone(),
            begun_at: signed_in.session.begun_at,
        },
        renews: asked.client.renews(),
        client: asked.client_key,
        session_end: signed_in.session.expires_at,
    };
    let (aws, op) = (&visit.aws, &mut visit.op);
    let code = code::begin(aws, op, granted, &asked.redirect_text, &asked.challenge)?;
    let mut back = asked.redirect_uri;
    back.query_pairs_mut().append_pair("code", &code);
    if let Some(state) = &asked.state {
        back.query_pairs_mut().append_pair("state", state);
    }
    visit.redirect(back.as_str())
}

/// Reads a request. Nothing is sent to an address that the client has not registered; from there on
/// the program is told what is wrong (RFC 6749 section 4.1.2.1).
fn read(visit: &Visit, from: &QueryRequest) -> Result<Result<Asked, Url>, Failure> {
    let client_id = from.get("client_id").unwrap_or_default();
    let client = Client::of_id(&visit.aws, &visit.op, client_id).ok_or_else(unknown_client)?;
    let redirect_text = from.get("redirect_uri").unwrap_or_default();
    let redirect_uri = registered(&client, redirect_text).ok_or_else(unknown_address)?;
    let state = from.get("state").map(str::to_owned);
    let back = |error| Ok(Err(refused(&redirect_uri, state.as_deref(), error)));
    if state.as_ref().is_some_and(|state| state.len() > MAX_STATE) {
        return Ok(Err(refused(&redirect_uri, None, "invalid_request")));
    }
    if from.get("response_type") != Some("code") {
        return back("unsupported_response_type");
    }
    if !client.may(AUTHORIZATION_CODE) {
        return back("unauthorized_client");
    }
    let challenge = from.get("code_challenge").unwrap_or_default();
    if from.get("code_challenge_method") != Some("S256") || !is_challenge(challenge) {
        return back("invalid_request");
    }
    let named = from.get("scopes").or_else(|| from.get("scope"));
    let named = named.unwrap_or_default().split_ascii_whitespace();
    let mut scopes: Vec<String> = named.map(str::to_owned).collect();
    if scopes.is_empty() {
        scopes.clone_from(&client.scopes);
    }
    let registered = scopes::effective(&client.scopes);
    if !scopes
        .iter()
        .all(|scope| registered.contains(&scope.as_str()))
    {
        return back("invalid_scope");
    }
    Ok(Ok(Asked {
        client_key: hash(client_id),
        client,
        redirect_text: redirect_text.to_owned(),
        redirect_uri,
        state,
        challenge: challenge.to_owned(),
        scopes,
    }))
}

/// SHA-256 in base64url, without padding.
fn is_challenge(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn refused(redirect_uri: &Url, state: Option<&str>, error: &str) -> Url {
    let mut back = redirect_uri.clone();
    back.query_pairs_mut().append_pair("error", error);
    if let Some(state) = state {
        back.query_pairs_mut().append_pair("state", state);
    }
    back
}

fn unknown_client() -> Failure {
    Failure::told(
        StatusCode::BAD_REQUEST,
        "This program is not registered here",
        &[
            "Its registration has expired, or belongs to another AWS.",
            "Delete the files in ~/.aws/sso/cache and start the sign-in again.",
        ],
    )
}

fn unknown_address() -> Failure {
    Failure::told(
        StatusCode::BAD_REQUEST,
        "The program asks for an answer at an address that it has not registered",
        &["Nothing was sent there. If you did not start this yourself, close the window."],
    )
}
