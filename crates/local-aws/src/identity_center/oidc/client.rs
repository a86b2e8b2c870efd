//! Clients. A client id carries its own registration, authenticated with a key of the data folder,
//! and the secret follows from it: command lines keep both for 90 days, longer than the state of a
//! local AWS often lives (identity-center.md §0.6). AWS's ids are shorter and its secrets are longer.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{OidcError, input::Input};
use crate::{
    LocalAws, Op, credentials::Vault, identity_center::portal_session::hash, sign_in::same_token,
};

/// The longest client id: it travels in addresses.
pub(super) const MAX_ID: usize = 1024;

/// What a client registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Client {
    /// Makes ids differ.
    #[serde(rename = "i")]
    pub(super) unique: String,
    /// For people: `botocore-client-corp`.
    #[serde(rename = "n")]
    pub(super) name: String,
    /// None means access to accounts, without renewal.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) scopes: Vec<String>,
    /// None means the device grant.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) grant_types: Vec<String>,
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) redirect_uris: Vec<String>,
    /// Unix seconds.
    #[serde(rename = "e")]
    pub(super) expires_at: i64,
}

impl Client {
    /// The id under which the client is known from now on.
    pub(super) fn id(&self, vault: &Vault) -> Option<String> {
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).ok()?);
        let tag = URL_SAFE_NO_PAD.encode(vault.client_tag(&format!("id:{payload}")));
        Some(format!("{payload}.{tag}"))
    }

    /// The client with this id, unless it was made up or has expired.
    pub(super) fn of_id(aws: &LocalAws, op: &Op, id: &str) -> Option<Self> {
        if id.len() > MAX_ID {
            return None;
        }
        let (payload, tag) = id.split_once('.')?;
        let expected = URL_SAFE_NO_PAD.encode(aws.vault().client_tag(&format!("id:{payload}")));
        if !same_token(&expected, Some(tag)) {
            return None;
        }
        let client: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        (client.expires_at > op.unix()).then_some(client)
    }

    /// Whether the client may ask for tokens this way.
    pub(super) fn may(&self, grant_type: &str) -> bool {
        if self.grant_types.is_empty() {
            matches!(grant_type, DEVICE_CODE | REFRESH_TOKEN)
        } else {
            self.grant_types.iter().any(|allowed| allowed == grant_type)
        }
    }

    /// Whether its tokens can be renewed: it named scopes, as those with an `sso-session` do.
    pub(super) fn renews(&self) -> bool {
        !self.scopes.is_empty() && self.may(REFRESH_TOKEN)
    }
}

pub(super) const AUTHORIZATION_CODE: &str = "authorization_code";
pub(super) const REFRESH_TOKEN: &str = "refresh_token";
pub(super) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The secret that goes with an id, in the shape of a JSON Web Token.
pub(super) fn secret(vault: &Vault, id: &str, expires_at: i64) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!(
        "{}.{}",
        part(json!({ "kid": "local-aws", "alg": "HS256" })),
        part(json!({ "sub": hash(id), "exp": expires_at }))
    );
    let tag = vault.client_tag(&format!("secret:{signed}"));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// A client that has proved itself, and the hash of its id by which grants know it.
#[derive(Debug)]
pub(super) struct Proved {
    pub(super) client: Client,
    pub(super) key: String,
}

/// The client that a request names, with its secret.
pub(super) fn authenticate(aws: &LocalAws, op: &Op, input: Input<'_>) -> Result<Proved, OidcError> {
    let id = input.required("clientId")?;
    let given = input.required("clientSecret")?;
    let client = Client::of_id(aws, op, id).ok_or_else(OidcError::invalid_client)?;
    let expected = secret(aws.vault(), id, client.expires_at);
    if !same_token(&expected, Some(given)) {
        return Err(OidcError::invalid_client());
    }
    Ok(Proved {
        client,
        key: hash(id),
    })
}
