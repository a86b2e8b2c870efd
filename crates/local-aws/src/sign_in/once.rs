//! An assertion signs in once (SAML profiles 4.1.4.5), also when the server was restarted since.
//!
//! When the role chooser is shown, the assertion is used, except for the one choice that carries
//! the chooser's ticket.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jetway_saml::ReceivedAssertion;
use serde::{Deserialize, Serialize};

use crate::{LocalAws, Op, StoreError, state::store::Table};

/// Seconds that a record is kept beyond the end of its assertion, for clocks that are set back.
const MARGIN: i64 = 24 * 3600;

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// Unix seconds.
    expires_at: i64,
    /// Hash of the ticket that the chooser's form carries, until it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
}

/// Why an assertion may not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OnceError {
    /// It was used before.
    #[error("the assertion was used before")]
    Used,
    /// The state file could not be written, so nobody knows.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Uses the assertion up.
pub(crate) fn redeem(
    aws: &LocalAws,
    op: &Op,
    assertion: &ReceivedAssertion,
    ticket: Option<&str>,
) -> Result<(), OnceError> {
    write(aws, op, assertion, ticket, None)
}

/// Uses the assertion up but for one choice, and gives the ticket for it.
pub(crate) fn offer_choice(
    aws: &LocalAws,
    op: &mut Op,
    assertion: &ReceivedAssertion,
) -> Result<String, OnceError> {
    let ticket = URL_SAFE_NO_PAD.encode(op.random::<32>());
    write(aws, op, assertion, None, Some(hash(&ticket)))?;
    Ok(ticket)
}

fn write(
    aws: &LocalAws,
    op: &Op,
    assertion: &ReceivedAssertion,
    presented: Option<&str>,
    next: Option<String>,
) -> Result<(), OnceError> {
    aws.store()
        .prune_expired(Table::SignInAssertions, op.unix())?;
    let key = key(assertion);
    aws.store().read_then_commit(
        Table::SignInAssertions,
        &key,
        |known: Option<Record>, batch| {
            if known.is_some_and(|known| !admits(&known, presented)) {
                return Err(OnceError::Used);
            }
            let record = Record {
                expires_at: end_of(assertion) + MARGIN,
                ticket: next,
            };
            Ok(batch.put(Table::SignInAssertions, &key, &record)?)
        },
    )
}

fn admits(known: &Record, presented: Option<&str>) -> bool {
    let (Some(expected), Some(presented)) = (&known.ticket, presented) else {
        return false;
    };
    verify_slices_are_equal(expected.as_bytes(), hash(presented).as_bytes()).is_ok()
}

fn key(assertion: &ReceivedAssertion) -> String {
    hash(&format!("{}\n{}", assertion.issuer, assertion.id))
}

fn hash(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}

/// The last second at which the assertion could be accepted.
fn end_of(assertion: &ReceivedAssertion) -> i64 {
    let confirmation = assertion.confirmation_not_on_or_after;
    let conditions = assertion.conditions_not_on_or_after;
    conditions
        .map_or(confirmation, |conditions| confirmation.max(conditions))
        .unix_timestamp()
}
