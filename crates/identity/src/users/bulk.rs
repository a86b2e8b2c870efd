//! Many people at once: which, and what came of each (requirements B05, D04, S05).

use crate::ids::UserId;
use crate::store::{Store, StoreError};
use crate::users::{MAX_PAGE, UserFilter, UserSort, list_users};

/// Most people of one bulk change.
pub const MAX_BULK: usize = 10_000;

/// People in one transaction: others wait no longer than a fraction of a second for their turn.
pub(crate) const PER_TRANSACTION: usize = 200;

/// What a bulk change came to for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkOutcome {
    Done,
    /// It was so before.
    Unchanged,
    NoSuchUser,
}

/// Why people could not be chosen.
#[derive(Debug, thiserror::Error)]
pub enum SelectUsersError {
    #[error("more than {MAX_BULK} people match; narrow the search and change them in parts")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Everyone who matches a filter now: what "select all that match" stands for.
pub async fn select_users(
    store: &dyn Store,
    filter: &UserFilter,
) -> Result<Vec<UserId>, SelectUsersError> {
    let mut chosen: Vec<UserId> = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let sort = UserSort::CreatedAt;
        let page = list_users(store, filter, sort, false, after.as_deref(), MAX_PAGE).await?;
        chosen.extend(page.users.iter().map(|user| user.id));
        if chosen.len() > MAX_BULK {
            return Err(SelectUsersError::TooMany);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(chosen),
        }
    }
}
