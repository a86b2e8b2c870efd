//! Deleting applications.

use serde_json::json;

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::EventKind;
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::sign_in_policies::forget_applications;
use crate::store::{Store, StoreError};

/// Most applications that are deleted at once.
const MAX_AT_ONCE: usize = 200;

/// Why nothing was deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteApplicationsError {
    #[error("there is no application {0}")]
    NoSuchApplication(ApplicationId),
    #[error("at most {MAX_AT_ONCE} applications can be deleted at once")]
    TooMany,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Deletes applications with their keys and grants in one transaction, with an event
/// `application_delete` for each (requirements S02 and S03): all of them or none. What they meant on
/// the other side stays there (S04). Policies about sign-ins are about them no more.
pub async fn delete_applications(
    op: &mut Op,
    store: &dyn Store,
    ids: &[ApplicationId],
) -> Result<usize, DeleteApplicationsError> {
    if ids.len() > MAX_AT_ONCE {
        return Err(DeleteApplicationsError::TooMany);
    }
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteApplications).await??;
    let mut deleted: Vec<ApplicationId> = Vec::new();
    for id in ids.iter().copied() {
        if deleted.contains(&id) {
            continue;
        }
        let application = write
            .application(id)
            .await?
            .ok_or(DeleteApplicationsError::NoSuchApplication(id))?;
        write.delete_application(id).await?;
        let detail = json!({
            "slug": application.slug,
            "kind": application.sign_on.kind(),
        });
        let target = Some(application.target());
        let event = op.event(EventKind::ApplicationDelete, true, target, detail);
        write.insert_event(&event).await?;
        deleted.push(id);
    }
    forget_applications(op, write.as_mut(), &deleted).await?;
    write.commit().await?;
    Ok(deleted.len())
}
