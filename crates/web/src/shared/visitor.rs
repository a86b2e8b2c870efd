//! Forms for people who are not signed in.

use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use jetway_identity::Op;
use jetway_pages::Body;

use crate::shared::csrf::{self, Purpose};
use crate::shared::{Failure, Fields, Site, html};

/// The secret of a browser before sign-in, from its cookie or new.
pub(crate) struct VisitorForm {
    secret: String,
    new: bool,
}

impl VisitorForm {
    pub(crate) fn of(site: &Site, op: &mut Op, headers: &HeaderMap) -> Self {
        let known = csrf::visitor(site, headers);
        Self {
            new: known.is_none(),
            secret: known.map_or_else(|| csrf::new_visitor(&mut op.rng), str::to_owned),
        }
    }

    /// The token for a form of this purpose.
    pub(crate) fn csrf(&self, purpose: Purpose) -> String {
        csrf::token(&self.secret, purpose)
    }

    /// The page with the form, and the cookie that it belongs to.
    pub(crate) fn page(
        &self,
        site: &Site,
        status: StatusCode,
        body: impl Body,
    ) -> Result<Response, Failure> {
        let mut response = html(status, site.chrome(), body)?;
        if self.new {
            let cookie = site.cookies.set(site.cookies.visitor, &self.secret);
            let cookie = cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

/// Whether the form was sent from a page of this browser.
pub(crate) fn is_from_visitor(
    site: &Site,
    headers: &HeaderMap,
    fields: &Fields<'_>,
    purpose: Purpose,
) -> Result<bool, Failure> {
    let token = fields.get("csrf")?.unwrap_or_default();
    Ok(csrf::visitor(site, headers).is_some_and(|secret| csrf::is_valid(secret, purpose, token)))
}
