//! Bodies in JSON, read strictly.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::api::Problem;
use crate::api::json_text::{self, Refused};
use crate::api::problem::FieldError;
use crate::shared::{Failure, is_media_type};

/// A body that was declared as JSON and has the fields of `T` and no others (`T` says
/// `#[serde(deny_unknown_fields)]`). What is refused names its field.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let declared = ["application/json", "application/merge-patch+json"]
            .into_iter()
            .any(|media_type| is_media_type(request.headers(), media_type));
        if !declared {
            return Err(Failure::unsupported_media_type().into());
        }
        // The front door has read it within its bounds of size and time.
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Failure::bad_request())?;
        parse(&bytes).map(Self)
    }
}

/// Reads a document.
pub(crate) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    json_text::check(text).map_err(|refused| {
        Problem::unreadable(match refused {
            Refused::TooDeep => "The JSON document is nested too deeply.",
            Refused::Null => "A text contains the null character U+0000, which cannot be stored.",
        })
    })?;
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refuse(text, &path, error.inner())
    })?;
    reader
        .end()
        .map_err(|error| Problem::unreadable(format!("This is not one JSON document: {error}.")))?;
    Ok(value)
}

/// 400 for what is not JSON; 422 naming the field for JSON of another shape.
fn refuse(text: &[u8], path: &str, error: &serde_json::Error) -> Problem {
    // The parser also calls it bad JSON when there is `null` or a number where one of a few words
    // is expected.
    let is_json = error.is_data() || serde_json::from_slice::<IgnoredAny>(text).is_ok();
    if !is_json {
        return Problem::unreadable(format!("The body is not JSON: {error}."));
    }
    let said = error.to_string();
    let message = if error.is_data() {
        // serde adds the place in the text, which the path says better.
        said.split(" at line ").next().unwrap_or_default()
    } else {
        "this value cannot be used here"
    };
    let error = field_error(path, message);
    if error.field.is_empty() {
        let detail = format!("The JSON document has another shape: {}.", error.message);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Problem::new(status, "invalid", "Some values cannot be used", detail);
    }
    Problem::invalid(vec![error])
}

/// The field that serde complains about: its path, and for a field that is unknown, missing or
/// there twice, the name that serde only tells in its text.
pub(crate) fn field_error(path: &str, message: &str) -> FieldError {
    let path = if path == "." { "" } else { path };
    let (start, rest) = message.split_once('`').unwrap_or((message, ""));
    let name = rest.split('`').next().unwrap_or_default();
    let said = match start {
        "unknown field " => "there is no such field",
        "missing field " => "this field is required",
        "duplicate field " => "this field is there twice",
        _ => return FieldError::new(path, message),
    };
    let inside = path
        .strip_suffix(name)
        .map_or(path, |parent| parent.strip_suffix('.').unwrap_or(parent));
    let field = if inside.is_empty() {
        name.to_owned()
    } else {
        format!("{inside}.{name}")
    };
    FieldError::new(field, said)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Sample {
        name: String,
        inner: Option<Inner>,
        #[serde(default)]
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Inner {
        count: u32,
    }

    async fn refused(text: &str) -> (u16, Value) {
        use axum::response::IntoResponse;
        use http_body_util::BodyExt;
        let problem = parse::<Sample>(text.as_bytes()).unwrap_err();
        let response = problem.into_response();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn what_is_refused_names_its_field() {
        for (text, field, message) in [
            (r"{}", "name", "this field is required"),
            (r#"{"name":"a","nme":1}"#, "nme", "there is no such field"),
            (
                r#"{"name":"a","name":"b"}"#,
                "name",
                "this field is there twice",
            ),
            (
                r#"{"name":1}"#,
                "name",
                "invalid type: integer `1`, expected a string",
            ),
            (
                r#"{"name":"a","inner":{"count":-1}}"#,
                "inner.count",
                "invalid value: integer `-1`, expected u32",
            ),
            (
                r#"{"name":"a","inner":{"count":1,"x":2}}"#,
                "inner.x",
                "there is no such field",
            ),
            (
                r#"{"name":"a","list":[{"count":1},{}]}"#,
                "list[1].count",
                "this field is required",
            ),
        ] {
            let (status, document) = refused(text).await;
            assert_eq!(status, 422, "{text}");
            let expected = serde_json::json!([{"field": field, "message": message}]);
            assert_eq!(document["errors"], expected, "{text}");
        }
    }

    #[tokio::test]
    async fn what_is_not_one_json_document_is_unreadable() {
        for text in [
            "",
            "{",
            "{\"name\":\"a\"} x",
            "{\"name\":\"a\"}{}",
            "name=a",
            "\u{feff}{\"name\":\"a\"}",
            r#"{"name":"\u0000"}"#,
        ] {
            let (status, document) = refused(text).await;
            assert_eq!(status, 400, "{text:?}");
            assert_eq!(
                document["type"], "urn:jetway:problem:unreadable",
                "{text:?}"
            );
        }
        let (status, document) = refused("[]").await;
        assert_eq!(status, 422);
        assert_eq!(document["errors"], Value::Null);
    }
}
