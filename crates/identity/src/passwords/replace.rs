//! A person's next password: what it is checked against, and what is kept of the one before.

use secrecy::SecretString;

use crate::credentials::end_links;
use crate::ids::UserId;
use crate::op::Op;
use crate::passwords::{HashError, PasswordError, PasswordHash, PasswordHashers, check_new};
use crate::sessions::FailureKey;
use crate::settings::Sections;
use crate::store::{Read, StoreError, Write};
use crate::users::User;

/// What decides about a new password, as of one instant.
#[derive(Debug)]
pub(crate) struct Replacement {
    pub(crate) user: User,
    pub(crate) present: Option<PasswordHash>,
    pub(crate) settings: Sections,
    /// The present one and former ones that may not come again.
    unwelcome: Vec<PasswordHash>,
}

impl Replacement {
    pub(crate) async fn read(read: &mut dyn Read, id: UserId) -> Result<Option<Self>, StoreError> {
        let Some(user) = read.user(id).await? else {
            return Ok(None);
        };
        let settings = read.settings().await?.sections;
        let present = read.password_hash(id).await?;
        let mut unwelcome = Vec::new();
        if settings.passwords.history > 0 {
            unwelcome = read
                .password_history(id, settings.passwords.history)
                .await?;
            unwelcome.extend(present.clone());
        }
        Ok(Some(Self {
            user,
            present,
            settings,
            unwelcome,
        }))
    }

    /// Checks the password by the organisation's rules and hashes it. No transaction may be open:
    /// each former password costs a hash.
    pub(crate) async fn hash(
        &self,
        op: &mut Op,
        hashers: &PasswordHashers,
        password: &SecretString,
    ) -> Result<PasswordHash, HashError> {
        let context = self.user.known_to_guessers(&self.settings.profile.name);
        let context: Vec<&str> = context.iter().map(String::as_str).collect();
        check_new(&self.settings.passwords, &context, password)?;
        let _share = hashers.share(&FailureKey::of(&self.user.email))?;
        for former in &self.unwelcome {
            let same = hashers.verify(password, Some(former.clone())).await?;
            if same.matches {
                return Err(PasswordError::Reused.into());
            }
        }
        hashers.hash(&mut op.rng, password.clone()).await
    }

    /// Refuses the present password as the new one.
    pub(crate) async fn refuse_present(
        &self,
        hashers: &PasswordHashers,
        password: &SecretString,
    ) -> Result<(), HashError> {
        let Some(present) = &self.present else {
            return Ok(());
        };
        let _share = hashers.share(&FailureKey::of(&self.user.email))?;
        let same = hashers.verify(password, Some(present.clone())).await?;
        if same.matches {
            return Err(PasswordError::Unchanged.into());
        }
        Ok(())
    }

    /// Stores the password in the transaction that uses up whatever allowed it, and ends every link
    /// by which the person could set another one.
    pub(crate) async fn put(
        &self,
        write: &mut dyn Write,
        op: &Op,
        hash: &PasswordHash,
    ) -> Result<(), StoreError> {
        let id = self.user.id;
        let history = self.settings.passwords.history;
        if let (Some(former), true) = (write.password_hash(id).await?, history > 0) {
            write.add_to_password_history(id, &former, op.now).await?;
        }
        write.trim_password_history(id, history).await?;
        write.set_password_change_required(id, false).await?;
        if let Some(user) = write.user(id).await? {
            end_links(write, &user).await?;
        }
        write.set_password_hash(id, hash, op.now).await
    }
}
