//! Signing in as whom an OpenID Connect provider vouches for (requirement A04).

use serde_json::json;

use crate::administrators::sign_in::{attempt_event, open_session};
use crate::administrators::{AdministratorState, SignInMethod, SignedInAs};
use crate::email;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Opens a session for the administrator with this address, which the configured provider has
/// verified. `None` when there is no active one: nobody becomes an administrator by this. Leaves
/// an `admin_login_attempt` event either way.
pub async fn sign_in_administrator_by_email(
    op: &mut Op,
    store: &dyn Store,
    verified_email: &str,
) -> Result<Option<SignedInAs>, StoreError> {
    let key = email::key(verified_email);
    let sound = email::check(&key).is_ok();
    let mut write = store.write().await?;
    let known = if sound {
        write.administrator_credential(&key).await?
    } else {
        None
    };
    let reason = match known {
        Some((administrator, _)) if administrator.state == AdministratorState::Active => {
            let method = SignInMethod::OpenIdConnect;
            return Ok(Some(open_session(op, write, administrator, method).await?));
        }
        Some(_) => "suspended",
        None => "unknown_administrator",
    };
    let detail = json!({
        "auth_method": SignInMethod::OpenIdConnect.as_str(),
        "email": sound.then_some(key),
        "reason": reason,
    });
    let event = attempt_event(op, None, false, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(None)
}

/// Notes that a sign-in by the provider failed; the reason is for the log alone.
pub async fn record_failed_provider_sign_in(
    op: &mut Op,
    store: &dyn Store,
    reason: &str,
) -> Result<(), StoreError> {
    let reason: String = reason
        .chars()
        .filter(|letter| !letter.is_control())
        .take(300)
        .collect();
    let detail = json!({
        "auth_method": SignInMethod::OpenIdConnect.as_str(),
        "reason": reason,
    });
    let event = attempt_event(op, None, false, detail);
    store.record(event).await
}
