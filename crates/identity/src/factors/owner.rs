//! Whose factors they are.

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;

use crate::administrators::AdministratorSession;
use crate::events::Target;
use crate::ids::{AdministratorId, InvalidId, UserId};
use crate::sessions::{Session, Via};
use crate::store::{Read, StoreError};

/// A person of the directory, or an administrator. Their identifiers differ in form, so that one
/// column holds both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactorOwner {
    User(UserId),
    Administrator(AdministratorId),
}

impl fmt::Display for FactorOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::Administrator(id) => id.fmt(f),
        }
    }
}

impl FromStr for FactorOwner {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let user = text.parse().map(Self::User);
        user.or_else(|_| text.parse().map(Self::Administrator))
    }
}

impl From<UserId> for FactorOwner {
    fn from(id: UserId) -> Self {
        Self::User(id)
    }
}

impl From<AdministratorId> for FactorOwner {
    fn from(id: AdministratorId) -> Self {
        Self::Administrator(id)
    }
}

/// Who changes factors of their own, and since when they are signed in.
///
/// A command line is never fresh: somebody else may have asked for its session, and what it could
/// add would outlive it.
#[derive(Debug, Clone, Copy)]
pub struct SignedInOwner {
    pub owner: FactorOwner,
    pub since: OffsetDateTime,
}

impl From<&Session> for SignedInOwner {
    fn from(session: &Session) -> Self {
        Self {
            owner: session.user.into(),
            since: match session.via {
                Via::Browser => session.proved_at,
                Via::CommandLine => OffsetDateTime::UNIX_EPOCH,
            },
        }
    }
}

impl From<&AdministratorSession> for SignedInOwner {
    fn from(session: &AdministratorSession) -> Self {
        Self {
            owner: session.administrator.into(),
            since: session.proved_at,
        }
    }
}

/// What is said of an owner: in the log, and in the app that shows codes.
#[derive(Debug)]
pub(crate) struct KnownOwner {
    pub(crate) id: FactorOwner,
    pub(crate) email: String,
    /// As people call them.
    pub(crate) name: String,
    pub(crate) target: Target,
}

impl KnownOwner {
    /// Somebody whose account was deleted has no session any more either.
    pub(crate) async fn read(read: &mut dyn Read, id: FactorOwner) -> Result<Self, StoreError> {
        let known = match id {
            FactorOwner::User(user) => {
                let user = read.user(user).await?;
                user.map(|user| (user.target(), user.label(), user.email))
            }
            FactorOwner::Administrator(administrator) => {
                let administrator = read.administrator(administrator).await?;
                administrator.map(|known| (known.target(), known.label().to_owned(), known.email))
            }
        };
        let (target, name, email) = known.ok_or(StoreError::Missing)?;
        Ok(Self {
            id,
            email,
            name,
            target,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_read_back_as_the_kind_that_it_was() {
        for text in [
            "0123456789abcdef01234567",
            "01890a5d-ac96-774b-bcce-b302099a8057",
        ] {
            let owner: FactorOwner = text.parse().unwrap();
            assert_eq!(owner.to_string(), text);
            let user = matches!(owner, FactorOwner::User(_));
            assert_eq!(user, text.len() == 24);
        }
        assert!("somebody".parse::<FactorOwner>().is_err());
    }
}
