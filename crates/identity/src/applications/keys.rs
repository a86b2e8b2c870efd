//! The signing keys of an application, and how one takes the place of another without an outage
//! (requirements I04 to I06, H02).
//!
//! A key is *next*: in the metadata, not signing; *current*: in the metadata, signing; or *retired*:
//! neither. To switch, the next one becomes current and the one before next, so that switching back
//! is the same step.

use aws_lc_rs::digest::{SHA256, digest};
use jetway_saml::UploadedKey;
use serde_json::json;
use time::OffsetDateTime;

use crate::administrators::{NotAllowed, Permission, require};
use crate::applications::certificate_alerts::forget_warnings;
use crate::applications::create::new_key;
use crate::applications::{Application, CreateApplicationError, SignOn, SigningKeyRecord};
use crate::events::EventKind;
use crate::ids::{ApplicationId, KeyId};
use crate::key_ring;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// Keys that one application can have.
const MAX_KEYS: usize = 10;

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    Next,
    Current,
    Retired,
}

impl KeyState {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }
}

/// What may be known of a key: everything but the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyInfo {
    pub id: KeyId,
    pub state: KeyState,
    pub certificate_der: Vec<u8>,
    /// SHA-256 of the certificate, in lower-case hexadecimal digits.
    pub fingerprint: String,
    pub not_after: OffsetDateTime,
    pub created_at: OffsetDateTime,
}

impl SigningKeyInfo {
    fn of(record: SigningKeyRecord, current: KeyId) -> Self {
        let state = match record.retired {
            _ if record.id == current => KeyState::Current,
            true => KeyState::Retired,
            false => KeyState::Next,
        };
        let fingerprint = hex::encode(digest(&SHA256, &record.certificate_der));
        Self {
            id: record.id,
            state,
            certificate_der: record.certificate_der,
            fingerprint,
            not_after: record.not_after,
            created_at: record.created_at,
        }
    }
}

/// A key to add.
#[derive(Debug)]
pub enum NewKey {
    /// RSA-2048, with a certificate for five years.
    Generated,
    /// What an administrator brought.
    Given(UploadedKey),
}

/// What to do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyChange {
    /// It signs from now on; the one that signed becomes the next.
    Use,
    /// Out of the metadata. Not for the current one.
    Retire,
    /// A retired one for good.
    Delete,
}

/// Why the keys were not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeKeyError {
    #[error("there is no such application")]
    NoSuchApplication,
    #[error("the application has no such key")]
    NoSuchKey,
    #[error("a bookmark has no keys")]
    Bookmark,
    #[error("the current key signs; make another one current first")]
    Current,
    #[error("only a retired key can be deleted; retire it first")]
    NotRetired,
    #[error("an application has at most {MAX_KEYS} keys; delete a retired one first")]
    TooMany,
    #[error("the certificate ended on {0}; its service provider would refuse what it signs")]
    Expired(time::Date),
    #[error("the key could not be made: {0}")]
    Key(#[source] CreateApplicationError),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The keys of an application: the current one, the next ones, the retired ones. `None` when there
/// is no such application.
pub async fn list_keys(
    store: &dyn Store,
    id: ApplicationId,
) -> Result<Option<Vec<SigningKeyInfo>>, StoreError> {
    let mut read = store.read().await?;
    let Some(application) = read.application(id).await? else {
        return Ok(None);
    };
    let Some(saml) = application.sign_on.saml() else {
        return Ok(Some(Vec::new()));
    };
    let records = read.signing_keys(id).await?;
    let mut keys: Vec<_> = records
        .into_iter()
        .map(|record| SigningKeyInfo::of(record, saml.key))
        .collect();
    keys.sort_by_key(|key| match key.state {
        KeyState::Current => 0,
        KeyState::Next => 1,
        KeyState::Retired => 2,
    });
    Ok(Some(keys))
}

/// Adds a key as the next one; with `use_now` it signs from then on.
pub async fn add_key(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    id: ApplicationId,
    (new, use_now): (NewKey, bool),
) -> Result<KeyId, ChangeKeyError> {
    let known = store.read().await?.application(id).await?;
    let known = known.ok_or(ChangeKeyError::NoSuchApplication)?;
    // Before the write begins: looking for primes takes its time.
    let record = match new {
        NewKey::Generated => new_key(op, sealing, id, &known.slug)
            .await
            .map_err(ChangeKeyError::Key)?,
        NewKey::Given(given) => {
            let key = KeyId::new(op.now, &mut op.rng);
            SigningKeyRecord {
                id: key,
                application: id,
                sealed_private_key: sealing.seal(
                    &mut op.rng,
                    &key_ring::context(key),
                    &given.pkcs8_der,
                ),
                certificate_der: given.certificate_der,
                not_after: given.not_after,
                created_at: op.now,
                retired: false,
                warned_days: None,
            }
        }
    };
    if record.not_after <= op.now {
        return Err(ChangeKeyError::Expired(record.not_after.date()));
    }
    let mut write = store.write().await?;
    let application = changeable(op, write.as_mut(), id).await?;
    if write.signing_keys(id).await?.len() >= MAX_KEYS {
        return Err(ChangeKeyError::TooMany);
    }
    write.insert_signing_key(&record).await?;
    let info = SigningKeyInfo::of(record.clone(), record.id);
    note(op, write.as_mut(), &application, ("add", &info.fingerprint)).await?;
    if use_now {
        switch(op, write.as_mut(), &application, &record).await?;
    } else {
        write.bump_application(id).await?;
    }
    write.commit().await?;
    Ok(record.id)
}

/// Uses, retires or deletes a key.
pub async fn change_key(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
    key: KeyId,
    change: KeyChange,
) -> Result<(), ChangeKeyError> {
    let mut write = store.write().await?;
    let application = changeable(op, write.as_mut(), id).await?;
    let records = write.signing_keys(id).await?;
    let record = records
        .into_iter()
        .find(|record| record.id == key)
        .ok_or(ChangeKeyError::NoSuchKey)?;
    let current = application.sign_on.saml().map(|saml| saml.key);
    let is_current = current == Some(key);
    let info = SigningKeyInfo::of(record.clone(), current.unwrap_or(key));
    match change {
        KeyChange::Use if is_current => return Ok(()),
        KeyChange::Use if record.not_after <= op.now => {
            return Err(ChangeKeyError::Expired(record.not_after.date()));
        }
        KeyChange::Use => switch(op, write.as_mut(), &application, &record).await?,
        KeyChange::Retire | KeyChange::Delete if is_current => return Err(ChangeKeyError::Current),
        KeyChange::Retire if record.retired => return Ok(()),
        KeyChange::Retire => {
            write.set_key_retired(key, true).await?;
            write.bump_application(id).await?;
            let noted = ("retire", info.fingerprint.as_str());
            note(op, write.as_mut(), &application, noted).await?;
        }
        KeyChange::Delete if !record.retired => return Err(ChangeKeyError::NotRetired),
        KeyChange::Delete => {
            write.delete_signing_key(key).await?;
            let noted = ("delete", info.fingerprint.as_str());
            note(op, write.as_mut(), &application, noted).await?;
        }
    }
    write.commit().await?;
    Ok(())
}

async fn changeable(
    op: &Op,
    write: &mut dyn Write,
    id: ApplicationId,
) -> Result<Application, ChangeKeyError> {
    require(write, op, Permission::WriteApplications).await??;
    let application = write.application(id).await?;
    let application = application.ok_or(ChangeKeyError::NoSuchApplication)?;
    match application.sign_on {
        SignOn::Saml(_) => Ok(application.as_ref().clone()),
        SignOn::Bookmark(_) => Err(ChangeKeyError::Bookmark),
    }
}

/// From now on this key signs.
async fn switch(
    op: &mut Op,
    write: &mut dyn Write,
    before: &Application,
    record: &SigningKeyRecord,
) -> Result<(), ChangeKeyError> {
    let mut after = before.clone();
    if let SignOn::Saml(saml) = &mut after.sign_on {
        saml.key = record.id;
    }
    after.version += 1;
    write.update_application(&after).await?;
    write.set_key_retired(record.id, false).await?;
    if let Some(saml) = before.sign_on.saml() {
        forget_warnings(write, op, saml.key).await?;
    }
    let info = SigningKeyInfo::of(record.clone(), record.id);
    note(op, write, before, ("use", &info.fingerprint)).await
}

async fn note(
    op: &mut Op,
    write: &mut dyn Write,
    application: &Application,
    (word, fingerprint): (&str, &str),
) -> Result<(), ChangeKeyError> {
    let detail = json!({ "key": { "op": word, "certificate_sha256": fingerprint } });
    let target = Some(application.target());
    let event = op.event(EventKind::ApplicationUpdate, true, target, detail);
    Ok(write.insert_event(&event).await?)
}
