//! Ending the lock-out of an administrator.

use crate::administrators::Administrator;
use crate::sessions::FailureKey;
use crate::store::{StoreError, Write};

/// Forgets the wrong passwords counted for this administrator: under the address, and in each browser
/// that they have signed in with.
pub(super) async fn lift_lockout(
    write: &mut dyn Write,
    administrator: &Administrator,
) -> Result<(), StoreError> {
    let email = &administrator.email;
    let devices = write.known_devices(administrator.id.into()).await?;
    let of_devices = devices
        .iter()
        .map(|device| FailureKey::of_administrator_device(email, device));
    let of_address = std::iter::once(FailureKey::of_administrator(email));
    let keys: Vec<_> = of_address.chain(of_devices).collect();
    let failures = write.failures_among(&keys).await?;
    for key in failures.keys() {
        write.clear_failures(key).await?;
    }
    Ok(())
}
