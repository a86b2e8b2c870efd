//! Passwords that are right but may not be used any longer.

use time::{Duration, OffsetDateTime};

use super::link_owner;
use crate::links::{LinkPurpose, LinkToken, issue_link};
use crate::op::Op;
use crate::settings::PasswordPolicy;
use crate::store::{StoreError, Write};
use crate::users::User;

/// How long a person who signed in with such a password may take to choose another one.
const LIFETIME: Duration = Duration::minutes(15);

/// Why a right password is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MustChange {
    /// It is older than the organisation allows.
    Expired,
    /// An administrator said so.
    Required,
}

impl MustChange {
    /// The name in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "password_expired",
            Self::Required => "password_change_required",
        }
    }
}

/// When the person's password expires; `None` when it does not (requirement C02).
pub fn password_expires_at(policy: &PasswordPolicy, user: &User) -> Option<OffsetDateTime> {
    let days = policy
        .expires_after_days
        .filter(|_| !user.password_never_expires)?;
    Some(user.password_changed_at? + Duration::days(i64::from(days)))
}

/// Whether the person has to choose another password now.
pub(crate) async fn must_change(
    write: &mut dyn Write,
    op: &Op,
    policy: &PasswordPolicy,
    user: &User,
) -> Result<Option<MustChange>, StoreError> {
    if write.password_change_required(user.id).await? {
        return Ok(Some(MustChange::Required));
    }
    let expired = password_expires_at(policy, user).is_some_and(|end| end <= op.now);
    Ok(expired.then_some(MustChange::Expired))
}

/// The link that lets the person choose it, in the transaction that found the password right.
pub(crate) async fn issue_change_link(
    write: &mut dyn Write,
    op: &mut Op,
    user: &User,
) -> Result<LinkToken, StoreError> {
    let subject = link_owner::subject(user);
    issue_link(
        write,
        op,
        LinkPurpose::ChangeUserPassword,
        &subject,
        LIFETIME,
    )
    .await
}
