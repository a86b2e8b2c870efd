//! The person behind the session cookie.

use http::HeaderMap;
use jetway_identity::{Op, SignedInUser, current_session};

use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site};

/// A live session with the token it was found by.
pub(crate) struct Present<'a> {
    pub(crate) token: &'a str,
    pub(crate) person: SignedInUser,
}

/// Who is signed in, if anybody is.
pub(crate) async fn signed_in<'a>(
    site: &Site,
    op: &mut Op,
    headers: &'a HeaderMap,
) -> Result<Option<Present<'a>>, Failure> {
    let Some(token) = cookie(headers, site.cookies.session) else {
        return Ok(None);
    };
    let person = current_session(op, site.store.as_ref(), token).await?;
    Ok(person.map(|person| Present { token, person }))
}
