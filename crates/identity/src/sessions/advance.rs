//! A sign-in goes on: the policies say what is still asked of the person, and when nothing is, the
//! session begins.
//!
//! Every way in comes through here, after each thing that was proved, so that none is easier than
//! another (security.md item 28).

use secrecy::SecretString;
use serde_json::json;
use time::OffsetDateTime;

use crate::credentials::{MustChange, issue_change_link, must_change};
use crate::events::EventKind;
use crate::factors::{FactorKind, FactorKinds};
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::sessions::open::open_session;
use crate::sessions::second_factor::LIFETIME;
use crate::sessions::sign_in::attempt_event;
use crate::sessions::{FirstProof, PendingSignIn, SignInError, SignedIn, Via, token};
use crate::settings::Sections;
use crate::sign_in_policies::{
    Circumstances, Decision, Proving, Rule, Subject, Target, decide, facts_about,
};
use crate::store::{Read, StoreError, Write};
use crate::users::User;

/// What one step gives, for the second.
#[derive(Debug)]
pub struct FactorNeeded {
    /// The value of the cookie. It exists nowhere else, and is no session.
    pub token: SecretString,
    /// What the person can prove, in the order in which it is offered.
    pub kinds: Vec<FactorKind>,
    pub expires_at: OffsetDateTime,
}

/// The person has to set a second factor up before the session begins.
#[derive(Debug)]
pub struct EnrolNeeded {
    /// As in [`FactorNeeded`].
    pub token: SecretString,
    /// Any of these will do.
    pub kinds: FactorKinds,
    pub expires_at: OffsetDateTime,
}

/// What the policies ask of a person's sign-in under way.
pub(super) async fn decision(
    op: &Op,
    read: &mut dyn Read,
    user: &User,
    pending: &PendingSignIn,
) -> Result<Decision, StoreError> {
    let target = target(read, pending.application).await?;
    decide_about(op, read, (Subject::User(user), target, pending), false).await
}

/// What the policies ask of anybody's sign-in under way.
pub(crate) async fn decide_about(
    op: &Op,
    read: &mut dyn Read,
    (subject, target, pending): (Subject<'_>, Target, &PendingSignIn),
    dev: bool,
) -> Result<Decision, StoreError> {
    let circumstances = Circumstances {
        target,
        address: op.client.ip,
        now: op.now,
        device_known: pending.device_known,
        proofs: pending.proofs(),
        requested: None,
        dev,
    };
    let facts = facts_about(read, subject, circumstances).await?;
    let policies = read.sign_in_policies().await?;
    Ok(decide(&policies, &facts))
}

/// An application that was deleted meanwhile leaves the portal.
async fn target(
    read: &mut dyn Read,
    application: Option<ApplicationId>,
) -> Result<Target, StoreError> {
    let found = match application {
        None => None,
        Some(id) => read.application(id).await?,
    };
    Ok(
        found.map_or(Target::UserPortal, |application| Target::Application {
            id: application.id,
            label: application.label.clone(),
        }),
    )
}

/// Goes on as far as what was proved carries, and commits. `mails` is what mails are sealed with.
/// Without, the sign-in stands on a session: nobody is told by mail, and no failure is forgiven.
pub(super) async fn advance(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    (user, pending): (User, PendingSignIn),
    settings: &Sections,
    mails: Option<&SealingKey>,
) -> Result<SignedIn, SignInError> {
    match decision(op, write.as_mut(), &user, &pending).await? {
        Decision::Allow { enrol_until, .. } => {
            // Only now: whoever has stolen an old password shall not choose the next one.
            let policy = &settings.passwords;
            let reason = must_change(write.as_mut(), op, policy, &user).await?;
            // Whoever came with a passkey has not used the password.
            let by_password = pending.first_proof == FirstProof::Password;
            if let Some(reason) = reason.filter(|_| by_password) {
                return Err(demand_change(op, write, &user, pending.via, reason).await?);
            }
            let opened = open_session(op, write, (user, pending), settings, mails).await?;
            Ok(SignedIn {
                enrol_until,
                ..opened
            })
        }
        Decision::NeedFactor { kinds }
        | Decision::Reauthenticate {
            with: Proving::Factor(kinds),
        } => Err(ask(op, write, pending, kinds).await?),
        Decision::MustEnrol {
            kinds, prove_first, ..
        } => {
            if prove_first.is_empty() {
                let (token, expires_at) = wait(op, write, pending).await?;
                Err(SignInError::MustEnrol(EnrolNeeded {
                    token,
                    kinds,
                    expires_at,
                }))
            } else {
                Err(ask(op, write, pending, prove_first).await?)
            }
        }
        Decision::Deny { by, text } => {
            deny(op, write, (&user, &pending), &by).await?;
            Err(SignInError::Denied { text })
        }
        // Who they are was proved a moment ago.
        Decision::Reauthenticate { .. } => Err(SignInError::Refused),
    }
}

async fn ask(
    op: &mut Op,
    write: Box<dyn Write + '_>,
    pending: PendingSignIn,
    kinds: FactorKinds,
) -> Result<SignInError, StoreError> {
    let (token, expires_at) = wait(op, write, pending).await?;
    Ok(SignInError::FactorNeeded(FactorNeeded {
        token,
        kinds: kinds.into_iter().collect(),
        expires_at,
    }))
}

/// Leaves what was proved waiting, under a token of its own, and commits.
pub(crate) async fn wait(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    mut pending: PendingSignIn,
) -> Result<(SecretString, OffsetDateTime), StoreError> {
    let (token, hash) = token::new_token(&mut op.rng);
    pending.created_at = op.now;
    pending.expires_at = op.now + LIFETIME;
    write.prune_pending_sign_ins(op.now).await?;
    write.insert_pending_sign_in(&pending, &hash).await?;
    write.commit().await?;
    Ok((token, pending.expires_at))
}

async fn deny(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    (user, pending): (&User, &PendingSignIn),
    by: &Rule,
) -> Result<(), StoreError> {
    let detail = json!({
        "auth_method": pending.first_proof.as_str(),
        "via": pending.via.as_str(),
        "email": user.email,
        "reason": "denied_by_policy",
        "error_message": format!("refused by {by}"),
    });
    let event = attempt_event(op, Some(user), false, detail);
    write.insert_event(&event).await?;
    write.commit().await
}

/// The password is right but may not be used any longer: no session, but a link to choose another,
/// for browsers, which can show the form.
async fn demand_change(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    user: &User,
    via: Via,
    reason: MustChange,
) -> Result<SignInError, StoreError> {
    let link = match via {
        Via::Browser => Some(issue_change_link(write.as_mut(), op, user).await?),
        Via::CommandLine => None,
    };
    let detail = json!({
        "auth_method": "password", "via": via.as_str(), "email": user.email,
        "reason": reason.as_str(),
    });
    let event = attempt_event(op, Some(user), false, detail);
    write.insert_event(&event).await?;
    if reason == MustChange::Expired {
        let kind = EventKind::UserPasswordExpired;
        let event = op.event(kind, true, Some(user.target()), json!({}));
        write.insert_event(&event).await?;
    }
    write.commit().await?;
    Ok(SignInError::MustChange { reason, link })
}
