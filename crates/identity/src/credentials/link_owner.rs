//! Who may use a link.
//!
//! The subject of a link names the person and the address that it was mailed to. When the address
//! changes, the link is worth nothing: whoever reads the old mailbox may be somebody else.

use crate::ids::UserId;
use crate::links::{LinkPurpose, peek_link};
use crate::op::Op;
use crate::sessions::FailureKey;
use crate::store::{Read, Store, StoreError, Write};
use crate::users::{User, UserState};

/// What a link of this person is issued for.
pub(super) fn subject(user: &User) -> String {
    format!("{} {}", user.id, FailureKey::of(&user.email))
}

/// Ends every link of this person: a password was set, and links that were asked for before must
/// not replace it.
pub(crate) async fn end_links(write: &mut dyn Write, user: &User) -> Result<(), StoreError> {
    let subject = subject(user);
    for purpose in [
        LinkPurpose::ActivateUser,
        LinkPurpose::ResetUserPassword,
        LinkPurpose::ChangeUserPassword,
    ] {
        write.delete_link_of(purpose, &subject).await?;
    }
    end_phone_link(write, user.id).await
}

/// Ends what would connect a phone: the session that asked for it has ended, or was not its owner's.
pub(crate) async fn end_phone_link(write: &mut dyn Write, user: UserId) -> Result<(), StoreError> {
    let purpose = LinkPurpose::ConnectPhone;
    write.delete_link_of(purpose, &user.to_string()).await?;
    Ok(())
}

/// The person of a subject, when they may use a link of this purpose.
pub(super) async fn owner(
    read: &mut dyn Read,
    purpose: LinkPurpose,
    of: &str,
) -> Result<Option<User>, StoreError> {
    let id = of
        .split(' ')
        .next()
        .and_then(|id| id.parse::<UserId>().ok());
    let Some(id) = id else {
        return Ok(None);
    };
    let user = read.user(id).await?;
    Ok(user.filter(|user| {
        let may = match purpose {
            LinkPurpose::ActivateUser => {
                user.state != UserState::Suspended && user.password_changed_at.is_none()
            }
            _ => user.state == UserState::Active,
        };
        may && subject(user) == of
    }))
}

/// Whose link this is, to show the form behind it. Using it is another step: mail scanners open
/// every link they see.
pub async fn link_owner(
    op: &Op,
    store: &dyn Store,
    purpose: LinkPurpose,
    token: &str,
) -> Result<Option<User>, StoreError> {
    let mut read = store.read().await?;
    match peek_link(read.as_mut(), op, purpose, token).await? {
        Some(of) => owner(read.as_mut(), purpose, &of).await,
        None => Ok(None),
    }
}
