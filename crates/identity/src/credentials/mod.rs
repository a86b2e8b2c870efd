//! How people get a password, replace it and get back in: invitation, activation, reset by a mailed
//! link, change (requirements A13 and D05; security.md items 22 to 27 and 34 to 35).

mod activate;
mod change_own_password;
mod invite;
mod link_owner;
mod mails;
mod must_change;
mod notices;
mod request_reset;
mod require_change;
mod reset_password;
mod send_reset;
mod unlock;

use crate::passwords::HashError;
use crate::store::StoreError;

pub use activate::activate_user;
pub use change_own_password::{ChangeOwnPasswordError, ChangePassword, change_own_password};
pub use invite::{InviteUserError, invite_user};
pub use link_owner::link_owner;
pub(crate) use link_owner::{end_links, end_phone_link};
pub use must_change::{MustChange, password_expires_at};
pub(crate) use must_change::{issue_change_link, must_change};
pub(crate) use notices::{queue_address_notice, queue_password_notice};
pub use request_reset::{RequestResetError, request_password_reset};
pub use require_change::{RequirePasswordChangeError, require_password_change};
pub use reset_password::{NewPasswordByLink, reset_password};
pub use send_reset::{SendResetError, send_password_reset};
pub use unlock::{UnlockUserError, lockout_of, unlock_user};

/// Why a password was not set by a link.
#[derive(Debug, thiserror::Error)]
pub enum UseLinkError {
    /// Unknown, used, replaced by a newer one, expired, or its owner may not use it: a caller
    /// cannot tell.
    #[error("this link cannot be used any more; ask for a new one")]
    LinkGone,
    #[error(transparent)]
    Password(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}
