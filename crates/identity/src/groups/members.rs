//! Who is in a group, page by page.

use crate::groups::{name_key, search_key};
use crate::ids::{GroupId, UserId};
use crate::store::{Store, StoreError};
use crate::users::{User, UserFilter, UserSort, list_users};

/// Longest page.
const MAX_PAGE: u32 = 1000;
/// Most characters of a key: more of a name than anyone compares.
const MAX_KEY: usize = 512;

/// Part of the members of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberPage {
    pub members: Vec<User>,
    /// Pass it as `after` for the next part; `None` at the end.
    pub next: Option<String>,
}

/// A person who becomes a member, and the key under which they are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    pub user: UserId,
    pub key: String,
}

impl NewMember {
    pub(crate) fn of(user: &User) -> Self {
        Self {
            user: user.id,
            key: member_key(user),
        }
    }
}

/// What members are listed and searched by: name, address and username as searches compare them,
/// the name first.
pub fn member_key(user: &User) -> String {
    let text = format!("{}\t{}\t{}", user.label(), user.email, user.username);
    name_key(&text).chars().take(MAX_KEY).collect()
}

/// A place in the list of members: after this one. The default is the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberCursor {
    /// [`member_key`].
    pub key: String,
    /// As text, so that the start, which is empty, comes before all.
    pub user: String,
}

impl MemberCursor {
    fn of(user: &User) -> Self {
        Self {
            key: member_key(user),
            user: user.id.to_string(),
        }
    }

    /// `<user id> <key>`: an id has no space in it.
    fn to_text(&self) -> String {
        format!("{} {}", self.user, self.key)
    }

    fn from_text(text: &str) -> Self {
        let (user, key) = text.split_once(' ').unwrap_or_default();
        Self {
            key: key.to_owned(),
            user: user.to_owned(),
        }
    }
}

/// At most `limit` members (1 to 1000) by name, whose name, address or username contains `text` in
/// any letter case; in the built-in group, who is found as in the list of users. `after` is
/// [`MemberPage::next`] of the part before. `None`: no such group.
pub async fn members_page(
    store: &dyn Store,
    group: GroupId,
    text: &str,
    after: Option<&str>,
    limit: u32,
) -> Result<Option<MemberPage>, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut read = store.read().await?;
    let Some(group) = read.group(group).await? else {
        return Ok(None);
    };
    if group.everyone {
        drop(read);
        return everyone(store, text, after, limit).await.map(Some);
    }
    let text = search_key(text);
    let after = after
        .filter(|after| !after.contains('\0'))
        .map_or_else(MemberCursor::default, MemberCursor::from_text);
    let mut members = read.member_page(group.id, &text, &after, limit + 1).await?;
    let more = members.len() > limit as usize;
    members.truncate(limit as usize);
    let last = members.last().map(|last| MemberCursor::of(last).to_text());
    Ok(Some(MemberPage {
        members,
        next: last.filter(|_| more),
    }))
}

async fn everyone(
    store: &dyn Store,
    text: &str,
    after: Option<&str>,
    limit: u32,
) -> Result<MemberPage, StoreError> {
    let filter = UserFilter {
        text: text.to_owned(),
        ..UserFilter::default()
    };
    let page = list_users(store, &filter, UserSort::Name, false, after, limit).await?;
    Ok(MemberPage {
        members: page.users,
        next: page.next,
    })
}

/// At most `limit` members (1 to 1000) by id, without the first `skip`.
pub async fn group_member_ids(
    store: &dyn Store,
    group: GroupId,
    skip: u32,
    limit: u32,
) -> Result<Vec<UserId>, StoreError> {
    let mut read = store.read().await?;
    read.member_ids(group, skip, limit.clamp(1, MAX_PAGE)).await
}

/// At most `limit` people who are found as in the list of users, each with whether they are in the
/// group already.
pub async fn find_candidates(
    store: &dyn Store,
    group: GroupId,
    text: &str,
    limit: u32,
) -> Result<Vec<(User, bool)>, StoreError> {
    let found = everyone(store, text, None, limit.clamp(1, MAX_PAGE)).await?;
    let ids: Vec<_> = found.members.iter().map(|user| user.id).collect();
    let mut read = store.read().await?;
    let known = read.membership_of(group, &ids).await?;
    let member = |id| known.iter().any(|(user, member)| user.id == id && *member);
    let users = found.members.into_iter();
    Ok(users
        .map(|user| {
            let member = member(user.id);
            (user, member)
        })
        .collect())
}
