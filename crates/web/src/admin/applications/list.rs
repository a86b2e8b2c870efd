//! `GET /admin/applications`: the list (requirements F01 to F03).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::applications::SignOn;
use jetway_identity::{ApplicationAndGroups, Permission, Read, StoreError, all_applications};
use jetway_pages::admin::applications::{ApplicationRow, Applications, GrantedGroup};
use jetway_pages::admin::parts::{Badge, Tone};
use time::OffsetDateTime;

use super::header::{certificate_end, kind_words, mark, page};
use crate::admin::counts::grouped;
use crate::shared::{AdminVisit, Failure, Site, query_fields, typeable};

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
    let mut rows = Vec::new();
    let mut read = site.store.read().await?;
    for one in all_applications(site.store.as_ref()).await? {
        if matches(&one, &searched) {
            let sign_on = &one.application.sign_on;
            let certificate = certificate_of(read.as_mut(), sign_on, visit.op.now).await?;
            rows.push(row(one, certificate));
        }
    }
    drop(read);
    let body = Applications {
        query: typeable(text),
        rows,
        can_edit: visit.may(Permission::WriteApplications),
    };
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

fn matches(one: &ApplicationAndGroups, searched: &str) -> bool {
    let application = &one.application;
    let texts = [
        application.label.as_str(),
        &application.description,
        &address(&application.sign_on, &application.slug),
    ];
    texts
        .into_iter()
        .any(|text| text.to_lowercase().contains(searched))
}

/// When the certificate that signs at present ends; `None` for what has none.
async fn certificate_of(
    read: &mut dyn Read,
    sign_on: &SignOn,
    now: OffsetDateTime,
) -> Result<Option<Badge>, StoreError> {
    let Some(saml) = sign_on.saml() else {
        return Ok(None);
    };
    let Some(key) = read.signing_key(saml.key).await? else {
        return Ok(Some(Badge::new(Tone::Bad, "missing")));
    };
    let (tone, date) = certificate_end(key.not_after, now);
    Ok(Some(match tone {
        Tone::Bad => Badge::new(tone, format!("expired {date}")),
        _ => Badge::new(tone, date),
    }))
}

fn address(sign_on: &SignOn, slug: &str) -> String {
    match sign_on {
        SignOn::Bookmark(url) => url.to_string(),
        SignOn::Saml(_) => format!("/saml2/{slug}"),
    }
}

fn row(one: ApplicationAndGroups, certificate: Option<Badge>) -> ApplicationRow {
    let application = one.application;
    let more = one.groups.len().saturating_sub(GROUPS);
    ApplicationRow {
        id: application.id.to_string(),
        label: application.label.clone(),
        mark: mark(&application),
        address: address(&application.sign_on, &application.slug),
        kind: kind_words(&application.sign_on).to_owned(),
        active: application.active,
        hidden: !application.show_in_portal,
        certificate,
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
        people: match one.users {
            0 => None,
            1 => Some("1 person".to_owned()),
            many => Some(format!("{} people", grouped(many))),
        },
    }
}
