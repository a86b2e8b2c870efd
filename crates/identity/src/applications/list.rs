//! Which applications there are, and to whom they are granted.

use std::sync::Arc;

use crate::applications::Application;
use crate::groups::Group;
use crate::ids::{ApplicationId, GroupId, UserId};
use crate::store::{Store, StoreError};

/// An application and groups that it is granted to, by name.
#[derive(Debug, Clone)]
pub struct ApplicationAndGroups {
    pub application: Arc<Application>,
    pub groups: Vec<Group>,
    /// How many single users it is granted to.
    pub users: u64,
}

/// One application.
pub async fn application(
    store: &dyn Store,
    id: ApplicationId,
) -> Result<Option<Arc<Application>>, StoreError> {
    store.read().await?.application(id).await
}

/// All applications, by label, with all groups that they are granted to.
pub async fn all_applications(store: &dyn Store) -> Result<Vec<ApplicationAndGroups>, StoreError> {
    store.read().await?.applications().await
}

/// The applications that are granted to a group, by label (requirements E04 and K03).
pub async fn applications_of_group(
    store: &dyn Store,
    group: GroupId,
) -> Result<Vec<Arc<Application>>, StoreError> {
    store.read().await?.applications_of_group(group).await
}

/// The applications that are granted to a user, by label, switched off and hidden ones included,
/// each with the groups through which, and whether for the user alone (requirements E08, K04, K05).
pub async fn applications_of_user(
    store: &dyn Store,
    user: UserId,
) -> Result<Vec<ApplicationAndGroups>, StoreError> {
    store.read().await?.applications_of_user(user).await
}
