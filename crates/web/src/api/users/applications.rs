//! `GET /api/v1/users/{id}/applications`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::{ApplicationAndGroups, UserId, applications_of_user};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::users::refusal::known;
use crate::api::{List, PathId, Problem};
use crate::shared::{ApiCaller, Site};

/// An application that a person may use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserApplication {
    id: String,
    /// Its name in the address of the single sign-on.
    slug: String,
    label: String,
    /// Nobody can use one that is switched off.
    active: bool,
    /// The groups of the person that it is granted to.
    through: Vec<GrantingGroup>,
}

/// A group that an application is granted to.
#[derive(Debug, Serialize, ToSchema)]
struct GrantingGroup {
    id: String,
    name: String,
}

impl From<ApplicationAndGroups> for UserApplication {
    fn from(granted: ApplicationAndGroups) -> Self {
        let through = granted.groups.into_iter().map(|group| GrantingGroup {
            id: group.id.to_string(),
            name: group.name,
        });
        let application = granted.application;
        Self {
            id: application.id.to_string(),
            slug: application.slug.clone(),
            label: application.label.clone(),
            active: application.active,
            through: through.collect(),
        }
    }
}

/// List the applications of a user
///
/// By label, each with the groups that give access to it.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}/applications",
    tag = "Users",
    operation_id = "list_user_applications",
    params(("id" = String, Path)),
    responses((status = 200, description = "All of them.", body = List<UserApplication>))
)]
pub(crate) async fn applications(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<UserId>,
) -> Result<Json<List<UserApplication>>, Problem> {
    known(&site, id).await?;
    let all = applications_of_user(site.store.as_ref(), id).await?;
    Ok(Json(List {
        items: all.into_iter().map(UserApplication::from).collect(),
        next_cursor: None,
    }))
}
