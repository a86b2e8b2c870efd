//! Phones that approve sign-ins ("Jetway Protect").
//!
//! A phone is a browser that holds a secret of its own: it opened the address in a QR code that the
//! signed-in person saw, within five minutes. Who has the secret can answer for the person, and
//! nothing else: it is no session.

use secrecy::SecretString;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::change::{has_factor, require_fresh};
use super::notices::queue_factor_notice;
use super::{ChangeFactorError, KnownOwner};
use crate::events::EventKind;
use crate::ids::{PhoneId, UserId};
use crate::links::{LinkPurpose, LinkToken, issue_link, peek_link, redeem_link};
use crate::op::{Actor, Op};
use crate::sealing::SealingKey;
use crate::sessions::{Session, TokenHash, new_token};
use crate::store::{Store, StoreError, Write};
use crate::users::{User, UserState};

/// Of one person.
pub const MAX_PHONES: usize = 5;
/// How long the QR code works.
const LINK_LIFETIME: Duration = Duration::minutes(5);
/// Longest name, in characters.
const MAX_NAME: usize = 64;

/// One phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    pub id: PhoneId,
    pub user: UserId,
    /// What the person calls it.
    pub name: String,
    pub created_at: OffsetDateTime,
    /// When it answered last.
    pub last_used_at: Option<OffsetDateTime>,
}

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    #[error("sign in again to change this")]
    NotFresh,
    /// A phone without a network would shut the person out.
    #[error(
        "add a passkey or connect an authenticator app first: they work when the phone has no network"
    )]
    FactorFirst,
    #[error("there are {MAX_PHONES} phones already; take one away first")]
    TooMany,
    #[error("this code was used or is older than five minutes; make a new one in your profile")]
    Link,
    #[error("give the phone a name of at most {MAX_NAME} characters")]
    Name,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ChangeFactorError> for PhoneError {
    fn from(error: ChangeFactorError) -> Self {
        match error {
            ChangeFactorError::Store(error) => Self::Store(error),
            _ => Self::NotFresh,
        }
    }
}

/// The link for the QR code. It replaces the one before.
pub async fn begin_phone(
    op: &mut Op,
    store: &dyn Store,
    session: &Session,
) -> Result<LinkToken, PhoneError> {
    require_fresh(op, session.into())?;
    let mut write = store.write().await?;
    may_connect(write.as_mut(), session.user).await?;
    let subject = session.user.to_string();
    let purpose = LinkPurpose::ConnectPhone;
    let link = issue_link(write.as_mut(), op, purpose, &subject, LINK_LIFETIME).await?;
    write.commit().await?;
    Ok(link)
}

async fn may_connect(write: &mut dyn Write, user: UserId) -> Result<(), PhoneError> {
    if !has_factor(write, user.into()).await? {
        return Err(PhoneError::FactorFirst);
    }
    if write.phones(user).await?.len() >= MAX_PHONES {
        return Err(PhoneError::TooMany);
    }
    Ok(())
}

/// Whose phone the link would connect. Looking does not use it up.
pub async fn phone_link_owner(
    op: &Op,
    store: &dyn Store,
    token: &str,
) -> Result<Option<User>, StoreError> {
    let mut read = store.read().await?;
    let purpose = LinkPurpose::ConnectPhone;
    let Some(subject) = peek_link(read.as_mut(), op, purpose, token).await? else {
        return Ok(None);
    };
    let Ok(id) = subject.parse::<UserId>() else {
        return Ok(None);
    };
    let user = read.user(id).await?;
    Ok(user.filter(|user| user.state == UserState::Active))
}

/// Connects the phone that opened the link. Answers its secret, which exists nowhere else.
pub async fn finish_phone(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (token, name): (&str, &str),
) -> Result<(SecretString, Phone), PhoneError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains(char::is_control) {
        return Err(PhoneError::Name);
    }
    let mut write = store.write().await?;
    let purpose = LinkPurpose::ConnectPhone;
    let subject = redeem_link(write.as_mut(), op, purpose, token).await?;
    let user = match subject.and_then(|subject| subject.parse::<UserId>().ok()) {
        Some(id) => write.user(id).await?,
        None => None,
    };
    let Some(user) = user.filter(|user| user.state == UserState::Active) else {
        write.commit().await?;
        return Err(PhoneError::Link);
    };
    may_connect(write.as_mut(), user.id).await?;
    let (secret, hash) = new_token(&mut op.rng);
    let phone = Phone {
        id: PhoneId::new(op.now, &mut op.rng),
        user: user.id,
        name: name.to_owned(),
        created_at: op.now,
        last_used_at: None,
    };
    write.insert_phone(&phone, &hash).await?;
    op.actor = Actor::User {
        id: user.id,
        label: user.email.clone(),
    };
    let owner = KnownOwner::read(write.as_mut(), user.id.into()).await?;
    let what = format!("the phone \"{}\" was connected", phone.name);
    queue_factor_notice(write.as_mut(), op, sealing, &owner, &what).await?;
    let detail = json!({ "phone": phone.id.to_string(), "name": phone.name });
    let kind = EventKind::UserPhoneConnect;
    let event = op.event(kind, true, Some(owner.target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok((secret, phone))
}

/// Takes a phone away. One that is gone already is no problem.
pub async fn remove_phone(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    session: &Session,
    phone: PhoneId,
) -> Result<(), PhoneError> {
    require_fresh(op, session.into())?;
    let mut write = store.write().await?;
    let phones = write.phones(session.user).await?;
    let Some(phone) = phones.into_iter().find(|own| own.id == phone) else {
        return Ok(());
    };
    write.delete_phone(session.user, phone.id).await?;
    let owner = KnownOwner::read(write.as_mut(), session.user.into()).await?;
    let what = format!("the phone \"{}\" was taken away", phone.name);
    queue_factor_notice(write.as_mut(), op, sealing, &owner, &what).await?;
    let detail = json!({ "by": "owner", "phone": phone.id.to_string(), "name": phone.name });
    let kind = EventKind::UserPhoneRemove;
    let event = op.event(kind, true, Some(owner.target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

/// The phones of a person, the oldest first.
pub async fn phones_of(store: &dyn Store, user: UserId) -> Result<Vec<Phone>, StoreError> {
    store.read().await?.phones(user).await
}

/// Whose phone holds this secret.
pub async fn phone_of_secret(
    store: &dyn Store,
    secret: &str,
) -> Result<Option<(Phone, User)>, StoreError> {
    let Some(hash) = TokenHash::of(secret) else {
        return Ok(None);
    };
    let mut read = store.read().await?;
    let Some(phone) = read.phone_by_secret(&hash).await? else {
        return Ok(None);
    };
    let user = read.user(phone.user).await?;
    let user = user.filter(|user| user.state == UserState::Active);
    Ok(user.map(|user| (phone, user)))
}
