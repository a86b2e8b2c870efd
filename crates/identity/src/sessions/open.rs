//! A session begins.

use serde_json::json;

use crate::ids::SessionId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::sessions::devices::note_device;
use crate::sessions::sign_in::attempt_event;
use crate::sessions::{
    FailureKey, NewDevice, PendingSignIn, Session, SignedIn, tell_of_new_device, token,
};
use crate::settings::Sections;
use crate::store::{StoreError, Write};
use crate::users::User;

/// Opens the session, forgets earlier failures, writes the event and the mail about a new browser, all
/// in one commit. The person
/// has proved everything that is asked of them.
pub(super) async fn open_session(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    (mut user, proved): (User, PendingSignIn),
    settings: &Sections,
    mails: Option<&SealingKey>,
) -> Result<SignedIn, StoreError> {
    // What others guess elsewhere is not forgiven by a sign-in here, and not by a session that stands
    // on another.
    if mails.is_some() && !proved.device_known {
        write.clear_failures(&FailureKey::of(&user.email)).await?;
    }
    if let Some(device) = &proved.device {
        let key = FailureKey::of_device(&user.email, device);
        write.clear_failures(&key).await?;
        note_device(write.as_mut(), user.id.into(), device, op.now).await?;
    }
    let (token, token_hash) = token::new_token(&mut op.rng);
    let session = Session {
        id: SessionId::new(op.now, &mut op.rng),
        user: user.id,
        created_at: op.now,
        last_seen_at: op.now,
        // A second factor alone does not lengthen it.
        expires_at: proved.proved_at + settings.sessions.absolute(),
        idle_limit: settings.sessions.idle(),
        ip: op.client.ip,
        user_agent: op.user_agent(),
        via: proved.via,
        proved_at: proved.proved_at,
        factor: proved.factor,
        device_known: proved.device_known,
        first_proof: proved.first_proof,
    };
    let new = NewDevice {
        email: &user.email,
        name: &user.label(),
        signed_in_before: user.last_sign_in_at.is_some(),
        place: "your account",
    };
    if let Some(sealing) = mails {
        tell_of_new_device(op, write.as_mut(), sealing, (&proved, new)).await?;
    }
    write.prune_sessions(op.now).await?;
    write.insert_session(&session, &token_hash).await?;
    write.note_sign_in(user.id, op.now).await?;
    user.last_sign_in_at = Some(op.now);
    let factor = proved.factor.map(|factor| factor.kind.as_str());
    let detail = json!({
        "auth_method": proved.first_proof.as_str(),
        "via": proved.via.as_str(),
        "session": session.id.to_string(),
        "mfa": factor.is_some(),
        "mfa_meta": factor.map(|kind| json!({ "type": kind })),
        "new_device": !proved.device_known,
    });
    let event = attempt_event(op, Some(&user), true, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    let expires_at = session.expires_at;
    Ok(SignedIn {
        token,
        session,
        user,
        expires_at,
        enrol_until: None,
    })
}
