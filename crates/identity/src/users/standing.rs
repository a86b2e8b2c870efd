//! What a list says of people beside their state.

use std::collections::HashMap;

use time::OffsetDateTime;

use crate::ids::UserId;
use crate::op::Op;
use crate::sessions::FailureKey;
use crate::store::{Store, StoreError};
use crate::users::{StateSchedule, User};

/// What is about to happen to somebody, or keeps them out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Locked out after too many attempts.
    pub locked: bool,
    /// The next change of state to come.
    pub next: Option<StateSchedule>,
    /// An authenticator app is connected.
    pub totp: bool,
    /// Until when they are let in without a second factor.
    pub enrolment_ends: Option<OffsetDateTime>,
}

/// The standing of those of whom there is something to say.
pub async fn standings(
    op: &Op,
    store: &dyn Store,
    users: &[User],
) -> Result<HashMap<UserId, Standing>, StoreError> {
    let mut read = store.read().await?;
    let policy = read.settings().await?.sections.lockout;
    let keys: Vec<_> = users
        .iter()
        .map(|user| FailureKey::of(&user.email))
        .collect();
    let failures = read.failures_among(&keys).await?;
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    let mut found: HashMap<UserId, Standing> = HashMap::new();
    for schedule in read.schedules_among(&ids).await? {
        let standing = found.entry(schedule.user).or_default();
        standing.next.get_or_insert(schedule);
    }
    for user in read.totp_among(&ids).await? {
        found.entry(user).or_default().totp = true;
    }
    for (user, ends) in read.enrolment_ends_among(&ids).await? {
        let ends = Some(ends).filter(|ends| op.now < *ends);
        found.entry(user).or_default().enrolment_ends = ends;
    }
    for (user, key) in users.iter().zip(&keys) {
        let counted = failures.get(key);
        if counted.is_some_and(|counted| counted.wait(&policy, op.now).is_some()) {
            found.entry(user.id).or_default().locked = true;
        }
    }
    Ok(found)
}
