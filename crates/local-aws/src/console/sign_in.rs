//! Signing in with the access key of an account's administrator, and signing out.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{
    body::Body,
    http::{Method, Response, StatusCode, header, request::Parts},
};
use jetway_pages::local::identity_center::console::{BASE, ConsoleSignIn, SIGN_IN};
use secrecy::ExposeSecret;

use super::{failure, form::Form, session};
use crate::{
    LocalAws, Op,
    credentials::is_temporary,
    organizations::is_closed,
    sign_in::{cookie::Cookie, page, same_origin, same_token},
};

/// The same for every pair that is not taken.
const WRONG: &str = "This access key ID and secret access key do not sign in here. Take those of an account's administrator, as jetwayd local-aws env prints them.";

/// The way to the sign-in, and back to the page afterwards.
pub(super) fn first(op: &Op, parts: &Parts) -> Response<Body> {
    let target = if parts.method == Method::GET {
        let wanted = parts
            .uri
            .path_and_query()
            .map_or(BASE, |path| path.as_str());
        let next: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
        format!("{SIGN_IN}?next={next}")
    } else {
        SIGN_IN.to_owned()
    };
    page::redirect(op, &target)
}

/// `GET` and `POST /console/sign-in`.
pub(super) fn answer(aws: &LocalAws, op: &mut Op, parts: &Parts, form: &Form) -> Response<Body> {
    if parts.method == Method::POST {
        return enter(aws, op, parts, form);
    }
    let query = Form::of_query(parts.uri.query().unwrap_or_default());
    show(aws, op, parts, &query, StatusCode::OK, None)
}

/// Only pages of the console: nothing leads anywhere else.
fn next(form: &Form) -> Option<String> {
    let inside = |path: &&str| {
        path.strip_prefix(BASE)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    form.get("next").filter(inside).map(str::to_owned)
}

fn show(
    aws: &LocalAws,
    op: &mut Op,
    parts: &Parts,
    given: &Form,
    status: StatusCode,
    problem: Option<String>,
) -> Response<Body> {
    let public_url = &aws.settings().public_url;
    // The browser's token and its hash in the form tell this page's form from others.
    let known = Cookie::Administrator.read(public_url, &parts.headers);
    let fresh = known.is_none().then(|| session::token(op));
    let token = known.or(fresh.as_deref()).unwrap_or_default();
    let view = ConsoleSignIn {
        action: SIGN_IN.to_owned(),
        csrf: session::hash(token),
        access_key_id: given.text("access_key_id").to_owned(),
        next: next(given),
        problem,
    };
    let mut response = page::html(aws, op, status, page::chrome("Local AWS"), view);
    let cookie = fresh.and_then(|token| Cookie::Administrator.set(public_url, &token));
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn enter(aws: &LocalAws, op: &mut Op, parts: &Parts, form: &Form) -> Response<Body> {
    let public_url = &aws.settings().public_url;
    let token = Cookie::Administrator.read(public_url, &parts.headers);
    let genuine = same_origin(&parts.headers)
        && token.is_some_and(|token| same_token(&session::hash(token), form.get("csrf")));
    if !genuine {
        let text = "The form was too old, or this browser takes no cookies. Try again.";
        return show(
            aws,
            op,
            parts,
            form,
            StatusCode::FORBIDDEN,
            Some(text.into()),
        );
    }
    let key_id = form.text("access_key_id");
    let refuse = |op: &mut Op, status, text: String| show(aws, op, parts, form, status, Some(text));
    if !is_key_id(key_id) {
        // No such key can be: there is nothing to count, and nothing to write down.
        return refuse(op, StatusCode::FORBIDDEN, WRONG.to_owned());
    }
    let address = op.caller.source_ip;
    let Some(account) = account_of(aws, key_id, form.text("secret_access_key")) else {
        // The right pair always signs in: nobody can lock somebody else out.
        let waits = aws.console_attempts().wait(address, op.unix());
        if let Some(seconds) = waits {
            let text = format!(
                "Too many failed attempts. Try again in {} minutes.",
                seconds / 60 + 1
            );
            return refuse(op, StatusCode::TOO_MANY_REQUESTS, text);
        }
        aws.console_attempts().failed(address, op.unix());
        tracing::warn!(
            request.id = op.request_id,
            access_key_id = key_id,
            source_ip = address.map(tracing::field::display),
            "a console sign-in was refused"
        );
        return refuse(op, StatusCode::FORBIDDEN, WRONG.to_owned());
    };
    aws.console_attempts().succeeded(address);
    match session::begin(aws, op, &account, key_id, token) {
        Ok(token) => {
            tracing::info!(
                request.id = op.request_id,
                account,
                access_key_id = key_id,
                source_ip = address.map(tracing::field::display),
                "an administrator signed in to the console"
            );
            let target = next(form).unwrap_or_else(|| BASE.to_owned());
            let mut response = page::redirect(op, &target);
            if let Some(cookie) = Cookie::Administrator.set(public_url, &token) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(error) => failure::broken(aws, op, &error),
    }
}

/// `AKIA…`: 20 capital letters and digits.
fn is_key_id(text: &str) -> bool {
    text.len() == 20
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The account whose administrator has this pair, unless it was closed.
fn account_of(aws: &LocalAws, key_id: &str, secret: &str) -> Option<String> {
    // Every id has a secret derived from it, so an unknown id takes as long as a known one.
    let expected = aws.vault().secret_of(key_id);
    let same =
        verify_slices_are_equal(expected.expose_secret().as_bytes(), secret.as_bytes()).is_ok();
    let state = aws.state();
    let account = state.account_of_key(key_id);
    account
        .filter(|_| same && !is_temporary(key_id))
        .filter(|account| !is_closed(&state, &account.record.id))
        .map(|account| account.record.id.clone())
}

/// `POST /console/sign-in/out`.
pub(super) fn out(aws: &LocalAws, op: &Op, parts: &Parts, form: &Form) -> Response<Body> {
    let public_url = &aws.settings().public_url;
    let Some(token) = Cookie::Administrator.read(public_url, &parts.headers) else {
        return page::redirect(op, SIGN_IN);
    };
    let ended = session::find(aws, op, token).and_then(|found| {
        let genuine = found.as_ref().is_none_or(|found| {
            parts.method == Method::POST
                && same_origin(&parts.headers)
                && same_token(&found.csrf, form.get("csrf"))
        });
        if !genuine {
            return Ok(false);
        }
        session::end(aws, token).map(|()| true)
    });
    match ended {
        Ok(true) => {
            let mut response = page::redirect(op, SIGN_IN);
            if let Some(cookie) = Cookie::Administrator.clear(public_url) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Ok(false) => failure::unreadable(aws, op, 403),
        Err(error) => failure::broken(aws, op, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_access_key_id_is_neither_counted_nor_written_down() {
        assert!(is_key_id("AKIAEXAMPLEEXAMPLE77"));
        for typed in [
            "",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AKIA",
            "akiaexampleexample77",
        ] {
            assert!(!is_key_id(typed), "{typed}");
        }
    }
}
