//! Query parameters and ids of the path, read strictly.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Query};
use http::request::Parts;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::api::Problem;
use crate::api::json_body::field_error;
use crate::api::problem::FieldError;

/// Longest query, in bytes as sent.
const MAX_BYTES: usize = 8 * 1024;

/// The parameters of the query: those of `T` and no others (`T` says
/// `#[serde(deny_unknown_fields)]`).
#[derive(Debug)]
pub(crate) struct QueryFields<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryFields<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        if query.len() > MAX_BYTES {
            return Err(Problem::unreadable("The query is too long."));
        }
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name.contains('\0') || value.contains('\0') {
                let message = "the null character U+0000 cannot be used";
                return Err(Problem::bad_parameters(vec![FieldError::new(
                    name.replace('\0', "\u{fffd}"),
                    message,
                )]));
            }
        }
        let Query(fields) = Query::try_from_uri(&parts.uri).map_err(|rejection| {
            let text = rejection.body_text();
            let said = text
                .strip_prefix("Failed to deserialize query string: ")
                .unwrap_or(&text);
            // "name: what is wrong", or only what is wrong.
            let error = match said.split_once(": ") {
                Some((path, message)) if !path.contains([' ', '`']) => field_error(path, message),
                _ => field_error("", said),
            };
            Problem::bad_parameters(vec![error])
        })?;
        Ok(Self(fields))
    }
}

/// The id in the path. What is no id names nothing, so it is not found.
#[derive(Debug)]
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: std::str::FromStr, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path: Result<Path<String>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        path.ok()
            .and_then(|Path(text)| text.parse().ok())
            .map(Self)
            .ok_or_else(|| Problem::not_found("resource"))
    }
}

/// The two ids in the path, of a thing and of something of it.
#[derive(Debug)]
pub(crate) struct PathIds<A, B>(pub(crate) A, pub(crate) B);

impl<A, B, S> FromRequestParts<S> for PathIds<A, B>
where
    A: std::str::FromStr,
    B: std::str::FromStr,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path: Result<Path<(String, String)>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        path.ok()
            .and_then(|Path((of, id))| Some(Self(of.parse().ok()?, id.parse().ok()?)))
            .ok_or_else(|| Problem::not_found("resource"))
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use serde::Deserialize;

    use super::*;
    use crate::api::{Cursor, Limit};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(default)]
        limit: Limit,
        cursor: Option<Cursor>,
        #[serde(default)]
        q: String,
    }

    async fn read(query: &str) -> Result<Sample, String> {
        let request = Request::builder()
            .uri(format!("/x?{query}"))
            .body(())
            .unwrap();
        let mut parts = request.into_parts().0;
        match QueryFields::from_request_parts(&mut parts, &()).await {
            Ok(QueryFields(sample)) => Ok(sample),
            Err(problem) => Err(problem.said().unwrap().1),
        }
    }

    #[tokio::test]
    async fn parameters_have_defaults_and_bounds() {
        let sample = read("").await.unwrap();
        assert_eq!(sample.limit.get(), 50);
        assert!(sample.cursor.is_none() && sample.q.is_empty());
        assert_eq!(read("limit=200&q=a%20b").await.unwrap().limit.get(), 200);
        let cursor = Cursor::new("name:a/b").to_string();
        let sample = read(&format!("cursor={cursor}")).await.unwrap();
        assert_eq!(sample.cursor.unwrap().as_str(), "name:a/b");
    }

    #[tokio::test]
    async fn a_wrong_parameter_is_named() {
        for (query, said) in [
            ("limit=0", "limit: use a number from 1 to 200."),
            ("limit=201", "limit: use a number from 1 to 200."),
            ("limit=ten", "limit: use a number from 1 to 200."),
            ("limit=", "limit: use a number from 1 to 200."),
            ("lmit=1", "lmit: there is no such field."),
            ("q=a&q=b", "q: this field is there twice."),
            ("cursor=%21", "cursor: use next_cursor of the page before."),
            ("q=%00", "q: the null character U+0000 cannot be used."),
        ] {
            assert_eq!(read(query).await.unwrap_err(), said, "{query}");
        }
    }
}
