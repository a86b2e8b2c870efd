//! A person connects an authenticator app, and takes it away again.
//!
//! Both take a sign-in that is fresh.

use secrecy::SecretString;
use serde_json::json;
use time::OffsetDateTime;

use super::change::{
    codes_for_the_first_factor, forget_what_came_with_the_last_factor, has_factor, require_fresh,
    require_not_sealed,
};
use super::notices::queue_factor_notice;
use super::records::totp_context;
use super::{
    ChangeFactorError, FactorOwner, KnownOwner, SignedInOwner, TotpRecord, TotpSecret,
    new_recovery_codes, unused_recovery_codes,
};
use crate::events::EventKind;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};

/// What the person puts into the app. Shown once.
#[derive(Debug)]
pub struct TotpEnrolment {
    /// In groups of four, for typing.
    pub secret: SecretString,
    /// `otpauth://`, for a QR code.
    pub uri: SecretString,
}

/// A new secret, in place of one whose enrolment was not finished.
pub async fn begin_totp(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    who: SignedInOwner,
) -> Result<TotpEnrolment, ChangeFactorError> {
    require_fresh(op, who)?;
    let mut write = store.write().await?;
    require_not_sealed(write.as_mut(), who.owner).await?;
    let present = write.totp(who.owner).await?;
    if present.is_some_and(|totp| totp.confirmed_at.is_some()) {
        return Err(ChangeFactorError::Enrolled);
    }
    let owner = KnownOwner::read(write.as_mut(), who.owner).await?;
    let secret = TotpSecret::random(&mut op.rng);
    let context = totp_context(owner.id);
    let record = TotpRecord {
        sealed_secret: sealing.seal(&mut op.rng, &context, secret.as_bytes()),
        created_at: op.now,
        confirmed_at: None,
        last_step: None,
    };
    write.put_totp(owner.id, &record).await?;
    let organisation = write.settings().await?.sections.profile.name;
    let event = op.event(
        EventKind::TotpStartEnrollment,
        true,
        Some(owner.target.clone()),
        json!({}),
    );
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(enrolment(&secret, &organisation, &owner))
}

fn enrolment(secret: &TotpSecret, organisation: &str, owner: &KnownOwner) -> TotpEnrolment {
    TotpEnrolment {
        secret: secret.for_typing(),
        uri: secret.uri(organisation, &owner.email),
    }
}

/// What is being connected, to be shown again after a wrong code.
pub async fn resume_totp(
    store: &dyn Store,
    sealing: &SealingKey,
    who: SignedInOwner,
) -> Result<TotpEnrolment, ChangeFactorError> {
    let mut read = store.read().await?;
    let record = read.totp(who.owner).await?;
    let record = record.filter(|record| record.confirmed_at.is_none());
    let secret = record.and_then(|record| record.secret(sealing, who.owner));
    let secret = secret.ok_or(ChangeFactorError::NotStarted)?;
    let owner = KnownOwner::read(read.as_mut(), who.owner).await?;
    let organisation = read.settings().await?.sections.profile.name;
    Ok(enrolment(&secret, &organisation, &owner))
}

/// The first code of the app shows that it has the secret. Who has no unused recovery codes gets
/// ten.
pub async fn finish_totp(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    who: SignedInOwner,
    typed: &str,
) -> Result<Option<Vec<SecretString>>, ChangeFactorError> {
    require_fresh(op, who)?;
    let mut write = store.write().await?;
    let record = write.totp(who.owner).await?;
    let record = record.filter(|record| record.confirmed_at.is_none());
    let owner = KnownOwner::read(write.as_mut(), who.owner).await?;
    let secret = record
        .as_ref()
        .and_then(|record| record.secret(sealing, owner.id));
    let (Some(record), Some(secret)) = (record, secret) else {
        return Err(ChangeFactorError::NotStarted);
    };
    let step = secret.verify(typed, op.now, record.last_step)?;
    let record = TotpRecord {
        confirmed_at: Some(op.now),
        last_step: Some(step),
        ..record
    };
    write.put_totp(owner.id, &record).await?;
    let shown = codes_for_the_first_factor(op, write.as_mut(), owner.id).await?;
    let what = "an authenticator app was connected";
    queue_factor_notice(write.as_mut(), op, sealing, &owner, what).await?;
    let detail = json!({ "recovery_codes": shown.is_some() });
    let kind = EventKind::TotpFinishEnrollment;
    let event = op.event(kind, true, Some(owner.target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(shown)
}

/// Takes the app away. With the last factor the recovery codes and the phones go too.
pub async fn remove_totp(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    who: SignedInOwner,
) -> Result<(), ChangeFactorError> {
    require_fresh(op, who)?;
    let mut write = store.write().await?;
    let owner = KnownOwner::read(write.as_mut(), who.owner).await?;
    if !write.delete_totp(owner.id).await? {
        return Err(ChangeFactorError::NotStarted);
    }
    let phones = forget_what_came_with_the_last_factor(write.as_mut(), owner.id).await?;
    let what = "the authenticator app was taken away";
    queue_factor_notice(write.as_mut(), op, sealing, &owner, what).await?;
    let kind = EventKind::TotpDeleteEnrollment;
    let detail = json!({ "by": "owner", "phones": phones });
    let event = op.event(kind, true, Some(owner.target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

/// Ten new codes in place of all that are left. Shown once.
pub async fn renew_recovery_codes(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    who: SignedInOwner,
) -> Result<Vec<SecretString>, ChangeFactorError> {
    require_fresh(op, who)?;
    let mut write = store.write().await?;
    require_not_sealed(write.as_mut(), who.owner).await?;
    if !has_factor(write.as_mut(), who.owner).await? {
        return Err(ChangeFactorError::NotStarted);
    }
    let owner = KnownOwner::read(write.as_mut(), who.owner).await?;
    let new = new_recovery_codes(&mut op.rng, owner.id);
    write.replace_recovery_codes(owner.id, &new.stored).await?;
    let what = "there are ten new recovery codes, and the earlier ones no longer work";
    queue_factor_notice(write.as_mut(), op, sealing, &owner, what).await?;
    let kind = EventKind::RecoveryCodesRenew;
    let event = op.event(kind, true, Some(owner.target), json!({}));
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(new.shown)
}

/// What somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnedFactors {
    /// Since when an authenticator app is connected.
    pub totp: Option<OffsetDateTime>,
    /// Passkeys and security keys.
    pub passkeys: usize,
    /// Unused ones.
    pub recovery_codes: usize,
    /// Phones that approve sign-ins. Administrators have none.
    pub phones: usize,
}

/// The factors of somebody (requirements M02, C03).
pub async fn owned_factors(
    store: &dyn Store,
    owner: FactorOwner,
) -> Result<OwnedFactors, StoreError> {
    let mut read = store.read().await?;
    let totp = read.totp(owner).await?;
    let codes = read.recovery_codes(owner).await?;
    let passkeys = read.passkeys(owner).await?;
    Ok(OwnedFactors {
        passkeys: passkeys.len(),
        totp: totp.and_then(|totp| totp.confirmed_at),
        recovery_codes: unused_recovery_codes(&codes),
        phones: match owner {
            FactorOwner::User(user) => read.phones(user).await?.len(),
            FactorOwner::Administrator(_) => 0,
        },
    })
}
