//! CreateToken.

use serde_json::Value;

use super::{
    OidcError,
    client::{AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN, authenticate},
    code, device_code,
    error::Kind,
    family,
    input::Input,
};
use crate::{LocalAws, Op};

pub(super) fn answer(aws: &LocalAws, op: &mut Op, input: Input<'_>) -> Result<Value, OidcError> {
    let grant_type = input.required("grantType")?;
    let proved = authenticate(aws, op, input)?;
    let known = [AUTHORIZATION_CODE, REFRESH_TOKEN, DEVICE_CODE];
    if !known.contains(&grant_type) {
        return Err(OidcError::new(
            Kind::UnsupportedGrantType,
            "Unsupported grant type provided",
        ));
    }
    if !proved.client.may(grant_type) {
        return Err(OidcError::new(
            Kind::UnauthorizedClient,
            "The client is not registered for this grant",
        ));
    }
    let tokens = match grant_type {
        AUTHORIZATION_CODE => code::redeem(aws, op, &proved, input),
        REFRESH_TOKEN => family::renew(aws, op, &proved.key, input.required("refreshToken")?),
        _ => device_code::poll(aws, op, &proved, input.required("deviceCode")?),
    }?;
    // Refusals and polls do not pay for it.
    family::forget_expired(aws, op.unix())?;
    Ok(tokens)
}
