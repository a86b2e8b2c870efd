//! `/api/v2/…/{id}/associations`: which groups and users have which applications, from each of the
//! three sides (requirements.md §5.2).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::applications::{
    Access, AccessChange, ChangeAccessError, application_access, change_access,
};
use jetway_identity::{ApplicationId, GroupId, UserId, applications_of_group};
use serde_json::Value;
use url::form_urlencoded;

use super::error::Refusal;
use super::graph::{connection, object};
use super::groups::find;
use super::listing::Listing;
use super::members::Operation;
use super::reach::applications_of;
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

type Body = Result<JsonBody<Operation>, Problem>;

/// List the associations of an application
#[utoipa::path(
    get,
    path = "/api/v2/applications/{id}/associations",
    tag = "JumpCloud",
    operation_id = "jumpcloud_list_application_associations",
    params(("id" = String, Path), ("targets" = String, Query), ("limit" = Option<String>, Query), ("skip" = Option<String>, Query)),
    responses((status = 200, description = "Connections.", body = Vec<Object>))
)]
pub(crate) async fn of_application(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let targets = targets(&uri, &["user", "user_group"])?;
    let access = access(&site, application_id(&id)?).await?;
    let from = object("application", &id);
    let mut all = Vec::new();
    if targets.contains(&"user_group") {
        let groups = access.groups.iter().map(|group| group.id.to_string());
        all.extend(groups.map(|id| connection(&from, &object("user_group", &id))));
    }
    if targets.contains(&"user") {
        let users = access.users.iter().map(|user| user.id.to_string());
        all.extend(users.map(|id| connection(&from, &object("user", &id))));
    }
    Ok(listing.answer(&site, &uri, all))
}

/// Change an association of an application
///
/// 204, also when nothing had to change.
#[utoipa::path(
    post,
    path = "/api/v2/applications/{id}/associations",
    tag = "JumpCloud",
    operation_id = "jumpcloud_change_application_association",
    request_body = Operation,
    params(("id" = String, Path)),
    responses((status = 204, description = "It is so."))
)]
pub(crate) async fn change_of_application(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let JsonBody(sent) = body?;
    let id = application_id(&id)?;
    let holder = match sent.kind.as_str() {
        "user_group" => Holder::Group(target(&sent, "group")?),
        "user" => Holder::User(target(&sent, "user")?),
        _ => return Err(Refusal::invalid("type: use \"user\" or \"user_group\".")),
    };
    change(
        &site,
        &mut caller,
        &sent,
        (id, &holder),
        |error| match error {
            ChangeAccessError::NoSuchApplication => Refusal::not_found("application"),
            error => not_the_target(&error),
        },
    )
    .await
}

/// List the associations of a group
#[utoipa::path(
    get,
    path = "/api/v2/usergroups/{id}/associations",
    tag = "JumpCloud",
    operation_id = "jumpcloud_list_group_associations",
    params(("id" = String, Path), ("targets" = String, Query), ("limit" = Option<String>, Query), ("skip" = Option<String>, Query)),
    responses((status = 200, description = "Connections.", body = Vec<Object>))
)]
pub(crate) async fn of_group(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    targets(&uri, &["application"])?;
    let group = find(&site, &id).await?;
    let found = applications_of_group(site.store.as_ref(), group.id).await?;
    let from = object("user_group", &id);
    let ids = found.iter().map(|application| application.id.to_string());
    let all = ids.map(|id| connection(&from, &object("application", &id)));
    Ok(listing.answer(&site, &uri, all.collect()))
}

/// Change an association of a group
#[utoipa::path(
    post,
    path = "/api/v2/usergroups/{id}/associations",
    tag = "JumpCloud",
    operation_id = "jumpcloud_change_group_association",
    request_body = Operation,
    params(("id" = String, Path)),
    responses((status = 204, description = "It is so."))
)]
pub(crate) async fn change_of_group(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let JsonBody(sent) = body?;
    let group = find(&site, &id).await?.id;
    let id = sent_application(&sent)?;
    let holder = Holder::Group(group);
    change(
        &site,
        &mut caller,
        &sent,
        (id, &holder),
        |error| match error {
            ChangeAccessError::NoSuchGroup(_) => Refusal::not_found("group"),
            error => not_the_target(&error),
        },
    )
    .await
}

/// List the associations of a user
///
/// What is granted to the user alone.
#[utoipa::path(
    get,
    path = "/api/v2/users/{id}/associations",
    tag = "JumpCloud",
    operation_id = "jumpcloud_list_user_associations",
    params(("id" = String, Path), ("targets" = String, Query), ("limit" = Option<String>, Query), ("skip" = Option<String>, Query)),
    responses((status = 200, description = "Connections.", body = Vec<Object>))
)]
pub(crate) async fn of_user(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    targets(&uri, &["application"])?;
    let found = applications_of(&site, user_id(&id)?).await?;
    let from = object("user", &id);
    let direct = found.iter().filter(|one| one.users > 0);
    let all = direct.map(|one| {
        let id = one.application.id.to_string();
        connection(&from, &object("application", &id))
    });
    Ok(listing.answer(&site, &uri, all.collect()))
}

/// Change an association of a user
#[utoipa::path(
    post,
    path = "/api/v2/users/{id}/associations",
    tag = "JumpCloud",
    operation_id = "jumpcloud_change_user_association",
    request_body = Operation,
    params(("id" = String, Path)),
    responses((status = 204, description = "It is so."))
)]
pub(crate) async fn change_of_user(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let JsonBody(sent) = body?;
    let user = user_id(&id)?;
    if site.store.read().await?.user(user).await?.is_none() {
        return Err(Refusal::not_found("user"));
    }
    let id = sent_application(&sent)?;
    let holder = Holder::User(user);
    change(
        &site,
        &mut caller,
        &sent,
        (id, &holder),
        |error| match error {
            ChangeAccessError::NoSuchUser(_) => Refusal::not_found("user"),
            error => not_the_target(&error),
        },
    )
    .await
}

/// Who has an application, or is to have it.
enum Holder {
    Group(GroupId),
    User(UserId),
}

impl Holder {
    fn is_in(&self, access: &Access) -> bool {
        match self {
            Self::Group(id) => access.groups.iter().any(|group| group.id == *id),
            Self::User(id) => access.users.iter().any(|user| user.id == *id),
        }
    }
}

async fn change(
    site: &Site,
    caller: &mut ApiCaller,
    sent: &Operation,
    (id, holder): (ApplicationId, &Holder),
    refused: impl Fn(ChangeAccessError) -> Refusal,
) -> Result<StatusCode, Refusal> {
    let plain = match &sent.attributes {
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    if !plain {
        let message = "attributes: associations have none here; leave them out.";
        return Err(Refusal::invalid(message));
    }
    let (mut groups, mut users) = (Vec::new(), Vec::new());
    match holder {
        Holder::Group(id) => groups.push(*id),
        Holder::User(id) => users.push(*id),
    }
    let wanted = match sent.op.as_str() {
        "add" => AccessChange {
            grant_groups: groups,
            grant_users: users,
            ..AccessChange::default()
        },
        "remove" => AccessChange {
            withdraw_groups: groups,
            withdraw_users: users,
            ..AccessChange::default()
        },
        // There is nothing about an association that could be changed, but it has to be there.
        "update" => {
            let known = application_access(site.store.as_ref(), id).await?;
            let known = known.ok_or_else(|| refused(ChangeAccessError::NoSuchApplication))?;
            return if holder.is_in(&known) {
                Ok(StatusCode::NO_CONTENT)
            } else {
                Err(Refusal::not_found("association"))
            };
        }
        _ => {
            return Err(Refusal::invalid(
                "op: use \"add\", \"remove\" or \"update\".",
            ));
        }
    };
    match change_access(&mut caller.op, site.store.as_ref(), id, &wanted).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(ChangeAccessError::NotAllowed(error)) => Err(Problem::from(error).into()),
        Err(ChangeAccessError::Store(error)) => Err(error.into()),
        Err(error) => Err(refused(error)),
    }
}

/// What the body names is not there.
fn not_the_target(error: &ChangeAccessError) -> Refusal {
    Refusal::invalid(format!("id: {error}."))
}

fn sent_application(sent: &Operation) -> Result<ApplicationId, Refusal> {
    if sent.kind != "application" {
        return Err(Refusal::invalid("type: use \"application\"."));
    }
    target(sent, "application")
}

fn target<T: std::str::FromStr>(sent: &Operation, what: &str) -> Result<T, Refusal> {
    let id = sent.id.parse();
    id.map_err(|_| Refusal::invalid(format!("id: this is not the id of a {what}.")))
}

/// The words of `targets`, which has to be there: nobody is shown less than they think.
fn targets(uri: &Uri, known: &[&'static str]) -> Result<Vec<&'static str>, Refusal> {
    let query = uri.query().unwrap_or_default();
    let mut found = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !matches!(name.as_ref(), "targets" | "targets[]") {
            continue;
        }
        for word in value.split([',', ' ']).filter(|word| !word.is_empty()) {
            match known.iter().find(|known| **known == word) {
                Some(word) => found.push(*word),
                None => return Err(unusable(known)),
            }
        }
    }
    if found.is_empty() {
        return Err(unusable(known));
    }
    Ok(found)
}

fn unusable(known: &[&str]) -> Refusal {
    Refusal::invalid(format!("targets: use {}.", known.join(" or ")))
}

/// What is no id names nothing.
pub(super) fn application_id(id: &str) -> Result<ApplicationId, Refusal> {
    id.parse().map_err(|_| Refusal::not_found("application"))
}

pub(super) fn user_id(id: &str) -> Result<UserId, Refusal> {
    id.parse().map_err(|_| Refusal::not_found("user"))
}

pub(super) async fn access(site: &Site, id: ApplicationId) -> Result<Access, Refusal> {
    let access = application_access(site.store.as_ref(), id).await?;
    access.ok_or_else(|| Refusal::not_found("application"))
}
