//! The place in the list of users, kept while an administrator looks at somebody (requirement B09).
//! The list writes its query into a cookie; the pages of a person lead back to it.

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::SET_COOKIE;

use super::list::PATH;
use super::view::ListView;
use crate::shared::{AdminVisit, Site, query_fields};

/// A longer query is not kept.
const MAX_QUERY: usize = 2048;

/// Has the browser keep the list as it is shown.
pub(super) fn note(
    site: &Site,
    visit: &AdminVisit,
    view: &ListView,
    after: Option<&str>,
    mut response: Response,
) -> Response {
    let address = view.address(PATH, after);
    let query = address.split_once('?').map(|(_, query)| query);
    let header = match query.filter(|query| query.len() <= MAX_QUERY) {
        Some(query) => {
            let value = URL_SAFE_NO_PAD.encode(query);
            site.cookies.set(site.cookies.place, &value)
        }
        None if visit.place.is_some() => site.cookies.forget(site.cookies.place),
        None => None,
    };
    if let Some(header) = header {
        response.headers_mut().append(SET_COOKIE, header);
    }
    response
}

/// The address of the list as it was last looked at. What the cookie says is read as a list's query
/// is and written anew, so that it leads to no other page.
pub(super) fn back(visit: &AdminVisit) -> String {
    kept(visit).unwrap_or_else(|| PATH.to_owned())
}

fn kept(visit: &AdminVisit) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(visit.place.as_deref()?).ok()?;
    let query = String::from_utf8(bytes).ok()?;
    let fields = query_fields(Some(&query)).ok()?;
    let view = ListView::of(&fields).ok()?;
    let after = fields.get("after").ok()?;
    Some(view.address(PATH, after))
}
