//! Search across everything that an administrator opens: people, groups and applications.

use std::sync::Arc;

use crate::applications::{Application, all_applications};
use crate::groups::{Group, list_groups};
use crate::store::{Store, StoreError};
use crate::users::{User, UserFilter, UserSort, list_users};

/// The first results of one kind.
#[derive(Debug, Clone)]
pub struct Matched<T> {
    pub first: Vec<T>,
    /// Whether there are others.
    pub more: bool,
}

/// What one text finds.
#[derive(Debug, Clone)]
pub struct Found {
    pub users: Matched<User>,
    pub groups: Matched<Group>,
    pub applications: Matched<Arc<Application>>,
}

/// At most `most` of each kind whose names, addresses or descriptions contain `text` in any letter
/// case. An empty text finds nothing.
pub async fn search(store: &dyn Store, text: &str, most: u32) -> Result<Found, StoreError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Found {
            users: matched(Vec::new(), false),
            groups: matched(Vec::new(), false),
            applications: matched(Vec::new(), false),
        });
    }
    let filter = UserFilter {
        text: text.to_owned(),
        ..UserFilter::default()
    };
    let users = list_users(store, &filter, UserSort::Name, false, None, most).await?;
    let groups = list_groups(store, text, None, most).await?;
    Ok(Found {
        users: matched(users.users, users.next.is_some()),
        groups: matched(
            groups.groups.into_iter().map(|one| one.group).collect(),
            groups.next.is_some(),
        ),
        applications: applications(store, &text.to_lowercase(), most).await?,
    })
}

async fn applications(
    store: &dyn Store,
    text: &str,
    most: u32,
) -> Result<Matched<Arc<Application>>, StoreError> {
    let found: Vec<_> = all_applications(store)
        .await?
        .into_iter()
        .map(|one| one.application)
        .filter(|one| {
            let texts = [&one.label, &one.description, &one.slug];
            texts.iter().any(|it| it.to_lowercase().contains(text))
        })
        .collect();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = found.len() > most;
    Ok(matched(found.into_iter().take(most).collect(), more))
}

fn matched<T>(first: Vec<T>, more: bool) -> Matched<T> {
    Matched { first, more }
}
