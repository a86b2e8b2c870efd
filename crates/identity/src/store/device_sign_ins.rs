//! Storage of command lines that wait for their person.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::sessions::TokenHash;
use crate::sessions::device::{DeviceSignIn, UserCode};

/// Questions about waiting command lines.
#[async_trait]
pub trait ReadDeviceSignIns: Send {
    /// The one with this device code, expired or not.
    async fn device_sign_in(
        &mut self,
        device_code: &TokenHash,
    ) -> Result<Option<DeviceSignIn>, StoreError>;
    /// The one with this user code, expired or not.
    async fn device_sign_in_by_user_code(
        &mut self,
        code: &UserCode,
    ) -> Result<Option<DeviceSignIn>, StoreError>;
}

/// Changes to waiting command lines.
#[async_trait]
pub trait WriteDeviceSignIns: Send {
    async fn insert_device_sign_in(
        &mut self,
        started: &DeviceSignIn,
        code: &UserCode,
    ) -> Result<(), StoreError>;
    /// Notes who it waits for, the answer, and when it asked.
    async fn update_device_sign_in(&mut self, changed: &DeviceSignIn) -> Result<(), StoreError>;
    async fn delete_device_sign_in(&mut self, device_code: &TokenHash) -> Result<(), StoreError>;
    /// Forgets those that expired before `before`.
    async fn prune_device_sign_ins(&mut self, before: OffsetDateTime) -> Result<(), StoreError>;
}
