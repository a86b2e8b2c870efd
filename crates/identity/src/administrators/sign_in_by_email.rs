//! Signing in as whom an OpenID Connect provider vouches for (requirement A04).

use secrecy::SecretString;
use serde_json::json;

use crate::administrators::advance::advance;
use crate::administrators::sign_in::{attempt_event, pending};
use crate::administrators::{
    AdministratorSignInError, AdministratorState, SignInMethod, SignedInAs,
};
use crate::break_glass::{UseKind, note_use};
use crate::email;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::sessions::{FirstProof, device_of};
use crate::store::{Store, StoreError};

/// The browser that came back from the provider.
#[derive(Debug)]
pub struct ProviderBrowser {
    /// The cookie that browsers keep between sign-ins.
    pub device: Option<SecretString>,
    /// The program runs as `dev`, where a second factor is not demanded.
    pub dev: bool,
}

/// Goes on with the sign-in of the administrator with this address, which the configured provider
/// has verified: it stands in for the password, and for no second factor. Refused when there is no
/// active one: nobody becomes an administrator by this. A sealed account is refused too: it has its
/// password. Leaves an `admin_login_attempt` event either way.
pub async fn sign_in_administrator_by_email(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    verified_email: &str,
    browser: &ProviderBrowser,
) -> Result<SignedInAs, AdministratorSignInError> {
    let key = email::key(verified_email);
    let sound = email::check(&key).is_ok();
    let mut write = store.write().await?;
    let known = if sound {
        write.administrator_credential(&key).await?
    } else {
        None
    };
    let sealed = match &known {
        Some((administrator, _)) => write.break_glass_account(administrator.id).await?.is_some(),
        None => false,
    };
    let reason = match known {
        Some((administrator, _)) if sealed => {
            note_use(write.as_mut(), op, &administrator, UseKind::Failed).await?;
            "sealed"
        }
        Some((administrator, _)) if administrator.state == AdministratorState::Active => {
            let proved = (FirstProof::Provider, device_of(browser.device.as_ref()));
            let pending = pending(op, write.as_mut(), &administrator, proved).await?;
            return advance(op, write, (administrator, pending), sealing, browser.dev).await;
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
    Err(AdministratorSignInError::Refused)
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
