//! Tokens: what one consent gave. Access tokens and refresh tokens of a consent are a family, and
//! end together: at sign-out, when their user goes, or when a refresh token is used that is over.
//!
//! A family remembers the refresh token that was used last and those that came from it. Two hands
//! may hold the same token for a moment; as soon as one of its successors is used, the token and
//! the other successors are over, so that a stolen token cannot live on beside the real one.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{OidcError, scopes};
use crate::{
    LocalAws, Op, StoreError,
    identity_center::{
        enabled,
        portal_session::{hash, user_since},
    },
    state::{
        State, Tag,
        store::{Batch, Table},
    },
};

const ACCESS_PREFIX: &str = "aoa";
const REFRESH_PREFIX: &str = "aor";
/// Seconds for which a refresh token that was replaced still works: the command line goes on with
/// the old one when it could not save the new one, and two of them may renew at once.
const GRACE: i64 = 120;
/// The most refresh tokens of a family that are remembered; the oldest are over before the others.
const MAX_REMEMBERED: usize = 200;

/// Who holds a token, as of the sign-in that it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holder {
    /// Id of the user.
    pub(crate) user: Uuid,
    /// Attributes for access control that the assertion gave.
    #[serde(default)]
    pub(crate) tags: Vec<Tag>,
    /// What the token is good for.
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    /// When the user signed in to the portal; Unix seconds.
    #[serde(default)]
    pub(crate) begun_at: i64,
}

impl Holder {
    /// Whether the token opens the access portal's API.
    pub(crate) fn reaches_accounts(&self) -> bool {
        scopes::open_accounts(&self.scopes)
    }

    fn is_gone(&self, state: &State) -> bool {
        user_since(state, &self.user, self.begun_at).is_none()
    }
}

/// What somebody allowed a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Granted {
    pub(super) holder: Holder,
    /// Hash of the client's id.
    pub(super) client: String,
    /// Whether there are refresh tokens.
    pub(super) renews: bool,
    /// When the sign-in to the portal ends, and all that came from it; Unix seconds.
    pub(super) session_end: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Family {
    granted: Granted,
    refresh: Vec<Issued>,
    /// Unix seconds.
    expires_at: i64,
}

/// A refresh token.
#[derive(Debug, Serialize, Deserialize)]
struct Issued {
    hash: String,
    /// When it was used first; Unix seconds.
    #[serde(default)]
    replaced_at: Option<i64>,
    /// Hash of the token for which this one was given.
    #[serde(default)]
    parent: Option<String>,
}

impl Family {
    /// Uses a refresh token, if it is not over.
    fn use_token(&mut self, presented: &str, now: i64) -> bool {
        let mut issued = self.refresh.iter_mut();
        let Some(issued) = issued.find(|issued| same(&issued.hash, presented)) else {
            return false;
        };
        if let Some(replaced_at) = issued.replaced_at {
            return now <= replaced_at + GRACE;
        }
        issued.replaced_at = Some(now);
        let parent = issued.parent.take();
        self.forget_beside(presented, parent.as_deref());
        true
    }

    /// A successor was used: its parent and the parent's other successors are over.
    fn forget_beside(&mut self, used: &str, parent: Option<&str>) {
        let Some(parent) = parent else { return };
        self.refresh.retain(|issued| {
            issued.hash == used
                || (issued.hash != parent && issued.parent.as_deref() != Some(parent))
        });
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct AccessToken {
    family: String,
    /// Unix seconds.
    expires_at: i64,
}

/// The tokens of a new family, not yet committed.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) family: String,
    pub(super) answer: Value,
}

/// Gives the first tokens for what was granted.
pub(super) fn begin(
    aws: &LocalAws,
    op: &mut Op,
    granted: &Granted,
    batch: &mut Batch,
) -> Result<Begun, OidcError> {
    let id: [u8; 16] = op.random();
    let key = hex::encode(id);
    let mut family = Family {
        granted: granted.clone(),
        refresh: Vec::new(),
        expires_at: granted.session_end,
    };
    let answer = issue(aws, op, &key, &mut family, None, batch)?;
    Ok(Begun {
        family: key,
        answer,
    })
}

/// One access token more, and a refresh token where there are any, in place of `parent`.
fn issue(
    aws: &LocalAws,
    op: &mut Op,
    key: &str,
    family: &mut Family,
    parent: Option<String>,
    batch: &mut Batch,
) -> Result<Value, OidcError> {
    let now = op.unix();
    let state = aws.state();
    let instance = enabled(&state).map(|center| &center.instance);
    let lifetime = instance.map_or(0, |instance| instance.access_token_seconds);
    let seconds = lifetime.min(family.granted.session_end - now);
    if seconds <= 0 || family.granted.holder.is_gone(&state) {
        return Err(OidcError::invalid_grant());
    }
    let access = format!(
        "{ACCESS_PREFIX}{}",
        URL_SAFE_NO_PAD.encode(op.random::<32>())
    );
    let record = AccessToken {
        family: key.to_owned(),
        expires_at: now + seconds,
    };
    batch.put(Table::AccessTokens, &hash(&access), &record)?;
    let refresh = family.granted.renews.then(|| {
        let mut token = hex::decode(key).unwrap_or_default();
        token.extend(op.random::<32>());
        format!("{REFRESH_PREFIX}{}", URL_SAFE_NO_PAD.encode(token))
    });
    if let Some(refresh) = &refresh {
        if family.refresh.len() >= MAX_REMEMBERED {
            family.refresh.remove(0);
        }
        family.refresh.push(Issued {
            hash: hash(refresh),
            replaced_at: None,
            parent,
        });
    }
    batch.put(Table::RefreshTokens, key, family)?;
    Ok(json!({
        "accessToken": access,
        "expiresIn": seconds,
        "tokenType": "Bearer",
        "refreshToken": refresh,
        "idToken": null,
    }))
}

/// Renews by refresh token, which is replaced.
pub(super) fn renew(
    aws: &LocalAws,
    op: &mut Op,
    client: &str,
    token: &str,
) -> Result<Value, OidcError> {
    let key = family_of(token).ok_or_else(OidcError::invalid_grant)?;
    let now = op.unix();
    let presented = hash(token);
    let store = aws.store();
    store.read_then_commit(Table::RefreshTokens, &key, |family: Option<Family>, batch| {
        // A refusal that changes something must not end the transaction, so it is an inner result.
        let Some(mut family) = family.filter(|family| {
            family.expires_at > now && family.granted.client == client
        }) else {
            return Ok(Err(OidcError::invalid_grant()));
        };
        // Only who held a token of the family knows its id, so an unknown token is one that is over.
        let still_good = family.use_token(&presented, now);
        let user_gone = family.granted.holder.is_gone(&aws.state());
        if user_gone || !still_good {
            if !user_gone {
                tracing::warn!(
                    user = %family.granted.holder.user,
                    "a refresh token was used again after it was replaced: all tokens of that sign-in are revoked"
                );
            }
            batch.remove(Table::RefreshTokens, &key);
            return Ok(Err(OidcError::invalid_grant()));
        }
        Ok::<_, OidcError>(issue(aws, op, &key, &mut family, Some(presented), batch))
    })?
}

/// Who holds this access token. `None` when it is unknown, foreign, over, or its user is gone.
pub(crate) fn find_holder(
    aws: &LocalAws,
    op: &Op,
    token: &str,
) -> Result<Option<Holder>, StoreError> {
    let Some((key, family)) = find(aws, op, token)? else {
        return Ok(None);
    };
    let holder = family.granted.holder;
    if holder.is_gone(&aws.state()) {
        revoke(aws, &key)?;
        return Ok(None);
    }
    Ok(Some(holder))
}

/// Ends all tokens of the sign-in that an access token came from. `false` when it is not known.
pub(crate) fn revoke_by_access_token(
    aws: &LocalAws,
    op: &Op,
    token: &str,
) -> Result<bool, StoreError> {
    match find(aws, op, token)? {
        Some((key, _)) => revoke(aws, &key).map(|()| true),
        None => Ok(false),
    }
}

fn find(aws: &LocalAws, op: &Op, token: &str) -> Result<Option<(String, Family)>, StoreError> {
    if !token.starts_with(ACCESS_PREFIX) || token.len() > 256 {
        return Ok(None);
    }
    let now = op.unix();
    let access: Option<AccessToken> = aws.store().read(Table::AccessTokens, &hash(token))?;
    let Some(access) = access.filter(|access| access.expires_at > now) else {
        return Ok(None);
    };
    let family: Option<Family> = aws.store().read(Table::RefreshTokens, &access.family)?;
    Ok(family
        .filter(|family| family.expires_at > now)
        .map(|family| (access.family, family)))
}

/// Ends a family.
pub(super) fn revoke(aws: &LocalAws, family: &str) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    batch.remove(Table::RefreshTokens, family);
    aws.store().commit(&batch)
}

/// Forgets what is over.
pub(super) fn forget_expired(aws: &LocalAws, now: i64) -> Result<(), StoreError> {
    aws.store().prune_expired(Table::AccessTokens, now)?;
    aws.store().prune_expired(Table::RefreshTokens, now)
}

fn family_of(token: &str) -> Option<String> {
    if token.len() > 256 {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD
        .decode(token.strip_prefix(REFRESH_PREFIX)?)
        .ok()?;
    (bytes.len() == 48).then(|| hex::encode(&bytes[..16]))
}

fn same(a: &str, b: &str) -> bool {
    verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}
