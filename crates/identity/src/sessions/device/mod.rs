//! A command line signs in through the browser, also one on another machine (requirement T06).
//!
//! The shape is that of RFC 8628: the command line gets a device code, which it keeps, and a user
//! code, which it shows. The person signs in with a browser as always, with every factor that is
//! asked for, types the user code and says yes. Then the device code is good for one session on what
//! was proved in the browser, as old as it is: the policies decide once more, from where the command
//! line is.

mod answer;
mod redeem;
mod start;
mod user_code;

use std::net::IpAddr;

use time::{Duration, OffsetDateTime};

use crate::ids::{SessionId, UserId};
use crate::sessions::TokenHash;

pub use answer::{DeviceCodeError, answer_device_sign_in, claim_device_sign_in};
pub use redeem::{RedeemError, redeem_device_sign_in};
pub use start::{StartDeviceError, StartedDeviceSignIn, start_device_sign_in};
pub use user_code::UserCode;

/// How long the person may take.
const LIFETIME: Duration = Duration::minutes(10);
/// How long the command line is still told that its code has expired.
const REMEMBERED: Duration = Duration::minutes(10);

/// A command line that waits for its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSignIn {
    /// Of the device code.
    pub device_code: TokenHash,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    /// What the command line says its machine is called; not verified.
    pub machine: String,
    /// Where the command line asked from.
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    /// How long it has to wait between two questions.
    pub interval: Duration,
    pub polled_at: Option<OffsetDateTime>,
    /// Who typed the user code first. It is nobody else's any more.
    pub user: Option<UserId>,
    pub answer: DeviceAnswer,
}

/// What the person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// Nothing yet.
    Waiting,
    /// Yes, in this session.
    Approved(SessionId),
    Denied,
}
