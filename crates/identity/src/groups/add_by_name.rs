//! Adding people to a group who are named by e-mail address or username, as in a pasted list.

use crate::groups::{ChangeMembersError, MAX_MEMBERS_AT_ONCE, add_members};
use crate::ids::GroupId;
use crate::op::Op;
use crate::store::Store;

/// What became of the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddedByName {
    /// People who were not in the group before.
    pub added: usize,
    /// People who were.
    pub already: usize,
    /// Places, in what was given, of names that nobody has.
    pub unknown: Vec<usize>,
}

/// Adds those whom the names name and reports the other names. Adds in one transaction, as
/// [`add_members`].
pub async fn add_members_by_name(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    names: &[&str],
) -> Result<AddedByName, ChangeMembersError> {
    if names.len() > MAX_MEMBERS_AT_ONCE {
        return Err(ChangeMembersError::TooMany);
    }
    let mut outcome = AddedByName::default();
    let mut users = Vec::new();
    let mut read = store.read().await?;
    for (place, name) in names.iter().enumerate() {
        let user = match read.user_by_email(name).await? {
            Some(user) => Some(user),
            None => read.user_by_username(name).await?,
        };
        match user {
            Some(user) => users.push(user.id),
            None => outcome.unknown.push(place),
        }
    }
    drop(read);
    users.sort_unstable();
    users.dedup();
    outcome.added = add_members(op, store, group, &users).await?;
    outcome.already = users.len() - outcome.added;
    Ok(outcome)
}
