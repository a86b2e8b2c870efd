//! Why nobody is signed in: AWS's text for the person (identity-center.md §4.4), and what is
//! wrong, where, and what to do.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use jetway_pages::local::identity_center::{CenterSignInRefused, Diagnosis};
use jetway_saml::{NAMEID_EMAIL, ParseError, VerifyError};
use time::OffsetDateTime;

use crate::{
    identity_center::{PORTAL_PATH, browser::Visit},
    instant::iso8601,
};

const UNEXPECTED: &str = "An unexpected error has occurred";
const LATER: &str = "We couldn't complete your request right now. Please try again later.";
const NOT_YOU: &str = "It's not you, it is us";
const NOBODY: &str = "Invalid MFA credentials";

const SOURCE: &str = "IAM Identity Center, Settings, Identity source";

/// A response that signs nobody in.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("The form has no field SAMLResponse.")]
    NoResponse,
    #[error("The SAML response cannot be taken: {0}.")]
    Unreadable(#[from] ParseError),
    #[error("The response was sent to the tenant {found}, which is not this instance's.")]
    Tenant { found: String },
    #[error("There is no external identity provider: the identity source is the directory.")]
    NoIdentityProvider,
    #[error("The response is not believed: {0}.")]
    NotVerified(#[from] VerifyError),
    #[error("The certificate that verifies the response expired on {}.", iso8601(until.unix_timestamp()))]
    CertificateExpired { until: OffsetDateTime },
    #[error("The response was issued by {found}, but the identity provider is {expected}.")]
    Issuer { found: String, expected: String },
    #[error("The assertion is for the audience {found:?}, but this instance is {expected}.")]
    Audience { found: String, expected: String },
    #[error("The {what} is {found}, but the assertion consumer service is {expected}.")]
    Address {
        what: &'static str,
        found: String,
        expected: String,
    },
    #[error(
        "The assertion is valid from {} on, but here it is {}.",
        iso8601(from.unix_timestamp()),
        iso8601(now.unix_timestamp())
    )]
    NotYetValid {
        from: OffsetDateTime,
        now: OffsetDateTime,
    },
    #[error(
        "The assertion was valid until {}, but here it is {}.",
        iso8601(until.unix_timestamp()),
        iso8601(now.unix_timestamp())
    )]
    Expired {
        until: OffsetDateTime,
        now: OffsetDateTime,
    },
    #[error("Not a valid response for the provided request id: {id}")]
    Request { id: String },
    #[error("The RelayState is not the one that went with the request.")]
    RelayState,
    #[error("The NameID has the format {found}, but must have {NAMEID_EMAIL}.")]
    NameIdFormat { found: String },
    #[error("There is no user with the userName {name}.")]
    NoUser { name: String },
    #[error("The NameID is {name}, but the userName is {user_name}.")]
    OtherName { name: String, user_name: String },
    #[error("The user {name} is disabled.")]
    Disabled { name: String },
    #[error("{0}")]
    Attributes(String),
    #[error("This SAML response was used before.")]
    Used,
}

impl Refusal {
    /// What AWS shows.
    fn message(&self) -> &'static str {
        match self {
            Self::Unreadable(ParseError::Status { .. }) => LATER,
            Self::NotVerified(_)
            | Self::CertificateExpired { .. }
            | Self::NotYetValid { .. }
            | Self::Expired { .. } => NOT_YOU,
            Self::NoUser { .. } | Self::Disabled { .. } => NOBODY,
            _ => UNEXPECTED,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NoUser { .. } | Self::OtherName { .. } | Self::Disabled { .. } => {
                StatusCode::FORBIDDEN
            }
            _ => StatusCode::BAD_REQUEST,
        }
    }

    fn place(&self) -> &'static str {
        match self {
            Self::NoResponse | Self::Unreadable(_) | Self::Tenant { .. } => {
                "The form that the identity provider posted"
            }
            Self::NotVerified(_) | Self::CertificateExpired { .. } => {
                "IAM Identity Center, Settings, Identity source, Manage certificates"
            }
            Self::NoIdentityProvider | Self::Issuer { .. } => SOURCE,
            Self::Audience { .. } => "Audience of the assertion",
            Self::Address { .. } => "Addresses in the response",
            Self::NotYetValid { .. } | Self::Expired { .. } => "Times in the assertion",
            Self::Request { .. } => "InResponseTo of the response",
            Self::RelayState => "RelayState of the form",
            Self::NameIdFormat { .. } | Self::OtherName { .. } => "NameID of the assertion",
            Self::NoUser { .. } | Self::Disabled { .. } => "IAM Identity Center, Users",
            Self::Attributes(_) => "Attributes of the assertion",
            Self::Used => "The assertion",
        }
    }

    fn remedies(&self) -> &'static [&'static str] {
        match self {
            Self::NoResponse => &["Open AWS again at your identity provider."],
            Self::Unreadable(ParseError::Encrypted { .. }) => {
                &["Switch assertion encryption off for this application at the identity provider."]
            }
            Self::Unreadable(ParseError::Status { .. }) => &[
                "The identity provider refused the request: its own log says why.",
                "Often it cannot give the NameID format emailAddress, or wants signed requests, which AWS does not send.",
            ],
            Self::Unreadable(_) => &["Send one response with one assertion, as SAML 2.0 has it."],
            Self::Tenant { .. } | Self::Address { .. } => &[
                "Set the ACS URL of the application at the identity provider to this address, or upload the metadata of IAM Identity Center there again.",
            ],
            Self::NoIdentityProvider => {
                &["Change the identity source to an external identity provider first."]
            }
            Self::NotVerified(_) => &[
                "Import the certificate that the identity provider signs with now.",
                "Let it sign the assertion, not only the response.",
            ],
            Self::CertificateExpired { .. } => {
                &["Renew the certificate at the identity provider and import the new one here."]
            }
            Self::Issuer { .. } => {
                &["Upload the metadata of the identity provider again, or correct its entity id."]
            }
            Self::Audience { .. } => &[
                "Set the audience, or SP entity ID, of the application at the identity provider to the issuer URL of IAM Identity Center.",
            ],
            Self::NotYetValid { .. } | Self::Expired { .. } => &[
                "Compare the clocks of both machines.",
                "Then sign in again.",
            ],
            Self::Request { .. } => &[
                "Begin again at the access portal: a sign-in that takes longer than half an hour is forgotten, and each is answered once.",
            ],
            Self::RelayState => &["The identity provider must return the RelayState as it got it."],
            Self::NameIdFormat { .. } => &[
                "Set the NameID format of the application at the identity provider to emailAddress.",
            ],
            Self::NoUser { .. } => &[
                "Provision the user by SCIM, or create it: nobody is created by signing in.",
                "The NameID must be the userName, not another address of the user.",
            ],
            Self::OtherName { .. } => &[
                "Send the userName as NameID, in the same case. The e-mail address is not looked at.",
            ],
            Self::Disabled { .. } => &["Enable the user where it is managed."],
            Self::Attributes(_) => {
                &["Send each attribute once, with one value, and only those that policies need."]
            }
            Self::Used => {
                &["Each response signs in once: open AWS again at your identity provider."]
            }
        }
    }

    /// The page. Only the person's browser gets it; whoever set the federation up reads the same in
    /// the log.
    pub(super) fn into_page(self, visit: &Visit) -> Response<Body> {
        let page = CenterSignInRefused {
            message: self.message().to_owned(),
            diagnosis: Diagnosis {
                problem: self.to_string(),
                place: self.place().to_owned(),
                remedies: self
                    .remedies()
                    .iter()
                    .map(|text| (*text).to_owned())
                    .collect(),
            },
            reference: visit.op.request_id.clone(),
            again: Some(PORTAL_PATH.to_owned()),
        };
        visit.page(self.status(), page)
    }
}
