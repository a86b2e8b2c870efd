//! The attestation object (WebAuthn §6.5): read as far as is needed to know that it holds nothing that
//! was not asked for. The library reads it again.

use serde_cbor_2::Value;

use super::authenticator_data::{Attested, AuthenticatorData};
use super::refused::WebauthnRefused;

/// The new credential in an attestation object that attests nothing, or that the key signed itself.
pub(super) fn attested(object: &[u8]) -> Result<Attested, WebauthnRefused> {
    let unreadable = WebauthnRefused::Unreadable {
        part: "attestationObject",
    };
    let object: Value = serde_cbor_2::from_slice(object).map_err(|_| unreadable.clone())?;
    let member = |name: &str| match &object {
        Value::Map(map) => map.get(&Value::Text(name.to_owned())),
        _ => None,
    };
    let (Some(Value::Text(format)), Some(Value::Map(statement)), Some(Value::Bytes(data))) =
        (member("fmt"), member("attStmt"), member("authData"))
    else {
        return Err(unreadable);
    };
    let plain = match format.as_str() {
        "none" => statement.is_empty(),
        // Browsers leave this one in place when it has no certificate (WebAuthn §5.1.3).
        "packed" => !statement.contains_key(&Value::Text("x5c".to_owned())),
        _ => false,
    };
    if !plain {
        return Err(WebauthnRefused::Attestation);
    }
    let data = AuthenticatorData::parse(data)?;
    data.attested.ok_or(unreadable)
}
