//! EnableInstance and UpdatePortal.

use serde_json::{Value, json};

use super::{error::allowed, shapes};
use crate::{
    identity_center::{self, PortalSettings, change_portal, enable_instance, portal_url},
    json_service::{JsonCall, JsonError},
    state::center::AttributePrecedence,
};

/// The button "Enable".
pub(super) fn enable(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    call.allow("sso:CreateInstance", "*", &call.principal.account)?;
    let account = call.principal.account.clone();
    let instance = enable_instance(call.aws, call.op, &account, call.region)?;
    Ok(json!({
        "InstanceArn": instance.arn(),
        "IdentityStoreId": instance.identity_store_id,
        "StartUrl": instance.start_url(),
        "PortalUrl": portal_url(call.aws),
        "Region": instance.region,
    }))
}

/// How long the portal remembers somebody, its address, and which attributes count.
pub(super) fn update_portal(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let session_seconds = call.input.integer("SessionSeconds", 900, 7_776_000);
    let access_token_seconds = call.input.integer("AccessTokenSeconds", 60, 28_800);
    let alias = call
        .input
        .optional("Alias", shapes::ALIAS)
        .map(str::to_owned);
    let precedence = call
        .input
        .one_of("AttributePrecedence", &["ASSERTION", "DIRECTORY"]);
    call.input.done()?;
    allowed(call, "sso:UpdateInstance")?;
    let attribute_precedence = precedence.map(|word| match word {
        "DIRECTORY" => AttributePrecedence::Directory,
        _ => AttributePrecedence::Assertion,
    });
    change_portal(
        call.aws,
        &PortalSettings {
            session_seconds,
            access_token_seconds,
            alias,
            attribute_precedence,
        },
    )?;
    let state = call.aws.state();
    let instance = identity_center::enabled(&state).map(|center| &center.instance);
    Ok(json!({ "StartUrl": instance.map(|instance| instance.start_url()) }))
}
