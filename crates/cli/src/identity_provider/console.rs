//! The user console contract: anti-forgery token, password, one-time code, and the page with the
//! assertion.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::{Factor, IdpAddress, Provider, page};
use crate::http::{Answer, Http, HttpError, require_safe};
use crate::printer::printable;
use crate::prompt::PromptError;

/// The text that asks for a second factor; the contract has no other sign.
const MFA_REQUIRED: &str = "MFA required.";
const MOST_REDIRECTS: usize = 10;

/// Why there is no assertion.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The identity provider's own words.
    #[error("{provider}: {message}")]
    Refused { provider: Provider, message: String },
    #[error("{provider}: {message}")]
    CodeRefused { provider: Provider, message: String },
    #[error("{provider} asks for a second factor that Jetway cannot use yet: {offered}")]
    FactorNotSupported {
        provider: Provider,
        offered: String,
        totp: bool,
    },
    #[error("{provider} asks for a second factor, but none is set up for this person")]
    NoFactor { provider: Provider },
    #[error("{provider} answered with a web page where data was expected ({page})")]
    WebPage { provider: Provider, page: String },
    #[error("{provider} answered {what}")]
    Unexpected { provider: Provider, what: String },
    #[error("{provider} sends the sign-in to a browser: {to}")]
    NeedsBrowser { provider: Provider, to: String },
    #[error("{provider} did not give out an assertion for this application ({page})")]
    NoAssertion {
        provider: Provider,
        status: u16,
        page: String,
    },
    #[error("the request cannot be written: {0}")]
    Encoding(serde_json::Error),
    #[error("{provider} keeps redirecting ({MOST_REDIRECTS} times)")]
    TooManyRedirects { provider: Provider },
}

impl SignInError {
    pub(crate) fn advice(&self) -> Option<String> {
        Some(match self {
            Self::Http(error) => return error.advice().map(str::to_owned),
            Self::Refused { .. } => "Check the e-mail address (not the user name) and the \
                                     password; after too many attempts the account is locked."
                .to_owned(),
            Self::CodeRefused { .. } => {
                "Check the code; a one-time code can be used only once, so wait for the next one."
                    .to_owned()
            }
            Self::FactorNotSupported { totp: true, .. } => {
                "Use the one-time code: --mfa TOTP.".to_owned()
            }
            Self::FactorNotSupported { .. } | Self::NoFactor { .. } => {
                "Set up a one-time code (TOTP) in the user portal, then sign in again.".to_owned()
            }
            Self::WebPage { .. } => "Check --url: the host may be wrong, or a proxy or a \
                                     maintenance page may be in between."
                .to_owned(),
            Self::NoAssertion { status: 404, .. } => {
                "Check the name of the application, the last part of --url.".to_owned()
            }
            Self::NoAssertion { .. } => "Ask an administrator to assign the application to you. \
                                         A policy that demands a browser or a managed device has \
                                         the same effect."
                .to_owned(),
            Self::NeedsBrowser { .. } => {
                "A policy of the identity provider asks for a browser; ask an administrator."
                    .to_owned()
            }
            Self::TooManyRedirects { .. }
            | Self::Unexpected { .. }
            | Self::Encoding(_)
            | Self::Prompt(_) => {
                return None;
            }
        })
    }
}

/// Asks the person for a one-time code.
pub(crate) type AskCode<'a> = &'a dyn Fn() -> Result<SecretString, PromptError>;

/// One sign-in.
pub(crate) struct SignIn<'a> {
    pub(crate) http: &'a Http,
    pub(crate) provider: Provider,
    pub(crate) address: &'a IdpAddress,
    pub(crate) username: &'a str,
    pub(crate) password: &'a SecretString,
    pub(crate) factor: Factor,
    pub(crate) code: AskCode<'a>,
}

/// The body of `POST /userconsole/auth`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attempt<'a> {
    context: &'static str,
    redirect_to: &'a str,
    email: &'a str,
    password: &'a str,
    otp: &'a str,
}

/// What the answer to a password means.
enum Verdict {
    GoTo(Url),
    MfaRequired(Option<Vec<String>>),
    Refused(String),
    /// The anti-forgery token was not taken.
    Forbidden(String),
}

impl SignIn<'_> {
    /// Signs in and answers the SAML response as base64.
    pub(crate) fn run(&self) -> Result<Zeroizing<String>, SignInError> {
        let mut token = self.anti_forgery_token()?;
        let mut verdict = self.authenticate(&token, None)?;
        if let Verdict::Forbidden(_) = verdict {
            // The token lives for minutes only; once more with a fresh one.
            token = self.anti_forgery_token()?;
            verdict = self.authenticate(&token, None)?;
        }
        match verdict {
            Verdict::GoTo(url) => self.assertion(url),
            Verdict::MfaRequired(factors) => self.second_factor(&token, factors),
            Verdict::Refused(message) | Verdict::Forbidden(message) => Err(SignInError::Refused {
                provider: self.provider,
                message,
            }),
        }
    }

    fn anti_forgery_token(&self) -> Result<String, SignInError> {
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

    fn authenticate(
        &self,
        token: &str,
        code: Option<&SecretString>,
    ) -> Result<Verdict, SignInError> {
        let body = Zeroizing::new(
            serde_json::to_string(&Attempt {
                context: "sso",
                redirect_to: &self.address.redirect_to(),
                email: self.username,
                password: self.password.expose_secret(),
                otp: code.map_or("", |code| code.expose_secret()),
            })
            .map_err(SignInError::Encoding)?,
        );
        let headers = [
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("X-Xsrftoken", token),
        ];
        let url = self.address.console("/userconsole/auth");
        let answer = self.http.post(&url, &headers, &body)?;
        self.judge(&answer)
    }

    fn judge(&self, answer: &Answer) -> Result<Verdict, SignInError> {
        match answer.status {
            200 => {
                let body = self.json(answer)?;
                let target = body["redirectTo"].as_str();
                let target = target.and_then(|to| self.address.url().join(to).ok());
                Ok(Verdict::GoTo(
                    target.ok_or_else(|| self.unexpected(answer))?,
                ))
            }
            300..=399 => Err(SignInError::NeedsBrowser {
                provider: self.provider,
                to: printable(answer.location.as_deref().unwrap_or("an unknown address")),
            }),
            403 => Ok(Verdict::Forbidden(
                self.json(answer)
                    .map_or_else(|_| describe(answer), |body| message(&body, 403)),
            )),
            400..=499 => {
                let body = self.json(answer)?;
                let message = message(&body, answer.status);
                Ok(if answer.status == 401 && message == MFA_REQUIRED {
                    Verdict::MfaRequired(available_factors(&body))
                } else {
                    Verdict::Refused(message)
                })
            }
            _ => Err(self.unexpected(answer)),
        }
    }

    fn second_factor(
        &self,
        token: &str,
        factors: Option<Vec<String>>,
    ) -> Result<Zeroizing<String>, SignInError> {
        let provider = self.provider;
        let factors = factors.filter(|factors| !factors.is_empty());
        let factors = factors.ok_or(SignInError::NoFactor { provider })?;
        let totp = factors.iter().any(|factor| factor == "totp");
        // As in saml2aws, a factor that is configured but not available counts for nothing.
        let wanted_other = match self.factor {
            Factor::Other(name) => factors
                .iter()
                .find(|factor| factor.eq_ignore_ascii_case(name))
                .cloned(),
            Factor::Auto | Factor::Totp => None,
        };
        if !totp || wanted_other.is_some() {
            let offered = wanted_other.unwrap_or_else(|| factors.join(", "));
            return Err(SignInError::FactorNotSupported {
                provider,
                offered,
                totp,
            });
        }
        let code = (self.code)()?;
        match self.authenticate(token, Some(&code))? {
            Verdict::GoTo(url) => self.assertion(url),
            Verdict::MfaRequired(_) => {
                let message = "the one-time code was not accepted.".to_owned();
                Err(SignInError::CodeRefused { provider, message })
            }
            Verdict::Refused(message) | Verdict::Forbidden(message) => {
                Err(SignInError::CodeRefused { provider, message })
            }
        }
    }

    /// Follows `url` to the page with the assertion.
    fn assertion(&self, mut url: Url) -> Result<Zeroizing<String>, SignInError> {
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

    fn json(&self, answer: &Answer) -> Result<Value, SignInError> {
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
    fn unexpected(&self, answer: &Answer) -> SignInError {
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
fn message(body: &Value, code: u16) -> String {
    let message = body["message"].as_str().map(printable);
    message
        .filter(|message| !message.is_empty())
        .unwrap_or_else(|| status(code))
}

/// The types that count: those said to be available.
fn available_factors(body: &Value) -> Option<Vec<String>> {
    let factors = body["factors"].as_array()?;
    let available = factors
        .iter()
        .filter(|factor| factor["status"] == "available");
    Some(
        available
            .filter_map(|factor| factor["type"].as_str())
            .map(printable)
            .collect(),
    )
}

fn status(code: u16) -> String {
    format!("status {code}")
}

/// `status 403, "Access denied", https://…` — what a person can recognise a page by.
fn describe(answer: &Answer) -> String {
    let mut url = answer.url.clone();
    url.set_query(None);
    let title = page::title(&answer.text()).map(|title| format!("{:?}, ", printable(&title)));
    format!(
        "{}, {}{url}",
        status(answer.status),
        title.unwrap_or_default()
    )
}
