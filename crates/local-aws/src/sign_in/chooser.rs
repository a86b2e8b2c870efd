//! The role chooser: the roles of an assertion by account, in the assertion's order.

use axum::{
    body::Body,
    http::{Response, StatusCode, header},
};
use jetway_pages::local::{AccountRoles, RoleChoice, RoleChooser};
use jetway_saml::RolePair;

use super::{cookie::Cookie, post::Posted, respond};
use crate::{LocalAws, Op, arn::IamArn, state::State};

pub(super) fn show(
    aws: &LocalAws,
    op: &Op,
    state: &State,
    posted: &Posted<'_>,
    pairs: &[RolePair],
    ticket: String,
) -> Response<Body> {
    let cookie = Cookie::Choice.set(&aws.settings().public_url, &ticket);
    let chooser = RoleChooser {
        saml_response: posted.response.to_owned(),
        relay_state: posted.relay_state.to_owned(),
        ticket,
        accounts: by_account(state, pairs),
    };
    let mut page = respond(aws, op, StatusCode::OK, "Local AWS", chooser);
    if let Some(cookie) = cookie {
        page.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    page
}

fn by_account(state: &State, pairs: &[RolePair]) -> Vec<AccountRoles> {
    let mut accounts: Vec<AccountRoles> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for pair in pairs {
        let Some(role) = IamArn::parse_kind(&pair.role_arn, "role") else {
            continue;
        };
        if seen.contains(&pair.role_arn.as_str()) {
            continue;
        }
        seen.push(&pair.role_arn);
        let choice = RoleChoice {
            index: seen.len() - 1,
            arn: pair.role_arn.clone(),
            name: role.name.to_owned(),
        };
        match accounts
            .iter_mut()
            .find(|account| account.id == role.account)
        {
            Some(account) => account.roles.push(choice),
            None => accounts.push(AccountRoles {
                id: role.account.to_owned(),
                alias: state
                    .account(role.account)
                    .and_then(|account| account.record.alias.clone()),
                roles: vec![choice],
            }),
        }
    }
    accounts
}
