//! An application asks for more than the session has proved.

use crate::factors::FactorKind;
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::sessions::advance::advance;
use crate::sessions::{PendingSignIn, ProvedFactor, Session, SignInError, SignedIn, SignedInUser};
use crate::store::Store;
use crate::users::User;

/// Begins a sign-in on what the session has proved already; the rest is asked for. Where nothing
/// is missing (any more), there is a new session at once. The old one stays until then.
pub async fn step_up(
    op: &mut Op,
    store: &dyn Store,
    person: SignedInUser,
    application: ApplicationId,
) -> Result<SignedIn, SignInError> {
    let pending = on_proofs_of(op, &person.session);
    let application = Some(application);
    let pending = PendingSignIn {
        application,
        ..pending
    };
    go_on(op, store, (person.user, pending)).await
}

/// A new session in place of one whose person has just set a factor up, which proved it (security.md
/// item 37: a new id at a step-up).
pub async fn renew_session(
    op: &mut Op,
    store: &dyn Store,
    person: SignedInUser,
    kind: FactorKind,
) -> Result<SignedIn, SignInError> {
    let pending = on_proofs_of(op, &person.session);
    let factor = Some(ProvedFactor { kind, at: op.now });
    let pending = PendingSignIn { factor, ..pending };
    go_on(op, store, (person.user, pending)).await
}

/// A sign-in that has proved what the session has, as long ago.
pub(super) fn on_proofs_of(op: &Op, session: &Session) -> PendingSignIn {
    PendingSignIn {
        owner: session.user.into(),
        via: session.via,
        created_at: op.now,
        expires_at: op.now,
        proved_at: session.proved_at,
        factor: session.factor,
        device: None,
        device_known: session.device_known,
        first_proof: session.first_proof,
        application: None,
    }
}

async fn go_on(
    op: &mut Op,
    store: &dyn Store,
    on: (User, PendingSignIn),
) -> Result<SignedIn, SignInError> {
    let mut write = store.write().await?;
    let settings = write.settings().await?.sections;
    // The browser is the one that signed in before.
    advance(op, write, on, &settings, None).await
}
