//! Signing in through the browser: the command line shows a code, the person types it into a page
//! of the identity provider, also on another machine (RFC 8628).

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use url::Url;
use zeroize::Zeroizing;

use super::{Console, SignInError};
use crate::clock::{self, Deadline};
use crate::desktop::Opener;
use crate::http::{Answer, HttpError, require_safe};
use crate::printer::{Printer, printable};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How much longer every wait is after `slow_down` (RFC 8628, 3.5).
const SLOWER_BY: u64 = 5;
/// The longest that a server can make the person wait.
const LONGEST: u64 = 30 * 60;
/// The longest wait between two questions.
const LONGEST_INTERVAL: u64 = 60;

/// One sign-in through the browser.
pub(crate) struct BrowserSignIn<'a> {
    pub(crate) console: Console<'a>,
    /// What this machine is called, for the person to recognise.
    pub(crate) machine: &'a str,
    pub(crate) opener: &'a Opener,
    pub(crate) printer: Printer,
}

/// What came of it.
pub(crate) struct BrowserSignedIn {
    /// The SAML response as base64.
    pub(crate) assertion: Zeroizing<String>,
    /// Who signed in.
    pub(crate) email: String,
}

/// RFC 8628, 3.2.
#[derive(Deserialize)]
struct Codes {
    device_code: String,
    user_code: String,
    verification_uri: Url,
    verification_uri_complete: Url,
    expires_in: u64,
    #[serde(default = "five")]
    interval: u64,
}

const fn five() -> u64 {
    5
}

impl BrowserSignIn<'_> {
    pub(crate) fn run(&self) -> Result<BrowserSignedIn, SignInError> {
        let token = self.console.anti_forgery_token()?;
        let codes = self.start(&token)?;
        self.show(&codes)?;
        let email = self.wait(&token, &codes);
        self.printer.end_progress();
        let email = email?;
        let assertion = self.console.assertion(self.console.address.url().clone())?;
        Ok(BrowserSignedIn { assertion, email })
    }

    fn start(&self, token: &str) -> Result<Codes, SignInError> {
        let body = json!({ "machine": self.machine });
        let answer = self.post("/userconsole/device", token, &body.to_string())?;
        match answer.status {
            200 => {
                let codes = serde_json::from_slice::<Codes>(&answer.body);
                codes.map_err(|_| self.console.unexpected(&answer))
            }
            404 | 405 => Err(SignInError::NoDeviceFlow {
                provider: self.console.provider,
            }),
            _ => Err(self.console.unexpected(&answer)),
        }
    }

    fn show(&self, codes: &Codes) -> Result<(), SignInError> {
        // The browser gets no address that is worse than ours.
        require_safe(&codes.verification_uri)?;
        require_safe(&codes.verification_uri_complete)?;
        let opened = self.opener.open(&codes.verification_uri_complete);
        match opened {
            Ok(true) => self.printer.note(
                "Your browser opens. If it does not, or to use another device, open this address:",
            ),
            Ok(false) => self
                .printer
                .note("Open this address in a browser, on this or on another device:"),
            Err(error) => {
                self.printer
                    .warn(&format!("the browser cannot be opened: {error}"));
                self.printer
                    .note("Open this address in a browser, on this or on another device:");
            }
        }
        // Without these nobody could go on: they are shown with --quiet too.
        self.printer
            .ask(&format!("\n  {}\n", codes.verification_uri));
        self.printer.ask(&format!(
            "and type this code there: {}\n",
            printable(&codes.user_code)
        ));
        Ok(())
    }

    /// Asks again and again. Answers who has signed in.
    fn wait(&self, token: &str, codes: &Codes) -> Result<String, SignInError> {
        let provider = self.console.provider;
        let body = json!({ "grant_type": GRANT, "device_code": codes.device_code });
        let body = Zeroizing::new(body.to_string());
        let mut interval = codes.interval.clamp(1, LONGEST_INTERVAL);
        let deadline = Deadline::after(Duration::from_secs(codes.expires_in.min(LONGEST)));
        while self.pause(interval, &deadline) {
            let answer = match self.post("/userconsole/device/token", token, &body) {
                Ok(answer) => answer,
                // A connection that breaks says nothing about the sign-in.
                Err(error)
                    if error.is_transient() || matches!(error, HttpError::Timeout { .. }) =>
                {
                    interval = (interval * 2).min(LONGEST_INTERVAL);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            match self.judge(&answer)? {
                Progress::SignedIn(email) => return Ok(email),
                Progress::Pending => {}
                Progress::SlowDown => interval = (interval + SLOWER_BY).min(LONGEST_INTERVAL),
                Progress::Denied(None) => return Err(SignInError::Denied { provider }),
                Progress::Denied(Some(message)) => {
                    return Err(SignInError::RefusedByPolicy { provider, message });
                }
                Progress::Expired => break,
            }
        }
        Err(SignInError::NotAnswered { provider })
    }

    /// Waits, with a countdown. Whether there is time left then.
    fn pause(&self, seconds: u64, deadline: &Deadline) -> bool {
        for _ in 0..seconds {
            let left = deadline.left().as_secs();
            if left == 0 {
                return false;
            }
            self.printer.progress(&format!(
                "Waiting for you in the browser ({} left, Ctrl-C ends it) ...",
                clock::countdown(left)
            ));
            clock::pause(Duration::from_secs(1));
        }
        true
    }

    fn judge(&self, answer: &Answer) -> Result<Progress, SignInError> {
        let body = self.console.json(answer)?;
        if answer.status == 200 {
            let email = body["email"].as_str().map(printable);
            return Ok(Progress::SignedIn(email.unwrap_or_default()));
        }
        match (answer.status, body["error"].as_str()) {
            (400, Some("authorization_pending")) => Ok(Progress::Pending),
            (400, Some("slow_down")) => Ok(Progress::SlowDown),
            (400, Some("access_denied")) => {
                let message = body["message"].as_str().map(printable);
                Ok(Progress::Denied(message))
            }
            (400, Some("expired_token")) => Ok(Progress::Expired),
            _ => Err(self.console.unexpected(answer)),
        }
    }

    fn post(&self, path: &str, token: &str, body: &str) -> Result<Answer, HttpError> {
        let headers = [
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("X-Xsrftoken", token),
        ];
        let url = self.console.address.console(path);
        self.console.http.post(&url, &headers, body)
    }
}

enum Progress {
    SignedIn(String),
    Pending,
    SlowDown,
    /// With the words of the identity provider, if it was not the person who said no.
    Denied(Option<String>),
    Expired,
}
