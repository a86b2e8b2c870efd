//! The portal's API: ListAccounts, ListAccountRoles, GetRoleCredentials, Logout (§1.7).
//!
//! The token comes in a header and goes nowhere else: command lines send the tokens of other
//! portals too (§0.7), so unknown ones are not even logged.

use axum::{
    body::Body,
    http::{HeaderName, Method, Response, request::Parts},
};
use jetway_aws_wire::QueryRequest;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{accounts, error::PortalError, paging::page};
use crate::{
    LocalAws, Op, body,
    identity_center::{
        oidc::{Holder, find_holder, revoke_by_access_token},
        role_session::role_credentials,
    },
    ids,
};

const TOKEN: HeaderName = HeaderName::from_static("x-amz-sso_bearer_token");

/// What one operation does.
type Operation = fn(&LocalAws, &mut Op, &Request<'_>) -> Result<Option<Value>, PortalError>;

/// One request of the API.
struct Request<'a> {
    token: &'a str,
    query: QueryRequest,
}

pub(super) fn serves(parts: &Parts) -> bool {
    operation(parts).is_some()
}

fn operation(parts: &Parts) -> Option<Operation> {
    Some(match (&parts.method, parts.uri.path()) {
        (&Method::GET, "/assignment/accounts") => list_accounts,
        (&Method::GET, "/assignment/roles") => list_roles,
        (&Method::GET, "/federation/credentials") => credentials,
        (&Method::POST, "/logout") => logout,
        _ => return None,
    })
}

pub(super) async fn serve(aws: &LocalAws, mut op: Op, parts: Parts) -> Response<Body> {
    let (task_aws, request_id) = (aws.clone(), op.request_id.clone());
    let answered = tokio::task::spawn_blocking(move || {
        let answer = run(&task_aws, &mut op, &parts);
        match answer {
            Ok(content) => {
                let content = content.map_or_else(String::new, |content| content.to_string());
                body::answer(200, &op.request_id, "application/json", content)
            }
            Err(error) => error.into_response(&op),
        }
    });
    answered.await.unwrap_or_else(|error| {
        tracing::error!(request.id = request_id, %error, "an operation did not finish");
        body::answer(500, &request_id, "application/json", "{}")
    })
}

fn run(aws: &LocalAws, op: &mut Op, parts: &Parts) -> Result<Option<Value>, PortalError> {
    let operation = operation(parts).ok_or(PortalError::InvalidRequest("Unknown operation"))?;
    let query = parts.uri.query().unwrap_or_default();
    let request = Request {
        token: body::header_text(&parts.headers, TOKEN).ok_or(PortalError::Unauthorized)?,
        query: QueryRequest::decode(query.as_bytes())
            .map_err(|_| PortalError::InvalidRequest("The parameters cannot be read"))?,
    };
    operation(aws, op, &request)
}

impl Request<'_> {
    fn holder(&self, aws: &LocalAws, op: &Op) -> Result<Holder, PortalError> {
        let holder = find_holder(aws, op, self.token)?.ok_or(PortalError::Unauthorized)?;
        if holder.reaches_accounts() {
            Ok(holder)
        } else {
            Err(PortalError::Forbidden)
        }
    }

    fn account(&self) -> Result<&str, PortalError> {
        self.query
            .get("account_id")
            .filter(|id| ids::is_account_id(id))
            .ok_or(PortalError::InvalidRequest(
                "account_id must be the 12 digits of an account",
            ))
    }
}

fn list_accounts(
    aws: &LocalAws,
    op: &mut Op,
    request: &Request<'_>,
) -> Result<Option<Value>, PortalError> {
    let holder = request.holder(aws, op)?;
    let reached = accounts::of(&aws.state(), &holder.user);
    let page = page(&request.query, reached, |account| &account.id)?;
    let list: Vec<Value> = page
        .items
        .iter()
        .map(|account| {
            json!({
                "accountId": account.id,
                "accountName": account.name,
                "emailAddress": account.email,
            })
        })
        .collect();
    Ok(Some(
        json!({ "accountList": list, "nextToken": page.next_token }),
    ))
}

fn list_roles(
    aws: &LocalAws,
    op: &mut Op,
    request: &Request<'_>,
) -> Result<Option<Value>, PortalError> {
    let holder = request.holder(aws, op)?;
    let account = request.account()?;
    let names = accounts::roles(&aws.state(), &holder.user, account);
    let page = page(&request.query, names, |name| name)?;
    let list: Vec<Value> = page
        .items
        .iter()
        .map(|name| json!({ "roleName": name, "accountId": account }))
        .collect();
    Ok(Some(
        json!({ "roleList": list, "nextToken": page.next_token }),
    ))
}

fn credentials(
    aws: &LocalAws,
    op: &mut Op,
    request: &Request<'_>,
) -> Result<Option<Value>, PortalError> {
    let holder = request.holder(aws, op)?;
    let account = request.account()?;
    let role = request
        .query
        .get("role_name")
        .filter(|name| !name.is_empty())
        .ok_or(PortalError::InvalidRequest("role_name is required"))?;
    let keys = role_credentials(aws, op, &holder.user, &holder.tags, (account, role))?;
    Ok(Some(json!({
        "roleCredentials": {
            "accessKeyId": keys.access_key_id,
            "secretAccessKey": keys.secret_access_key.expose_secret(),
            "sessionToken": keys.session_token.expose_secret(),
            // Milliseconds (§0.5).
            "expiration": keys.expires_at * 1000,
        }
    })))
}

/// Ends the tokens of the sign-in. The browser stays signed in to the portal.
fn logout(
    aws: &LocalAws,
    op: &mut Op,
    request: &Request<'_>,
) -> Result<Option<Value>, PortalError> {
    if revoke_by_access_token(aws, op, request.token)? {
        Ok(None)
    } else {
        Err(PortalError::Unauthorized)
    }
}
