//! Settings of the access portal.

use super::{InstanceError, edit};
use crate::{LocalAws, state::center::AttributePrecedence};

/// Seconds that a sign-in to the portal may last: 15 minutes to 90 days, as on AWS.
const PORTAL_SESSION: std::ops::RangeInclusive<i64> = 15 * 60..=90 * 24 * 3600;

/// Seconds that an access token may last: from a minute, for those who test the renewal.
const ACCESS_TOKEN: std::ops::RangeInclusive<i64> = 60..=8 * 3600;

/// What is changed; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct PortalSettings {
    /// Seconds that a sign-in to the portal lasts.
    pub session_seconds: Option<i64>,
    /// Seconds that an access token of a command line lasts.
    pub access_token_seconds: Option<i64>,
    /// The portal's own subdomain of `awsapps.com`; it cannot be changed again.
    pub alias: Option<String>,
    /// Whose value of an attribute for access control counts.
    pub attribute_precedence: Option<AttributePrecedence>,
}

/// Changes settings of the access portal.
pub fn change_portal(aws: &LocalAws, settings: &PortalSettings) -> Result<(), InstanceError> {
    edit(aws, |record| {
        if let Some(seconds) = settings.session_seconds {
            if !PORTAL_SESSION.contains(&seconds) {
                return Err(InstanceError::Invalid(
                    "the session duration of the access portal is between 15 minutes and 90 days"
                        .to_owned(),
                ));
            }
            record.portal_session_seconds = seconds;
        }
        if let Some(seconds) = settings.access_token_seconds {
            if !ACCESS_TOKEN.contains(&seconds) {
                return Err(InstanceError::Invalid(
                    "an access token lasts between a minute and 8 hours".to_owned(),
                ));
            }
            record.access_token_seconds = seconds;
        }
        if let Some(alias) = &settings.alias {
            if record.portal_alias.as_ref().is_some_and(|is| is != alias) {
                return Err(InstanceError::Invalid(
                    "the access portal has an address of its own already; it cannot be changed again"
                        .to_owned(),
                ));
            }
            if !is_subdomain(alias) {
                return Err(InstanceError::Invalid(format!(
                    "'{alias}' cannot be an address: take lower-case letters, digits and hyphens, not beginning with d-"
                )));
            }
            record.portal_alias = Some(alias.clone());
        }
        if let Some(precedence) = settings.attribute_precedence {
            record.attribute_precedence = precedence;
        }
        Ok(())
    })
}

fn is_subdomain(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.starts_with("d-")
}
