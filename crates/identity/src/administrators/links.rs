//! Whose link it is.
//!
//! The subject of an administrator's link is the id. Their address never changes, so a link that
//! was mailed is theirs for as long as it lives.

use crate::administrators::{Administrator, AdministratorState};
use crate::links::{LinkPurpose, peek_link};
use crate::op::Op;
use crate::store::{Read, Store, StoreError};

/// The administrator of a subject, when they may use a link of this purpose.
pub(super) async fn owner(
    read: &mut dyn Read,
    purpose: LinkPurpose,
    subject: &str,
) -> Result<Option<Administrator>, StoreError> {
    let Ok(id) = subject.parse() else {
        return Ok(None);
    };
    let found = read.administrator(id).await?;
    Ok(found.filter(|administrator| {
        let invited = administrator.password_changed_at.is_none();
        administrator.state == AdministratorState::Active
            && match purpose {
                LinkPurpose::InviteAdministrator => invited,
                LinkPurpose::ResetAdministratorPassword => !invited,
                _ => false,
            }
    }))
}

/// Whose link this is, to show the form behind it. Using it is another step: mail scanners open
/// every link they see.
pub async fn administrator_of_link(
    op: &Op,
    store: &dyn Store,
    purpose: LinkPurpose,
    token: &str,
) -> Result<Option<Administrator>, StoreError> {
    let mut read = store.read().await?;
    match peek_link(read.as_mut(), op, purpose, token).await? {
        Some(subject) => owner(read.as_mut(), purpose, &subject).await,
        None => Ok(None),
    }
}
