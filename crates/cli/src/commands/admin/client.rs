//! The API as the commands use it.

use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::AdminError;
use crate::http::{Answer, Http, Method};
use crate::printer::Printer;
use crate::settings::AdminSettings;

/// Most entries of one page.
const PAGE: u32 = 200;

pub(super) struct Client {
    http: Http,
    server: Url,
    authorization: String,
}

/// What is sent.
enum Body {
    None,
    Json(String),
    Csv(String),
}

/// A document with the version that it was read in.
pub(super) struct Read {
    pub(super) body: Value,
    pub(super) tag: Option<String>,
}

impl Client {
    pub(super) fn new(settings: AdminSettings, printer: Printer) -> Self {
        Self {
            http: Http::new(settings.http, printer),
            server: settings.server,
            authorization: format!("Bearer {}", settings.key.expose_secret()),
        }
    }

    pub(super) fn get(&self, path: &[&str]) -> Result<Read, AdminError> {
        self.get_with(path, &[])
    }

    pub(super) fn get_with(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Read, AdminError> {
        let answer = self.send(Method::Get, &self.address(path, query), &[], &Body::None)?;
        Ok(Read {
            tag: answer.tag.clone(),
            body: document(&answer)?,
        })
    }

    /// Whether the thing is there.
    pub(super) fn find(&self, path: &[&str]) -> Result<Option<Read>, AdminError> {
        match self.get(path) {
            Ok(read) => Ok(Some(read)),
            Err(AdminError::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn post(&self, path: &[&str], body: &Value) -> Result<Value, AdminError> {
        let body = Body::Json(body.to_string());
        let answer = self.send(Method::Post, &self.address(path, &[]), &[], &body)?;
        document(&answer)
    }

    /// The same, without doing it.
    pub(super) fn plan(&self, path: &[&str], body: &Value) -> Result<Value, AdminError> {
        let body = Body::Json(body.to_string());
        let address = self.address(path, &[("plan", "true")]);
        document(&self.send(Method::Post, &address, &[], &body)?)
    }

    /// Sends a file.
    pub(super) fn post_csv(&self, path: &[&str], text: &str) -> Result<Value, AdminError> {
        let body = Body::Csv(text.to_owned());
        let answer = self.send(Method::Post, &self.address(path, &[]), &[], &body)?;
        document(&answer)
    }

    /// What is no JSON.
    pub(super) fn text(&self, path: &[&str], query: &[(&str, &str)]) -> Result<String, AdminError> {
        let address = self.address(path, query);
        Ok(self.send(Method::Get, &address, &[], &Body::None)?.text())
    }

    /// Changes what was read, unless somebody else has changed it since.
    pub(super) fn patch(
        &self,
        path: &[&str],
        read: &Read,
        body: &Value,
    ) -> Result<Value, AdminError> {
        let condition = read.tag.as_deref().map(|tag| ("If-Match", tag));
        let headers: Vec<_> = condition.into_iter().collect();
        let address = self.address(path, &[]);
        let body = Body::Json(body.to_string());
        let answer = self.send(Method::Patch, &address, &headers, &body)?;
        document(&answer)
    }

    pub(super) fn delete(&self, path: &[&str]) -> Result<(), AdminError> {
        self.send(Method::Delete, &self.address(path, &[]), &[], &Body::None)?;
        Ok(())
    }

    /// The entries of a list, page by page, up to `most`.
    pub(super) fn list(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        most: Option<u32>,
    ) -> Result<Vec<Value>, AdminError> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let left =
                most.map(|most| most.saturating_sub(u32::try_from(items.len()).unwrap_or(most)));
            if left == Some(0) {
                return Ok(items);
            }
            let limit = left.unwrap_or(PAGE).min(PAGE).to_string();
            let mut query = query.to_vec();
            query.push(("limit", &limit));
            if let Some(cursor) = &cursor {
                query.push(("cursor", cursor));
            }
            let address = self.address(path, &query);
            let answer = self.send(Method::Get, &address, &[], &Body::None)?;
            let mut page = document(&answer)?;
            if let Some(Value::Array(found)) = page.get_mut("items").map(Value::take) {
                items.extend(found);
            }
            cursor = page["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return Ok(items);
            }
        }
    }

    fn address(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut address = self.server.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.clear().extend(["api", "v1"]).extend(path);
        }
        if !query.is_empty() {
            address.query_pairs_mut().extend_pairs(query);
        }
        address
    }

    fn send(
        &self,
        method: Method,
        address: &Url,
        headers: &[(&str, &str)],
        body: &Body,
    ) -> Result<Answer, AdminError> {
        let mut all = vec![
            ("Authorization", self.authorization.as_str()),
            ("Accept", "application/json, text/csv"),
        ];
        all.extend_from_slice(headers);
        let text = match body {
            Body::None => None,
            Body::Json(text) => {
                all.push(("Content-Type", "application/json"));
                Some(text.as_str())
            }
            Body::Csv(text) => {
                all.push(("Content-Type", "text/csv"));
                Some(text.as_str())
            }
        };
        let answer = self.http.send(method, address, &all, text)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        if answer.content_type == "application/problem+json"
            && let Ok(problem) = serde_json::from_slice(&answer.body)
        {
            return Err(AdminError::of_problem(answer.status, &problem));
        }
        Err(self.stranger(&answer))
    }

    fn stranger(&self, answer: &Answer) -> AdminError {
        let kind = answer.content_type.clone();
        AdminError::NotTheApi(self.server.to_string(), answer.status, kind)
    }
}

fn document(answer: &Answer) -> Result<Value, AdminError> {
    if answer.body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&answer.body).map_err(AdminError::Answer)
}
