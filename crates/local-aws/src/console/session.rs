//! Sessions of administrators: a random token in the browser, its hash in the state file.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::SIGN_OUT;
use crate::{
    LocalAws, Op, Principal, StoreError,
    organizations::is_closed,
    sign_in::{self, cookie::Cookie},
    state::store::{Batch, Table},
};

/// Where a role session ends.
const ROLE_SIGN_OUT: &str = "/console/sign-out";
/// Seconds that a session lasts.
const LASTS: i64 = 8 * 3600;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    /// The account whose administrator it is.
    account: String,
    /// The access key that signed in.
    access_key_id: String,
    /// Value of the hidden field of every form.
    csrf: String,
    /// Unix seconds.
    expires_at: i64,
}

/// Who is signed in.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) principal: Principal,
    /// For the header of the pages.
    pub(super) name: String,
    pub(super) csrf: String,
    /// Where the session ends.
    pub(super) sign_out: &'static str,
}

/// An administrator, or else somebody with a role session of the console: what a page lets them do
/// is decided by the policies of the role.
pub(super) fn of_browser(
    aws: &LocalAws,
    op: &Op,
    headers: &HeaderMap,
) -> Result<Option<SignedIn>, StoreError> {
    let public_url = &aws.settings().public_url;
    if let Some(token) = Cookie::Administrator.read(public_url, headers)
        && let Some(found) = find(aws, op, token)?
    {
        return Ok(Some(found));
    }
    let Some(token) = Cookie::Session.read(public_url, headers) else {
        return Ok(None);
    };
    Ok(
        sign_in::session::find(aws, op, token)?.map(|found| SignedIn {
            name: found
                .principal
                .session
                .as_ref()
                .map_or_else(String::new, |session| session.name.clone()),
            principal: found.principal,
            csrf: found.csrf,
            sign_out: ROLE_SIGN_OUT,
        }),
    )
}

/// A token for the browser.
pub(super) fn token(op: &mut Op) -> String {
    URL_SAFE_NO_PAD.encode(op.random::<32>())
}

/// What stands for a token where the token itself must not be: in the file, and in the form of the
/// sign-in.
pub(super) fn hash(token: &str) -> String {
    hex::encode(digest(&SHA256, token.as_bytes()))
}

/// Begins a session and gives the token for the browser.
pub(super) fn begin(
    aws: &LocalAws,
    op: &mut Op,
    account: &str,
    access_key_id: &str,
    replaced: Option<&str>,
) -> Result<String, StoreError> {
    aws.store()
        .prune_expired(Table::AdministratorSessions, op.unix())?;
    let token = token(op);
    let record = Record {
        account: account.to_owned(),
        access_key_id: access_key_id.to_owned(),
        csrf: URL_SAFE_NO_PAD.encode(op.random::<32>()),
        expires_at: op.unix() + LASTS,
    };
    let mut batch = Batch::default();
    batch.put(Table::AdministratorSessions, &hash(&token), &record)?;
    if let Some(replaced) = replaced {
        batch.remove(Table::AdministratorSessions, &hash(replaced));
    }
    aws.store().commit(&batch)?;
    Ok(token)
}

/// Who the token belongs to; `None` when it is unknown or expired, its access key is gone, or
/// its account was closed.
pub(super) fn find(aws: &LocalAws, op: &Op, token: &str) -> Result<Option<SignedIn>, StoreError> {
    let record: Option<Record> = aws
        .store()
        .read(Table::AdministratorSessions, &hash(token))?;
    let state = aws.state();
    Ok(record
        .filter(|record| record.expires_at > op.unix())
        .filter(|record| {
            state
                .account_of_key(&record.access_key_id)
                .is_some_and(|account| account.record.id == record.account)
                && !is_closed(&state, &record.account)
        })
        .map(|record| SignedIn {
            principal: Principal::administrator(&record.account),
            name: "Administrator".to_owned(),
            csrf: record.csrf,
            sign_out: SIGN_OUT,
        }))
}

/// Ends the session of a token.
pub(super) fn end(aws: &LocalAws, token: &str) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    batch.remove(Table::AdministratorSessions, &hash(token));
    aws.store().commit(&batch)
}
