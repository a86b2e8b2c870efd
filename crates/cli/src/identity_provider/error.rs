//! Why a sign-in gives no assertion, and what to do about it.

use super::Provider;
use crate::http::HttpError;
use crate::prompt::PromptError;

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
    #[error("{provider}: {message}")]
    PushRefused { provider: Provider, message: String },
    /// The person said no in the browser.
    #[error("{provider}: the sign-in was denied in the browser")]
    Denied { provider: Provider },
    /// The person said yes, and the organisation does not let the command line in.
    #[error("{provider}: {message}")]
    RefusedByPolicy { provider: Provider, message: String },
    /// Nobody said anything in the browser.
    #[error("{provider}: nobody answered in the browser in time")]
    NotAnswered { provider: Provider },
    #[error("{provider} has no sign-in through the browser for command lines")]
    NoDeviceFlow { provider: Provider },
    #[error("the request cannot be written: {0}")]
    Encoding(serde_json::Error),
    #[error("{provider} keeps redirecting too often")]
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
                "Set up a one-time code (TOTP) in the user portal, then sign in again. Where it is \
                 Jetway, every factor works with: jetway login --browser"
                    .to_owned()
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
            Self::NeedsBrowser { .. } => "A policy of the identity provider asks for a browser. \
                                          Where it is Jetway, use: jetway login --browser"
                .to_owned(),
            Self::PushRefused { .. } => "The phone has to show the page of Jetway Protect. It is \
                                         never asked again by itself: three times in five minutes \
                                         are allowed. With another factor: --mfa TOTP"
                .to_owned(),
            Self::Denied { .. } => "If it was not you who denied it, ask whoever is signed in \
                                    there. Begin again to get a new code."
                .to_owned(),
            Self::NotAnswered { .. } => {
                "A code is good for ten minutes. Begin again to get a new one.".to_owned()
            }
            Self::NoDeviceFlow { .. } => {
                "Sign in without --browser. Check --url if this should be \
                                          a Jetway identity provider."
                    .to_owned()
            }
            // Their words say what to do.
            Self::RefusedByPolicy { .. }
            | Self::TooManyRedirects { .. }
            | Self::Unexpected { .. }
            | Self::Encoding(_)
            | Self::Prompt(_) => {
                return None;
            }
        })
    }
}
