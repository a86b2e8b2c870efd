//! Console sessions: a random token in the browser, its hash and the role session in the state
//! file.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    LocalAws, Op, Principal, StoreError,
    credentials::{OpenSession, Session},
    identity_center::portal_session,
    organizations::is_closed,
    state::{
        State,
        store::{Batch, Table},
    },
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    session: Session,
    /// Value of the hidden field of the sign-out form.
    csrf: String,
    /// Unix seconds.
    expires_at: i64,
}

/// Somebody who is signed in to the console.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) principal: Principal,
    pub(crate) csrf: String,
}

/// The key under which a token is stored: whoever reads the file cannot use it as a cookie.
fn key(token: &str) -> String {
    hex::encode(digest(&SHA256, token.as_bytes()))
}

/// Begins a session and gives the token for the browser. `replaced` is the token that the browser
/// had before; its session ends.
pub(crate) fn begin(
    aws: &LocalAws,
    op: &mut Op,
    session: Session,
    replaced: Option<&str>,
) -> Result<String, StoreError> {
    let token = URL_SAFE_NO_PAD.encode(op.random::<32>());
    let record = Record {
        csrf: URL_SAFE_NO_PAD.encode(op.random::<32>()),
        expires_at: session.expires_at,
        session,
    };
    let mut batch = Batch::default();
    batch.put(Table::ConsoleSessions, &key(&token), &record)?;
    if let Some(replaced) = replaced {
        batch.remove(Table::ConsoleSessions, &key(replaced));
    }
    aws.store().commit(&batch)?;
    Ok(token)
}

/// Who the token belongs to; `None` when it is unknown, expired, its role is gone or its account was
/// closed, and when its user in Identity Center is gone or was disabled since.
pub(crate) fn find(aws: &LocalAws, op: &Op, token: &str) -> Result<Option<SignedIn>, StoreError> {
    let record: Option<Record> = aws.store().read(Table::ConsoleSessions, &key(token))?;
    Ok(record
        .filter(|record| record.expires_at > op.unix())
        .and_then(|record| {
            let state = aws.state();
            if has_lost_its_user(&state, &record.session) {
                return None;
            }
            let open = OpenSession {
                session: Arc::new(record.session),
                policy: None,
            };
            let principal = Principal::of_session(&state, &open)
                .filter(|principal| !is_closed(&state, &principal.account))?;
            Some(SignedIn {
                principal,
                csrf: record.csrf,
            })
        }))
}

/// A session that was opened from the access portal is its user's.
fn has_lost_its_user(state: &State, session: &Session) -> bool {
    session.identity_store.as_ref().is_some_and(|user| {
        user.user_id
            .parse()
            .ok()
            .and_then(|id| portal_session::user_since(state, &id, session.issued_at))
            .is_none()
    })
}

/// Ends the session of a token if it was opened from the access portal, and says whether it was.
pub(crate) fn end_of_portal(aws: &LocalAws, token: &str) -> Result<bool, StoreError> {
    let key = key(token);
    aws.store().read_then_commit(
        Table::ConsoleSessions,
        &key,
        |record: Option<Record>, batch| {
            let opened_there = record.is_some_and(|record| record.session.identity_store.is_some());
            if opened_there {
                batch.remove(Table::ConsoleSessions, &key);
            }
            Ok(opened_there)
        },
    )
}

/// Ends the session of a token.
pub(crate) fn end(aws: &LocalAws, token: &str) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    batch.remove(Table::ConsoleSessions, &key(token));
    aws.store().commit(&batch)
}
