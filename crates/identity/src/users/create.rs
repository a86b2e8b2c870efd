//! Adding a person to the directory.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::json;

use crate::email;
use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::passwords::{HashError, PasswordHashers};
use crate::store::{Store, StoreError};
use crate::text::{self, TextError};
use crate::users::{User, UserState, check_attributes};

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub email: String,
    /// Letters, digits and `. _ @ + -`, at most 128; unique in any letter case.
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    /// May be empty: pages then show both names.
    pub display_name: String,
    /// `None` leaves the password pending (requirement D05).
    pub password: Option<SecretString>,
    pub state: UserState,
    pub attributes: BTreeMap<String, String>,
}

/// Why a person was not added.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Password(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a person and the events `user_create` and, with a password, `user_password_set`.
/// E-mail address and username must be new: [`StoreError::Taken`] otherwise.
pub async fn create_user(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    new: NewUser,
) -> Result<UserId, CreateUserError> {
    check(&new)?;
    let hash = match new.password {
        Some(password) => Some(hashers.hash(&mut op.rng, password).await?),
        None => None,
    };
    let user = User {
        id: UserId::random(&mut op.rng),
        email: new.email.trim().to_owned(),
        username: new.username,
        first_name: new.first_name,
        last_name: new.last_name,
        display_name: new.display_name,
        state: new.state,
        attributes: new.attributes,
        password_changed_at: hash.is_some().then_some(op.now),
        created_at: op.now,
    };
    let mut write = store.write().await?;
    write.insert_user(&user, hash.as_ref()).await?;
    let detail = json!({"state": user.state.as_str()});
    let created = op.event(EventKind::UserCreate, true, Some(user.target()), detail);
    write.insert_event(&created).await?;
    if hash.is_some() {
        let set = op.event(
            EventKind::UserPasswordSet,
            true,
            Some(user.target()),
            json!({}),
        );
        write.insert_event(&set).await?;
    }
    write.commit().await?;
    Ok(user.id)
}

fn check(new: &NewUser) -> Result<(), TextError> {
    const USERNAME: &str = "the username";
    email::check(new.email.trim())?;
    text::check_filled(USERNAME, &new.username, 128)?;
    if !new
        .username
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._@+-".contains(&b))
    {
        let allowed = "letters, digits and . _ @ + -";
        return Err(TextError::Alphabet {
            field: USERNAME,
            allowed,
        });
    }
    text::check("the first name", &new.first_name, 256)?;
    text::check("the last name", &new.last_name, 256)?;
    text::check("the display name", &new.display_name, 512)?;
    check_attributes(&new.attributes)
}
