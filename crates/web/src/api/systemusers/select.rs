//! A part of a list: `limit`, `skip`, `sort`, and a condition.

use jetway_identity::users::MAX_PAGE;
use jetway_identity::{Op, Store, StoreError, User, UserFilter, UserSort, count_users, list_users};

use super::condition::Condition;
use super::document::Surroundings;

/// What part of the list.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) limit: usize,
    pub(super) skip: usize,
    pub(super) sort: UserSort,
    pub(super) descending: bool,
}

/// Most entries of one answer, and how many there are when it is not said (requirements.md §5.1).
pub(super) const MAX_LIMIT: usize = 100;
pub(super) const DEFAULT_LIMIT: usize = 10;

impl Part {
    /// `sort=-email`. A field that people are not ordered by leaves them in the order of their
    /// creation, as an unknown field does there.
    pub(super) fn sorted_by(sort: &str) -> (UserSort, bool) {
        let (name, descending) = sort
            .strip_prefix('-')
            .map_or((sort, false), |name| (name, true));
        let by = match name {
            "email" => UserSort::Email,
            "username" => UserSort::Username,
            "state" => UserSort::State,
            "displayname" | "firstname" => UserSort::Name,
            _ => UserSort::CreatedAt,
        };
        (by, descending)
    }
}

/// The people of the part, and how many there are in all.
pub(super) async fn select(
    op: &Op,
    store: &dyn Store,
    surroundings: &Surroundings,
    condition: &Condition,
    part: &Part,
) -> Result<(Vec<User>, u64), StoreError> {
    let (mut chosen, mut seen) = (Vec::new(), 0_usize);
    let mut after: Option<String> = None;
    loop {
        let filter = UserFilter::default();
        let (sort, descending) = (part.sort, part.descending);
        let page = list_users(store, &filter, sort, descending, after.as_deref(), MAX_PAGE).await?;
        for user in page.users {
            if condition.is_none() || condition.holds(&surroundings.known(op, &user)) {
                if seen >= part.skip && chosen.len() < part.limit {
                    chosen.push(user);
                }
                seen += 1;
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok((chosen, seen as u64));
        }
        // The others need not be looked at to be counted.
        if condition.is_none() && seen >= part.skip.saturating_add(part.limit) {
            return Ok((chosen, count_users(store).await?.all()));
        }
    }
}
