//! Status of a response (SAML core 3.2.2): how a request went, in URIs and perhaps in words.

use roxmltree::Node;

use crate::{
    IssueError, ParseError, ProtocolPrefix, issue::Writer, names::NS_PROTOCOL,
    verify::children::Children, xml::read::sole_text,
};

const PREFIX: &str = "urn:oasis:names:tc:SAML:2.0:status:";

/// A status with its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The top-level code.
    pub code: StatusCode,
    /// The code below it. One that is not listed here is read as `None`.
    pub subcode: Option<StatusSubcode>,
    /// `StatusMessage`, for people.
    pub message: Option<String>,
}

/// Top-level codes (SAML core 3.2.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusCode {
    /// The request was granted.
    Success,
    /// The request cannot be granted because of something the requester did.
    Requester,
    /// The request cannot be granted because of something on this side.
    Responder,
    /// The version of the request is not supported.
    VersionMismatch,
}

/// Second-level codes (SAML core 3.2.2.2) as far as identity providers use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusSubcode {
    /// The person could not be authenticated.
    AuthnFailed,
    /// The requested NameID format cannot be given.
    InvalidNameIdPolicy,
    /// The requested authentication context cannot be met.
    NoAuthnContext,
    /// Without showing anything, the person cannot be authenticated.
    NoPassive,
    /// Not every participant could be logged out.
    PartialLogout,
    /// The person or the service provider may not have this.
    RequestDenied,
    /// Something in the request is not supported.
    RequestUnsupported,
    /// The version of the request is too high.
    RequestVersionTooHigh,
    /// The version of the request is too low.
    RequestVersionTooLow,
    /// The named person is not known.
    UnknownPrincipal,
    /// The wished binding cannot be used.
    UnsupportedBinding,
}

impl StatusCode {
    const ALL: [Self; 4] = [
        Self::Success,
        Self::Requester,
        Self::Responder,
        Self::VersionMismatch,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Requester => "Requester",
            Self::Responder => "Responder",
            Self::VersionMismatch => "VersionMismatch",
        }
    }
}

impl StatusSubcode {
    const ALL: [Self; 11] = [
        Self::AuthnFailed,
        Self::InvalidNameIdPolicy,
        Self::NoAuthnContext,
        Self::NoPassive,
        Self::PartialLogout,
        Self::RequestDenied,
        Self::RequestUnsupported,
        Self::RequestVersionTooHigh,
        Self::RequestVersionTooLow,
        Self::UnknownPrincipal,
        Self::UnsupportedBinding,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::AuthnFailed => "AuthnFailed",
            Self::InvalidNameIdPolicy => "InvalidNameIDPolicy",
            Self::NoAuthnContext => "NoAuthnContext",
            Self::NoPassive => "NoPassive",
            Self::PartialLogout => "PartialLogout",
            Self::RequestDenied => "RequestDenied",
            Self::RequestUnsupported => "RequestUnsupported",
            Self::RequestVersionTooHigh => "RequestVersionTooHigh",
            Self::RequestVersionTooLow => "RequestVersionTooLow",
            Self::UnknownPrincipal => "UnknownPrincipal",
            Self::UnsupportedBinding => "UnsupportedBinding",
        }
    }
}

impl Status {
    /// Plain success.
    pub fn success() -> Self {
        Self {
            code: StatusCode::Success,
            subcode: None,
            message: None,
        }
    }

    /// A failure with its second-level code.
    pub fn failure(code: StatusCode, subcode: StatusSubcode) -> Self {
        Self {
            code,
            subcode: Some(subcode),
            message: None,
        }
    }

    /// The same with words for people.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Writes it below an element that declares the prefix.
    pub(crate) fn write(&self, w: &mut Writer, prefix: ProtocolPrefix) -> Result<(), IssueError> {
        let names = prefix.names();
        w.open(names.status, &[])?;
        let code = format!("{PREFIX}{}", self.code.name());
        w.open(names.status_code, &[("Value", &code)])?;
        if let Some(subcode) = self.subcode {
            let subcode = format!("{PREFIX}{}", subcode.name());
            w.empty(names.status_code, &[("Value", &subcode)])?;
        }
        w.close(names.status_code);
        if let Some(message) = &self.message {
            w.leaf(names.status_message, &[], message)?;
        }
        w.close(names.status);
        Ok(())
    }

    pub(crate) fn read(status: Node<'_, '_>) -> Result<Self, ParseError> {
        let what = "StatusCode";
        let mut children = Children::of(status, "Status");
        let code = children
            .take(NS_PROTOCOL, what)
            .ok_or(ParseError::Missing { what })?;
        let message = children.take(NS_PROTOCOL, "StatusMessage");
        children.take(NS_PROTOCOL, "StatusDetail");
        children.finish()?;
        let mut below = Children::of(code, what);
        let subcode = below.take(NS_PROTOCOL, what);
        below.finish()?;
        let top = name(code);
        Ok(Self {
            code: StatusCode::ALL
                .into_iter()
                .find(|code| Some(code.name()) == top)
                .ok_or(ParseError::InvalidValue {
                    what: "StatusCode/@Value",
                })?,
            subcode: subcode.and_then(name).and_then(|subcode| {
                StatusSubcode::ALL
                    .into_iter()
                    .find(|known| known.name() == subcode)
            }),
            message: message.and_then(sole_text).map(str::to_owned),
        })
    }
}

/// What follows the common beginning of all codes.
fn name<'a>(code: Node<'a, '_>) -> Option<&'a str> {
    code.attribute("Value")?.strip_prefix(PREFIX)
}
