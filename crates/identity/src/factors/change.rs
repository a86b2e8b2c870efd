//! What every change of somebody's own factors has in common.

use secrecy::SecretString;
use time::Duration;

use super::{FactorOwner, SignedInOwner, new_recovery_codes, unused_recovery_codes};
use crate::credentials::end_phone_link;
use crate::factors::CodeRefused;
use crate::op::Op;
use crate::store::{Read, StoreError, Write};

/// How old a sign-in may be that changes factors.
pub const FRESH: Duration = Duration::minutes(10);

/// Why a factor was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeFactorError {
    #[error("sign in again to change this")]
    NotFresh,
    #[error("an authenticator app is connected already; take it away first")]
    Enrolled,
    #[error("a break-glass account has its printed codes and nothing else")]
    Sealed,
    #[error("nothing is being connected; begin again")]
    NotStarted,
    #[error(transparent)]
    Code(#[from] CodeRefused),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A browser left open is not enough to change what the next sign-in asks for.
pub(super) fn require_fresh(op: &Op, who: SignedInOwner) -> Result<(), ChangeFactorError> {
    if op.now < who.since + FRESH {
        Ok(())
    } else {
        Err(ChangeFactorError::NotFresh)
    }
}

/// The printed codes of a sealed account are its only factor, and others print them.
pub(super) async fn require_not_sealed(
    read: &mut dyn Read,
    owner: FactorOwner,
) -> Result<(), ChangeFactorError> {
    match owner {
        FactorOwner::Administrator(id) if read.break_glass_account(id).await?.is_some() => {
            Err(ChangeFactorError::Sealed)
        }
        FactorOwner::Administrator(_) | FactorOwner::User(_) => Ok(()),
    }
}

/// Ten codes for whoever has no unused ones. The time to enrol is used up: who takes the factor away
/// again is not let in without one.
pub(super) async fn codes_for_the_first_factor(
    op: &mut Op,
    write: &mut dyn Write,
    owner: FactorOwner,
) -> Result<Option<Vec<SecretString>>, StoreError> {
    if let FactorOwner::User(user) = owner {
        write.set_enrolment_ends(user, None).await?;
    }
    let codes = write.recovery_codes(owner).await?;
    if unused_recovery_codes(&codes) > 0 {
        return Ok(None);
    }
    let new = new_recovery_codes(&mut op.rng, owner);
    write.replace_recovery_codes(owner, &new.stored).await?;
    Ok(Some(new.shown))
}

/// Whether there is a factor that recovery codes stand in for, and that works without a network.
pub(super) async fn has_factor(
    read: &mut dyn Read,
    owner: FactorOwner,
) -> Result<bool, StoreError> {
    let totp = read.totp(owner).await?;
    let app = totp.is_some_and(|totp| totp.confirmed_at.is_some());
    Ok(app || !read.passkeys(owner).await?.is_empty())
}

/// With the last factor the recovery codes go too: there is nothing left to stand in for. So do the
/// phones, which have no network everywhere and are never the only factor; how many there were.
pub(super) async fn forget_what_came_with_the_last_factor(
    write: &mut dyn Write,
    owner: FactorOwner,
) -> Result<u64, StoreError> {
    if has_factor(write, owner).await? {
        return Ok(0);
    }
    write.replace_recovery_codes(owner, &[]).await?;
    take_phones(write, owner).await
}

/// Takes all phones: how many there were.
pub(super) async fn take_phones(
    write: &mut dyn Write,
    owner: FactorOwner,
) -> Result<u64, StoreError> {
    match owner {
        FactorOwner::User(user) => {
            // Also one that is being connected.
            end_phone_link(write, user).await?;
            write.delete_phones_of(user).await
        }
        FactorOwner::Administrator(_) => Ok(0),
    }
}
