//! A person connects an authenticator app, and keeps recovery codes (requirement M01).

use std::fmt::Write as _;

use askama::Template;
use qrcode::{Color, EcLevel, QrCode};

use super::PortalSection;
use crate::{Body, Layout};

/// Light modules around the code, as ISO/IEC 18004 wants.
const QUIET: usize = 4;

/// What is put into the app. The form posts `otp`.
#[derive(Debug, Template)]
#[template(path = "portal/connect_app.html")]
pub struct ConnectApp {
    pub csrf: String,
    /// Where the form goes.
    pub action: String,
    /// Same-site path to go on to afterwards, for a sign-in.
    pub next: Option<String>,
    /// Where nothing is connected.
    pub cancel: String,
    /// In groups of four, for typing.
    pub secret: String,
    /// `None` where the address is too long for a picture.
    pub picture: Option<QrPicture>,
    pub problem: Option<String>,
}

/// A QR code as one SVG path: an element of the page, so that nothing is loaded from anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrPicture {
    /// Modules on each side, with the light border.
    pub side: usize,
    /// The dark modules.
    pub path: String,
}

impl QrPicture {
    /// Of a text; `None` if it is too long.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (index, color) in code.to_colors().iter().enumerate() {
            if *color == Color::Dark {
                let (x, y) = (index % width + QUIET, index / width + QUIET);
                // Writing to a String cannot fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        Some(Self {
            side: width + 2 * QUIET,
            path,
        })
    }
}

impl Body for ConnectApp {
    fn title(&self) -> &'static str {
        "Connect an authenticator app"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }

    fn section(&self) -> Option<PortalSection> {
        Some(PortalSection::Profile)
    }
}

/// Recovery codes, shown once.
#[derive(Debug, Template)]
#[template(path = "portal/recovery_codes.html")]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
    /// What was just done.
    pub done: &'static str,
    /// Where to go on to.
    pub go_on: String,
}

impl Body for RecoveryCodes {
    fn title(&self) -> &'static str {
        "Recovery codes"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }

    fn section(&self) -> Option<PortalSection> {
        Some(PortalSection::Profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_square_has_a_border_and_three_corners() {
        let picture = QrPicture::of("otpauth://totp/Acme:a@b.c?secret=AAAA").unwrap();
        assert_eq!((picture.side - 2 * QUIET - 17) % 4, 0);
        let far = picture.side - QUIET - 7;
        for (x, y) in [(QUIET, QUIET), (far, QUIET), (QUIET, far)] {
            assert!(picture.path.contains(&format!("M{x} {y}h1v1h-1z")));
        }
        assert!(!picture.path.contains("M3 "));
        assert_eq!(QrPicture::of(&"x".repeat(4000)), None);
    }
}
