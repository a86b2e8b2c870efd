//! `/admin/applications/delete`: one or several, with their number typed (requirements S02 to S04).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::applications::{
    DeleteApplicationsError, SamlKind, SignOn, application, delete_applications,
};
use jetway_identity::{Application, ApplicationId, GroupId, UserId};
use jetway_pages::admin::applications::{Deletion, OtherSide};
use jetway_pages::admin::parts::Confirm;

use super::header::{kind_words, page};
use crate::admin::counts::{counted, grouped};
use crate::admin::policies::{Leaving, policies_left_behind};
use crate::shared::{
    AdminVisit, Failure, Fields, Site, admin_form_fields, admin_query_fields, see_other, typeable,
};

/// People of one application who are counted one by one.
const COUNTED: u32 = 1000;
/// Most applications that are deleted at once.
const MAX_AT_ONCE: usize = 200;

/// Says what would be lost.
pub(crate) async fn confirm_delete(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let fields = admin_query_fields(uri.query())?;
    let chosen = chosen(&site, &fields).await?;
    question(&site, &visit, StatusCode::OK, &chosen, None).await
}

/// Deletes them when their number was typed.
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let present = chosen(&site, &fields).await?;
    let typed = fields.get("typed")?.unwrap_or_default().trim().to_owned();
    if typed != present.len().to_string() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return question(&site, &visit, status, &present, Some(&typed)).await;
    }
    let ids: Vec<ApplicationId> = present.iter().map(|one| one.id).collect();
    match delete_applications(&mut visit.op, site.store.as_ref(), &ids).await {
        Ok(_) => see_other("/admin/applications?done=deleted"),
        Err(DeleteApplicationsError::NoSuchApplication(_)) => {
            // One went within this request: ask about what is left.
            let left = chosen(&site, &fields).await?;
            question(&site, &visit, StatusCode::CONFLICT, &left, None).await
        }
        Err(DeleteApplicationsError::TooMany) => Err(Failure::bad_request()),
        Err(DeleteApplicationsError::NotAllowed(error)) => Err(error.into()),
        Err(DeleteApplicationsError::Store(error)) => Err(error.into()),
    }
}

/// The applications that are named and there, each once, by label.
async fn chosen(site: &Site, fields: &Fields<'_>) -> Result<Vec<Arc<Application>>, Failure> {
    let ids: BTreeSet<ApplicationId> = fields
        .all("application")
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::bad_request())?;
    if ids.len() > MAX_AT_ONCE {
        return Err(Failure::bad_request());
    }
    let mut found = Vec::new();
    for id in ids {
        found.extend(application(site.store.as_ref(), id).await?);
    }
    found.sort_by_cached_key(|one| one.label.to_lowercase());
    Ok(found)
}

async fn question(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    chosen: &[Arc<Application>],
    typed: Option<&str>,
) -> Result<Response, Failure> {
    if chosen.is_empty() {
        return see_other("/admin/applications");
    }
    let deletion = deletion(site, chosen).await?;
    let typed = typed.map(typeable);
    let mut body = Confirm::delete_applications(&deletion, visit.csrf.clone(), typed.as_deref());
    let ids: Vec<ApplicationId> = chosen.iter().map(|one| one.id).collect();
    let leaving = Leaving::Applications(&ids);
    let policies = policies_left_behind(site.store.as_ref(), &leaving).await?;
    body.consequences.extend(policies);
    page(site, visit, status, None, body)
}

/// What they are, and who loses what.
async fn deletion(site: &Site, chosen: &[Arc<Application>]) -> Result<Deletion, Failure> {
    let mut groups: BTreeSet<GroupId> = BTreeSet::new();
    let mut people: BTreeSet<UserId> = BTreeSet::new();
    let mut other_sides = BTreeSet::new();
    let mut more = false;
    let mut deletion = Deletion::default();
    let mut read = site.store.read().await?;
    for one in chosen {
        let name = format!("{} · {}", one.label, kind_words(&one.sign_on));
        deletion.applications.push((one.id.to_string(), name));
        let having = read.groups_of_application(one.id).await?;
        groups.extend(having.iter().map(|group| group.id));
        let having = read.people_of_application(one.id, None, COUNTED).await?;
        more |= having.len() >= COUNTED as usize;
        people.extend(having.iter().map(|(user, _)| user.id));
        if let SignOn::Saml(saml) = &one.sign_on {
            other_sides.insert(match saml.kind {
                SamlKind::AwsIam | SamlKind::AwsIamRoles => OtherSide::AwsIam,
                SamlKind::IdentityCenter => OtherSide::IdentityCenter,
                SamlKind::Custom => OtherSide::Other,
            });
        }
    }
    drop(read);
    deletion.other_sides = other_sides.into_iter().collect();
    deletion.groups = (!groups.is_empty()).then(|| counted(groups.len() as u64, "group"));
    let number = grouped(people.len() as u64);
    deletion.people = match people.len() {
        0 => None,
        1 => Some("1 person".to_owned()),
        _ if more => Some(format!("{number} people or more")),
        _ => Some(format!("{number} people")),
    };
    Ok(deletion)
}
