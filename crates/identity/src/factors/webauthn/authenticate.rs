//! Using a security key or passkey (WebAuthn §7.2).

use serde_json::json;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{
    AuthenticationExtensionsClientOutputs, AuthenticatorAssertionResponseRaw, Credential,
    PublicKeyCredential,
};

use super::answers::AuthenticationAnswer;
use super::authenticator_data::AuthenticatorData;
use super::ceremony::{Ceremony, ClaimedCeremony, Purpose, UserVerification};
use super::client_data;
use super::options::RequestOptions;
use super::passkey::PasskeyRecord;
use super::refused::WebauthnRefused;
use super::relying_party::RelyingParty;
use crate::factors::FactorOwner;
use crate::op::Op;

/// A person who has proved to have a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    pub owner: FactorOwner,
    /// The record as it is to be stored now, with the counter that the key has reached. Of two uses
    /// at once the second must not overwrite the first: the caller stores it on condition that
    /// `credential` in the database is still what it read.
    pub passkey: PasskeyRecord,
    /// Whether the key checked by PIN, fingerprint or face who uses it: then it was two factors.
    pub user_verified: bool,
}

/// Asks a known person for one of `passkeys`, which are theirs.
pub fn start_second_factor(
    op: &mut Op,
    party: &RelyingParty,
    owner: FactorOwner,
    passkeys: &[PasskeyRecord],
    verification: UserVerification,
) -> Result<(RequestOptions, Ceremony), WebauthnRefused> {
    if passkeys.is_empty() {
        return Err(WebauthnRefused::NonePresent);
    }
    if passkeys.iter().any(|passkey| passkey.owner != owner) {
        return Err(WebauthnRefused::OtherUser);
    }
    let ceremony = Ceremony::start(op, Purpose::SecondFactor(owner, verification));
    let options = RequestOptions::new(party, &ceremony, passkeys, verification);
    Ok((options, ceremony))
}

/// Asks whoever it is for a passkey that knows whose it is. The options are the same for everybody,
/// so they tell nobody who has an account.
pub fn start_passwordless(op: &mut Op, party: &RelyingParty) -> (RequestOptions, Ceremony) {
    let ceremony = Ceremony::start(op, Purpose::Passwordless);
    let options = RequestOptions::new(party, &ceremony, &[], UserVerification::Required);
    (options, ceremony)
}

/// Reads the answer to [`start_second_factor`]. `owner` is who is signing in, and `passkey` the record
/// that has [`AuthenticationAnswer::credential_id`], whoever owns it.
pub fn finish_second_factor(
    op: &Op,
    party: &RelyingParty,
    ceremony: &ClaimedCeremony,
    answer: &AuthenticationAnswer,
    owner: FactorOwner,
    passkey: Option<&PasskeyRecord>,
) -> Result<Authenticated, WebauthnRefused> {
    let ceremony = ceremony.at(op.now)?;
    let Purpose::SecondFactor(asked, verification) = ceremony.purpose() else {
        return Err(WebauthnRefused::OtherCeremony);
    };
    if asked != owner {
        return Err(WebauthnRefused::OtherUser);
    }
    let passkey = passkey.ok_or(WebauthnRefused::UnknownCredential)?;
    let handle = answer.user_handle.as_deref();
    if passkey.owner != owner || handle.is_some_and(|handle| !is_handle_of(handle, owner)) {
        return Err(WebauthnRefused::OtherUser);
    }
    let required = verification == UserVerification::Required;
    verified(op, party, ceremony, answer, passkey, required)
}

/// Reads the answer to [`start_passwordless`]. `passkey` is the record that has
/// [`AuthenticationAnswer::credential_id`]. The key must say itself whose it is, and must have checked
/// that it is this person.
pub fn finish_passwordless(
    op: &Op,
    party: &RelyingParty,
    ceremony: &ClaimedCeremony,
    answer: &AuthenticationAnswer,
    passkey: Option<&PasskeyRecord>,
) -> Result<Authenticated, WebauthnRefused> {
    let ceremony = ceremony.at(op.now)?;
    if ceremony.purpose() != Purpose::Passwordless {
        return Err(WebauthnRefused::OtherCeremony);
    }
    let passkey = passkey.ok_or(WebauthnRefused::UnknownCredential)?;
    let handle = answer.user_handle.as_deref();
    let handle = handle.ok_or(WebauthnRefused::Unreadable { part: "userHandle" })?;
    if !is_handle_of(handle, passkey.owner) {
        return Err(WebauthnRefused::OtherUser);
    }
    verified(op, party, ceremony, answer, passkey, true)
}

/// Keys are registered with the text of the owner's id as the handle.
fn is_handle_of(handle: &[u8], owner: FactorOwner) -> bool {
    handle == owner.to_string().as_bytes()
}

fn verified(
    op: &Op,
    party: &RelyingParty,
    ceremony: &Ceremony,
    answer: &AuthenticationAnswer,
    passkey: &PasskeyRecord,
    verification_required: bool,
) -> Result<Authenticated, WebauthnRefused> {
    if passkey.credential_id != answer.credential_id {
        return Err(WebauthnRefused::UnknownCredential);
    }
    if passkey.distrusted_at.is_some() {
        return Err(WebauthnRefused::Distrusted);
    }
    client_data::check(&answer.client_data, "webauthn.get", ceremony, party)?;
    let data = AuthenticatorData::parse(&answer.authenticator_data)?;
    if data.attested.is_some() {
        let part = "authenticatorData";
        return Err(WebauthnRefused::Unreadable { part });
    }
    let mut credential = passkey.read()?;
    let policy = if verification_required {
        "required"
    } else {
        "discouraged"
    };
    // As in register.rs: the library takes its state in the stored form alone.
    let state = json!({
        "credentials": [],
        "policy": policy,
        "challenge": ceremony.challenge_text(),
        "appid": null,
        "allow_backup_eligible_upgrade": false,
    });
    let state = serde_json::from_value(state)
        .map_err(|error| WebauthnRefused::of(&WebauthnError::ParseJSONFailure(error)))?;
    let given = as_the_library_reads_it(answer);
    let found = party
        .core
        .authenticate_single_credential(&given, &state, &credential);
    let found = found.map_err(|error| refused(&error, &credential, data.counter))?;
    credential.counter = found.counter();
    credential.backup_state = found.backup_state();
    Ok(Authenticated {
        owner: passkey.owner,
        passkey: passkey.used(&credential, op.now)?,
        user_verified: found.user_verified(),
    })
}

fn as_the_library_reads_it(answer: &AuthenticationAnswer) -> PublicKeyCredential {
    PublicKeyCredential {
        id: String::new(),
        raw_id: answer.credential_id.clone(),
        response: AuthenticatorAssertionResponseRaw {
            authenticator_data: answer.authenticator_data.clone(),
            client_data_json: answer.client_data.clone(),
            signature: answer.signature.clone(),
            user_handle: answer.user_handle.clone(),
        },
        extensions: AuthenticationExtensionsClientOutputs::default(),
        type_: "public-key".to_owned(),
    }
}

fn refused(error: &WebauthnError, credential: &Credential, received: u32) -> WebauthnRefused {
    match error {
        WebauthnError::CredentialPossibleCompromise => WebauthnRefused::CounterWentBack {
            stored: credential.counter,
            received,
        },
        other => WebauthnRefused::of(other),
    }
}
