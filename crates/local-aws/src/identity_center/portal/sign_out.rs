//! `/start/sign-out`.

use axum::http::{StatusCode, header};
use jetway_pages::local::identity_center::PortalSignedOut;

use crate::{
    identity_center::{
        PORTAL_PATH,
        browser::{Answer, Visit},
        portal_session,
    },
    sign_in::{cookie::Cookie, session},
};

/// Ends the sign-in, and the console session that was opened with it.
pub(super) fn answer(visit: &mut Visit) -> Answer {
    let public_url = visit.aws.settings().public_url.clone();
    let mut cleared = vec![Cookie::Portal];
    if let Some(signed_in) = visit.signed_in()? {
        visit.check_form(&signed_in)?;
        portal_session::end(&visit.aws, &visit.parts.headers)?;
        if let Some(token) = Cookie::Session.read(&public_url, &visit.parts.headers)
            && session::end_of_portal(&visit.aws, token)?
        {
            cleared.push(Cookie::Session);
        }
    }
    let page = PortalSignedOut {
        portal: PORTAL_PATH.to_owned(),
    };
    let mut response = visit.page(StatusCode::OK, page);
    for cookie in cleared {
        if let Some(cookie) = cookie.clear(&public_url) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}
