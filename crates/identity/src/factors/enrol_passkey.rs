//! Somebody adds a passkey or a security key, gives it another name, and removes it again
//! (requirements M01 and M02). Each takes a fresh sign-in.

use secrecy::SecretString;
use serde_json::json;

use super::change::{
    codes_for_the_first_factor, forget_what_came_with_the_last_factor, require_fresh,
};
use super::notices::queue_factor_notice;
use super::webauthn::{
    Ceremony, NewPasskey, PasskeyRecord, Registrant, RegistrationAnswer, RegistrationOptions,
    WebauthnRefused, finish_registration, start_registration,
};
use super::{
    ChangeFactorError, FactorOwner, KnownOwner, PasskeyAnswer, PasskeyTools, SignedInOwner,
};
use crate::events::EventKind;
use crate::ids::PasskeyId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// What the browser gets to make a key.
#[derive(Debug)]
pub struct PasskeyEnrolment {
    pub options: RegistrationOptions,
    /// The ceremony. It comes back with the answer.
    pub sealed: String,
}

/// Why no key was added, renamed or removed.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasskeyError {
    #[error(transparent)]
    Change(#[from] ChangeFactorError),
    #[error(transparent)]
    Refused(#[from] WebauthnRefused),
    #[error("this passkey is not there any more")]
    Gone,
}

impl From<StoreError> for ChangePasskeyError {
    fn from(error: StoreError) -> Self {
        Self::Change(error.into())
    }
}

/// The keys of somebody, the oldest first.
pub async fn list_passkeys(
    store: &dyn Store,
    owner: FactorOwner,
) -> Result<Vec<PasskeyRecord>, StoreError> {
    store.read().await?.passkeys(owner).await
}

/// Begins to add a key. Only this person can finish it.
pub async fn begin_passkey(
    op: &mut Op,
    store: &dyn Store,
    tools: PasskeyTools<'_>,
    who: SignedInOwner,
) -> Result<PasskeyEnrolment, ChangePasskeyError> {
    require_fresh(op, who)?;
    let mut read = store.read().await?;
    let owner = KnownOwner::read(read.as_mut(), who.owner).await?;
    let existing = read.passkeys(who.owner).await?;
    drop(read);
    let registrant = Registrant {
        owner: owner.id,
        account: &owner.email,
        display_name: &owner.name,
    };
    let (options, ceremony) = start_registration(op, tools.party, &registrant, &existing)?;
    let sealed = ceremony.seal(tools.sealing, &mut op.rng, &tie(who.owner));
    Ok(PasskeyEnrolment { options, sealed })
}

/// Adds the key that the browser made. Who has no unused recovery codes gets ten.
pub async fn finish_passkey(
    op: &mut Op,
    store: &dyn Store,
    tools: PasskeyTools<'_>,
    who: SignedInOwner,
    (given, name): (PasskeyAnswer<'_>, &str),
) -> Result<Option<Vec<SecretString>>, ChangePasskeyError> {
    require_fresh(op, who)?;
    let open = Ceremony::open(tools.sealing, (given.sealed, &tie(who.owner)), op.now)?;
    let mut write = store.write().await?;
    write.prune_used_ceremonies(op.now).await?;
    let first = write.use_ceremony(&open.id(), open.expires_at()).await?;
    let made = match open.claim(first) {
        Ok(ceremony) => match RegistrationAnswer::from_json(given.json) {
            Ok(answer) => {
                let mut existing = write.passkeys(who.owner).await?;
                existing.extend(write.passkey_by_credential(answer.credential_id()).await?);
                let new = NewPasskey {
                    owner: who.owner,
                    name,
                    existing: &existing,
                };
                finish_registration(op, tools.party, &ceremony, &answer, new)
            }
            Err(refused) => Err(refused),
        },
        Err(refused) => Err(refused),
    };
    match made {
        Ok(record) => Ok(keep(op, write, tools.sealing, &record).await?),
        Err(refused) => {
            // The ceremony is used up, also in vain.
            write.commit().await?;
            Err(refused.into())
        }
    }
}

async fn keep(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    sealing: &SealingKey,
    record: &PasskeyRecord,
) -> Result<Option<Vec<SecretString>>, StoreError> {
    let owner = KnownOwner::read(write.as_mut(), record.owner).await?;
    write.insert_passkey(record).await?;
    let codes = codes_for_the_first_factor(op, write.as_mut(), owner.id).await?;
    let what = format!("the passkey or security key \"{}\" was added", record.name);
    queue_factor_notice(write.as_mut(), op, sealing, &owner, &what).await?;
    let detail = json!({
        "passkey": record.id.to_string(),
        "name": record.name,
        "model": record.model.map(|model| model.to_string()),
        "backed_up": record.backed_up,
        "recovery_codes": codes.is_some(),
    });
    let kind = EventKind::WebauthnFinishEnrollment;
    let event = op.event(kind, true, Some(owner.target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(codes)
}

/// Gives a key of this person another name.
pub async fn rename_passkey(
    op: &mut Op,
    store: &dyn Store,
    who: SignedInOwner,
    (id, name): (PasskeyId, &str),
) -> Result<(), ChangePasskeyError> {
    require_fresh(op, who)?;
    let mut write = store.write().await?;
    let (owner, mut record) = own(write.as_mut(), who.owner, id).await?;
    let before = record.name.clone();
    record.rename(name)?;
    write.rename_passkey(owner.id, id, &record.name).await?;
    let detail = json!({ "passkey": id.to_string(), "from": before, "to": record.name });
    let kind = EventKind::WebauthnRename;
    let event = op.event(kind, true, Some(owner.target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

/// Removes a key of this person. With the last factor the recovery codes and the phones go too.
pub async fn remove_passkey(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    who: SignedInOwner,
    id: PasskeyId,
) -> Result<(), ChangePasskeyError> {
    require_fresh(op, who)?;
    let mut write = store.write().await?;
    let (owner, record) = own(write.as_mut(), who.owner, id).await?;
    write.delete_passkey(owner.id, id).await?;
    let phones = forget_what_came_with_the_last_factor(write.as_mut(), owner.id).await?;
    let what = format!(
        "the passkey or security key \"{}\" was removed",
        record.name
    );
    queue_factor_notice(write.as_mut(), op, sealing, &owner, &what).await?;
    let detail = json!({
        "by": "owner", "passkey": id.to_string(), "name": record.name, "phones": phones,
    });
    let kind = EventKind::WebauthnDeleteEnrollment;
    let event = op.event(kind, true, Some(owner.target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

/// A key with its owner; nobody changes those of others.
async fn own(
    write: &mut dyn Write,
    owner: FactorOwner,
    id: PasskeyId,
) -> Result<(KnownOwner, PasskeyRecord), ChangePasskeyError> {
    let owner = KnownOwner::read(write, owner).await?;
    let keys = write.passkeys(owner.id).await?;
    let record = keys.into_iter().find(|key| key.id == id);
    Ok((owner, record.ok_or(ChangePasskeyError::Gone)?))
}

/// Whoever is signed in as this owner may finish.
fn tie(owner: FactorOwner) -> String {
    format!("owner/{owner}")
}
