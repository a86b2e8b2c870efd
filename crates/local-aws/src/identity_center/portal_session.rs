//! Sign-ins to the access portal: a random token in the browser, its hash in the state file.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    LocalAws, Op, StoreError,
    sign_in::cookie::Cookie,
    state::{
        State, Tag,
        directory::{Entry as _, UserRecord},
        store::{Batch, Table},
    },
};

/// What is stored of a sign-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PortalSession {
    /// Whose it is.
    pub(crate) user: Uuid,
    /// Attributes for access control that the assertion gave.
    #[serde(default)]
    pub(crate) tags: Vec<Tag>,
    /// Value of the hidden field of every form.
    pub(crate) csrf: String,
    /// When the person signed in; Unix seconds.
    #[serde(default)]
    pub(crate) begun_at: i64,
    /// Unix seconds.
    pub(crate) expires_at: i64,
    /// When codes were typed that nobody waits with; Unix seconds.
    #[serde(default)]
    pub(crate) wrong_codes: Vec<i64>,
}

/// Somebody who is signed in.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) session: PortalSession,
    /// As of now.
    pub(crate) user: Arc<UserRecord>,
    key: String,
}

impl SignedIn {
    /// The userName.
    pub(crate) fn user_name(&self) -> &str {
        self.user.name()
    }

    /// For people.
    pub(crate) fn display_name(&self) -> String {
        self.user
            .text("displayName")
            .unwrap_or_else(|| self.user.name())
            .to_owned()
    }

    /// Changes the session as it is stored now. One that was ended meanwhile stays so.
    pub(crate) fn change(
        &self,
        aws: &LocalAws,
        edit: impl FnOnce(&mut PortalSession),
    ) -> Result<(), StoreError> {
        aws.store().read_then_commit(
            Table::PortalSessions,
            &self.key,
            |session: Option<PortalSession>, batch| {
                if let Some(mut session) = session {
                    edit(&mut session);
                    batch.put(Table::PortalSessions, &self.key, &session)?;
                }
                Ok(())
            },
        )
    }
}

/// The key under which a secret is stored: whoever reads the file cannot use it.
pub(crate) fn hash(secret: &str) -> String {
    hex::encode(digest(&SHA256, secret.as_bytes()))
}

/// Begins a session and gives the token for the browser. The session that the browser had before
/// ends.
pub(crate) fn begin(
    aws: &LocalAws,
    op: &mut Op,
    headers: &HeaderMap,
    user: Uuid,
    tags: Vec<Tag>,
    expires_at: i64,
) -> Result<String, StoreError> {
    aws.store()
        .prune_expired(Table::PortalSessions, op.unix())?;
    let token = URL_SAFE_NO_PAD.encode(op.random::<32>());
    let session = PortalSession {
        user,
        tags,
        csrf: URL_SAFE_NO_PAD.encode(op.random::<32>()),
        begun_at: op.unix(),
        expires_at,
        wrong_codes: Vec::new(),
    };
    let mut batch = Batch::default();
    batch.put(Table::PortalSessions, &hash(&token), &session)?;
    if let Some(replaced) = Cookie::Portal.read(&aws.settings().public_url, headers) {
        batch.remove(Table::PortalSessions, &hash(replaced));
    }
    aws.store().commit(&batch)?;
    Ok(token)
}

/// Who the browser's cookie belongs to. A session is over for good once its user was deleted or
/// disabled, or its identity provider is trusted no longer.
pub(crate) fn find(
    aws: &LocalAws,
    op: &Op,
    headers: &HeaderMap,
) -> Result<Option<SignedIn>, StoreError> {
    let Some(token) = Cookie::Portal.read(&aws.settings().public_url, headers) else {
        return Ok(None);
    };
    let key = hash(token);
    let Some(session) = aws
        .store()
        .read::<PortalSession>(Table::PortalSessions, &key)?
    else {
        return Ok(None);
    };
    let user = user_since(&aws.state(), &session.user, session.begun_at)
        .filter(|_| session.expires_at > op.unix());
    let Some(user) = user else {
        remove(aws, &key)?;
        return Ok(None);
    };
    Ok(Some(SignedIn { session, user, key }))
}

/// Ends the session of the browser's cookie.
pub(crate) fn end(aws: &LocalAws, headers: &HeaderMap) -> Result<(), StoreError> {
    match Cookie::Portal.read(&aws.settings().public_url, headers) {
        Some(token) => remove(aws, &hash(token)),
        None => Ok(()),
    }
}

/// The user with this id, if a sign-in at `begun_at` (Unix seconds) still counts. One in the second
/// in which it was ended may have come before the end, and does not.
pub(crate) fn user_since(state: &State, user: &Uuid, begun_at: i64) -> Option<Arc<UserRecord>> {
    let center = state.identity_center.as_ref()?;
    let after = |end: Option<i64>| end.is_none_or(|end| begun_at > end);
    state
        .directory
        .users
        .get(user)
        .filter(|user| user.is_active() && after(user.deactivated_at))
        .filter(|_| after(center.instance.trust_ended_at))
        .cloned()
}

fn remove(aws: &LocalAws, key: &str) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    batch.remove(Table::PortalSessions, key);
    aws.store().commit(&batch)
}
