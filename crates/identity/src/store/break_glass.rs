//! Storage of break-glass accounts and of their uses.

use async_trait::async_trait;

use super::StoreError;
use crate::break_glass::{BreakGlassAccount, BreakGlassUse, SameAttempts};
use crate::ids::{AdministratorId, BreakGlassUseId};

/// Questions about break-glass accounts.
#[async_trait]
pub trait ReadBreakGlass: Send {
    /// Those that are sealed, the first one first. There are at most two.
    async fn break_glass_accounts(&mut self) -> Result<Vec<BreakGlassAccount>, StoreError>;
    async fn break_glass_account(
        &mut self,
        id: AdministratorId,
    ) -> Result<Option<BreakGlassAccount>, StoreError>;
    /// Uses, newest first: with `open` only those that nobody has acknowledged.
    async fn break_glass_uses(
        &mut self,
        open: bool,
        limit: u32,
    ) -> Result<Vec<BreakGlassUse>, StoreError>;
    async fn break_glass_use(
        &mut self,
        id: BreakGlassUseId,
    ) -> Result<Option<BreakGlassUse>, StoreError>;
    /// The attempts that another one would be the same use as: not acknowledged, and nobody got in.
    async fn open_break_glass_attempts(
        &mut self,
        same: &SameAttempts,
    ) -> Result<Option<BreakGlassUse>, StoreError>;
}

/// Changes of break-glass accounts.
#[async_trait]
pub trait WriteBreakGlass: Send {
    /// New, or in place of what was there.
    async fn put_break_glass_account(
        &mut self,
        account: &BreakGlassAccount,
    ) -> Result<(), StoreError>;
    /// Whether it was sealed.
    async fn delete_break_glass_account(&mut self, id: AdministratorId)
    -> Result<bool, StoreError>;
    /// New, or in place of what was there.
    async fn put_break_glass_use(&mut self, used: &BreakGlassUse) -> Result<(), StoreError>;
}
