//! The second page of a sign-in: something besides the password (requirement M01).

use askama::Template;

use crate::assets::PASSKEY_SCRIPT;
use crate::passkey::PasskeyForm;
use crate::sign_in::duration;
use crate::{Body, Layout};

/// The form for a code.
#[derive(Debug, Template)]
#[template(path = "second_step.html")]
pub struct SecondStep {
    /// Absolute address to post to.
    pub action: String,
    pub csrf: String,
    /// Same-site path to go on to, already checked.
    pub next: Option<String>,
    /// An authenticator app is connected.
    pub totp: bool,
    /// A phone is connected.
    pub push: bool,
    /// There are recovery codes left.
    pub recovery: bool,
    /// What the person's keys are asked, if they have one and it works at this address.
    pub passkey: Option<PasskeyForm>,
    /// Where their keys work, if not here.
    pub elsewhere: Option<String>,
    /// Where another person signs in.
    pub somebody_else: &'static str,
    pub problem: Option<SecondStepProblem>,
}

/// Why the form is shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondStepProblem {
    /// The same for every code that was not taken.
    Refused,
    /// Too many refusals; the seconds to wait.
    Wait { seconds: u64 },
    /// A key was not believed; says why.
    Passkey(String),
}

impl SecondStepProblem {
    fn text(&self) -> String {
        match self {
            Self::Refused => "This code was not taken. Each works once and only for a short time: \
                              type the one that your app shows now. If that does not help, let your \
                              phone set its clock by itself."
                .to_owned(),
            Self::Wait { seconds } => {
                format!("Too many attempts. Wait {}, then try again.", duration(*seconds))
            }
            Self::Passkey(why) => why.clone(),
        }
    }
}

impl SecondStep {
    /// Whether anything can be typed.
    fn has_codes(&self) -> bool {
        self.totp || self.recovery
    }

    fn wrong_code(&self) -> bool {
        self.problem == Some(SecondStepProblem::Refused)
    }

    fn lead(&self) -> String {
        let key = self.passkey.is_some() || self.elsewhere.is_some();
        let codes = match (self.totp, self.recovery) {
            (true, true) => {
                "type the six digits that your authenticator app shows, or a recovery code"
            }
            (true, false) => "type the six digits that your authenticator app shows",
            (false, true) => "type one of your recovery codes",
            (false, false) => "",
        };
        let ways = [
            (key, "use your passkey or security key"),
            (self.has_codes(), codes),
            (self.push, "ask your phone"),
        ];
        let ways: Vec<_> = ways.iter().filter(|(open, _)| *open).collect();
        let ways: Vec<_> = ways.into_iter().map(|(_, way)| *way).collect();
        let text = ways.join(", or ");
        let (first, rest) = text.split_at(text.len().min(1));
        format!("{}{rest}.", first.to_uppercase())
    }
}

impl Body for SecondStep {
    fn title(&self) -> &'static str {
        "Second step"
    }

    fn script(&self) -> Option<&'static str> {
        self.passkey.as_ref().map(|_| PASSKEY_SCRIPT)
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
