//! StartDeviceAuthorization.

use serde_json::{Value, json};

use super::{
    OidcError,
    client::{DEVICE_CODE, authenticate},
    device_code::{self, INTERVAL, LIFETIME},
    error::Kind,
    input::Input,
    start_url,
};
use crate::{LocalAws, Op};

pub(super) fn answer(aws: &LocalAws, op: &mut Op, input: Input<'_>) -> Result<Value, OidcError> {
    let start_url = input.required("startUrl")?;
    let proved = authenticate(aws, op, input)?;
    if !proved.client.may(DEVICE_CODE) {
        return Err(OidcError::new(
            Kind::UnauthorizedClient,
            "The client is not registered for the device grant",
        ));
    }
    if !start_url::is_ours(aws, start_url) {
        return Err(OidcError::bare(Kind::InvalidRequest));
    }
    let (device_code, user_code) = device_code::begin(aws, op, &proved)?;
    let base = aws.settings().public_url.as_str().trim_end_matches('/');
    Ok(json!({
        "deviceCode": device_code,
        "verificationUri": format!("{base}/device"),
        "verificationUriComplete": format!("{base}/device?user_code={user_code}"),
        "userCode": user_code,
        "expiresIn": LIFETIME,
        "interval": INTERVAL,
    }))
}
