//! `/admin/users/{id}/directories`: where else this person exists. Nothing provisions people
//! elsewhere yet, so they are in no other directory.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_pages::admin::people::{UserDirectories, UserTab};

use super::header::{find, header, page};
use crate::shared::{AdminVisit, Failure, Site};

/// The tab.
pub(crate) async fn directories(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let body = UserDirectories {
        header: header(&site, &visit, &user, UserTab::Directories).await?,
        rows: Vec::new(),
    };
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}
