//! What is answered when all went well.

use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use jetway_scim::Profile;
use serde_json::{Map, Value};

use crate::body;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    /// Absent with 204.
    content: Option<Value>,
    /// The address of the one resource that is answered.
    location: Option<String>,
}

impl Answer {
    /// 200 with a document.
    pub(super) fn ok(content: Value) -> Self {
        Self {
            status: 200,
            content: Some(content),
            location: None,
        }
    }

    /// One resource; `location` where the dialect has it.
    pub(super) fn resource(
        status: u16,
        content: Map<String, Value>,
        location: Option<String>,
    ) -> Self {
        Self {
            status,
            content: Some(content.into()),
            location,
        }
    }

    /// 204.
    pub(super) fn no_content() -> Self {
        Self {
            status: 204,
            content: None,
            location: None,
        }
    }

    pub(super) fn into_response(self, profile: &Profile, request_id: &str) -> Response<Body> {
        let content = self
            .content
            .map_or_else(Body::empty, |content| Body::from(content.to_string()));
        let mut response = body::answer(self.status, request_id, profile.content_type, content);
        if let Some(location) = self.location
            && let Ok(location) = HeaderValue::from_str(&location)
        {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}
