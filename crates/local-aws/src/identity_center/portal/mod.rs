//! The access portal: its pages (identity-center.md §5), and the API by which command lines get
//! accounts, roles and credentials (§1.7).

mod accounts;
mod api;
mod console;
mod error;
mod home;
mod keys;
mod paging;
mod sign_out;

use axum::{
    body::Body,
    http::{Method, Response, header, request::Parts},
};

use super::{PORTAL_PATH, browser, enabled};
use crate::{LocalAws, Op, body, sign_in::page};

/// `Management console`.
pub(crate) const CONSOLE_PATH: &str = "/start/console";
/// `Access keys`.
const KEYS_PATH: &str = "/start/keys";
/// `Sign out`.
pub(crate) const SIGN_OUT_PATH: &str = "/start/sign-out";

/// Whether an unsigned request is for the portal.
pub(crate) fn serves(parts: &Parts) -> bool {
    let path = parts.uri.path();
    let get = matches!(parts.method, Method::GET | Method::HEAD);
    let post = parts.method == Method::POST;
    match path {
        _ if api::serves(parts) => true,
        PORTAL_PATH | "/start/" | KEYS_PATH => get,
        CONSOLE_PATH => get || post,
        SIGN_OUT_PATH => post,
        _ => false,
    }
}

/// Answers a request for which [`serves`] said yes.
pub(crate) async fn serve(aws: &LocalAws, op: Op, parts: Parts, content: Body) -> Response<Body> {
    if api::serves(&parts) {
        return api::serve(aws, op, parts).await;
    }
    if parts.method == Method::HEAD {
        return start_url(aws, &op);
    }
    let page = match (parts.uri.path(), parts.method == Method::POST) {
        (PORTAL_PATH | "/start/", _) => home::show,
        (KEYS_PATH, _) => keys::show,
        (CONSOLE_PATH, false) => console::follow_link,
        (CONSOLE_PATH, true) => console::open,
        (SIGN_OUT_PATH, _) => sign_out::answer,
        _ => return page::not_here(aws, &op),
    };
    browser::answer(aws, op, parts, content, page).await
}

/// The command line asks a start URL of one's own where it leads: to AWS's name of the portal, by
/// which it knows that it may go on (§1.3).
fn start_url(aws: &LocalAws, op: &Op) -> Response<Body> {
    let state = aws.state();
    let Some(center) = enabled(&state) else {
        return page::not_here(aws, op);
    };
    let mut response = body::answer(302, &op.request_id, "text/plain", "");
    if let Ok(location) = center.instance.start_url().parse() {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
