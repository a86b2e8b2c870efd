//! A signed-in administrator changes their password.

use secrecy::SecretString;
use time::Duration;

use crate::administrators::set_password::{SetBy, replace_keeping};
use crate::administrators::{letters, rules};
use crate::credentials::ChangeOwnPasswordError;
use crate::ids::{AdministratorId, SessionId};
use crate::mail::{NewMail, queue_mail};
use crate::op::Op;
use crate::passwords::{HashError, PasswordError, PasswordHashers};
use crate::sealing::SealingKey;
use crate::sessions::{FailureKey, Failures};
use crate::settings::LockoutPolicy;
use crate::store::{Store, StoreError};

/// What the administrator typed, and in which session.
#[derive(Debug)]
pub struct ChangeAdministratorPassword {
    pub administrator: AdministratorId,
    pub current: SecretString,
    pub new: SecretString,
    /// Stays; all others end.
    pub keep: SessionId,
}

/// Changes the password. It takes the present one, and guessing that counts like guessing at the
/// sign-in. The other sessions end, and a mail tells the administrator.
pub async fn change_own_administrator_password(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    sealing: &SealingKey,
    change: ChangeAdministratorPassword,
) -> Result<(), ChangeOwnPasswordError> {
    let mut read = store.read().await?;
    let known = read.administrator(change.administrator).await?;
    let known = known.ok_or(ChangeOwnPasswordError::NoSuchUser)?;
    let present = read.administrator_credential(&known.email).await?;
    let present = present.and_then(|(_, hash)| hash);
    let settings = read.settings().await?.sections;
    let key = FailureKey::of_administrator(&known.email);
    let failures = read.failures(&key).await?;
    drop(read);
    let policy = &settings.lockout;
    if let Some(retry_after) = failures.and_then(|failures| failures.wait(policy, op.now)) {
        return Err(ChangeOwnPasswordError::LockedOut { retry_after });
    }
    let share = hashers.share(&key)?;
    let current = hashers.verify(&change.current, present.clone()).await?;
    if !current.matches {
        return Err(count_failure(op, store, &key, policy).await?);
    }
    let same = hashers.verify(&change.new, present.clone()).await?;
    drop(share);
    if same.matches {
        return Err(HashError::Password(PasswordError::Unchanged).into());
    }
    rules::check(&settings, &known.name, &known.email, &change.new).map_err(HashError::from)?;
    let hash = hashers.hash(&mut op.rng, change.new).await?;

    let mut write = store.write().await?;
    let now = write.administrator_credential(&known.email).await?;
    if now.and_then(|(_, hash)| hash) != present {
        return Err(ChangeOwnPasswordError::WrongPassword);
    }
    let keep = Some(change.keep);
    replace_keeping(write.as_mut(), op, known.id, &hash, SetBy::Owner, keep).await?;
    let letter = letters::changed(&settings.profile.name, &known);
    let mail = NewMail {
        to: &known.email,
        subject: &letter.subject,
        text: &letter.text,
        link: None,
    };
    queue_mail(write.as_mut(), op, sealing, mail).await?;
    write.commit().await?;
    Ok(())
}

async fn count_failure(
    op: &Op,
    store: &dyn Store,
    key: &FailureKey,
    policy: &LockoutPolicy,
) -> Result<ChangeOwnPasswordError, StoreError> {
    let mut write = store.write().await?;
    let failures = write.failures(key).await?;
    let wait = |failures: Option<Failures>| -> Option<Duration> {
        failures.and_then(|failures| failures.wait(policy, op.now))
    };
    if let Some(retry_after) = wait(failures) {
        return Ok(ChangeOwnPasswordError::LockedOut { retry_after });
    }
    let after = Failures::after_failure(policy, failures, op.now);
    write.set_failures(key, &after).await?;
    write.commit().await?;
    Ok(ChangeOwnPasswordError::WrongPassword)
}
