//! How the elements of a response that belong to the protocol are prefixed.

/// The prefix of the protocol's elements. XML gives it no meaning, but some clients look for
/// elements by prefix and local name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProtocolPrefix {
    /// `samlp`, as SAML's own texts have it.
    #[default]
    Samlp,
    /// `saml2p`, as Shibboleth writes it. saml2aws, as an enhanced client, takes nothing else.
    Saml2p,
}

/// The names of the elements around an assertion, or of a status without one.
pub(crate) struct Names {
    pub(crate) response: &'static str,
    pub(crate) status: &'static str,
    pub(crate) status_code: &'static str,
    pub(crate) status_message: &'static str,
}

impl ProtocolPrefix {
    /// The attribute that declares it.
    pub(super) fn declaration(self) -> &'static str {
        match self {
            Self::Samlp => "xmlns:samlp",
            Self::Saml2p => "xmlns:saml2p",
        }
    }

    pub(crate) fn names(self) -> Names {
        match self {
            Self::Samlp => Names {
                response: "samlp:Response",
                status: "samlp:Status",
                status_code: "samlp:StatusCode",
                status_message: "samlp:StatusMessage",
            },
            Self::Saml2p => Names {
                response: "saml2p:Response",
                status: "saml2p:Status",
                status_code: "saml2p:StatusCode",
                status_message: "saml2p:StatusMessage",
            },
        }
    }
}
