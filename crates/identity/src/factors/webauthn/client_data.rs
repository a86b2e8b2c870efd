//! What the browser says about a ceremony (WebAuthn §5.8.1).

use aws_lc_rs::constant_time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::ceremony::Ceremony;
use super::refused::WebauthnRefused;
use super::relying_party::RelyingParty;

/// Longest foreign origin that is kept for the log, in characters.
const MAX_ORIGIN: usize = 200;

/// Browsers may say more than this and are asked to, so that nobody compares texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<IgnoredAny>,
}

/// Checks `clientDataJSON` against the ceremony: of `kind`, with its challenge, from exactly our
/// origin, not embedded in another site.
pub(super) fn check(
    json: &[u8],
    kind: &str,
    ceremony: &Ceremony,
    party: &RelyingParty,
) -> Result<(), WebauthnRefused> {
    let unreadable = WebauthnRefused::Unreadable {
        part: "clientDataJSON",
    };
    let data: ClientData = serde_json::from_slice(json).map_err(|_| unreadable.clone())?;
    if data.kind != kind {
        return Err(WebauthnRefused::OtherType);
    }
    let challenge = URL_SAFE_NO_PAD.decode(data.challenge);
    let challenge = challenge.map_err(|_| unreadable)?;
    if constant_time::verify_slices_are_equal(&challenge, ceremony.challenge()).is_err() {
        return Err(WebauthnRefused::OtherChallenge);
    }
    if data.origin != party.origin() {
        let received = data.origin.chars().take(MAX_ORIGIN).collect();
        return Err(WebauthnRefused::OtherOrigin { received });
    }
    if data.cross_origin || data.top_origin.is_some() {
        return Err(WebauthnRefused::Embedded);
    }
    Ok(())
}
