//! Adding a security key or passkey (WebAuthn §7.1).

use serde_json::json;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{
    AuthenticatorAttestationResponseRaw, COSEAlgorithm, COSEKey, COSEKeyType, Credential,
    ECDSACurve, RegisterPublicKeyCredential, RegistrationExtensionsClientOutputs,
};

use super::answers::RegistrationAnswer;
use super::attestation::attested;
use super::ceremony::{Ceremony, ClaimedCeremony, Purpose};
use super::client_data;
use super::options::RegistrationOptions;
use super::passkey::{PasskeyRecord, checked_name, written};
use super::refused::WebauthnRefused;
use super::relying_party::RelyingParty;
use crate::factors::FactorOwner;
use crate::ids::PasskeyId;
use crate::op::Op;

/// The most keys that one person can have: each is in the options of every ceremony.
pub const MAX_PASSKEYS: usize = 20;

/// What keys may sign with: ECDSA on P-256, which all of them can, and P-384, and RSA for older
/// computers with Windows.
pub(super) const ALGORITHMS: [COSEAlgorithm; 3] = [
    COSEAlgorithm::ES256,
    COSEAlgorithm::ES384,
    COSEAlgorithm::RS256,
];

/// Who adds a key, and the names that the browser shows beside it.
#[derive(Debug, Clone, Copy)]
pub struct Registrant<'a> {
    pub owner: FactorOwner,
    /// The e-mail address or user name.
    pub account: &'a str,
    pub display_name: &'a str,
}

/// Begins to add a key. `existing` are the keys that the person has: the browser does not offer them
/// again. A key that can be used without a password is preferred, one that cannot is taken too.
pub fn start_registration(
    op: &mut Op,
    party: &RelyingParty,
    who: &Registrant<'_>,
    existing: &[PasskeyRecord],
) -> Result<(RegistrationOptions, Ceremony), WebauthnRefused> {
    if existing.len() >= MAX_PASSKEYS {
        return Err(WebauthnRefused::TooMany);
    }
    let ceremony = Ceremony::start(op, Purpose::Register(who.owner));
    let options = RegistrationOptions::new(party, &ceremony, who, existing);
    Ok((options, ceremony))
}

/// Who finishes, and what they call the key.
#[derive(Debug, Clone, Copy)]
pub struct NewPasskey<'a> {
    /// Who is signed in.
    pub owner: FactorOwner,
    pub name: &'a str,
    /// The keys that this person has, and whoever's key has [`RegistrationAnswer::credential_id`].
    pub existing: &'a [PasskeyRecord],
}

/// Reads the answer to [`start_registration`] and gives the record to be stored.
pub fn finish_registration(
    op: &mut Op,
    party: &RelyingParty,
    ceremony: &ClaimedCeremony,
    answer: &RegistrationAnswer,
    new: NewPasskey<'_>,
) -> Result<PasskeyRecord, WebauthnRefused> {
    let ceremony = ceremony.at(op.now)?;
    let Purpose::Register(owner) = ceremony.purpose() else {
        return Err(WebauthnRefused::OtherCeremony);
    };
    if owner != new.owner {
        return Err(WebauthnRefused::OtherUser);
    }
    let name = checked_name(new.name)?;
    client_data::check(&answer.client_data, "webauthn.create", ceremony, party)?;
    let attested = attested(&answer.attestation_object)?;
    if attested.credential_id != answer.credential_id {
        return Err(WebauthnRefused::Unreadable { part: "rawId" });
    }
    let same = |other: &&PasskeyRecord| other.credential_id == answer.credential_id;
    if new.existing.iter().any(|other| same(&other)) {
        return Err(WebauthnRefused::AlreadyRegistered);
    }
    if new
        .existing
        .iter()
        .filter(|other| other.owner == owner)
        .count()
        >= MAX_PASSKEYS
    {
        return Err(WebauthnRefused::TooMany);
    }
    let credential = verified(party, ceremony, answer)?;
    Ok(PasskeyRecord {
        id: PasskeyId::new(op.now, &mut op.rng),
        owner,
        name,
        credential_id: credential.cred_id.clone(),
        credential: written(&credential)?,
        transports: answer.transports.clone(),
        model: Some(attested.model).filter(|model| !model.is_nil()),
        discoverable: answer.discoverable,
        backed_up: credential.backup_state,
        created_at: op.now,
        last_used_at: None,
        distrusted_at: None,
    })
}

/// What the library makes of the answer. It takes the state of a ceremony in its stored form alone,
/// or makes a challenge from a source of randomness of its own; so it gets the stored form.
fn verified(
    party: &RelyingParty,
    ceremony: &Ceremony,
    answer: &RegistrationAnswer,
) -> Result<Credential, WebauthnRefused> {
    let state = json!({
        // Verification is asked for at each use, as what the use is for needs it. Another value here
        // would be required for good of keys that were verified when they were registered, and such
        // keys would then not work from a command line.
        "policy": "discouraged",
        "exclude_credentials": [],
        "challenge": ceremony.challenge_text(),
        "credential_algorithms": ALGORITHMS,
        "require_resident_key": false,
        "authenticator_attachment": null,
        "extensions": {"credProps": true},
        "allow_synchronised_authenticators": true,
    });
    let state = serde_json::from_value(state)
        .map_err(|error| WebauthnRefused::of(&WebauthnError::ParseJSONFailure(error)))?;
    let given = RegisterPublicKeyCredential {
        id: String::new(),
        raw_id: answer.credential_id.clone(),
        response: AuthenticatorAttestationResponseRaw {
            attestation_object: answer.attestation_object.clone(),
            client_data_json: answer.client_data.clone(),
            transports: None,
        },
        type_: "public-key".to_owned(),
        extensions: RegistrationExtensionsClientOutputs::default(),
    };
    let verified = party.core.register_credential(&given, &state, None);
    let credential = verified.map_err(|error| WebauthnRefused::of(&error))?;
    if !fits(&credential.cred) {
        return Err(WebauthnRefused::OtherAlgorithm);
    }
    Ok(credential)
}

/// Whether a key is on the curve that its algorithm demands (WebAuthn §5.8.5).
fn fits(key: &COSEKey) -> bool {
    match (key.type_, &key.key) {
        (COSEAlgorithm::ES256, COSEKeyType::EC_EC2(key)) => key.curve == ECDSACurve::SECP256R1,
        (COSEAlgorithm::ES384, COSEKeyType::EC_EC2(key)) => key.curve == ECDSACurve::SECP384R1,
        (COSEAlgorithm::RS256, COSEKeyType::RSA(_)) => true,
        _ => false,
    }
}
