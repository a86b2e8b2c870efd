//! Adding a person to the directory.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::json;

use crate::custom_attributes::CustomAttributes;
use crate::events::EventKind;
use crate::groups;
use crate::ids::UserId;
use crate::op::Op;
use crate::passwords::{HashError, PasswordHash, PasswordHashers, check_new};
use crate::store::{Store, StoreError, Write};
use crate::users::{CreationMethod, InvalidField, User, UserState, check_fields, in_words};

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
    /// See [`CreationMethod::default_state`] for when nobody chose one.
    pub state: UserState,
    /// Directory attributes, by the names of
    /// [`DIRECTORY_ATTRIBUTES`](crate::applications::DIRECTORY_ATTRIBUTES).
    pub attributes: BTreeMap<String, String>,
    pub custom_attributes: CustomAttributes,
    pub password_never_expires: bool,
    pub created_by: CreationMethod,
}

/// Why a person was not added.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Each with its field.
    #[error("{}", in_words(.0))]
    Invalid(Vec<InvalidField>),
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
    let (mut user, password) = new.into_user(op);
    check_fields(&user).map_err(CreateUserError::Invalid)?;
    let hash = match password {
        Some(password) => {
            let settings = store.read().await?.settings().await?.sections;
            let known = user.known_to_guessers(&settings.profile.name);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            check_new(&settings.passwords, &known, &password).map_err(HashError::from)?;
            Some(hashers.hash(&mut op.rng, password).await?)
        }
        None => None,
    };
    user.password_changed_at = hash.is_some().then_some(op.now);
    let mut write = store.write().await?;
    insert_new(write.as_mut(), op, &user, hash.as_ref()).await?;
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

/// Adds a person who was checked, the event `user_create`, and what rules of groups say.
pub(crate) async fn insert_new(
    write: &mut dyn Write,
    op: &mut Op,
    user: &User,
    hash: Option<&PasswordHash>,
) -> Result<(), StoreError> {
    write.insert_user(user, hash).await?;
    let detail = json!({
        "state": user.state.as_str(), "username": user.username, "name": user.label(),
        "creation_method": user.created_by.as_str(),
    });
    let created = op.event(EventKind::UserCreate, true, Some(user.target()), detail);
    write.insert_event(&created).await?;
    groups::reevaluate(write, op, user).await
}

impl NewUser {
    /// The person as they are kept, apart from the password.
    pub(crate) fn into_user(self, op: &mut Op) -> (User, Option<SecretString>) {
        let mut attributes = self.attributes;
        attributes.retain(|_, value| !value.is_empty());
        let user = User {
            id: UserId::random(&mut op.rng),
            email: self.email.trim().to_owned(),
            username: self.username.trim().to_owned(),
            first_name: self.first_name,
            last_name: self.last_name,
            display_name: self.display_name,
            state: self.state,
            attributes,
            custom_attributes: self.custom_attributes,
            password_changed_at: None,
            password_never_expires: self.password_never_expires,
            version: 1,
            updated_at: op.now,
            created_at: op.now,
            last_sign_in_at: None,
            created_by: self.created_by,
        };
        (user, self.password)
    }
}
