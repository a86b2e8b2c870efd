//! `GET /admin/search`: people, groups and applications by one text. The palette of the header
//! reads this page too.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::{
    Store, StoreError, UserFilter, UserSort, all_applications, list_groups, list_users,
};
use jetway_pages::admin::{NavItem, ResultKind, Search, SearchResult, SearchSection};
use url::form_urlencoded;

use crate::shared::{AdminVisit, Failure, Site, admin_html, query_fields, typeable};

/// Results of each kind.
const RESULTS: u32 = 8;
/// Longest text, in characters; the field takes no more.
const LONGEST: usize = 200;

pub(crate) async fn search(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let typed = typeable(query.get("q")?.unwrap_or_default());
    let text: String = typed.trim().chars().take(LONGEST).collect();
    let mut sections = Vec::new();
    if !text.is_empty() {
        let store = site.store.as_ref();
        sections.push(people(store, &text).await?);
        sections.push(groups(store, &text).await?);
        sections.push(applications(store, &text).await?);
    }
    sections.retain(|section| !section.results.is_empty());
    let body = Search {
        query: text,
        sections,
    };
    let frame = site.admin_chrome(&visit, None::<NavItem>);
    admin_html(StatusCode::OK, frame, body)
}

async fn people(store: &dyn Store, text: &str) -> Result<SearchSection, StoreError> {
    let filter = UserFilter {
        text: text.to_owned(),
        ..UserFilter::default()
    };
    let page = list_users(store, &filter, UserSort::Name, false, None, RESULTS).await?;
    let result = |user: jetway_identity::User| SearchResult {
        href: format!("/admin/users/{}", user.id),
        text: user.label(),
        detail: user.email,
    };
    Ok(SearchSection {
        kind: ResultKind::User,
        results: page.users.into_iter().map(result).collect(),
        all: page.next.map(|_| list("/admin/users", text)),
    })
}

async fn groups(store: &dyn Store, text: &str) -> Result<SearchSection, StoreError> {
    let page = list_groups(store, text, None, RESULTS).await?;
    let result = |group: jetway_identity::Group| SearchResult {
        href: format!("/admin/groups/{}", group.id),
        text: group.name,
        detail: group.description,
    };
    let groups = page.groups.into_iter().map(|summary| summary.group);
    Ok(SearchSection {
        kind: ResultKind::Group,
        results: groups.map(result).collect(),
        all: page.next.map(|_| list("/admin/groups", text)),
    })
}

async fn applications(store: &dyn Store, text: &str) -> Result<SearchSection, StoreError> {
    let searched = text.to_lowercase();
    let mut found = all_applications(store).await?;
    found.retain(|one| {
        let application = &one.application;
        let texts = [
            &application.label,
            &application.description,
            &application.slug,
        ];
        let mut texts = texts.into_iter();
        texts.any(|text| text.to_lowercase().contains(&searched))
    });
    let more = found.len() > RESULTS as usize;
    found.truncate(RESULTS as usize);
    let results = found.iter().map(|one| SearchResult {
        href: list("/admin/applications", &one.application.slug),
        text: one.application.label.clone(),
        detail: one.application.description.clone(),
    });
    Ok(SearchSection {
        kind: ResultKind::Application,
        results: results.collect(),
        all: more.then(|| list("/admin/applications", text)),
    })
}

/// A list with this search.
fn list(path: &str, text: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{path}?{}", query.append_pair("q", text).finish())
}
