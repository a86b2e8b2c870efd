//! Authorization codes: given to a program through the browser, once, and bound to its secret by
//! PKCE (RFC 7636).

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    OidcError,
    client::Proved,
    family::{self, Granted},
    input::Input,
};
use crate::{
    LocalAws, Op, StoreError,
    identity_center::portal_session::hash,
    sign_in::same_token,
    state::store::{Batch, Table},
};

/// Seconds that a code is good for.
const LIFETIME: i64 = 600;

/// What a code stands for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CodeGrant {
    pub(super) granted: Granted,
    /// As it stood in the request.
    pub(super) redirect_uri: String,
    /// SHA-256 of the program's secret, base64url.
    pub(super) challenge: String,
    /// The tokens that it was exchanged for.
    #[serde(default)]
    used: Option<String>,
    /// Unix seconds.
    expires_at: i64,
}

/// Gives a code.
pub(super) fn begin(
    aws: &LocalAws,
    op: &mut Op,
    granted: Granted,
    redirect_uri: &str,
    challenge: &str,
) -> Result<String, StoreError> {
    let now = op.unix();
    aws.store().prune_expired(Table::Grants, now)?;
    let code = URL_SAFE_NO_PAD.encode(op.random::<32>());
    let grant = CodeGrant {
        granted,
        redirect_uri: redirect_uri.to_owned(),
        challenge: challenge.to_owned(),
        used: None,
        expires_at: now + LIFETIME,
    };
    let mut batch = Batch::default();
    batch.put(Table::Grants, &key(&code), &grant)?;
    aws.store().commit(&batch)?;
    Ok(code)
}

/// Exchanges a code for tokens. A code that comes twice was stolen: the tokens it gave end.
pub(super) fn redeem(
    aws: &LocalAws,
    op: &mut Op,
    proved: &Proved,
    input: Input<'_>,
) -> Result<Value, OidcError> {
    let code = input.required("code")?;
    let redirect_uri = input.required("redirectUri")?;
    let verifier = input.required("codeVerifier")?;
    let now = op.unix();
    let key = key(code);
    let store = aws.store();
    store.read_then_commit(Table::Grants, &key, |grant: Option<CodeGrant>, batch| {
        let good = |grant: &CodeGrant| {
            grant.expires_at > now
                && grant.granted.client == proved.key
                && grant.redirect_uri == redirect_uri
                && proves(verifier, &grant.challenge)
        };
        let Some(mut grant) = grant.filter(good) else {
            return Ok(Err(OidcError::invalid_grant()));
        };
        if let Some(family) = &grant.used {
            tracing::warn!(
                user = %grant.granted.holder.user,
                "an authorization code was used twice: the tokens it gave are revoked"
            );
            batch.remove(Table::RefreshTokens, family);
            return Ok(Err(OidcError::invalid_grant()));
        }
        let begun = family::begin(aws, op, &grant.granted, batch)?;
        grant.used = Some(begun.family);
        batch.put(Table::Grants, &key, &grant)?;
        Ok::<_, OidcError>(Ok(begun.answer))
    })?
}

/// RFC 7636 section 4.6, with S256 only.
fn proves(verifier: &str, challenge: &str) -> bool {
    let shape = (43..=128).contains(&verifier.len())
        && verifier
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let hashed = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    shape && same_token(challenge, Some(&hashed))
}

fn key(code: &str) -> String {
    format!("code:{}", hash(code))
}

#[cfg(test)]
mod tests {
    use super::proves;

    #[test]
    fn the_example_of_the_specification_proves_itself() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(proves(
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            challenge
        ));
        for other in ["", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX", challenge] {
            assert!(!proves(other, challenge), "{other}");
        }
    }
}
