//! The address of an application at the identity provider, and of the console behind it.

use url::Url;

use super::Provider;
use crate::http::{HttpError, require_safe};

/// A checked IdP URL: `https://<host>/saml2/<application>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdpAddress {
    url: Url,
    console: Url,
}

/// What is wrong with an address.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AddressError {
    #[error("{0:?} is not a URL: {1}")]
    NotAUrl(String, &'static str),
    #[error(transparent)]
    Insecure(#[from] HttpError),
    #[error("{0} holds a user name or a password")]
    Credentials(String),
    #[error("{0} is the console's address, not that of an AWS application")]
    Console(Url),
    #[error("{0} is not the address of an application: its path is not /saml2/<application>")]
    Path(Url),
}

impl AddressError {
    pub(crate) fn advice(&self, provider: Provider) -> String {
        let example = match provider {
            Provider::JumpCloud => "https://sso.jumpcloud.com/saml2/acme-prod-aws-admin",
            Provider::Jetway => "https://id.example.com/saml2/acme-prod-aws-admin",
        };
        match self {
            Self::Insecure(error) => error.advice().unwrap_or_default().to_owned(),
            Self::Credentials(_) => "Give the user name with --username.".to_owned(),
            _ => format!("It is the \"IDP URL\" of the AWS application, such as {example}"),
        }
    }
}

impl IdpAddress {
    pub(crate) fn parse(text: &str) -> Result<Self, AddressError> {
        let mut url = Url::parse(text).map_err(|error| {
            let reason = match error {
                url::ParseError::RelativeUrlWithoutBase => "it does not begin with https://",
                url::ParseError::InvalidPort => "the port is not a number below 65536",
                url::ParseError::EmptyHost => "the host is missing",
                _ => "its host or its form is not valid",
            };
            AddressError::NotAUrl(text.to_owned(), reason)
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            let host = url.host_str().unwrap_or_default();
            return Err(AddressError::Credentials(format!("The address of {host}")));
        }
        require_safe(&url)?;
        url.set_fragment(None);
        if !is_application_path(url.path()) {
            let host = url.host_str().unwrap_or_default();
            return Err(
                if host.starts_with("console.") && host.ends_with(".jumpcloud.com") {
                    AddressError::Console(url)
                } else {
                    AddressError::Path(url)
                },
            );
        }
        let console = console_of(&url);
        Ok(Self { url, console })
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// An address below the console's origin.
    pub(crate) fn console(&self, path: &str) -> Url {
        let mut url = self.console.clone();
        url.set_path(path);
        url
    }

    /// The application as the console contract names it: `saml2/<application>`.
    pub(crate) fn redirect_to(&self) -> String {
        let path = self.url.path().trim_start_matches('/');
        self.url
            .query()
            .map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }
}

fn is_application_path(path: &str) -> bool {
    path.strip_prefix("/saml2/")
        .is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// JumpCloud has the console on a host of its own in each region (US, EU, IN):
/// `sso.eu.jumpcloud.com` → `console.eu.jumpcloud.com`. Everywhere else it is the same origin.
fn console_of(url: &Url) -> Url {
    let mut console = url.clone();
    console.set_query(None);
    console.set_path("/");
    let host = url.host_str().unwrap_or_default();
    if let Some(region) = host
        .strip_prefix("sso.")
        .filter(|_| host.ends_with(".jumpcloud.com"))
    {
        // Setting a host that was part of a valid one cannot fail.
        let _ = console.set_host(Some(&format!("console.{region}")));
    }
    console
}

#[cfg(test)]
mod tests {
    use super::*;

    fn console(url: &str) -> String {
        IdpAddress::parse(url)
            .unwrap()
            .console("/userconsole/xsrf")
            .to_string()
    }

    fn refusal(url: &str) -> String {
        IdpAddress::parse(url).unwrap_err().to_string()
    }

    #[test]
    fn the_console_of_each_jumpcloud_region_is_found() {
        for region in ["", "eu.", "in."] {
            assert_eq!(
                console(&format!("https://sso.{region}jumpcloud.com/saml2/aws")),
                format!("https://console.{region}jumpcloud.com/userconsole/xsrf")
            );
        }
    }

    #[test]
    fn elsewhere_the_console_is_on_the_same_origin() {
        assert_eq!(
            console("http://localhost:8700/saml2/acme"),
            "http://localhost:8700/userconsole/xsrf"
        );
        assert_eq!(
            console("https://sso.acme.com/saml2/acme"),
            "https://sso.acme.com/userconsole/xsrf"
        );
        assert_eq!(
            console("https://sso.notjumpcloud.com.evil.example/saml2/acme"),
            "https://sso.notjumpcloud.com.evil.example/userconsole/xsrf"
        );
    }

    #[test]
    fn the_application_is_named_without_a_leading_slash() {
        let address = IdpAddress::parse("https://sso.jumpcloud.com/saml2/acme-prod").unwrap();
        assert_eq!(address.redirect_to(), "saml2/acme-prod");
    }

    #[test]
    fn wrong_addresses_are_refused_with_the_reason() {
        assert!(refusal("sso.jumpcloud.com/saml2/x").contains("https://"));
        assert!(refusal("http://sso.jumpcloud.com/saml2/x").contains("not an https address"));
        assert!(refusal("ftp://localhost/saml2/x").contains("not an https address"));
        assert!(refusal("https://console.jumpcloud.com/login").contains("console's address"));
        assert!(refusal("https://sso.jumpcloud.com/").contains("/saml2/<application>"));
        assert!(refusal("https://sso.jumpcloud.com/saml2/").contains("/saml2/<application>"));
        assert!(!refusal("https://me:secret@sso.jumpcloud.com/saml2/x").contains("secret"));
    }
}
