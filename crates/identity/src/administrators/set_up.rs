//! The first start: a one-time link makes the organisation's first administrator (requirements A11
//! and A12, security.md item 36).

use secrecy::SecretString;
use time::Duration;

use crate::administrators::create::{check, insert};
use crate::administrators::{Role, rules};
use crate::email;
use crate::events::{Change, EventKind, Target, TargetKind, changes_between};
use crate::ids::AdministratorId;
use crate::links::{LinkPurpose, LinkToken, issue_link, peek_link, redeem_link};
use crate::op::{Actor, Op};
use crate::passwords::{HashError, PasswordHashers};
use crate::settings::InvalidSetting;
use crate::store::{Store, StoreError};
use crate::text::TextError;
use serde_json::json;

/// How long the link of one start works. The next start makes another.
const LIFETIME: Duration = Duration::hours(24);
/// Whom the link is for: nobody is there yet.
const SUBJECT: &str = "first administrator";

/// What the first administrator typed.
#[derive(Debug)]
pub struct SetUp {
    pub organisation: String,
    pub name: String,
    pub email: String,
    pub password: SecretString,
}

/// Why nothing was set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Unknown, used, expired, or there is an administrator already.
    #[error("this link cannot be used any more")]
    LinkGone,
    #[error(transparent)]
    Organisation(#[from] InvalidSetting),
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Password(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new link while there is no administrator; an earlier one stops working. `None` for good once
/// there was a set-up.
pub async fn issue_set_up_link(
    op: &mut Op,
    store: &dyn Store,
) -> Result<Option<LinkToken>, StoreError> {
    let mut write = store.write().await?;
    if !write.administrators().await?.is_empty() {
        return Ok(None);
    }
    let link = issue_link(write.as_mut(), op, LinkPurpose::SetUp, SUBJECT, LIFETIME).await?;
    write.commit().await?;
    Ok(Some(link))
}

/// Whether the link with this token can be used now.
pub async fn set_up_is_open(op: &Op, store: &dyn Store, token: &str) -> Result<bool, StoreError> {
    let mut read = store.read().await?;
    let link = peek_link(read.as_mut(), op, LinkPurpose::SetUp, token).await?;
    Ok(link.is_some() && read.administrators().await?.is_empty())
}

/// Names the organisation and makes the first full administrator. Uses the link up: of many at
/// once exactly one succeeds, and afterwards none does.
pub async fn set_up(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    token: &str,
    set_up: SetUp,
) -> Result<AdministratorId, SetUpError> {
    if !set_up_is_open(op, store, token).await? {
        return Err(SetUpError::LinkGone);
    }
    check(&set_up.email, &set_up.name)?;
    let mut settings = store.read().await?.settings().await?;
    set_up
        .organisation
        .trim()
        .clone_into(&mut settings.sections.profile.name);
    if let Err(problems) = settings.sections.check() {
        return Err(match problems.into_iter().next() {
            Some(problem) => problem.into(),
            None => SetUpError::LinkGone,
        });
    }
    let email = email::key(&set_up.email);
    rules::check(&settings.sections, &set_up.name, &email, &set_up.password)
        .map_err(HashError::from)?;
    let hash = hashers.hash(&mut op.rng, set_up.password).await?;

    op.actor = Actor::System("first set-up".to_owned());
    let mut write = store.write().await?;
    let link = redeem_link(write.as_mut(), op, LinkPurpose::SetUp, token).await?;
    if link.is_none() || !write.administrators().await?.is_empty() {
        return Err(SetUpError::LinkGone);
    }
    let mut present = write.settings().await?;
    let before = present.sections.profile.name.clone();
    present
        .sections
        .profile
        .name
        .clone_from(&settings.sections.profile.name);
    present.version += 1;
    present.changed_at = Some(op.now);
    write.put_settings(&present).await?;
    let name = &present.sections.profile.name;
    let changes = changes_between(
        &json!({"profile.name": before}),
        &json!({"profile.name": name}),
    );
    let target = Target {
        kind: TargetKind::Organization,
        id: present.organisation.to_string(),
        label: name.clone(),
    };
    let detail = json!({"changes": Change::list(&changes), "set_up": true});
    let event = op.event(EventKind::OrganizationUpdate, true, Some(target), detail);
    write.insert_event(&event).await?;
    let identity = (set_up.email.as_str(), set_up.name.as_str());
    let made = insert(write.as_mut(), op, identity, Role::Full, Some(&hash)).await?;
    write.commit().await?;
    Ok(made.id)
}
