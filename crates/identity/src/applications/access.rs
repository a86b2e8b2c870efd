//! Who has an application, and why (requirements K01 to K05).

use std::collections::HashSet;

use crate::groups::Group;
use crate::ids::{ApplicationId, GroupId};
use crate::store::{Read, Store, StoreError};
use crate::users::{Place, User, UserSort};

/// Longest page of people.
const MAX_PAGE: u32 = 200;
/// People who are read at once to be passed over.
const BATCH: u32 = 1000;
/// Single users that are listed.
const MAX_SINGLE: u32 = 1000;

/// To whom an application is granted.
#[derive(Debug, Clone)]
pub struct Access {
    /// By name.
    pub groups: Vec<Group>,
    /// Single users, by name; a thousand at most.
    pub users: Vec<User>,
}

/// Somebody who has an application.
#[derive(Debug, Clone)]
pub struct PersonWithAccess {
    pub user: User,
    /// Granted to them alone.
    pub direct: bool,
    /// The groups of theirs that have it.
    pub groups: Vec<Group>,
}

/// A page of [`PersonWithAccess`], by name.
#[derive(Debug, Clone)]
pub struct PeopleWithAccess {
    pub people: Vec<PersonWithAccess>,
    /// Pass it as `after` to get what follows.
    pub next: Option<String>,
}

/// The groups and single users that have the application; `None` when there is none with this id.
pub async fn application_access(
    store: &dyn Store,
    id: ApplicationId,
) -> Result<Option<Access>, StoreError> {
    let mut read = store.read().await?;
    if read.application(id).await?.is_none() {
        return Ok(None);
    }
    let groups = read.groups_of_application(id).await?;
    let users = read.users_of_application(id, MAX_SINGLE).await?;
    Ok(Some(Access { groups, users }))
}

/// Everybody who has the application, one way or another, whatever their state, by name, each with
/// the reasons. A place `after` that cannot be read counts as none.
pub async fn people_with_access(
    store: &dyn Store,
    id: ApplicationId,
    after: Option<&str>,
    limit: u32,
) -> Result<PeopleWithAccess, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut read = store.read().await?;
    let place = after.and_then(|cursor| Place::from_cursor(cursor, UserSort::Name));
    let wanted = read.people_of_application(id, place.as_ref(), limit + 1);
    let mut users = wanted.await?;
    let more = users.len() > limit as usize;
    users.truncate(limit as usize);
    let next = users
        .last()
        .filter(|_| more)
        .map(|(user, _)| Place::of(user, UserSort::Name).to_cursor());
    let people = with_reasons(read.as_mut(), id, users).await?;
    Ok(PeopleWithAccess { people, next })
}

/// As [`people_with_access`], for callers that count: the people after the first `skip`, and whether
/// there are more behind them.
pub async fn people_with_access_from(
    store: &dyn Store,
    id: ApplicationId,
    skip: u32,
    limit: u32,
) -> Result<(Vec<PersonWithAccess>, bool), StoreError> {
    let wanted = limit.clamp(1, MAX_PAGE) as usize;
    let mut read = store.read().await?;
    let (mut left, mut users) = (skip as usize, Vec::new());
    let mut place: Option<Place> = None;
    loop {
        let batch = read.people_of_application(id, place.as_ref(), BATCH);
        let batch = batch.await?;
        let last = batch.len() < BATCH as usize;
        place = batch
            .last()
            .map(|(user, _)| Place::of(user, UserSort::Name));
        let passed = left.min(batch.len());
        left -= passed;
        users.extend(
            batch
                .into_iter()
                .skip(passed)
                .take(wanted + 1 - users.len()),
        );
        if last || users.len() > wanted {
            break;
        }
    }
    let more = users.len() > wanted;
    users.truncate(wanted);
    Ok((with_reasons(read.as_mut(), id, users).await?, more))
}

/// The people, each with the groups of theirs that have the application.
async fn with_reasons(
    read: &mut dyn Read,
    id: ApplicationId,
    users: Vec<(User, bool)>,
) -> Result<Vec<PersonWithAccess>, StoreError> {
    let having = read.groups_of_application(id).await?;
    let having: HashSet<GroupId> = having.iter().map(|group| group.id).collect();
    let ids: Vec<_> = users.iter().map(|(user, _)| user.id).collect();
    let mut groups = read.groups_among(&ids).await?;
    let people = users.into_iter().map(|(user, direct)| {
        let mut groups = groups.remove(&user.id).unwrap_or_default();
        groups.retain(|group| having.contains(&group.id));
        PersonWithAccess {
            user,
            direct,
            groups,
        }
    });
    Ok(people.collect())
}
