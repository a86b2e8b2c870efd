//! Versions of resources as entity tags (RFC 9110 §8.8.3, §13.1).
//!
//! `GET` answers with `ETag: "7"`, and 304 to an `If-None-Match` with the same tag. A change may
//! carry `If-Match`; when the resource has another version by then, the answer is 412 with the
//! present tag. Without `If-Match` the change is applied to whatever is there.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::api::Problem;
use crate::api::problem::FieldError;

/// A version that no resource ever has.
const NO_VERSION: i64 = -1;

/// The tag of a version.
pub(crate) fn entity_tag(version: i64) -> String {
    format!("\"{version}\"")
}

/// `If-Match` and `If-None-Match` of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Precondition {
    if_match: Option<i64>,
    if_none_match: Vec<String>,
}

impl Precondition {
    /// The version that a change expects. `None`: any.
    pub(crate) fn expected(&self) -> Option<i64> {
        self.if_match
    }

    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let if_match = match tags(headers, &IF_MATCH)?.as_slice() {
            [] => None,
            [any] if any == "*" => None,
            // RFC 9110 §8.8.3.2: a weak tag matches nothing here; neither does one that we
            // did not write.
            [tag] => Some(version_of(tag).unwrap_or(NO_VERSION)),
            _ => {
                let message = "send the one entity tag that you read";
                return Err(Problem::bad_parameters(vec![FieldError::new(
                    "If-Match", message,
                )]));
            }
        };
        Ok(Self {
            if_match,
            if_none_match: tags(headers, &IF_NONE_MATCH)?,
        })
    }

    fn knows(&self, version: i64) -> bool {
        let tag = entity_tag(version);
        self.if_none_match
            .iter()
            .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    }
}

impl<S: Sync> FromRequestParts<S> for Precondition {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.headers)
    }
}

/// The tags of a header, as written.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Vec<String>, Problem> {
    let mut tags = Vec::new();
    for line in headers.get_all(name) {
        let line = line.to_str().map_err(|_| {
            let message = "this is no list of entity tags";
            Problem::bad_parameters(vec![FieldError::new(name.as_str(), message)])
        })?;
        // Tags of ours have no commas inside.
        tags.extend(
            line.split(',')
                .map(str::trim)
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned),
        );
    }
    Ok(tags)
}

fn version_of(tag: &str) -> Option<i64> {
    tag.strip_prefix('"')?
        .strip_suffix('"')?
        .parse()
        .ok()
        .filter(|version| *version >= 0)
}

/// A resource with its version.
#[derive(Debug)]
pub(crate) struct Versioned<T> {
    pub(crate) version: i64,
    pub(crate) body: T,
}

impl<T: Serialize> Versioned<T> {
    /// The answer to a `GET`: 304 when the caller has this version already.
    pub(crate) fn answer(self, condition: &Precondition) -> Response {
        if condition.knows(self.version) {
            // RFC 9110 §15.4.5: with the ETag that the 200 would have.
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            set_tag(&mut response, self.version);
            return response;
        }
        self.into_response()
    }

    /// 201 with the address of what was made.
    pub(crate) fn created(self, location: &str) -> Response {
        let mut response = (StatusCode::CREATED, self).into_response();
        if let Ok(location) = HeaderValue::from_str(location) {
            response
                .headers_mut()
                .insert(http::header::LOCATION, location);
        }
        response
    }
}

fn set_tag(response: &mut Response, version: i64) {
    if let Ok(tag) = HeaderValue::try_from(entity_tag(version)) {
        response.headers_mut().insert(ETAG, tag);
    }
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        set_tag(&mut response, self.version);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &HeaderName, lines: &[&'static str]) -> Result<Precondition, Problem> {
        let lines = lines
            .iter()
            .map(|line| (name.clone(), HeaderValue::from_static(line)));
        Precondition::of(&lines.collect())
    }

    #[test]
    fn if_match_names_the_version_that_was_read() {
        let expected = |lines: &[&'static str]| sent(&IF_MATCH, lines).unwrap().expected();
        assert_eq!(expected(&[]), None);
        assert_eq!(expected(&["*"]), None);
        assert_eq!(expected(&["\"7\""]), Some(7));
        for foreign in ["W/\"7\"", "7", "\"x\"", "\"-1\"", "\"7"] {
            assert_eq!(expected(&[foreign]), Some(NO_VERSION), "{foreign}");
        }
        assert!(sent(&IF_MATCH, &["\"7\", \"8\""]).is_err());
        assert!(sent(&IF_MATCH, &["\"7\"", "\"8\""]).is_err());
    }

    #[test]
    fn if_none_match_knows_one_of_several_versions() {
        let condition = sent(&IF_NONE_MATCH, &["\"6\", W/\"7\""]).unwrap();
        assert!(condition.knows(6) && condition.knows(7) && !condition.knows(8));
        assert!(sent(&IF_NONE_MATCH, &["*"]).unwrap().knows(1));
        assert!(!sent(&IF_NONE_MATCH, &[]).unwrap().knows(1));
    }
}
