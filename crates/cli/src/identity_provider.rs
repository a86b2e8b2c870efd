//! Signing in at the identity provider through the user console contract (the one that JumpCloud
//! has and Jetway serves).

mod address;
mod console;
mod device;
mod error;
mod page;
mod password;
mod push;

pub(crate) use address::{AddressError, IdpAddress};
pub(crate) use console::Console;
pub(crate) use device::BrowserSignIn;
pub(crate) use error::SignInError;
pub(crate) use password::SignIn;

use std::fmt;

/// The identity providers that can be signed in at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    Jetway,
    JumpCloud,
}

/// The names saml2aws knows (reference: its validation table).
const FOREIGN: [&str; 19] = [
    "Akamai",
    "ADFS",
    "ADFS2",
    "Auth0",
    "Authentik",
    "AzureAD",
    "Browser",
    "F5APM",
    "GoogleApps",
    "KeyCloak",
    "NetIQ",
    "Okta",
    "OneLogin",
    "Ping",
    "PingNTLM",
    "PingOne",
    "Shell",
    "Shibboleth",
    "ShibbolethECP",
];

/// Why a provider cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProviderError {
    #[error("Jetway does not sign in through {0} yet")]
    NotSupported(String),
    #[error("Invalid provider: {0}")]
    Unknown(String),
}

impl Provider {
    pub(crate) const ALL: [Self; 2] = [Self::Jetway, Self::JumpCloud];

    pub(crate) fn parse(name: &str) -> Result<Self, ProviderError> {
        if let Some(found) = Self::ALL
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(name))
        {
            return Ok(found);
        }
        Err(
            match FOREIGN
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(name))
            {
                Some(known) => ProviderError::NotSupported(known.to_owned()),
                None => ProviderError::Unknown(name.to_owned()),
            },
        )
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Jetway => "Jetway",
            Self::JumpCloud => "JumpCloud",
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The second factor that an account asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Factor {
    /// Whichever is available.
    Auto,
    Totp,
    /// Approval on the phone.
    Push,
    /// Known to saml2aws and JumpCloud; refused at sign-in when it is needed.
    Other(&'static str),
}

impl Factor {
    pub(crate) const OFFERED: [Self; 3] = [Self::Auto, Self::Totp, Self::Push];
    const OTHERS: [&'static str; 2] = ["WEBAUTHN", "DUO"];

    /// `None` for a name that JumpCloud's contract does not have.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        if let Some(found) = Self::OFFERED
            .into_iter()
            .find(|f| f.name().eq_ignore_ascii_case(name))
        {
            return Some(found);
        }
        Self::OTHERS
            .into_iter()
            .find(|f| f.eq_ignore_ascii_case(name))
            .map(Self::Other)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Totp => "TOTP",
            Self::Push => "PUSH",
            Self::Other(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_of_saml2aws_are_told_apart_from_typing_errors() {
        assert_eq!(Provider::parse("JumpCloud"), Ok(Provider::JumpCloud));
        assert_eq!(Provider::parse("jetway"), Ok(Provider::Jetway));
        assert_eq!(
            Provider::parse("okta"),
            Err(ProviderError::NotSupported("Okta".to_owned()))
        );
        assert_eq!(
            Provider::parse("Foo"),
            Err(ProviderError::Unknown("Foo".to_owned()))
        );
    }
}
