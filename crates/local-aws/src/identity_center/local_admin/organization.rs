//! JoinOrganization: what an account does on AWS by accepting an invitation.

use serde_json::{Value, json};

use super::shapes;
use crate::{
    json_service::{JsonCall, JsonError},
    organizations::join_organization,
};

/// The account that signs joins the organisation. Nobody else can make it join.
pub(super) fn join(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let email = call.input.optional("Email", shapes::EMAIL);
    call.input.done()?;
    let account = &call.principal.account;
    call.allow("organizations:AcceptHandshake", "*", account)?;
    let email = email.map_or_else(|| format!("root+{account}@example.com"), str::to_owned);
    join_organization(call.aws, call.op, account, &email)?;
    Ok(json!({}))
}
