//! `GET /admin/applications`: the list, to look at (requirement F01).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::applications::{SamlKind, SignOn};
use jetway_identity::{ApplicationAndGroups, all_applications};
use jetway_pages::TileMark;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::applications::{ApplicationRow, Applications, GrantedGroup};

use crate::admin::counts::grouped;
use crate::shared::{AdminVisit, Failure, Site, admin_html, query_fields, typeable};

/// Groups that a row names.
const GROUPS: usize = 5;

/// Applications by label, those whose label, description or address contains `q`.
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let text = query.get("q")?.unwrap_or_default();
    let searched = text.trim().to_lowercase();
    let all = all_applications(site.store.as_ref()).await?;
    let rows = all
        .into_iter()
        .filter(|one| {
            let application = &one.application;
            let texts = [
                &application.label,
                &application.description,
                &application.slug,
            ];
            texts
                .into_iter()
                .any(|text| text.to_lowercase().contains(&searched))
        })
        .map(row)
        .collect();
    let body = Applications {
        query: typeable(text),
        rows,
    };
    let frame = site.admin_chrome(&visit, NavItem::Applications);
    admin_html(StatusCode::OK, frame, body)
}

fn row(one: ApplicationAndGroups) -> ApplicationRow {
    let application = one.application;
    let more = one.groups.len().saturating_sub(GROUPS);
    ApplicationRow {
        id: application.id.to_string(),
        label: application.label.clone(),
        mark: TileMark::new(&application.label, Some(&application.color)),
        slug: application.slug.clone(),
        kind: kind_words(&application.sign_on).to_owned(),
        active: application.active,
        hidden: !application.show_in_portal,
        groups: one
            .groups
            .into_iter()
            .take(GROUPS)
            .map(|group| GrantedGroup {
                id: group.id.to_string(),
                name: group.name,
            })
            .collect(),
        more_groups: (more > 0).then(|| format!("and {} more", grouped(more as u64))),
    }
}

/// A kind as people read it.
pub(crate) fn kind_words(sign_on: &SignOn) -> &'static str {
    match sign_on {
        SignOn::Saml(saml) => match saml.kind {
            SamlKind::AwsIam => "AWS IAM",
        },
        SignOn::Bookmark(_) => "Bookmark",
    }
}
