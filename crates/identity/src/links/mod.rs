//! One-time links: activation, password reset, invitations, first set-up.
//!
//! The token of a link has 256 random bits and only its SHA-256 is stored, so a copy of the
//! database opens nothing (security.md item 35). For each purpose and subject there is one link,
//! the newest; using it ends it. Looking at the page behind a link does not use it, since mail
//! scanners open every link they see.

mod issue;
mod limit;
mod redeem;

use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;
use url::Url;

use crate::sessions::TokenHash;

pub(crate) use issue::issue_link;
pub(crate) use limit::{Limit, count_request, wait_for_request};
pub use limit::{RequestCount, RequestKey};
pub(crate) use redeem::{peek_link, redeem_link};

/// What a link lets its holder do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// A person sets their first password.
    ActivateUser,
    /// A person who forgot the password sets another.
    ResetUserPassword,
    /// A person whose password was right but may not be used any longer sets another.
    ChangeUserPassword,
    /// A person's phone comes to approve their sign-ins.
    ConnectPhone,
    /// Somebody becomes an administrator.
    InviteAdministrator,
    ResetAdministratorPassword,
    /// The first administrator of a new installation.
    SetUp,
}

impl LinkPurpose {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ActivateUser => "activate_user",
            Self::ResetUserPassword => "reset_user_password",
            Self::ChangeUserPassword => "change_user_password",
            Self::ConnectPhone => "connect_phone",
            Self::InviteAdministrator => "invite_administrator",
            Self::ResetAdministratorPassword => "reset_administrator_password",
            Self::SetUp => "set_up",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "activate_user" => Some(Self::ActivateUser),
            "reset_user_password" => Some(Self::ResetUserPassword),
            "change_user_password" => Some(Self::ChangeUserPassword),
            "connect_phone" => Some(Self::ConnectPhone),
            "invite_administrator" => Some(Self::InviteAdministrator),
            "reset_administrator_password" => Some(Self::ResetAdministratorPassword),
            "set_up" => Some(Self::SetUp),
            _ => None,
        }
    }

    /// Whether its holder comes to act as an administrator. Mails with such links are shown to
    /// nobody who could not make administrators anyway (security.md item 43).
    pub fn is_for_administrators(self) -> bool {
        match self {
            Self::InviteAdministrator | Self::ResetAdministratorPassword | Self::SetUp => true,
            Self::ActivateUser
            | Self::ResetUserPassword
            | Self::ChangeUserPassword
            | Self::ConnectPhone => false,
        }
    }
}

/// A link as stored, without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub purpose: LinkPurpose,
    /// Whom it is for: the id of a user or administrator.
    pub subject: String,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

impl Link {
    pub(crate) fn is_live(&self, now: OffsetDateTime) -> bool {
        now < self.expires_at
    }
}

/// The secret part of a link that was just issued. It exists here and in the mail.
#[derive(Debug, Clone)]
pub struct LinkToken {
    token: SecretString,
    pub(crate) hash: TokenHash,
    pub(crate) purpose: LinkPurpose,
    pub expires_at: OffsetDateTime,
}

impl LinkToken {
    /// The token's text: 43 characters of base64url.
    pub fn expose(&self) -> &str {
        self.token.expose_secret()
    }

    /// The address under `public_url`: `path` (`/activate`), a slash and the token. The host comes
    /// from the settings and never from a request.
    pub fn url(&self, public_url: &Url, path: &str) -> String {
        let origin = public_url.as_str().trim_end_matches('/');
        format!("{origin}{path}/{}", self.expose())
    }
}
