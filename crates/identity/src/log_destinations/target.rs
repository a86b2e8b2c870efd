//! What kind of receiver it is and how it is reached.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::log_destinations::LogDestination;
use crate::text::{self, TextError};

/// A receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DestinationTarget {
    /// Batches are POSTed as JSON, signed.
    Webhook { url: Url },
    /// RFC 5424 messages.
    Syslog {
        host: String,
        port: u16,
        transport: SyslogTransport,
    },
    /// JSON lines in a file of this name in the folder `logs` of the data folder.
    File {
        name: String,
        /// A file that has grown beyond this many bytes is put aside and a new one begun.
        max_bytes: u64,
        /// How many files that were put aside are kept.
        keep: u32,
    },
}

/// How syslog messages travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyslogTransport {
    /// RFC 5426: one datagram each. What the network loses is lost.
    Udp,
    /// RFC 6587 §3.4.1: octet counting.
    Tcp,
    /// RFC 5425.
    Tls,
}

/// A destination that cannot work or is not safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidDestination {
    /// As in the API.
    pub field: &'static str,
    pub reason: String,
}

/// Longest name of a destination, in characters.
const MAX_NAME: usize = 128;
const MAX_URL: usize = 2000;

fn refuse(field: &'static str, reason: &str) -> InvalidDestination {
    InvalidDestination {
        field,
        reason: reason.to_owned(),
    }
}

impl DestinationTarget {
    /// The word for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Syslog { .. } => "syslog",
            Self::File { .. } => "file",
        }
    }

    /// The receiver in one line.
    pub fn place(&self) -> String {
        match self {
            Self::Webhook { url } => url.to_string(),
            Self::Syslog {
                host,
                port,
                transport,
            } => {
                let scheme = match transport {
                    SyslogTransport::Udp => "udp",
                    SyslogTransport::Tcp => "tcp",
                    SyslogTransport::Tls => "tls",
                };
                format!("{scheme}://{host}:{port}")
            }
            Self::File { name, .. } => format!("logs/{name}"),
        }
    }

    pub(crate) fn check(&self) -> Result<(), InvalidDestination> {
        match self {
            Self::Webhook { url } => check_webhook(url),
            Self::Syslog { host, port, .. } => {
                let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '@');
                if host.is_empty() || host.len() > 253 || host.contains(odd) {
                    return Err(refuse("target.host", "give the receiver's name or address"));
                }
                if *port == 0 {
                    return Err(refuse("target.port", "use a number from 1 to 65535"));
                }
                Ok(())
            }
            Self::File {
                name,
                max_bytes,
                keep,
            } => check_file(name, *max_bytes, *keep),
        }
    }
}

fn check_webhook(url: &Url) -> Result<(), InvalidDestination> {
    const FIELD: &str = "target.url";
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(refuse(FIELD, "the address must name a host")),
    };
    if url.scheme() != "https" && !(loopback && url.scheme() == "http") {
        let reason = "the address must start with https:// (http:// only on this machine)";
        return Err(refuse(FIELD, reason));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        let reason = "leave out user name, password and fragment; the signature shows who sends";
        return Err(refuse(FIELD, reason));
    }
    if url.as_str().len() > MAX_URL {
        return Err(refuse(FIELD, "use an address of at most 2000 characters"));
    }
    Ok(())
}

fn check_file(name: &str, max_bytes: u64, keep: u32) -> Result<(), InvalidDestination> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || name.len() > 100 || name.starts_with('.') || !name.chars().all(plain) {
        let reason = "use a plain file name of letters, digits, dots, hyphens and underscores; the file is written in the folder logs of the data folder";
        return Err(refuse("target.name", reason));
    }
    if !(64 * 1024..=16 << 30).contains(&max_bytes) {
        let reason = "use a size from 65536 bytes to 16 GiB";
        return Err(refuse("target.max_bytes", reason));
    }
    if !(1..=1000).contains(&keep) {
        return Err(refuse("target.keep", "keep from 1 to 1000 files"));
    }
    Ok(())
}

/// Checks what people typed.
pub(crate) fn check(name: &str, target: &DestinationTarget) -> Result<(), InvalidDestination> {
    text::check_filled("name", name, MAX_NAME).map_err(|error: TextError| InvalidDestination {
        field: "name",
        reason: error.to_string(),
    })?;
    target.check()
}

/// Two destinations may not have the same name, nor write the same file.
pub(crate) fn check_against(
    others: &[LogDestination],
    candidate: &LogDestination,
) -> Result<(), InvalidDestination> {
    for other in others.iter().filter(|other| other.id != candidate.id) {
        if other.name.to_lowercase() == candidate.name.to_lowercase() {
            return Err(refuse("name", "another destination has this name"));
        }
        if let (DestinationTarget::File { name, .. }, DestinationTarget::File { name: wanted, .. }) =
            (&other.target, &candidate.target)
            && name == wanted
        {
            return Err(refuse(
                "target.name",
                "another destination writes this file",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(url: &str) -> Result<(), InvalidDestination> {
        let url = Url::parse(url).unwrap();
        DestinationTarget::Webhook { url }.check()
    }

    #[test]
    fn a_webhook_needs_https_except_on_this_machine() {
        assert_eq!(webhook("https://siem.example.com/in?x=1"), Ok(()));
        assert_eq!(webhook("http://127.0.0.1:9000/"), Ok(()));
        assert_eq!(webhook("http://localhost:9000/"), Ok(()));
        for refused in [
            "http://siem.example.com/",
            "ftp://127.0.0.1/",
            "https://a:b@siem.example.com/",
            "http://127.0.0.1.example.com/",
            "file:///etc/passwd",
        ] {
            assert_eq!(
                webhook(refused).unwrap_err().field,
                "target.url",
                "{refused}"
            );
        }
    }

    #[test]
    fn a_file_stays_in_its_folder() {
        let file = |name: &str| {
            DestinationTarget::File {
                name: name.to_owned(),
                max_bytes: 1 << 20,
                keep: 3,
            }
            .check()
        };
        assert_eq!(file("activity-log_1.jsonl"), Ok(()));
        for refused in ["", "../x", "/etc/x", ".hidden", "a/b", "a\\b", "a b", "ä"] {
            assert!(file(refused).is_err(), "{refused}");
        }
    }
}
