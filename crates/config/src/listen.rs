//! Addresses, URLs and regions as people write them.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use url::Url;

use crate::ConfigError;

/// The address to bind: `given` is (where it was given, its text).
pub(crate) fn address(
    given: Option<(String, String)>,
    default: &str,
) -> Result<SocketAddr, ConfigError> {
    let (source_name, value) = given.unwrap_or_else(|| ("default".to_owned(), default.to_owned()));
    value.parse().map_err(|_| ConfigError::Value {
        source_name,
        value,
        expected: "an address and a port, such as 127.0.0.1:8700",
    })
}

/// The URL that people use: `given` is (where it was given, its text).
pub(crate) fn public_url(given: Option<(String, String)>) -> Result<Option<Url>, ConfigError> {
    let Some((source_name, value)) = given else {
        return Ok(None);
    };
    let refused = |value: String| ConfigError::Value {
        source_name: source_name.clone(),
        value,
        expected: "an http(s) URL without a path, such as https://sso.example.com",
    };
    let Ok(url) = Url::parse(&value) else {
        return Err(refused(value));
    };
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if plain {
        Ok(Some(url))
    } else {
        Err(refused(value))
    }
}

/// Networks separated by commas, such as `10.0.0.0/8,::1`; an address alone is a network of one.
pub(crate) fn networks(given: Option<(String, String)>) -> Result<Vec<IpNet>, ConfigError> {
    let Some((source_name, value)) = given else {
        return Ok(Vec::new());
    };
    let parts = value.split(',').map(str::trim).filter(|it| !it.is_empty());
    let read = |text: &str| match text.parse::<IpNet>() {
        Ok(network) => Ok(network),
        Err(_) => text.parse::<IpAddr>().map(IpNet::from),
    };
    let networks: Result<Vec<_>, _> = parts.map(read).collect();
    networks.map_err(|_| ConfigError::Value {
        source_name,
        value,
        expected: "a list of addresses or networks, such as 10.0.0.0/8,::1",
    })
}

pub(crate) fn region(value: String) -> Result<String, ConfigError> {
    let plausible = value.len() <= 32
        && value.split('-').count() >= 3
        && value.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
    if plausible {
        Ok(value)
    } else {
        Err(ConfigError::Value {
            source_name: "region".to_owned(),
            value,
            expected: "a region name, such as us-east-1",
        })
    }
}

/// The URL of a bound address. A loopback address is written `localhost`: browsers treat that
/// name as a secure context, which WebAuthn and clipboard access need.
///
/// # Errors
/// When the address cannot be written as a URL.
pub fn loopback_url(bound: SocketAddr) -> Result<Url, ConfigError> {
    let text = if bound.ip().is_loopback() || bound.ip().is_unspecified() {
        format!("http://localhost:{}", bound.port())
    } else {
        format!("http://{bound}")
    };
    Url::parse(&text).map_err(|_| ConfigError::NoUrl(bound))
}
