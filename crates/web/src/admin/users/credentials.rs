//! What an administrator does about a person's way in: `POST /admin/users/{id}/…`. Each goes back to
//! the person's page, which says how it went (see [`toast`]).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use jetway_identity::credentials::{
    InviteUserError, RequirePasswordChangeError, SendResetError, UnlockUserError, invite_user,
    require_password_change, send_password_reset, unlock_user,
};
use jetway_identity::sessions::{RevokeSessionError, revoke_session, revoke_sessions};
use jetway_identity::{MailId, Permission, SessionId, StoreError, UserId};
use jetway_pages::admin::Toast;
use jetway_pages::admin::parts::Tone;

use crate::shared::{AdminVisit, Failure, Site, see_other};

/// What is said on the person's page, by the code in `?done=`.
const TOASTS: [(&str, Tone, &str); 14] = [
    ("invited", Tone::Good, "The activation mail is on its way."),
    (
        "reset-sent",
        Tone::Good,
        "The mail with the reset link is on its way.",
    ),
    (
        "link-waits",
        Tone::Waiting,
        "There is no mail server. A full administrator finds the link in the outbox.",
    ),
    ("signed-out", Tone::Good, "Signed out there."),
    (
        "signed-out-everywhere",
        Tone::Good,
        "Signed out everywhere.",
    ),
    (
        "unlocked",
        Tone::Good,
        "Unlocked: the next sign-in need not wait.",
    ),
    (
        "change-required",
        Tone::Good,
        "Signed out everywhere. The next sign-in asks for a new password.",
    ),
    (
        "has-password",
        Tone::Bad,
        "This person already has a password: send a password reset instead.",
    ),
    (
        "no-password",
        Tone::Bad,
        "This person has no password yet: send the activation mail instead.",
    ),
    (
        "suspended",
        Tone::Bad,
        "This person is suspended: activate them first.",
    ),
    (
        "not-active",
        Tone::Bad,
        "This person is not active: activate them first.",
    ),
    (
        "session-over",
        Tone::None,
        "That session had already ended.",
    ),
    (
        "nothing-to-sign-out",
        Tone::None,
        "They were not signed in anywhere.",
    ),
    ("not-locked", Tone::None, "They were not locked out."),
];

/// The confirmation for a code that these handlers put into the address.
pub(crate) fn toast(code: &str) -> Option<Toast> {
    let found = TOASTS.iter().find(|(name, ..)| *name == code);
    found.map(|(_, tone, text)| Toast {
        tone: *tone,
        text: (*text).to_owned(),
    })
}

pub(crate) async fn invite(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let id = user_id(&id)?;
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let public_url = site.settings.public_url();
    match invite_user(&mut visit.op, store, sealing, public_url, id).await {
        Ok(mail) => written(&visit, id, mail, "invited"),
        Err(InviteUserError::NoSuchUser) => Err(Failure::not_found()),
        Err(InviteUserError::HasPassword) => back(id, "has-password"),
        Err(InviteUserError::Suspended) => back(id, "suspended"),
        Err(InviteUserError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn reset_password(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let id = user_id(&id)?;
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let public_url = site.settings.public_url();
    match send_password_reset(&mut visit.op, store, sealing, public_url, id).await {
        Ok(mail) => written(&visit, id, mail, "reset-sent"),
        Err(SendResetError::NoSuchUser) => Err(Failure::not_found()),
        Err(SendResetError::NoPassword) => back(id, "no-password"),
        Err(SendResetError::NotActive) => back(id, "not-active"),
        Err(SendResetError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn require_change(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let id = user_id(&id)?;
    match require_password_change(&mut visit.op, site.store.as_ref(), id).await {
        Ok(()) => back(id, "change-required"),
        Err(RequirePasswordChangeError::NoSuchUser) => Err(Failure::not_found()),
        Err(RequirePasswordChangeError::NoPassword) => back(id, "no-password"),
        Err(RequirePasswordChangeError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn sign_out_everywhere(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let id = user_id(&id)?;
    match revoke_sessions(&mut visit.op, site.store.as_ref(), id, None).await {
        Ok(0) => back(id, "nothing-to-sign-out"),
        Ok(_) => back(id, "signed-out-everywhere"),
        Err(error) => gone_or(error),
    }
}

pub(crate) async fn sign_out_one(
    State(site): State<Arc<Site>>,
    Path((id, session)): Path<(String, String)>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let id = user_id(&id)?;
    let session: SessionId = session.parse().map_err(|_| Failure::not_found())?;
    let code = match revoke_session(&mut visit.op, site.store.as_ref(), id, session).await {
        Ok(()) => "signed-out",
        Err(RevokeSessionError::NoSuchSession) => "session-over",
        Err(error) => return gone_or(error),
    };
    see_other(&format!("/admin/users/{id}/devices?done={code}"))
}

pub(crate) async fn unlock(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let id = user_id(&id)?;
    match unlock_user(&mut visit.op, site.store.as_ref(), id).await {
        Ok(true) => back(id, "unlocked"),
        Ok(false) => back(id, "not-locked"),
        Err(UnlockUserError::NoSuchUser) => Err(Failure::not_found()),
        Err(UnlockUserError::Store(error)) => Err(error.into()),
    }
}

fn user_id(text: &str) -> Result<UserId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

fn back(id: UserId, code: &str) -> Result<Response, Failure> {
    debug_assert!(toast(code).is_some(), "{code} has no words");
    see_other(&format!("/admin/users/{id}/highlights?done={code}"))
}

/// After a mail was written. Without a mail server whoever may goes to the link in the outbox.
fn written(visit: &AdminVisit, id: UserId, mail: MailId, code: &str) -> Result<Response, Failure> {
    if visit.settings.sections.mail.is_some() {
        back(id, code)
    } else if visit.may(Permission::ReadOutbox) {
        see_other(&format!("/admin/outbox/{mail}"))
    } else {
        back(id, "link-waits")
    }
}

fn gone_or(error: RevokeSessionError) -> Result<Response, Failure> {
    match error {
        RevokeSessionError::Store(error) => Err(StoreError::into(error)),
        RevokeSessionError::NoSuchUser | RevokeSessionError::NoSuchSession => {
            Err(Failure::not_found())
        }
    }
}
