//! What is known about somebody who signs in, read from the directory: for the sign-in and for the
//! simulator alike, so that they cannot disagree.

use std::collections::BTreeSet;
use std::net::IpAddr;

use time::OffsetDateTime;

use super::authn_context::RequestedContext;
use super::facts::{Account, Facts, Person, Proof, Proved, Target};
use crate::administrators::Administrator;
use crate::factors::{FactorKind, FactorKinds, unused_recovery_codes};
use crate::sessions::kinds_of;
use crate::store::{Read, StoreError};
use crate::users::User;

/// Whose sign-in it is.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    User(&'a User),
    Administrator(&'a Administrator),
}

/// Everything about a sign-in that is not about the person.
#[derive(Debug, Clone)]
pub struct Circumstances {
    pub target: Target,
    /// Of the client; `None` if it is not known.
    pub address: Option<IpAddr>,
    pub now: OffsetDateTime,
    /// Whether the person has signed in with this browser before.
    pub device_known: bool,
    /// What the session has proved so far.
    pub proofs: Vec<Proof>,
    /// What the service provider asks for, if it does.
    pub requested: Option<RequestedContext>,
    /// The program runs as `dev`.
    pub dev: bool,
}

/// Joins the circumstances with what the directory knows about the person. Asks for the groups
/// once and for the factors once, however many there are.
pub async fn facts_about(
    read: &mut dyn Read,
    subject: Subject<'_>,
    circumstances: Circumstances,
) -> Result<Facts, StoreError> {
    let person = match subject {
        Subject::User(user) => {
            let enrolled: FactorKinds = kinds_of(read, user.id.into()).await?.into_iter().collect();
            Person {
                account: Account::User(user.id),
                label: user.label(),
                groups: read.group_ids_of(user.id).await?.into_iter().collect(),
                enrolment_ends: if enrolled.is_empty() {
                    read.enrolment_ends(user.id).await?
                } else {
                    None
                },
                enrolled,
            }
        }
        Subject::Administrator(administrator) => {
            let id = administrator.id;
            let break_glass = read.break_glass_account(id).await?.is_some();
            let mut enrolled: FactorKinds = kinds_of(read, id.into()).await?.into_iter().collect();
            // The printed codes of a sealed account stand in for nothing: they are its factor.
            if break_glass && unused_recovery_codes(&read.recovery_codes(id.into()).await?) > 0 {
                enrolled.insert(FactorKind::RecoveryCode);
            }
            Person {
                account: Account::Administrator { id, break_glass },
                label: administrator.label().to_owned(),
                groups: BTreeSet::new(),
                enrolled,
                enrolment_ends: None,
            }
        }
    };
    let mut person = person;
    // The last recovery code was used up by proving it, and counts all the same.
    let proved = |proof: &Proof| proof.what == Proved::Factor(FactorKind::RecoveryCode);
    let counts = !person.enrolled.is_empty() || person.account.is_break_glass();
    if counts && circumstances.proofs.iter().any(proved) {
        person.enrolled.insert(FactorKind::RecoveryCode);
    }
    Ok(Facts {
        person,
        target: circumstances.target,
        address: circumstances.address,
        now: circumstances.now,
        device_known: circumstances.device_known,
        proofs: circumstances.proofs,
        requested: circumstances.requested,
        dev: circumstances.dev,
    })
}
