//! Changing a person and their password at once: both or neither.

use secrecy::SecretString;

use crate::ids::UserId;
use crate::op::Op;
use crate::passwords::{HashError, PasswordHashers, Replacement};
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};
use crate::users::set_password::put_password;
use crate::users::update::apply;
use crate::users::{UpdateUserError, User, UserChange, check_fields};

/// A change with a new password.
#[derive(Debug)]
pub struct ChangeWithPassword {
    pub change: UserChange,
    pub password: SecretString,
}

/// Why neither was changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateWithPasswordError {
    #[error(transparent)]
    Update(#[from] UpdateUserError),
    #[error(transparent)]
    Password(#[from] HashError),
}

impl From<StoreError> for UpdateWithPasswordError {
    fn from(error: StoreError) -> Self {
        Self::Update(error.into())
    }
}

/// [`update_user`](crate::users::update_user) and [`set_password`](crate::users::set_password) in
/// one transaction. The password is checked by the organisation's rules before anything is written,
/// for the person as they will be.
pub async fn update_user_with_password(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    sealing: &SealingKey,
    id: UserId,
    new: ChangeWithPassword,
) -> Result<User, UpdateWithPasswordError> {
    let mut read = store.read().await?;
    let next = Replacement::read(read.as_mut(), id).await?;
    let mut next = next.ok_or(UpdateUserError::NoSuchUser)?;
    drop(read);
    new.change.clone().apply(&mut next.user);
    check_fields(&next.user).map_err(UpdateUserError::Invalid)?;
    let hash = next.hash(op, hashers, &new.password).await?;
    let mut write = store.write().await?;
    let before = write.user(id).await?.ok_or(UpdateUserError::NoSuchUser)?;
    let user = apply(write.as_mut(), op, sealing, before, new.change).await?;
    put_password(write.as_mut(), op, sealing, &next, &user, &hash).await?;
    write.commit().await?;
    Ok(user)
}
