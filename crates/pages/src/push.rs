//! Approval on the phone: what the sign-in shows, and what the phone shows.

use askama::Template;

use crate::sign_in::duration;
use crate::{Body, Layout, Link, Message, QrPicture, Severity};

/// The number, where the sign-in is. The page is loaded again by whoever serves it.
#[derive(Debug, Template)]
#[template(path = "push_waiting.html")]
pub struct PushWaiting {
    pub number: u8,
    /// Until it is over.
    pub seconds: u64,
    /// The way to the other factors.
    pub again: String,
}

impl Body for PushWaiting {
    fn title(&self) -> &'static str {
        "Look at your phone"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}

/// The phone let nobody in.
#[derive(Debug, Template)]
#[template(path = "push_over.html")]
pub struct PushOver {
    heading: &'static str,
    text: String,
    again: String,
}

impl PushOver {
    /// Somebody said no, or picked another number.
    pub fn denied(again: String) -> Self {
        Self {
            heading: "The phone said no",
            text: "The sign-in was denied on the phone, or another number was picked there."
                .to_owned(),
            again,
        }
    }

    /// Nobody answered.
    pub fn expired(again: String) -> Self {
        Self {
            heading: "The phone did not answer",
            text: "There was no answer within a minute. The phone has to show the page of Jetway \
                   Protect, and needs a network."
                .to_owned(),
            again,
        }
    }

    /// Too many codes, or answers of the phone, were wrong.
    pub fn locked_out(seconds: u64, again: String) -> Self {
        Self {
            heading: "Too many attempts",
            text: format!("Wait {}, then try again.", duration(seconds)),
            again,
        }
    }

    /// The limit.
    pub fn too_many(seconds: u64, again: String) -> Self {
        Self {
            heading: "The phone was asked too often",
            text: format!(
                "It can be asked three times in five minutes. Wait {}, or use another factor.",
                duration(seconds)
            ),
            again,
        }
    }
}

impl Body for PushOver {
    fn title(&self) -> &str {
        self.heading
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}

/// The QR code that connects a phone, in the profile of a person.
#[derive(Debug, Template)]
#[template(path = "portal/connect_phone.html")]
pub struct ConnectPhone {
    /// The address in the code, for phones without a camera.
    pub address: String,
    pub picture: Option<QrPicture>,
}

impl Body for ConnectPhone {
    fn title(&self) -> &'static str {
        "Connect a phone"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }

    fn section(&self) -> Option<crate::PortalSection> {
        Some(crate::PortalSection::Profile)
    }
}

/// On the phone: the form behind the QR code. It posts `name` to `/phone/connect/{token}`.
#[derive(Debug, Template)]
#[template(path = "phone/connect.html")]
pub struct PhoneConnect {
    pub csrf: String,
    pub token: String,
    pub email: String,
    pub name: String,
    pub problem: Option<String>,
}

impl Body for PhoneConnect {
    fn title(&self) -> &'static str {
        "Connect this phone"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}

/// On the phone: nothing waits. The page is loaded again by whoever serves it.
#[derive(Debug, Template)]
#[template(path = "phone/waiting.html")]
pub struct PhoneWaiting {
    pub email: String,
    /// What the phone is called.
    pub name: String,
    /// What became of the last answer.
    pub done: Option<String>,
}

impl Body for PhoneWaiting {
    fn title(&self) -> &'static str {
        "Jetway Protect"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }

    fn manifest(&self) -> bool {
        true
    }
}

/// On the phone: a sign-in wants in. It posts `id` and `answer` to `/phone/answer`.
#[derive(Debug, Template)]
#[template(path = "phone/question.html")]
pub struct PhoneQuestion {
    pub csrf: String,
    pub id: String,
    pub email: String,
    pub choices: [u8; 3],
    /// The name in the application's address.
    pub application: Option<String>,
    /// `Firefox on Linux`.
    pub client: String,
    pub address: Option<String>,
}

impl Body for PhoneQuestion {
    fn title(&self) -> &'static str {
        "Are you signing in?"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }

    fn manifest(&self) -> bool {
        true
    }
}

impl Message {
    /// The QR code is old or used.
    pub fn phone_link_gone() -> Self {
        Self::about_phone(
            Severity::Refused,
            "Not valid",
            "This code does not work any more",
            &[
                "A code connects one phone, within five minutes. Make a new one under Profile on \
                 your computer and scan it with this phone.",
            ],
        )
    }

    /// This browser is no phone of anybody.
    pub fn phone_not_connected() -> Self {
        Self::about_phone(
            Severity::Refused,
            "Not connected",
            "This phone is not connected",
            &[
                "Open Profile on your computer, choose Connect a phone and scan the code with this \
                 phone. If it was connected before, it has been taken away there.",
            ],
        )
    }

    /// The person said that it was not them.
    pub fn phone_denied() -> Self {
        Self::about_phone(
            Severity::Refused,
            "Denied",
            "The sign-in was refused",
            &[
                "Somebody else knows your password. Change it now, under Profile, and tell your \
                 administrator, who has been alerted.",
            ],
        )
    }

    fn about_phone(severity: Severity, badge: &str, heading: &str, paragraphs: &[&str]) -> Self {
        Self {
            severity,
            badge: badge.to_owned(),
            heading: heading.to_owned(),
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
            link: Some(Link {
                href: "/profile".to_owned(),
                text: "To your profile".to_owned(),
            }),
            reference: None,
        }
    }
}
