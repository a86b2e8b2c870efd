//! Somebody forgot their password and asks for a link.
//!
//! A stranger must not learn who has an account (security.md item 27). So whatever the address, the
//! same statements run in one transaction: a link and a mail are written, and one mail is deleted,
//! for a stranger the one just written, otherwise one that never was. The answer, and the limits on
//! how often somebody may ask, do not depend on the account either. The activity log, which only
//! administrators read, says what it was.

use std::collections::BTreeMap;

use serde_json::json;
use time::Duration;
use url::Url;

use super::send_reset::write_reset;
use crate::email;
use crate::events::EventKind;
use crate::ids::{MailId, UserId};
use crate::links::{Limit, RequestKey, count_request};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};
use crate::users::{CreationMethod, User, UserState};

const PER_ADDRESS: Limit = Limit {
    requests: 3,
    time: Duration::hours(1),
};
/// Many people can share the address of their office.
const PER_CLIENT: Limit = Limit {
    requests: 30,
    time: Duration::hours(1),
};

/// Why a request was not even looked at.
#[derive(Debug, thiserror::Error)]
pub enum RequestResetError {
    /// For this address, known or not, or from this client.
    #[error("too many requests; try again in {} minutes", retry_after.whole_minutes() + 1)]
    TooMany { retry_after: Duration },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes a mail with a reset link if an active person has this address, and answers the same if
/// nobody does. Leaves the event `user_password_reset_request`.
pub async fn request_password_reset(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    public_url: &Url,
    email: &str,
) -> Result<(), RequestResetError> {
    let typed = email::key(email);
    // What cannot be an address is nobody's, and PostgreSQL takes no NUL.
    let sound = email::check(&typed).is_ok();
    let typed = if sound { typed } else { String::new() };
    let client = op.client.ip.map_or_else(String::new, |ip| ip.to_string());
    let mut write = store.write().await?;
    let limits = [
        (RequestKey::of("password reset for", &typed), PER_ADDRESS),
        (RequestKey::of("password reset from", &client), PER_CLIENT),
    ];
    for (key, limit) in limits {
        if let Some(retry_after) = count_request(write.as_mut(), op, &key, limit).await? {
            return Err(RequestResetError::TooMany { retry_after });
        }
    }
    let found = write.user_by_email(&typed).await?;
    let reason = match found.as_ref().map(|user| user.state) {
        None => Some("unknown_user"),
        Some(UserState::Staged) => Some("staged"),
        Some(UserState::Suspended) => Some("suspended"),
        Some(UserState::Active) => None,
    };
    let stranger = nobody(op, &typed);
    let addressee = match (&found, reason) {
        (Some(user), None) => user,
        _ => &stranger,
    };
    let mail = write_reset(write.as_mut(), op, sealing, public_url, addressee).await?;
    let never_was = MailId::new(op.now, &mut op.rng);
    let unwanted = if reason.is_none() { never_was } else { mail };
    write.delete_mail(unwanted).await?;

    let shown = sound.then_some(typed.as_str());
    let detail = match reason {
        None => json!({"email": shown, "mail": mail.to_string()}),
        Some(reason) => json!({"email": shown, "reason": reason}),
    };
    let target = found.as_ref().map(User::target);
    let kind = EventKind::UserPasswordResetRequest;
    let event = op.event(kind, reason.is_none(), target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

/// Somebody who is not in the directory, for work that nobody gets to see.
fn nobody(op: &mut Op, email: &str) -> User {
    let id = UserId::random(&mut op.rng);
    User {
        id,
        email: email.to_owned(),
        username: id.to_string(),
        first_name: String::new(),
        last_name: String::new(),
        display_name: String::new(),
        state: UserState::Active,
        attributes: BTreeMap::new(),
        custom_attributes: BTreeMap::new(),
        password_changed_at: None,
        password_never_expires: false,
        version: 1,
        updated_at: op.now,
        created_at: op.now,
        last_sign_in_at: None,
        created_by: CreationMethod::Manual,
    }
}
