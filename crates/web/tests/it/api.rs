//! A program that holds an API key.

use axum::body::Body;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use jetway_identity::Scope;
use serde_json::Value;

use crate::browser::{Answer, send};
use crate::site::Site;

pub(crate) struct Api<'a> {
    site: &'a Site,
    pub(crate) key: String,
}

impl<'a> Api<'a> {
    /// With a new key that has this scope, of a full administrator.
    pub(crate) async fn new(site: &'a Site, scope: Scope) -> Self {
        let key = site.api_key(scope).await;
        Self { site, key }
    }

    pub(crate) fn with_key(site: &'a Site, key: &str) -> Self {
        let key = key.to_owned();
        Self { site, key }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &[], Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call("PATCH", path, &[], Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, &[], None).await
    }

    /// POST of something else than JSON.
    pub(crate) async fn send_text(&self, path: &str, media_type: &str, body: &[u8]) -> Answer {
        let request = self
            .request("POST", path)
            .header(CONTENT_TYPE, media_type)
            .body(Body::from(body.to_vec()));
        send(&self.site.router, request.unwrap()).await
    }

    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let host = self.site.origin.split_once("://").unwrap().1;
        Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, host)
            .header(AUTHORIZATION, format!("Bearer {}", self.key))
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        send(&self.site.router, request.body(body).unwrap()).await
    }
}

/// The problem document of an answer; its members are checked.
#[track_caller]
pub(crate) fn problem(answer: &Answer) -> Value {
    let media_type = answer.header("content-type");
    assert_eq!(media_type, "application/problem+json", "{}", answer.body);
    let document: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(document["status"], answer.status);
    let kind = document["type"].as_str().unwrap();
    assert!(kind.starts_with("urn:jetway:problem:"), "{kind}");
    for member in ["title", "detail"] {
        assert!(!document[member].as_str().unwrap().is_empty(), "{member}");
    }
    document
}

/// The names of the fields that a problem is about.
#[track_caller]
pub(crate) fn fields_of(answer: &Answer) -> Vec<String> {
    let document = problem(answer);
    let errors = document["errors"].as_array().cloned().unwrap_or_default();
    let names = errors
        .iter()
        .map(|error| error["field"].as_str().unwrap().to_owned());
    names.collect()
}
