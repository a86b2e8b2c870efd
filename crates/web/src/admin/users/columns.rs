//! Which columns the list of users has (requirement B06): `POST /admin/users/columns` keeps them in
//! a cookie of the browser.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use http::header::SET_COOKIE;
use jetway_pages::admin::people::UserColumn;

use super::list::PATH;
use super::view::ListView;
use crate::shared::cookies::cookie;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, see_other};

/// Between the names in the cookie.
const SEPARATOR: &str = ".";

/// The columns that this browser keeps, in the order of the table.
pub(super) fn chosen(site: &Site, headers: &HeaderMap) -> Vec<UserColumn> {
    let Some(kept) = cookie(headers, site.cookies.columns) else {
        return UserColumn::USUAL.to_vec();
    };
    let names: Vec<_> = kept.split(SEPARATOR).collect();
    let is_kept = |column: &UserColumn| names.contains(&column.name());
    UserColumn::ALL.into_iter().filter(is_kept).collect()
}

/// `column`: each that is wanted; `do=default` goes back to the usual ones.
pub(crate) async fn choose_columns(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let view = ListView::of(&fields)?;
    let mut response = see_other(&view.address(PATH, None))?;
    let name = site.cookies.columns;
    let header = if fields.get("do")? == Some("default") {
        site.cookies.forget(name)
    } else {
        let wanted: Vec<_> = fields.all("column").collect();
        let is_wanted = |column: &UserColumn| wanted.contains(&column.name());
        let names = UserColumn::ALL.into_iter().filter(is_wanted);
        let names: Vec<_> = names.map(UserColumn::name).collect();
        site.cookies.keep(name, &names.join(SEPARATOR))
    };
    if let Some(header) = header {
        response.headers_mut().append(SET_COOKIE, header);
    }
    Ok(response)
}
