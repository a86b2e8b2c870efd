//! `/start/keys`: credentials of one role to copy.

use axum::http::StatusCode;
use jetway_pages::{
    admin::parts::Moment,
    local::identity_center::{AccessKeys, KeyValues},
};
use secrecy::ExposeSecret;

use crate::identity_center::{
    PORTAL_PATH,
    browser::{Answer, Failure, Visit},
    enabled,
    role_session::{AccessError, role_credentials},
    saml,
};

pub(super) fn show(visit: &mut Visit) -> Answer {
    let Some(signed_in) = visit.signed_in()? else {
        return saml::begin(visit, PORTAL_PATH);
    };
    let account = visit.query.get("account_id").unwrap_or_default().to_owned();
    let role = visit.query.get("role_name").unwrap_or_default().to_owned();
    let (user, tags) = (&signed_in.session.user, &signed_in.session.tags);
    let (aws, op) = (&visit.aws, &mut visit.op);
    let keys = role_credentials(aws, op, user, tags, (&account, &role)).map_err(no_access)?;
    let state = visit.aws.state();
    let instance = enabled(&state).map(|center| &center.instance);
    let account_name = state
        .account(&account)
        .map_or_else(String::new, |account| account.record.name.clone());
    let now = visit.op.unix();
    let page = AccessKeys {
        account_id: account,
        account_name,
        role_name: role,
        start_url: instance.map_or_else(String::new, |instance| instance.start_url()),
        region: instance.map_or_else(String::new, |instance| instance.region.clone()),
        endpoint: visit
            .aws
            .settings()
            .public_url
            .as_str()
            .trim_end_matches('/')
            .to_owned(),
        keys: KeyValues {
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret_access_key.expose_secret().to_owned(),
            session_token: keys.session_token.expose_secret().to_owned(),
        },
        expires: Moment::new(keys.expires_at * 1000, now * 1000),
        portal: PORTAL_PATH.to_owned(),
    };
    Ok(visit.page_for(&signed_in, page))
}

pub(super) fn no_access(error: AccessError) -> Failure {
    match error {
        AccessError::NoAccess => Failure::told(
            StatusCode::FORBIDDEN,
            "No access",
            &[
                "You do not hold this permission set in this account, or not any more.",
                "An administrator assigns it in the console of the local AWS: IAM Identity Center, AWS accounts.",
            ],
        ),
        AccessError::SignedOut => Failure::told(
            StatusCode::UNAUTHORIZED,
            "You are not signed in any more",
            &["Your user was disabled or deleted, or IAM Identity Center was."],
        ),
        AccessError::Internal => Failure::told(
            StatusCode::INTERNAL_SERVER_ERROR,
            "No credentials could be made",
            &["Try again; the log of the local AWS says more."],
        ),
    }
}
