//! A command line asks for its codes.

use secrecy::SecretString;
use time::Duration;

use super::{DeviceAnswer, DeviceSignIn, LIFETIME, REMEMBERED, UserCode};
use crate::links::{Limit, RequestKey, count_request};
use crate::op::Op;
use crate::sessions::network_delay::network_of;
use crate::sessions::token;
use crate::store::{Store, StoreError};

/// How long the command line waits between two questions, unless it is told to slow down.
const INTERVAL: Duration = Duration::seconds(3);
/// Of one network: whole offices share one.
const PER_NETWORK: Limit = Limit {
    requests: 120,
    time: Duration::minutes(10),
};
/// Longest name of a machine that is kept, in characters.
const MAX_MACHINE: usize = 64;

/// The codes. They exist nowhere else.
#[derive(Debug)]
pub struct StartedDeviceSignIn {
    /// 256 bits.
    pub device_code: SecretString,
    pub user_code: UserCode,
    pub expires_in: Duration,
    pub interval: Duration,
}

/// Why there are no codes.
#[derive(Debug, thiserror::Error)]
pub enum StartDeviceError {
    #[error("too many sign-ins were begun from this address; try again in {} seconds", retry_after.whole_seconds().max(1))]
    TooMany { retry_after: Duration },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Begins. `machine` is what the command line says its machine is called.
pub async fn start_device_sign_in(
    op: &mut Op,
    store: &dyn Store,
    machine: &str,
) -> Result<StartedDeviceSignIn, StartDeviceError> {
    let (device_code, hash) = token::new_token(&mut op.rng);
    let user_code = UserCode::random(&mut op.rng);
    let mut write = store.write().await?;
    // This machine is not counted: it is where a proxy is that nobody has named.
    if let Some(network) = network_of(op) {
        let key = RequestKey::of("device sign-in", &network);
        if let Some(retry_after) = count_request(write.as_mut(), op, &key, PER_NETWORK).await? {
            return Err(StartDeviceError::TooMany { retry_after });
        }
    }
    let started = DeviceSignIn {
        device_code: hash,
        created_at: op.now,
        expires_at: op.now + LIFETIME,
        machine: printable(machine),
        ip: op.client.ip,
        user_agent: op.user_agent(),
        interval: INTERVAL,
        polled_at: None,
        user: None,
        answer: DeviceAnswer::Waiting,
    };
    write.prune_device_sign_ins(op.now - REMEMBERED).await?;
    write.insert_device_sign_in(&started, &user_code).await?;
    write.commit().await?;
    Ok(StartedDeviceSignIn {
        device_code,
        user_code,
        expires_in: LIFETIME,
        interval: INTERVAL,
    })
}

/// Letters of host names alone: nothing that could read as a sentence of ours.
fn printable(machine: &str) -> String {
    let sound = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
    machine.chars().filter(sound).take(MAX_MACHINE).collect()
}
