//! The identity provider's signing certificates (identity-center.md §4.5).

use askama::Template;

use super::{BASE, SettingsTab};
use crate::{
    Body,
    admin::parts::{Badge, Field, Moment, Tabs, Tone},
};

/// The colour of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateState {
    /// Green.
    Active,
    /// Yellow: 90 days or less are left.
    ExpiresSoon,
    /// Red.
    Expired,
    /// Its text could not be read.
    Unreadable,
}

impl CertificateState {
    /// By what is left; both in Unix seconds.
    pub fn of(not_after: i64, now: i64) -> Self {
        const NINETY_DAYS: i64 = 90 * 24 * 60 * 60;
        match not_after - now {
            left if left < 0 => Self::Expired,
            left if left <= NINETY_DAYS => Self::ExpiresSoon,
            _ => Self::Active,
        }
    }
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRow {
    pub id: String,
    /// SHA-256, hexadecimal with colons.
    pub fingerprint: String,
    pub state: CertificateState,
    pub from: Moment,
    pub until: Moment,
}

impl CertificateRow {
    pub(super) fn badge(&self) -> Badge {
        let (tone, text) = match self.state {
            CertificateState::Active => (Tone::Good, "Active"),
            CertificateState::ExpiresSoon => (Tone::Waiting, "Expires soon"),
            CertificateState::Expired => (Tone::Bad, "Expired"),
            CertificateState::Unreadable => (Tone::Bad, "Unreadable"),
        };
        Badge::new(tone, text)
    }
}

/// The page. It posts `certificate` to `/settings/identity-source/certificates` and `id` to
/// `…/certificates/delete`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/certificates.html")]
pub struct Certificates {
    pub csrf: String,
    pub certificates: Vec<CertificateRow>,
    pub certificate: Field,
    pub problem: Option<String>,
}

impl Certificates {
    fn tabs() -> Tabs {
        SettingsTab::IdentitySource.tabs()
    }

    /// At least one has to stay.
    fn removable(&self) -> bool {
        self.certificates.len() > 1
    }

    fn full(&self) -> bool {
        self.certificates.len() >= 2
    }
}

impl Body for Certificates {
    fn title(&self) -> &'static str {
        "Manage SAML 2.0 certificates"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    #[test]
    fn a_certificate_turns_yellow_at_ninety_days_and_red_when_it_is_over() {
        let states = [91 * DAY, 90 * DAY, 0, -1].map(|left| CertificateState::of(left, 0));
        assert_eq!(
            states,
            [
                CertificateState::Active,
                CertificateState::ExpiresSoon,
                CertificateState::ExpiresSoon,
                CertificateState::Expired,
            ]
        );
    }
}
