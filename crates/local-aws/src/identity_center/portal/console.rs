//! `Management console`: a session of the local console as one of the person's roles.

use axum::http::{StatusCode, header};

use super::{accounts, keys::no_access};
use crate::{
    identity_center::{
        PORTAL_PATH,
        browser::{Answer, Failure, Visit},
        enabled,
        portal_session::SignedIn,
        role_session::role_session,
        saml,
    },
    sign_in::{cookie::Cookie, session},
};

/// Where the console opens.
const CONSOLE: &str = "/console";

/// The button of the portal. A browser lets its form lead to our own pages only, so whoever is not
/// signed in any more is not sent to the identity provider from here.
pub(super) fn open(visit: &mut Visit) -> Answer {
    let Some(signed_in) = visit.signed_in()? else {
        return Err(Failure::told(
            StatusCode::UNAUTHORIZED,
            "You are not signed in any more",
            &["Open the access portal to sign in again."],
        ));
    };
    visit.check_form(&signed_in)?;
    let account = visit.form.get("account_id").unwrap_or_default().to_owned();
    let role = visit.form.get("role_name").unwrap_or_default().to_owned();
    begin(visit, &signed_in, (&account, &role), None)
}

/// A deep link (§5): without a role, the portal shows which there are.
pub(super) fn follow_link(visit: &mut Visit) -> Answer {
    let Some(signed_in) = visit.signed_in()? else {
        let here = visit.parts.uri.path_and_query();
        let here = here.map_or(PORTAL_PATH, |here| here.as_str()).to_owned();
        return saml::begin(visit, &here);
    };
    let account = visit.query.get("account_id").unwrap_or_default().to_owned();
    let destination = visit.query.get("destination").map(str::to_owned);
    let named = visit.query.get("role_name").filter(|role| !role.is_empty());
    let role = named
        .map(str::to_owned)
        .or_else(|| only_role(visit, &signed_in, &account));
    let Some(role) = role else {
        return visit.redirect(&format!("{PORTAL_PATH}?q={}", digits(&account)));
    };
    begin(visit, &signed_in, (&account, &role), destination.as_deref())
}

fn only_role(visit: &Visit, signed_in: &SignedIn, account: &str) -> Option<String> {
    let mut held = accounts::roles(&visit.aws.state(), &signed_in.user.id, account);
    held.pop().filter(|_| held.is_empty())
}

fn begin(
    visit: &mut Visit,
    signed_in: &SignedIn,
    held: (&str, &str),
    destination: Option<&str>,
) -> Answer {
    let state = visit.aws.state();
    let (user, tags) = (&signed_in.session.user, &signed_in.session.tags);
    let session = role_session(&state, &visit.op, user, tags, held).map_err(no_access)?;
    let relay_state = enabled(&state)
        .and_then(|center| {
            center
                .permission_sets
                .values()
                .find(|set| set.name == held.1)
        })
        .and_then(|set| set.session_in(held.0).relay_state);
    let target = destination
        .and_then(here)
        .or_else(|| relay_state.as_deref().and_then(here))
        .unwrap_or(CONSOLE);
    let public_url = visit.aws.settings().public_url.clone();
    let replaced = Cookie::Session.read(&public_url, &visit.parts.headers);
    let token = session::begin(&visit.aws, &mut visit.op, session, replaced)?;
    let mut response = visit.redirect(target)?;
    if let Some(cookie) = Cookie::Session.set(&public_url, &token) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A page of this console. AWS's own consoles are not here: links to them open its front page.
fn here(address: &str) -> Option<&str> {
    let ours = (address == CONSOLE
        || address.starts_with("/console/")
        || address.starts_with("/console?"))
        && !address.contains("..")
        && !address.contains('\\')
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    ours.then_some(address)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(12).collect()
}
