//! `/device`: somebody compares a code and allows the program that shows it (identity-center.md §5).

use axum::http::StatusCode;
use jetway_pages::local::identity_center::{
    CenterDeviceCode, CenterDeviceConfirm, CenterDeviceOver, CenterDeviceProblem, Scope,
};

use super::{
    device_code::{self, DeviceGrant, Reply},
    family::Holder,
    scopes,
};
use crate::identity_center::{
    browser::{Answer, Failure, Visit},
    portal_session::SignedIn,
    saml,
};

const ADDRESS: &str = "/device";
/// Wrong codes within [`WINDOW`] seconds after which none is looked at.
const MAX_WRONG: usize = 5;
const WINDOW: i64 = 60;

/// `GET /device`, with or without the code.
pub(super) fn show(visit: &mut Visit) -> Answer {
    let Some(signed_in) = visit.signed_in()? else {
        let here = visit.parts.uri.path_and_query();
        let here = here.map_or(ADDRESS, |here| here.as_str()).to_owned();
        return saml::begin(visit, &here);
    };
    match visit.query.get("user_code").map(str::to_owned) {
        Some(code) => compare(visit, signed_in, &code),
        None => Ok(ask(visit, &signed_in, "", None)),
    }
}

/// `POST /device`: a code that was typed, or the answer.
pub(super) fn answered(visit: &mut Visit) -> Answer {
    let Some(signed_in) = visit.signed_in()? else {
        return Err(Failure::told(
            StatusCode::UNAUTHORIZED,
            "You are not signed in any more",
            &["Open the address again that your terminal shows."],
        ));
    };
    visit.check_form(&signed_in)?;
    let code = visit.form.get("user_code").unwrap_or_default().to_owned();
    let reply = match visit.form.get("answer") {
        None => return compare(visit, signed_in, &code),
        Some("allow") => Some(()),
        Some(_) => None,
    };
    let grant = match find(visit, signed_in, &code)? {
        Ok((signed_in, grant)) => (signed_in, grant),
        Err((signed_in, _)) => {
            return Ok(visit.page_for(&signed_in, CenterDeviceOver::Expired));
        }
    };
    let (signed_in, grant) = grant;
    let (reply, page) = match reply {
        Some(()) => (
            Reply::Allow {
                holder: Holder {
                    user: signed_in.session.user,
                    tags: signed_in.session.tags.clone(),
                    scopes: grant.scopes.clone(),
                    begun_at: signed_in.session.begun_at,
                },
                session_end: signed_in.session.expires_at,
            },
            CenterDeviceOver::Approved,
        ),
        None => (Reply::Deny, CenterDeviceOver::Denied),
    };
    let waited = device_code::answer(&visit.aws, &visit.op, &grant, reply)?;
    let page = if waited {
        page
    } else {
        CenterDeviceOver::Expired
    };
    Ok(visit.page_for(&signed_in, page))
}

fn compare(visit: &Visit, signed_in: SignedIn, code: &str) -> Answer {
    let (signed_in, grant) = match find(visit, signed_in, code)? {
        Ok(found) => found,
        Err((signed_in, problem)) => return Ok(ask(visit, &signed_in, code, Some(problem))),
    };
    let scopes = scopes::effective(&grant.scopes).into_iter();
    let scopes = scopes.map(Scope::new).collect();
    let page = CenterDeviceConfirm {
        action: ADDRESS.to_owned(),
        csrf: signed_in.session.csrf.clone(),
        code: grant.user_code,
        client_name: grant.client_name,
        scopes,
        user_name: signed_in.user_name().to_owned(),
    };
    Ok(visit.page_for(&signed_in, page))
}

type Found = Result<(SignedIn, DeviceGrant), (SignedIn, CenterDeviceProblem)>;

/// The program that waits with a code. Wrong ones are counted.
fn find(visit: &Visit, signed_in: SignedIn, code: &str) -> Result<Found, Failure> {
    let oldest = visit.op.unix() - WINDOW;
    let wrong = signed_in.session.wrong_codes.iter();
    if wrong.filter(|at| **at > oldest).count() >= MAX_WRONG {
        return Ok(Err((signed_in, CenterDeviceProblem::Wait)));
    }
    if let Some(grant) = device_code::waiting(&visit.aws, &visit.op, code)? {
        return Ok(Ok((signed_in, grant)));
    }
    signed_in.change(&visit.aws, |session| {
        session.wrong_codes.retain(|at| *at > oldest);
        session.wrong_codes.push(visit.op.unix());
    })?;
    Ok(Err((signed_in, CenterDeviceProblem::Unknown)))
}

fn ask(
    visit: &Visit,
    signed_in: &SignedIn,
    code: &str,
    problem: Option<CenterDeviceProblem>,
) -> axum::http::Response<axum::body::Body> {
    let page = CenterDeviceCode {
        action: ADDRESS.to_owned(),
        csrf: signed_in.session.csrf.clone(),
        code: code.chars().take(32).collect(),
        problem,
    };
    visit.page_for(signed_in, page)
}
