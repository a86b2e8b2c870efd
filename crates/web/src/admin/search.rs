//! `GET /admin/search`: people, groups and applications by one text. The palette of the header
//! reads this page too.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::{Application, Found, Group, Matched, User};
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
    let found = jetway_identity::search(site.store.as_ref(), &text, RESULTS).await?;
    let body = Search {
        sections: sections(found, &text),
        query: text,
    };
    let frame = site.admin_chrome(&visit, None::<NavItem>);
    admin_html(StatusCode::OK, frame, body)
}

fn sections(found: Found, text: &str) -> Vec<SearchSection> {
    let user = |user: User| SearchResult {
        href: format!("/admin/users/{}", user.id),
        text: user.label(),
        detail: user.email,
    };
    let group = |group: Group| SearchResult {
        href: format!("/admin/groups/{}", group.id),
        text: group.name,
        detail: group.description,
    };
    let application = |application: Arc<Application>| SearchResult {
        href: format!("/admin/applications/{}/general", application.id),
        text: application.label.clone(),
        detail: application.description.clone(),
    };
    let mut sections = vec![
        section(ResultKind::User, "/admin/users", text, found.users, user),
        section(
            ResultKind::Group,
            "/admin/groups",
            text,
            found.groups,
            group,
        ),
        section(
            ResultKind::Application,
            "/admin/applications",
            text,
            found.applications,
            application,
        ),
    ];
    sections.retain(|section| !section.results.is_empty());
    sections
}

fn section<T>(
    kind: ResultKind,
    path: &str,
    text: &str,
    found: Matched<T>,
    result: impl Fn(T) -> SearchResult,
) -> SearchSection {
    SearchSection {
        kind,
        all: found.more.then(|| list(path, text)),
        results: found.first.into_iter().map(result).collect(),
    }
}

/// A list with this search.
fn list(path: &str, text: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{path}?{}", query.append_pair("q", text).finish())
}
