//! Adding an administrator.

use serde_json::json;

use crate::administrators::{
    Administrator, AdministratorState, NotAllowed, Permission, Role, require,
};
use crate::email;
use crate::events::EventKind;
use crate::ids::AdministratorId;
use crate::op::Op;
use crate::passwords::{HashError, PasswordHash, PasswordHashers};
use crate::store::{Store, StoreError, Write};
use crate::text::{self, TextError};
use secrecy::SecretString;

/// An administrator to add.
#[derive(Debug, Clone)]
pub struct NewAdministrator {
    pub email: String,
    /// May be empty.
    pub name: String,
    pub role: Role,
    /// `None`: nobody can sign in with it until an invitation is accepted.
    pub password: Option<SecretString>,
}

/// Why an administrator was not added.
#[derive(Debug, thiserror::Error)]
pub enum CreateAdministratorError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Password(#[from] HashError),
    /// [`crate::Unique::Email`]: another administrator has the address.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an administrator and the event `admin_create`. The address may be that of a user: the two
/// stay apart (requirement A01).
pub async fn create_administrator(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    new: NewAdministrator,
) -> Result<AdministratorId, CreateAdministratorError> {
    check(&new.email, &new.name)?;
    let hash = match new.password {
        Some(password) => Some(hashers.hash(&mut op.rng, password).await?),
        None => None,
    };
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageAdministrators).await??;
    let identity = (new.email.as_str(), new.name.as_str());
    let made = insert(write.as_mut(), op, identity, new.role, hash.as_ref()).await?;
    write.commit().await?;
    Ok(made.id)
}

/// What an administrator's address and name must be.
pub(crate) fn check(email: &str, name: &str) -> Result<(), TextError> {
    email::check(email.trim())?;
    text::check("the name", name, 256)
}

/// Writes the administrator (address and name) and the event.
pub(crate) async fn insert(
    write: &mut dyn Write,
    op: &mut Op,
    (email, name): (&str, &str),
    role: Role,
    password: Option<&PasswordHash>,
) -> Result<Administrator, StoreError> {
    let administrator = Administrator {
        id: AdministratorId::new(op.now, &mut op.rng),
        email: email.trim().to_owned(),
        name: name.trim().to_owned(),
        role,
        state: AdministratorState::Active,
        password_changed_at: password.is_some().then_some(op.now),
        last_sign_in_at: None,
        version: 1,
        created_at: op.now,
    };
    write.insert_administrator(&administrator, password).await?;
    let detail = json!({"role": role.as_str()});
    let target = Some(administrator.target());
    let event = op.event(EventKind::AdminCreate, true, target, detail);
    write.insert_event(&event).await?;
    Ok(administrator)
}
