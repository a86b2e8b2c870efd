//! What browsers and command lines are asked, in the JSON that `PublicKeyCredential` reads
//! (WebAuthn §5.1.10) and that the console contract has.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::ceremony::{Ceremony, LIFETIME, UserVerification};
use super::passkey::PasskeyRecord;
use super::register::{ALGORITHMS, Registrant};
use super::relying_party::RelyingParty;

/// `{"publicKey": …}` for `navigator.credentials.create()`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationOptions {
    public_key: CreationOptions,
}

/// `{"publicKey": …}` for `navigator.credentials.get()`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions {
    public_key: AssertionOptions,
}

/// A key that may answer, or must not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CredentialDescriptor {
    #[serde(rename = "type")]
    kind: &'static str,
    /// In base64url without padding.
    pub id: String,
    /// How the key can be reached: a hint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transports: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreationOptions {
    rp: Party,
    user: User,
    challenge: String,
    pub_key_cred_params: Vec<Parameter>,
    timeout: i64,
    exclude_credentials: Vec<CredentialDescriptor>,
    authenticator_selection: Selection,
    attestation: &'static str,
    extensions: Extensions,
}

#[derive(Debug, Clone, Serialize)]
struct Party {
    id: String,
    name: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    name: String,
    display_name: String,
}

#[derive(Debug, Clone, Serialize)]
struct Parameter {
    #[serde(rename = "type")]
    kind: &'static str,
    alg: i64,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    resident_key: &'static str,
    require_resident_key: bool,
    user_verification: UserVerification,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Extensions {
    cred_props: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct AssertionOptions {
    challenge: String,
    timeout: i64,
    rp_id: String,
    allow_credentials: Vec<CredentialDescriptor>,
    user_verification: UserVerification,
}

impl RegistrationOptions {
    pub(super) fn new(
        party: &RelyingParty,
        ceremony: &Ceremony,
        who: &Registrant<'_>,
        existing: &[PasskeyRecord],
    ) -> Self {
        let name = Some(who.display_name).filter(|name| !name.is_empty());
        let user = User {
            id: URL_SAFE_NO_PAD.encode(who.owner.to_string()),
            name: who.account.to_owned(),
            display_name: name.unwrap_or(who.account).to_owned(),
        };
        let parameters = ALGORITHMS.iter().map(|algorithm| Parameter {
            kind: "public-key",
            alg: *algorithm as i64,
        });
        Self {
            public_key: CreationOptions {
                rp: Party {
                    id: party.id().to_owned(),
                    name: party.name().to_owned(),
                },
                user,
                challenge: ceremony.challenge_text(),
                pub_key_cred_params: parameters.collect(),
                timeout: timeout(),
                exclude_credentials: descriptors(existing),
                authenticator_selection: Selection {
                    resident_key: "preferred",
                    require_resident_key: false,
                    user_verification: UserVerification::Preferred,
                },
                attestation: "none",
                extensions: Extensions { cred_props: true },
            },
        }
    }
}

impl RequestOptions {
    pub(super) fn new(
        party: &RelyingParty,
        ceremony: &Ceremony,
        passkeys: &[PasskeyRecord],
        verification: UserVerification,
    ) -> Self {
        Self {
            public_key: AssertionOptions {
                challenge: ceremony.challenge_text(),
                timeout: timeout(),
                rp_id: party.id().to_owned(),
                allow_credentials: descriptors(passkeys),
                user_verification: verification,
            },
        }
    }

    /// 32 random bytes in base64url without padding.
    pub fn challenge(&self) -> &str {
        &self.public_key.challenge
    }

    /// The host that the key must have been registered for.
    pub fn rp_id(&self) -> &str {
        &self.public_key.rp_id
    }

    /// The keys that may answer; empty when the key itself knows whose it is.
    pub fn allow_credentials(&self) -> &[CredentialDescriptor] {
        &self.public_key.allow_credentials
    }
}

fn descriptors(passkeys: &[PasskeyRecord]) -> Vec<CredentialDescriptor> {
    let descriptor = |passkey: &PasskeyRecord| CredentialDescriptor {
        kind: "public-key",
        id: URL_SAFE_NO_PAD.encode(&passkey.credential_id),
        transports: passkey.transports.clone(),
    };
    passkeys.iter().map(descriptor).collect()
}

/// In milliseconds: a browser that waits longer than the ceremony lasts waits for nothing.
fn timeout() -> i64 {
    LIFETIME.whole_seconds() * 1000
}
