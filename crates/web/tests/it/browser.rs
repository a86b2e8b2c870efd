//! A browser as far as the server can tell: it keeps cookies, sends `Origin` and `Sec-Fetch-Site`
//! with its forms, and follows nothing by itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use roxmltree::Document;
use tower::ServiceExt;
use url::form_urlencoded;

use crate::site::Site;

pub(crate) struct Browser<'a> {
    site: &'a Site,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// As text; what is none has marks in it.
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(
            self.header("content-type"),
            "application/json",
            "{}",
            self.body
        );
        serde_json::from_str(&self.body).unwrap()
    }

    /// An attribute of the first element of this name, optionally with a `name` attribute.
    pub(crate) fn attribute(
        &self,
        element: &str,
        name: Option<&str>,
        attribute: &str,
    ) -> Option<String> {
        let xml = self
            .body
            .strip_prefix("<!doctype html>\n")
            .expect(&self.body);
        let document = Document::parse(xml).expect(&self.body);
        document
            .descendants()
            .filter(|node| node.tag_name().name() == element)
            .find(|node| name.is_none() || node.attribute("name") == name)
            .and_then(|node| node.attribute(attribute))
            .map(str::to_owned)
    }

    /// The value of an input.
    pub(crate) fn input(&self, name: &str) -> Option<String> {
        self.attribute("input", Some(name), "value")
    }

    /// What a browser would send with the form that posts to `action`: its hidden fields, its texts,
    /// its ticked boxes and chosen buttons.
    pub(crate) fn form(&self, action: &str) -> Vec<(String, String)> {
        let xml = self.body.strip_prefix("<!doctype html>\n").unwrap();
        let document = Document::parse(xml).unwrap();
        let form = document
            .descendants()
            .find(|node| node.has_tag_name("form") && node.attribute("action") == Some(action))
            .unwrap_or_else(|| panic!("no form posts to {action}: {}", self.body));
        form.descendants()
            .filter(|node| node.has_tag_name("input"))
            .filter(|node| {
                let chosen = matches!(node.attribute("type"), Some("radio" | "checkbox"));
                !chosen || node.has_attribute("checked")
            })
            .map(|node| {
                let value = node.attribute("value").unwrap_or_default();
                (node.attribute("name").unwrap().to_owned(), value.to_owned())
            })
            .collect()
    }

    /// The addresses of all links that look like applications.
    pub(crate) fn tiles(&self) -> Vec<String> {
        let xml = self.body.strip_prefix("<!doctype html>\n").unwrap();
        let document = Document::parse(xml).unwrap();
        document
            .descendants()
            .filter(|node| node.attribute("class") == Some("tile"))
            .map(|node| node.attribute("href").unwrap().to_owned())
            .collect()
    }
}

/// One request to the router.
pub(crate) async fn send(router: &Router, mut request: Request<Body>) -> Answer {
    let peer: SocketAddr = "192.0.2.7:50000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
        bytes: bytes.to_vec(),
    }
}

pub(crate) fn form_body(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

impl<'a> Browser<'a> {
    pub(crate) fn new(site: &'a Site) -> Self {
        Self {
            site,
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let host = self.site.origin.split_once("://").unwrap().1;
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, host);
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        request
    }

    /// Sends, and keeps the cookies of the answer.
    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = send(&self.site.router, request).await;
        for line in answer.set_cookies() {
            let (pair, attributes) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// Posts a form of one of our pages.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self
            .request("POST", path)
            .header(ORIGIN, &self.site.origin)
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form_body(fields)))
            .unwrap();
        self.send(request).await
    }

    /// Fills in the form of a page that posts to `action` and sends it to `to`, with the fields of
    /// `typed` instead of what it holds, or beside it.
    pub(crate) async fn fill_in(
        &mut self,
        page: &Answer,
        (action, to): (&str, &str),
        typed: &[(&str, &str)],
    ) -> Answer {
        let held = page.form(action);
        let is_typed = |name: &str| typed.iter().any(|(typed, _)| *typed == name);
        let kept = held.iter().filter(|(name, _)| !is_typed(name));
        let mut fields: Vec<(&str, &str)> = kept
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        fields.extend_from_slice(typed);
        self.post(to, &fields).await
    }

    /// Fills in the sign-in page.
    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let page = self.get("/login").await;
        let csrf = page.input("csrf").unwrap();
        self.post(
            "/login",
            &[("csrf", &csrf), ("username", email), ("password", password)],
        )
        .await
    }

    /// Fills in the sign-in page of the admin portal.
    pub(crate) async fn sign_in_as_administrator(&mut self, email: &str, password: &str) -> Answer {
        let page = self.get("/admin/login").await;
        let csrf = page.input("csrf").unwrap();
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", email),
            ("password", password),
        ];
        self.post("/admin/login", &fields).await
    }

    /// The token of the forms of the signed-in administrator.
    pub(crate) async fn admin_csrf(&mut self) -> String {
        self.get("/admin").await.input("csrf").unwrap()
    }

    pub(crate) fn session(&self) -> Option<&str> {
        let names = ["jetway_session", "__Host-jetway_session"];
        names
            .into_iter()
            .find_map(|name| self.cookies.get(name))
            .map(String::as_str)
    }
}

/// A secret with one character in its middle changed. Not the last one: of that, base64 may not
/// use every bit.
pub(crate) fn tampered(secret: &str) -> String {
    let middle = secret.len() / 2;
    let other = if &secret[middle..=middle] == "A" {
        "B"
    } else {
        "A"
    };
    format!("{}{other}{}", &secret[..middle], &secret[middle + 1..])
}
