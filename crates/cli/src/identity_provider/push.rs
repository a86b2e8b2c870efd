//! Approval on the phone (the push of the console contract).
//!
//! Jetway's phone asks for the number that is shown here. JumpCloud's contract has none; whatever it
//! names like one is shown too.

use std::time::Duration;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::console::message;
use super::{Console, SignInError};
use crate::clock::{self, Deadline};
use crate::http::Answer;
use crate::printer::{Printer, printable};

/// Between an answer and the next question, as in saml2aws.
const INTERVAL: Duration = Duration::from_millis(500);
/// For a server that does not say how long it waits.
const USUAL: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_mins(5);
/// What a server may call the number.
const NUMBERS: [&str; 4] = ["number", "code", "challenge", "securityCode"];

/// One question to the phone.
pub(super) struct Push<'a> {
    pub(super) console: Console<'a>,
    /// Against forgery.
    pub(super) token: &'a str,
    pub(super) printer: Printer,
}

impl Push<'_> {
    /// Asks, waits, and answers where to go on.
    pub(super) fn run(&self) -> Result<Url, SignInError> {
        let provider = self.console.provider;
        let answer = self.post("/userconsole/auth/push", "{}")?;
        let asked = self.console.json(&answer)?;
        if answer.status != 200 {
            let message = message(&asked, answer.status);
            return Err(SignInError::PushRefused { provider, message });
        }
        let id = asked["id"].as_str().filter(|id| is_id(id));
        let id = id.ok_or_else(|| self.console.unexpected(&answer))?;
        let number = NUMBERS.iter().find_map(|name| asked[*name].as_str());
        match number.map(printable) {
            Some(number) => self.printer.ask(&format!(
                "Open Jetway Protect on your phone and pick the number {number}."
            )),
            None => self
                .printer
                .ask("Approve the sign-in on your phone, then it goes on by itself."),
        }
        let waited = self.wait(id, length(&asked));
        self.printer.end_progress();
        waited?;
        let answer = self.post(&format!("/userconsole/auth/push/{id}/login"), "{}")?;
        let body = self.console.json(&answer)?;
        if answer.status != 200 {
            let message = message(&body, answer.status);
            return Err(SignInError::PushRefused { provider, message });
        }
        let target = body["redirectTo"].as_str();
        let target = target.and_then(|to| self.console.address.url().join(to).ok());
        target.ok_or_else(|| self.console.unexpected(&answer))
    }

    fn wait(&self, id: &str, length: Duration) -> Result<(), SignInError> {
        let provider = self.console.provider;
        let refused = |message: &str| SignInError::PushRefused {
            provider,
            message: message.to_owned(),
        };
        let deadline = Deadline::after(length);
        let url = self
            .console
            .address
            .console(&format!("/userconsole/auth/push/{id}"));
        while !deadline.left().is_zero() {
            let headers = [("Accept", "application/json"), ("X-Xsrftoken", self.token)];
            let answer = self.console.http.get(&url, &headers)?;
            // A denial may come with status 401: the word counts.
            let body = self.console.json(&answer)?;
            match body["status"].as_str() {
                Some("accepted") => return Ok(()),
                Some("pending") => {}
                Some("denied") => return Err(refused("the sign-in was denied on the phone.")),
                Some("expired") => break,
                _ => return Err(self.console.unexpected(&answer)),
            }
            self.printer.progress(&format!(
                "Waiting for your phone ({} left, Ctrl-C ends it) ...",
                clock::countdown(deadline.left().as_secs())
            ));
            clock::pause(INTERVAL);
        }
        Err(refused("the phone did not answer in time."))
    }

    fn post(&self, path: &str, body: &str) -> Result<Answer, SignInError> {
        let headers = [
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("X-Xsrftoken", self.token),
        ];
        let url = self.console.address.console(path);
        Ok(self.console.http.post(&url, &headers, body)?)
    }
}

/// Goes into a path.
fn is_id(id: &str) -> bool {
    let sound = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_');
    !id.is_empty() && id.len() <= 128 && id.bytes().all(sound)
}

/// By the server's own clock alone: this machine's may be wrong.
fn length(asked: &Value) -> Duration {
    let at = |name: &str| OffsetDateTime::parse(asked[name].as_str()?, &Rfc3339).ok();
    let length = at("expiresAt").zip(at("initiatedAt"));
    let length = length.map(|(end, begin)| end - begin);
    let length = length.and_then(|length| Duration::try_from(length).ok());
    length.unwrap_or(USUAL).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_wait_is_that_of_the_servers_clock() {
        let asked = json!({
            "initiatedAt": "2026-01-02T03:03:05Z", "expiresAt": "2026-01-02T03:03:50Z",
        });
        assert_eq!(length(&asked), Duration::from_secs(45));
        assert_eq!(length(&json!({})), USUAL);
        let backwards = json!({
            "initiatedAt": "2026-01-02T03:04:05Z", "expiresAt": "2026-01-02T03:03:05Z",
        });
        assert_eq!(length(&backwards), USUAL);
    }

    #[test]
    fn an_id_leads_to_no_other_address() {
        assert!(is_id("01912345-6789-7abc-8def-0123456789ab"));
        for bad in ["", "../self", "a/b", "a?b", &"x".repeat(129)] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
