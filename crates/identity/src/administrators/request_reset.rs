//! An administrator forgot the password and asks for a link (requirement A05).
//!
//! As for users, the answer, the limits and the work are the same whoever asks: a link and a mail
//! are written and one mail is deleted.

use serde_json::json;
use time::Duration;
use url::Url;

use crate::administrators::{Administrator, AdministratorState, Role, letters};
use crate::credentials::RequestResetError;
use crate::email;
use crate::events::EventKind;
use crate::ids::{AdministratorId, MailId};
use crate::links::{Limit, LinkPurpose, RequestKey, count_request, issue_link};
use crate::mail::{NewMail, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// How long a reset link works (security.md item 35: at most an hour).
const LIFETIME: Duration = Duration::hours(1);

const PER_ADDRESS: Limit = Limit {
    requests: 3,
    time: Duration::hours(1),
};
const PER_CLIENT: Limit = Limit {
    requests: 30,
    time: Duration::hours(1),
};

/// Writes a mail with a reset link if an active administrator with a password has this address,
/// and answers the same if nobody does. Leaves the event `admin_password_reset_request`.
pub async fn request_administrator_reset(
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
        (
            RequestKey::of("administrator reset for", &typed),
            PER_ADDRESS,
        ),
        (
            RequestKey::of("administrator reset from", &client),
            PER_CLIENT,
        ),
    ];
    for (key, limit) in limits {
        if let Some(retry_after) = count_request(write.as_mut(), op, &key, limit).await? {
            return Err(RequestResetError::TooMany { retry_after });
        }
    }
    let found = write.administrator_credential(&typed).await?;
    let found = found.map(|(administrator, _)| administrator);
    let reason = match &found {
        None => Some("unknown_administrator"),
        Some(known) if known.state == AdministratorState::Suspended => Some("suspended"),
        Some(known) if known.password_changed_at.is_none() => Some("no_password"),
        Some(_) => None,
    };
    let stranger = nobody(op, &typed);
    let addressee = match (&found, reason) {
        (Some(known), None) => known,
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
    let target = found.as_ref().map(Administrator::target);
    let kind = EventKind::AdminPasswordResetRequest;
    let event = op.event(kind, reason.is_none(), target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

async fn write_reset(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    public_url: &Url,
    administrator: &Administrator,
) -> Result<MailId, StoreError> {
    let organisation = write.settings().await?.sections.profile.name;
    let purpose = LinkPurpose::ResetAdministratorPassword;
    let subject = administrator.id.to_string();
    let link = issue_link(write, op, purpose, &subject, LIFETIME).await?;
    let letter = letters::reset(&organisation, administrator, public_url, &link);
    let mail = NewMail {
        to: &administrator.email,
        subject: &letter.subject,
        text: &letter.text,
        link: Some(&link),
    };
    queue_mail(write, op, sealing, mail).await
}

/// Somebody who is no administrator, for work that nobody gets to see.
fn nobody(op: &mut Op, email: &str) -> Administrator {
    Administrator {
        id: AdministratorId::new(op.now, &mut op.rng),
        email: email.to_owned(),
        name: String::new(),
        role: Role::ReadOnly,
        state: AdministratorState::Active,
        password_changed_at: None,
        last_sign_in_at: None,
        version: 1,
        created_at: op.now,
    }
}
