//! Automatic provisioning and its tokens.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{error::allowed, shapes};
use crate::{
    identity_center::{
        self, InstanceError, disable_provisioning, enable_provisioning, scim_endpoint,
        set_scim_profile,
    },
    json_service::{JsonCall, JsonError},
    state::center::ProvisioningRecord,
};

const ACTION: &str = "sso:UpdateDirectoryAssociation";

/// "Enable" in the box "Automatic provisioning".
pub(super) fn enable(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    allowed(call, ACTION)?;
    let provisioning = enable_provisioning(call.aws, call.op)?;
    Ok(shown(call, &provisioning))
}

/// The endpoint and its tokens, which are not shown again.
pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = allowed(call, "sso:DescribeDirectories")?;
    let provisioning = instance
        .provisioning
        .ok_or(InstanceError::ProvisioningDisabled)?;
    Ok(shown(call, &provisioning))
}

/// The dialect of the endpoint.
pub(super) fn update(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let profile = call.input.required("Profile", shapes::NAME);
    call.input.done()?;
    allowed(call, ACTION)?;
    set_scim_profile(call.aws, profile)?;
    Ok(json!({}))
}

/// "Disable".
pub(super) fn disable(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    allowed(call, ACTION)?;
    disable_provisioning(call.aws)?;
    Ok(json!({}))
}

/// "Generate token": the only time that it is shown.
pub(super) fn create_token(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    allowed(call, ACTION)?;
    let new = identity_center::create_scim_token(call.aws, call.op)?;
    Ok(json!({
        "TokenId": new.id.to_string(),
        "Token": new.token.expose_secret(),
        "ExpirationDate": new.expires_at,
    }))
}

/// The old token goes.
pub(super) fn delete_token(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = call.input.required("TokenId", shapes::ID);
    call.input.done()?;
    allowed(call, ACTION)?;
    let id = id.parse().map_err(|_| InstanceError::NoToken)?;
    identity_center::delete_scim_token(call.aws, &id)?;
    Ok(json!({}))
}

fn shown(call: &JsonCall<'_>, provisioning: &ProvisioningRecord) -> Value {
    let tokens: Vec<Value> = provisioning
        .tokens
        .iter()
        .map(|token| {
            json!({
                "TokenId": token.id.to_string(),
                "CreatedDate": token.created_at,
                "ExpirationDate": token.expires_at,
            })
        })
        .collect();
    json!({
        "ScimEndpoint": scim_endpoint(call.aws, provisioning),
        "Profile": provisioning.profile,
        "Tokens": tokens,
    })
}
