//! Who an API key belongs to.

use time::Duration;

use crate::administrators::{Administrator, AdministratorState};
use crate::api_keys::{ApiKey, ApiKeyHash};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Use is noted at most this often.
const TOUCH_EVERY: Duration = Duration::minutes(5);

/// A live key and its owner.
#[derive(Debug, Clone)]
pub struct ApiKeyOwner {
    pub key: ApiKey,
    pub owner: Administrator,
}

/// The key that a program sent. `None` when there is no such key, when it has expired, or when its
/// owner is suspended.
pub async fn authenticate_api_key(
    op: &Op,
    store: &dyn Store,
    sent: &str,
) -> Result<Option<ApiKeyOwner>, StoreError> {
    let Some(hash) = ApiKeyHash::of(sent) else {
        return Ok(None);
    };
    let found = store.read().await?.api_key_by_hash(&hash).await?;
    let Some((key, owner)) = found else {
        return Ok(None);
    };
    if !key.is_live(op.now) || owner.state != AdministratorState::Active {
        return Ok(None);
    }
    let used = key.last_used_at;
    if used.is_none_or(|at| op.now - at >= TOUCH_EVERY) {
        let mut write = store.write().await?;
        write.touch_api_key(key.id, op.now).await?;
        write.commit().await?;
    }
    Ok(Some(ApiKeyOwner { key, owner }))
}
