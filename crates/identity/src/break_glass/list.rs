//! What there is to see of sealed accounts.

use time::OffsetDateTime;

use super::{BreakGlassAccount, BreakGlassUse};
use crate::administrators::Administrator;
use crate::administrators::{AdministratorState, Role};
use crate::factors::unused_recovery_codes;
use crate::ids::AdministratorId;
use crate::store::{Store, StoreError};

/// Uses on the page: the last ones.
const USES: u32 = 100;
/// Unacknowledged uses that a banner counts.
const COUNTED: u32 = 20;

/// A sealed account and what is left of its codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAccount {
    pub account: BreakGlassAccount,
    pub administrator: Administrator,
    /// Unused ones.
    pub codes: usize,
}

/// Everything on the page of break-glass accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlassOverview {
    pub accounts: Vec<SealedAccount>,
    /// Who could be sealed.
    pub candidates: Vec<Administrator>,
    /// The last hundred, newest first.
    pub uses: Vec<BreakGlassUse>,
    /// Those that nobody has acknowledged, newest first.
    pub open: Vec<BreakGlassUse>,
}

/// The sealed accounts alone.
pub async fn break_glass_ids(store: &dyn Store) -> Result<Vec<AdministratorId>, StoreError> {
    let sealed = store.read().await?.break_glass_accounts().await?;
    let ids = sealed.iter().map(|account| account.administrator);
    Ok(ids.collect())
}

/// Reads it.
pub async fn break_glass_overview(store: &dyn Store) -> Result<BreakGlassOverview, StoreError> {
    let mut read = store.read().await?;
    let administrators = read.administrators().await?;
    let sealed = read.break_glass_accounts().await?;
    let is_sealed = |known: &&Administrator| {
        sealed
            .iter()
            .any(|account| account.administrator == known.id)
    };
    let candidates = administrators.iter().filter(|known| {
        known.role == Role::Full
            && known.state == AdministratorState::Active
            && known.password_changed_at.is_some()
            && !is_sealed(known)
    });
    let candidates = candidates.cloned().collect();
    let mut accounts = Vec::new();
    // Two at most.
    for account in &sealed {
        let owner = account.administrator.into();
        let codes = unused_recovery_codes(&read.recovery_codes(owner).await?);
        let known = administrators
            .iter()
            .find(|known| known.id == account.administrator);
        accounts.extend(known.map(|administrator| SealedAccount {
            account: account.clone(),
            administrator: administrator.clone(),
            codes,
        }));
    }
    Ok(BreakGlassOverview {
        accounts,
        candidates,
        uses: read.break_glass_uses(false, USES).await?,
        open: read.break_glass_uses(true, USES).await?,
    })
}

/// What every page of the admin portal tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BreakGlassNotices {
    /// Uses that nobody has acknowledged, newest first: the last twenty.
    pub open: Vec<BreakGlassUse>,
    /// Accounts whose drill is due.
    pub due: Vec<BreakGlassAccount>,
}

/// Reads it.
pub async fn break_glass_notices(
    store: &dyn Store,
    now: OffsetDateTime,
) -> Result<BreakGlassNotices, StoreError> {
    let mut read = store.read().await?;
    let mut due = read.break_glass_accounts().await?;
    due.retain(|account| account.is_drill_due(now));
    let open = read.break_glass_uses(true, COUNTED).await?;
    Ok(BreakGlassNotices { open, due })
}
