//! `/api/v1/applications/{id}/preview` and `…/checks`: what an application would be told about
//! people, before anyone signs in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::applications::application;
use jetway_identity::sso::{
    CheckPeopleError, Outcome, Preview, PreviewError, check_people, preview as make_preview,
};
use jetway_identity::{ApplicationId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::applications::access::UserBrief;
use crate::api::applications::document::GroupBrief;
use crate::api::{PathId, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// Whose sign-in is previewed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Whose {
    /// Id of the user.
    user: String,
}

/// What a person's sign-in would look like.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInPreview {
    user: UserBrief,
    /// The groups that give them the application.
    through: Vec<GroupBrief>,
    /// `null` if no response would be made.
    name_id: Option<PreviewedNameId>,
    attributes: Vec<PreviewedAttribute>,
    /// Where groups disagree; the first by name wins.
    conflicts: Vec<PreviewedConflict>,
    /// The worst first.
    checks: Vec<PreviewedCheck>,
    /// The response, never signed; `null` where none would be made.
    xml: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreviewedNameId {
    format: String,
    value: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreviewedAttribute {
    name: String,
    values: Vec<PreviewedValue>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreviewedValue {
    value: String,
    /// Where it comes from, in words.
    origin: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreviewedConflict {
    attribute: String,
    values: Vec<PreviewedGroupValue>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreviewedGroupValue {
    group: String,
    value: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreviewedCheck {
    /// `good`, `warning` or `bad`.
    #[schema(example = "good")]
    outcome: &'static str,
    text: String,
}

impl From<Preview> for SignInPreview {
    fn from(preview: Preview) -> Self {
        let value = |(value, origin): (String, jetway_identity::sso::Origin)| PreviewedValue {
            value,
            origin: origin.to_string(),
        };
        let attributes = preview
            .attributes
            .into_iter()
            .map(|one| PreviewedAttribute {
                name: one.name,
                values: one.values.into_iter().map(value).collect(),
            });
        let conflicts = preview.conflicts.into_iter().map(|one| PreviewedConflict {
            attribute: one.source.to_string(),
            values: one
                .values
                .into_iter()
                .map(|(group, value)| PreviewedGroupValue { group, value })
                .collect(),
        });
        let checks = preview.checks.into_iter().map(|check| PreviewedCheck {
            outcome: match check.outcome {
                Outcome::Good => "good",
                Outcome::Warning => "warning",
                Outcome::Bad => "bad",
            },
            text: check.text,
        });
        Self {
            user: UserBrief::of(&preview.user),
            through: preview.through.iter().map(GroupBrief::of).collect(),
            name_id: preview
                .name_id
                .map(|(format, value)| PreviewedNameId { format, value }),
            attributes: attributes.collect(),
            conflicts: conflicts.collect(),
            checks: checks.collect(),
            xml: preview.xml,
        }
    }
}

/// Preview a sign-in
///
/// Made by the code that makes the real response, with where each value comes from and what the
/// service provider would say to it. Whether or not the person may use the application.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}/preview",
    tag = "Applications",
    operation_id = "preview_application_sign_in",
    params(("id" = String, Path), Whose),
    responses((status = 200, description = "The preview.", body = SignInPreview))
)]
pub(crate) async fn preview(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    QueryFields(whose): QueryFields<Whose>,
) -> Result<Json<SignInPreview>, Problem> {
    let nobody = || Problem::field("user", "there is no such user");
    let user: UserId = whose.user.parse().map_err(|_| nobody())?;
    match make_preview(&mut caller.op, site.store.as_ref(), id, user).await {
        Ok(preview) => Ok(Json(preview.into())),
        Err(PreviewError::NoSuchApplication) => Err(Problem::not_found("application")),
        Err(PreviewError::NoSuchUser) => Err(nobody()),
        Err(error @ PreviewError::Bookmark) => {
            Err(Problem::conflict("bookmark", error.to_string()))
        }
        Err(PreviewError::NotAllowed(error)) => Err(error.into()),
        Err(PreviewError::Store(error)) => Err(error.into()),
    }
}

/// Whether an application would work for those who have it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeopleCheck {
    /// How many were looked at; five thousand at most.
    checked: usize,
    /// Whether that was everybody who has it.
    complete: bool,
    /// How many of them could not sign in.
    failing: usize,
    /// The first hundred of those, by name.
    first: Vec<FailingPerson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct FailingPerson {
    user: UserBrief,
    reason: String,
}

/// Check everybody who has an application
///
/// Makes the response of each of them, and throws it away.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}/checks",
    tag = "Applications",
    operation_id = "check_application_people",
    params(("id" = String, Path)),
    responses((status = 200, description = "What came of it.", body = PeopleCheck))
)]
pub(crate) async fn checks(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
) -> Result<Json<PeopleCheck>, Problem> {
    let store = site.store.as_ref();
    let checked = match check_people(&mut caller.op, store, id).await {
        Ok(checked) => checked,
        Err(error @ CheckPeopleError::NoSuchApplication) => {
            let there = application(store, id).await?.is_some();
            return Err(if there {
                Problem::conflict("bookmark", error.to_string())
            } else {
                Problem::not_found("application")
            });
        }
        Err(CheckPeopleError::NotAllowed(error)) => return Err(error.into()),
        Err(CheckPeopleError::Store(error)) => return Err(error.into()),
    };
    let first = checked.first.iter().map(|(user, reason)| FailingPerson {
        user: UserBrief::of(user),
        reason: reason.to_string(),
    });
    Ok(Json(PeopleCheck {
        checked: checked.checked,
        complete: checked.complete,
        failing: checked.failing,
        first: first.collect(),
    }))
}
