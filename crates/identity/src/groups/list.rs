//! The list of groups.

use crate::groups::{Group, name_key, search_key};
use crate::store::{Store, StoreError};

/// Longest page.
const MAX_PAGE: u32 = 1000;

/// A group in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSummary {
    pub group: Group,
    /// For the built-in group: all users.
    pub members: u64,
    /// Applications that are granted to it.
    pub applications: u64,
}

/// Part of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPage {
    pub groups: Vec<GroupSummary>,
    /// Pass it as `after` for the next part; `None` at the end.
    pub next: Option<String>,
}

/// At most `limit` groups (1 to 1000) by name, whose name or description contains `text` in any
/// letter case. `after` is [`GroupPage::next`] of the part before.
pub async fn list_groups(
    store: &dyn Store,
    text: &str,
    after: Option<&str>,
    limit: u32,
) -> Result<GroupPage, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let text = search_key(text);
    // Who sends a null character sends no place of ours.
    let after = after.filter(|after| !after.contains('\0'));
    let mut read = store.read().await?;
    let mut groups = read
        .group_page(&text, after.unwrap_or_default(), limit + 1)
        .await?;
    let more = groups.len() > limit as usize;
    groups.truncate(limit as usize);
    let last = groups.last().map(|last| name_key(&last.group.name));
    Ok(GroupPage {
        groups,
        next: last.filter(|_| more),
    })
}

/// One group with its counts.
pub async fn group_summary(
    store: &dyn Store,
    id: crate::ids::GroupId,
) -> Result<Option<GroupSummary>, StoreError> {
    let mut read = store.read().await?;
    let Some(group) = read.group(id).await? else {
        return Ok(None);
    };
    let (members, applications) = read.group_counts(id).await?;
    Ok(Some(GroupSummary {
        group,
        members,
        applications,
    }))
}
