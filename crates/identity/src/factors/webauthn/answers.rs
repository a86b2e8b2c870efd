//! What browsers and command lines send back: `PublicKeyCredential` in JSON, all binary parts in
//! base64url without padding (WebAuthn §5.1.8, and the console contract).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::refused::WebauthnRefused;

/// Longest answer that is looked at, in bytes. Real ones have some hundred, with attestation some
/// thousand.
const MAX_ANSWER: usize = 64 * 1024;
/// Longest user handle (WebAuthn §5.4.3).
const MAX_USER_HANDLE: usize = 64;
/// The transports of WebAuthn §5.8.4. Others may come and are of no use here.
const TRANSPORTS: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

/// What `navigator.credentials.create()` gave.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawRegistration")]
pub struct RegistrationAnswer {
    pub(super) credential_id: Vec<u8>,
    pub(super) client_data: Vec<u8>,
    pub(super) attestation_object: Vec<u8>,
    pub(super) transports: Vec<String>,
    pub(super) discoverable: Option<bool>,
}

/// What `navigator.credentials.get()` gave.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawAuthentication")]
pub struct AuthenticationAnswer {
    pub(super) credential_id: Vec<u8>,
    pub(super) client_data: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) user_handle: Option<Vec<u8>>,
}

impl RegistrationAnswer {
    /// Reads the JSON of an answer.
    pub fn from_json(json: &[u8]) -> Result<Self, WebauthnRefused> {
        from_json(json)
    }

    /// To find out whether anybody has this key already.
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }
}

impl AuthenticationAnswer {
    /// Reads the JSON of an answer.
    pub fn from_json(json: &[u8]) -> Result<Self, WebauthnRefused> {
        from_json(json)
    }

    /// To find the record of the key.
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }
}

fn from_json<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, WebauthnRefused> {
    let unreadable = WebauthnRefused::Unreadable { part: "answer" };
    if json.len() > MAX_ANSWER {
        return Err(unreadable);
    }
    serde_json::from_slice(json).map_err(|_| unreadable)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRegistration {
    id: String,
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: RawAttestation,
    #[serde(default)]
    client_extension_results: RawExtensions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAttestation {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
    #[serde(default)]
    transports: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawExtensions {
    cred_props: Option<RawCredentialProperties>,
}

#[derive(Deserialize)]
struct RawCredentialProperties {
    rk: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAuthentication {
    id: String,
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: RawAssertion,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAssertion {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

impl TryFrom<RawRegistration> for RegistrationAnswer {
    type Error = WebauthnRefused;

    fn try_from(raw: RawRegistration) -> Result<Self, WebauthnRefused> {
        let mut transports = raw.response.transports;
        transports.retain(|name| TRANSPORTS.contains(&name.as_str()));
        transports.sort_unstable();
        transports.dedup();
        let properties = raw.client_extension_results.cred_props;
        Ok(Self {
            credential_id: credential_id(&raw.id, &raw.raw_id, &raw.kind)?,
            client_data: decoded("clientDataJSON", &raw.response.client_data)?,
            attestation_object: decoded("attestationObject", &raw.response.attestation_object)?,
            transports,
            discoverable: properties.and_then(|properties| properties.rk),
        })
    }
}

impl TryFrom<RawAuthentication> for AuthenticationAnswer {
    type Error = WebauthnRefused;

    fn try_from(raw: RawAuthentication) -> Result<Self, WebauthnRefused> {
        let user_handle = raw.response.user_handle;
        let user_handle = user_handle
            .map(|handle| user_handle_of(&handle))
            .transpose()?;
        Ok(Self {
            credential_id: credential_id(&raw.id, &raw.raw_id, &raw.kind)?,
            client_data: decoded("clientDataJSON", &raw.response.client_data)?,
            authenticator_data: decoded("authenticatorData", &raw.response.authenticator_data)?,
            signature: decoded("signature", &raw.response.signature)?,
            user_handle,
        })
    }
}

/// `id` is `rawId` in base64url (WebAuthn §5.1), and so they are the same text here.
fn credential_id(id: &str, raw_id: &str, kind: &str) -> Result<Vec<u8>, WebauthnRefused> {
    if id != raw_id || kind != "public-key" {
        return Err(WebauthnRefused::Unreadable { part: "id" });
    }
    decoded("rawId", raw_id)
}

/// An absent handle is `null`; there is no empty one (WebAuthn §5.4.3).
fn user_handle_of(text: &str) -> Result<Vec<u8>, WebauthnRefused> {
    let handle = decoded("userHandle", text)?;
    if handle.len() > MAX_USER_HANDLE {
        return Err(WebauthnRefused::Unreadable { part: "userHandle" });
    }
    Ok(handle)
}

fn decoded(part: &'static str, text: &str) -> Result<Vec<u8>, WebauthnRefused> {
    let unreadable = WebauthnRefused::Unreadable { part };
    if text.is_empty() || text.len() > MAX_ANSWER {
        return Err(unreadable);
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| unreadable)
}
