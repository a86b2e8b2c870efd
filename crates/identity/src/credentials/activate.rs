//! Accepting an invitation: the first password.

use secrecy::SecretString;
use serde_json::json;

use super::{UseLinkError, link_owner};
use crate::events::EventKind;
use crate::links::{LinkPurpose, peek_link, redeem_link};
use crate::op::{Actor, Op};
use crate::passwords::{PasswordHashers, Replacement};
use crate::store::Store;
use crate::users::{User, UserState};

/// Sets the first password and makes a staged person active. Uses the link up; of many at once
/// exactly one succeeds. Nobody is signed in by it: that takes the password.
pub async fn activate_user(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    token: &str,
    password: SecretString,
) -> Result<User, UseLinkError> {
    const PURPOSE: LinkPurpose = LinkPurpose::ActivateUser;
    let mut read = store.read().await?;
    let of = peek_link(read.as_mut(), op, PURPOSE, token).await?;
    let of = of.ok_or(UseLinkError::LinkGone)?;
    let owner = link_owner::owner(read.as_mut(), PURPOSE, &of).await?;
    let owner = owner.ok_or(UseLinkError::LinkGone)?;
    let next = Replacement::read(read.as_mut(), owner.id).await?;
    let next = next.ok_or(UseLinkError::LinkGone)?;
    drop(read);
    let hash = next.hash(op, hashers, &password).await?;

    let mut write = store.write().await?;
    let of = redeem_link(write.as_mut(), op, PURPOSE, token).await?;
    let owner = match &of {
        Some(of) => link_owner::owner(write.as_mut(), PURPOSE, of).await?,
        None => None,
    };
    let Some(user) = owner else {
        write.commit().await?;
        return Err(UseLinkError::LinkGone);
    };
    next.put(write.as_mut(), op, &hash).await?;
    write.delete_sessions_of(user.id, None).await?;
    op.actor = Actor::User {
        id: user.id,
        label: user.email.clone(),
    };
    let target = Some(user.target());
    let detail = json!({"by": "activation_link"});
    let event = op.event(EventKind::UserPasswordSet, true, target.clone(), detail);
    write.insert_event(&event).await?;
    if user.state != UserState::Active {
        write
            .set_user_state(user.id, UserState::Active, op.now)
            .await?;
        let detail = json!({
            "from": user.state.as_str(), "to": UserState::Active.as_str(),
            "changes": [{"field": "state", "from": user.state.as_str(),
                "to": UserState::Active.as_str()}],
        });
        let event = op.event(EventKind::UserActivated, true, target, detail);
        write.insert_event(&event).await?;
    }
    write.commit().await?;
    Ok(user)
}
