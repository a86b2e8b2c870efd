//! Signing in with e-mail address, password and one-time code.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::console::{describe, message};
use super::push::Push;
use super::{Console, Factor, SignInError};
use crate::http::Answer;
use crate::printer::{Printer, printable};
use crate::prompt::PromptError;

/// The text that asks for a second factor; the contract has no other sign.
const MFA_REQUIRED: &str = "MFA required.";

/// Asks the person for a one-time code.
pub(crate) type AskCode<'a> = &'a dyn Fn() -> Result<SecretString, PromptError>;

/// Asks the person which of several factors to use.
pub(crate) type ChooseFactor<'a> = &'a dyn Fn(&[Factor]) -> Result<usize, PromptError>;

/// One sign-in.
pub(crate) struct SignIn<'a> {
    pub(crate) console: Console<'a>,
    pub(crate) username: &'a str,
    pub(crate) password: &'a SecretString,
    pub(crate) factor: Factor,
    pub(crate) code: AskCode<'a>,
    /// Lets the person choose between factors; answers its place in the list.
    pub(crate) choose: ChooseFactor<'a>,
    pub(crate) printer: Printer,
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
        let mut token = self.console.anti_forgery_token()?;
        let mut verdict = self.authenticate(&token, None)?;
        if let Verdict::Forbidden(_) = verdict {
            // The token lives for minutes only; once more with a fresh one.
            token = self.console.anti_forgery_token()?;
            verdict = self.authenticate(&token, None)?;
        }
        match verdict {
            Verdict::GoTo(url) => self.console.assertion(url),
            Verdict::MfaRequired(factors) => self.second_factor(&token, factors),
            Verdict::Refused(message) | Verdict::Forbidden(message) => Err(SignInError::Refused {
                provider: self.console.provider,
                message,
            }),
        }
    }

    fn authenticate(
        &self,
        token: &str,
        code: Option<&SecretString>,
    ) -> Result<Verdict, SignInError> {
        let body = Zeroizing::new(
            serde_json::to_string(&Attempt {
                context: "sso",
                redirect_to: &self.console.address.redirect_to(),
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
        let url = self.console.address.console("/userconsole/auth");
        let answer = self.console.http.post(&url, &headers, &body)?;
        self.judge(&answer)
    }

    fn judge(&self, answer: &Answer) -> Result<Verdict, SignInError> {
        match answer.status {
            200 => {
                let body = self.console.json(answer)?;
                let target = body["redirectTo"].as_str();
                let target = target.and_then(|to| self.console.address.url().join(to).ok());
                Ok(Verdict::GoTo(
                    target.ok_or_else(|| self.console.unexpected(answer))?,
                ))
            }
            300..=399 => Err(SignInError::NeedsBrowser {
                provider: self.console.provider,
                to: printable(answer.location.as_deref().unwrap_or("an unknown address")),
            }),
            403 => Ok(Verdict::Forbidden(
                self.console
                    .json(answer)
                    .map_or_else(|_| describe(answer), |body| message(&body, 403)),
            )),
            400..=499 => {
                let body = self.console.json(answer)?;
                let message = message(&body, answer.status);
                Ok(if answer.status == 401 && message == MFA_REQUIRED {
                    Verdict::MfaRequired(available_factors(&body))
                } else {
                    Verdict::Refused(message)
                })
            }
            _ => Err(self.console.unexpected(answer)),
        }
    }

    fn second_factor(
        &self,
        token: &str,
        factors: Option<Vec<String>>,
    ) -> Result<Zeroizing<String>, SignInError> {
        let provider = self.console.provider;
        let factors = factors.filter(|factors| !factors.is_empty());
        let factors = factors.ok_or(SignInError::NoFactor { provider })?;
        match self.choice(&factors)? {
            Factor::Push => {
                let push = Push {
                    console: self.console,
                    token,
                    printer: self.printer,
                };
                self.console.assertion(push.run()?)
            }
            _ => self.with_code(token),
        }
    }

    /// The factor to use: the configured one if it is available, else the only one, else what the
    /// person chooses.
    fn choice(&self, factors: &[String]) -> Result<Factor, SignInError> {
        let is_there = |name: &str| factors.iter().any(|it| it.eq_ignore_ascii_case(name));
        let mut usable = vec![Factor::Totp, Factor::Push];
        usable.retain(|factor| is_there(factor.name()));
        // As in saml2aws, a factor that is configured but not available counts for nothing.
        let wanted_other = match self.factor {
            Factor::Other(name) if is_there(name) => Some(name.to_lowercase()),
            _ => None,
        };
        if usable.is_empty() || wanted_other.is_some() {
            return Err(SignInError::FactorNotSupported {
                provider: self.console.provider,
                offered: wanted_other.unwrap_or_else(|| factors.join(", ")),
                totp: usable.contains(&Factor::Totp),
            });
        }
        if usable.contains(&self.factor) {
            return Ok(self.factor);
        }
        let chosen = match usable.len() {
            1 => 0,
            _ => (self.choose)(&usable)?,
        };
        Ok(usable.swap_remove(chosen))
    }

    fn with_code(&self, token: &str) -> Result<Zeroizing<String>, SignInError> {
        let provider = self.console.provider;
        let code = (self.code)()?;
        match self.authenticate(token, Some(&code))? {
            Verdict::GoTo(url) => self.console.assertion(url),
            Verdict::MfaRequired(_) => {
                let message = "the one-time code was not accepted.".to_owned();
                Err(SignInError::CodeRefused { provider, message })
            }
            Verdict::Refused(message) | Verdict::Forbidden(message) => {
                Err(SignInError::CodeRefused { provider, message })
            }
        }
    }
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
