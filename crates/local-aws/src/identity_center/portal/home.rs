//! `/start`: the accounts of the person and what they may be there.

use axum::http::StatusCode;
use jetway_pages::local::identity_center::{AccessPortal, PortalAccount, PortalRole};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{CONSOLE_PATH, KEYS_PATH, accounts};
use crate::identity_center::{
    PORTAL_PATH,
    browser::{Answer, Failure, Visit},
    saml,
};

/// Longest search that is looked at.
const MAX_SEARCH: usize = 200;

pub(super) fn show(visit: &mut Visit) -> Answer {
    let Some(signed_in) = visit.signed_in()? else {
        return saml::begin(visit, PORTAL_PATH);
    };
    let search = visit.query.get("q").unwrap_or_default().trim();
    if search.chars().count() > MAX_SEARCH {
        return Err(Failure::told(
            StatusCode::BAD_REQUEST,
            "The search is too long",
            &["Search for a name, a number or an e-mail address."],
        ));
    }
    let state = visit.aws.state();
    let all = accounts::of(&state, &signed_in.user.id);
    let total = all.len();
    let wanted = search.to_lowercase();
    let matches = |account: &accounts::Reached| {
        [&account.id, &account.name, &account.email]
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted))
    };
    let mut shown: Vec<PortalAccount> = all
        .into_iter()
        .filter(matches)
        .map(|account| PortalAccount {
            roles: accounts::roles(&state, &signed_in.user.id, &account.id)
                .into_iter()
                .map(|name| role(&account.id, name))
                .collect(),
            id: account.id,
            name: account.name,
            email: account.email,
        })
        .collect();
    shown.sort_by_cached_key(|account| account.name.to_lowercase());
    let page = AccessPortal {
        address: PORTAL_PATH.to_owned(),
        search: search.to_owned(),
        total,
        accounts: shown,
        console_action: CONSOLE_PATH.to_owned(),
        csrf: signed_in.session.csrf.clone(),
    };
    Ok(visit.page_for(&signed_in, page))
}

fn role(account: &str, name: String) -> PortalRole {
    PortalRole {
        access_keys: format!(
            "{KEYS_PATH}?account_id={account}&role_name={}",
            utf8_percent_encode(&name, NON_ALPHANUMERIC)
        ),
        name,
    }
}
