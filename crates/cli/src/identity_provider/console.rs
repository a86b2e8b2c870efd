//! The user console contract: the anti-forgery token, and the page with the assertion that every
//! way to sign in ends at.

use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::{IdpAddress, Provider, SignInError, page};
use crate::http::{Answer, Http, require_safe};
use crate::printer::printable;

const MOST_REDIRECTS: usize = 10;

/// One identity provider, as far as all sign-ins agree.
#[derive(Clone, Copy)]
pub(crate) struct Console<'a> {
    pub(crate) http: &'a Http,
    pub(crate) provider: Provider,
    pub(crate) address: &'a IdpAddress,
}

impl Console<'_> {
    /// A token for the calls that change something. Its cookie is in the jar.
    pub(super) fn anti_forgery_token(&self) -> Result<String, SignInError> {
        let url = self.address.console("/userconsole/xsrf");
        let answer = self.http.get(&url, &[("Accept", "application/json")])?;
        if answer.status != 200 {
            return Err(self.unexpected(&answer));
        }
        let body = self.json(&answer)?;
        body["xsrf"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| self.unexpected(&answer))
    }

    /// Follows `url` to the page with the assertion.
    pub(super) fn assertion(&self, mut url: Url) -> Result<Zeroizing<String>, SignInError> {
        for _ in 0..=MOST_REDIRECTS {
            require_safe(&url)?;
            let answer = self
                .http
                .get(&url, &[("Accept", "text/html,application/xhtml+xml")])?;
            if let (300..=399, Some(location)) = (answer.status, &answer.location) {
                url = url.join(location).map_err(|_| self.unexpected(&answer))?;
                continue;
            }
            let html = Zeroizing::new(answer.text());
            let found = page::saml_response(&html).filter(|_| answer.status == 200);
            return match found {
                Some(base64) => Ok(Zeroizing::new(base64)),
                None if answer.status >= 500 => Err(self.unexpected(&answer)),
                None => Err(SignInError::NoAssertion {
                    provider: self.provider,
                    status: answer.status,
                    page: describe(&answer),
                }),
            };
        }
        Err(SignInError::TooManyRedirects {
            provider: self.provider,
        })
    }

    /// The object in the answer.
    pub(super) fn json(&self, answer: &Answer) -> Result<Value, SignInError> {
        if let Ok(value @ Value::Object(_)) = serde_json::from_slice(&answer.body) {
            return Ok(value);
        }
        let looks_like_html = answer.body.trim_ascii_start().starts_with(b"<");
        if answer.content_type.contains("html") || looks_like_html {
            return Err(SignInError::WebPage {
                provider: self.provider,
                page: describe(answer),
            });
        }
        Err(self.unexpected(answer))
    }

    /// An answer that the contract doesn't have.
    pub(super) fn unexpected(&self, answer: &Answer) -> SignInError {
        let looks_like_html = answer.body.trim_ascii_start().starts_with(b"<");
        if looks_like_html {
            return SignInError::WebPage {
                provider: self.provider,
                page: describe(answer),
            };
        }
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let message = body
            .as_ref()
            .and_then(|body| body["message"].as_str())
            .map(printable);
        let message = message.map_or_else(String::new, |message| format!(": {message}"));
        SignInError::Unexpected {
            provider: self.provider,
            what: format!(
                "{} to {}{message}",
                status(answer.status),
                answer.url.path()
            ),
        }
    }
}

/// The server's own words, or at least its status.
pub(super) fn message(body: &Value, code: u16) -> String {
    let message = body["message"].as_str().map(printable);
    message
        .filter(|message| !message.is_empty())
        .unwrap_or_else(|| status(code))
}

fn status(code: u16) -> String {
    format!("status {code}")
}

/// `status 403, "Access denied", https://…` — what a person can recognise a page by.
pub(super) fn describe(answer: &Answer) -> String {
    let mut url = answer.url.clone();
    url.set_query(None);
    let title = page::title(&answer.text()).map(|title| format!("{:?}, ", printable(&title)));
    format!(
        "{}, {}{url}",
        status(answer.status),
        title.unwrap_or_default()
    )
}
