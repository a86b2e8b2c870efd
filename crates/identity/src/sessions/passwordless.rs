//! Signing in with a passkey alone: it says whose it is, and has checked by PIN, finger or face that
//! it is this person.
//!
//! What is asked is the same for everybody, so that nobody learns who has an account. Where a key of
//! ours answers wrongly, its owner is known, and it counts like a wrong password.

use secrecy::SecretString;
use serde_json::json;
use time::Duration;

use crate::factors::webauthn::{WebauthnRefused, start_passwordless};
use crate::factors::{
    Asked, CheckedPasskey, FactorKind, FactorOwner, PasskeyAnswer, PasskeyQuestion, PasskeyTools,
    check_passkey,
};
use crate::op::Op;
use crate::sessions::advance::advance;
use crate::sessions::devices::device_of;
use crate::sessions::sign_in::attempt_event;
use crate::sessions::{
    FailureKey, Failures, FirstProof, PendingSignIn, ProvedFactor, SignInError, SignedIn, Via,
    lockout,
};
use crate::settings::Sections;
use crate::store::{Store, StoreError, Write};
use crate::users::{User, UserState};

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum PasskeySignInError {
    #[error(transparent)]
    Refused(WebauthnRefused),
    /// The key is right, and its owner may not sign in here.
    #[error("this account cannot sign in; ask your administrator")]
    NotAdmitted,
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    /// It was right, and something else keeps the session from beginning.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What any passkey is asked. Only the browser that has `visitor` can finish it.
pub fn ask_for_any_passkey(op: &mut Op, tools: PasskeyTools<'_>, visitor: &str) -> PasskeyQuestion {
    let (options, ceremony) = start_passwordless(op, tools.party);
    let sealed = ceremony.seal(tools.sealing, &mut op.rng, &tie(visitor));
    PasskeyQuestion { options, sealed }
}

/// Checks the answer of a passkey and opens the session of its owner. Each attempt leaves a
/// `user_login_attempt` event.
pub async fn sign_in_with_passkey(
    op: &mut Op,
    store: &dyn Store,
    tools: PasskeyTools<'_>,
    (visitor, device): (&str, Option<&SecretString>),
    given: PasskeyAnswer<'_>,
) -> Result<SignedIn, PasskeySignInError> {
    let mut write = store.write().await?;
    let settings = write.settings().await?.sections;
    let device = device_of(device);
    let tie = tie(visitor);
    let checked = check_passkey(op, write.as_mut(), tools, (given, &tie), Asked::Any).await?;
    let CheckedPasskey { known, verdict } = checked;
    let user = match known.map(|key| key.owner) {
        Some(FactorOwner::User(user)) => write.user(user).await?,
        _ => None,
    };
    let Some(user) = user else {
        // Unknown here, or an administrator's: their sign-in is another one.
        let refused = verdict.err().unwrap_or(WebauthnRefused::UnknownCredential);
        note(op, write.as_mut(), None, refused.code()).await?;
        write.commit().await?;
        return Err(PasskeySignInError::Refused(refused));
    };
    let key = FailureKey::of(&user.email);
    let failures = write.failures(&key).await?;
    if let Some(retry_after) = failures.and_then(|known| known.wait(&settings.lockout, op.now)) {
        note(op, write.as_mut(), Some(&user), "locked_out").await?;
        write.commit().await?;
        return Err(PasskeySignInError::LockedOut { retry_after });
    }
    match verdict {
        Ok(_) if user.state == UserState::Active => {
            let device_known = match &device {
                Some(device) => write.is_known_device(user.id.into(), device).await?,
                None => false,
            };
            let kind = FactorKind::Webauthn;
            let pending = PendingSignIn {
                owner: user.id.into(),
                via: Via::Browser,
                created_at: op.now,
                expires_at: op.now,
                proved_at: op.now,
                factor: Some(ProvedFactor { kind, at: op.now }),
                device,
                device_known,
                application: None,
                first_proof: FirstProof::Passkey,
            };
            Ok(advance(op, write, (user, pending), &settings, Some(tools.sealing)).await?)
        }
        Ok(_) => {
            let reason = match user.state {
                UserState::Staged => "staged",
                _ => "suspended",
            };
            note(op, write.as_mut(), Some(&user), reason).await?;
            write.commit().await?;
            Err(PasskeySignInError::NotAdmitted)
        }
        Err(refused) => {
            let after = Failures::after_failure(&settings.lockout, failures, op.now);
            write.set_failures(&key, &after).await?;
            note(op, write.as_mut(), Some(&user), refused.code()).await?;
            count(op, write.as_mut(), &settings, (&user, &after)).await?;
            write.commit().await?;
            Err(PasskeySignInError::Refused(refused))
        }
    }
}

async fn count(
    op: &mut Op,
    write: &mut dyn Write,
    settings: &Sections,
    (user, after): (&User, &Failures),
) -> Result<(), StoreError> {
    let who = (Some(user.email.clone()), Some(user));
    lockout::note(op, write, &settings.lockout, who, after).await
}

async fn note(
    op: &mut Op,
    write: &mut dyn Write,
    user: Option<&User>,
    reason: &str,
) -> Result<(), StoreError> {
    let detail = json!({
        "auth_method": FirstProof::Passkey.as_str(),
        "via": Via::Browser.as_str(),
        "email": user.map(|user| &user.email),
        "reason": reason,
    });
    let event = attempt_event(op, user, false, detail);
    write.insert_event(&event).await
}

fn tie(visitor: &str) -> String {
    format!("visitor/{visitor}")
}
