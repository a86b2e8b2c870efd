//! HTTP for both sides. Nothing is set up before the first request, and TLS only when an https
//! address is asked. Redirects are not followed here: the caller decides on each hop.

mod proxy;
mod trust;

pub(crate) use proxy::ProxySettings;
pub(crate) use trust::{CertificateFile, Trust};

use std::cell::OnceCell;
use std::io;
use std::time::Duration;

use ureq::http::Response;
use ureq::tls::TlsConfig;
use ureq::{Agent, RequestBuilder};
use url::{Host, Url};

use crate::printer::Printer;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For an answer of a sign-in: a page with an assertion has a hundred kilobytes at most.
pub(crate) const PAGE: u64 = 2 * 1024 * 1024;
/// For an answer of the API: an export of a hundred thousand people has some ten megabytes.
pub(crate) const EXPORT: u64 = 128 * 1024 * 1024;
/// How the standard library begins the error of a name that does not resolve; it has no kind.
const LOOKUP_FAILED: &str = "failed to lookup address information";
const USER_AGENT: &str = concat!("jetway/", env!("CARGO_PKG_VERSION"));

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("{0} is not an https address")]
    Insecure(String),
    #[error("the host {0} could not be found")]
    HostNotFound(String),
    #[error("{host} cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    #[error("{host} did not answer in time ({stage})")]
    Timeout { host: String, stage: String },
    #[error("no secure connection to {host}: {reason}")]
    Tls { host: String, reason: String },
    #[error("{host} did not answer in HTTP: {reason}")]
    Protocol { host: String, reason: String },
    #[error("the certificates of {origin} cannot be used: {reason}")]
    Certificates { origin: String, reason: String },
    #[error("this system's certificates cannot be found: none of {0} holds any")]
    NoSystemCertificates(String),
    #[error("the proxy address in {variable} cannot be used: {reason}")]
    Proxy {
        variable: &'static str,
        reason: String,
    },
}

impl HttpError {
    /// Whether the same request may succeed a moment later.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. } | Self::HostNotFound(_) | Self::Protocol { .. }
        )
    }

    /// Whether a setting is wrong, not the network.
    pub(crate) fn is_configuration(&self) -> bool {
        matches!(
            self,
            Self::Insecure(_)
                | Self::Certificates { .. }
                | Self::NoSystemCertificates(_)
                | Self::Proxy { .. }
        )
    }

    pub(crate) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Insecure(_) => Some(
                "Credentials are sent over https only, or over http to this machine (localhost).",
            ),
            Self::HostNotFound(_) => Some("Check the address, the network and the VPN."),
            Self::Unreachable { .. } | Self::Timeout { .. } => {
                Some("Check the network, the VPN and the proxy (HTTPS_PROXY, NO_PROXY).")
            }
            Self::Tls { .. } => Some(
                "Where TLS is inspected, name the organisation's certificates in SSL_CERT_FILE \
                 (for AWS: AWS_CA_BUNDLE).",
            ),
            Self::Certificates { .. } => {
                Some("The setting must lead to certificates in PEM form; correct or remove it.")
            }
            Self::NoSystemCertificates(_) => Some(
                "Install the system's certificates (the package ca-certificates), or name a PEM \
                 file in SSL_CERT_FILE (for AWS: AWS_CA_BUNDLE).",
            ),
            Self::Proxy { .. } => Some("It looks like http://proxy.example.com:3128."),
            Self::Protocol { .. } => None,
        }
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// An answer of bounded size.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) status: u16,
    /// Lower case, without parameters: `text/html`.
    pub(crate) content_type: String,
    pub(crate) location: Option<String>,
    /// `ETag`, as written.
    pub(crate) tag: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// How to reach servers.
#[derive(Clone, Debug)]
pub(crate) struct HttpSettings {
    pub(crate) trust: Trust,
    pub(crate) proxy: ProxySettings,
    /// For a whole exchange.
    pub(crate) timeout: Duration,
    /// The most that is read of an answer, in bytes.
    pub(crate) most_body: u64,
}

/// A client with its own cookies, which are kept in memory only.
pub(crate) struct Http {
    settings: HttpSettings,
    printer: Printer,
    agent: OnceCell<Agent>,
    tls: OnceCell<TlsConfig>,
}

impl Http {
    pub(crate) fn new(settings: HttpSettings, printer: Printer) -> Self {
        Self {
            settings,
            printer,
            agent: OnceCell::new(),
            tls: OnceCell::new(),
        }
    }

    /// Reads what a connection to `url` needs: certificates and the proxy's address. Fails as the
    /// first request would, without sending anything.
    pub(crate) fn prepare(&self, url: &Url) -> Result<(), HttpError> {
        self.settings.proxy.for_url(url)?;
        self.tls(url)?;
        Ok(())
    }

    pub(crate) fn get(&self, url: &Url, headers: &[(&str, &str)]) -> Result<Answer, HttpError> {
        self.send(Method::Get, url, headers, None)
    }

    pub(crate) fn post(
        &self,
        url: &Url,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, HttpError> {
        self.send(Method::Post, url, headers, Some(body))
    }

    /// One request, and its answer whatever the status. Without a body `POST` and `PATCH` send an
    /// empty one.
    pub(crate) fn send(
        &self,
        method: Method,
        url: &Url,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Answer, HttpError> {
        self.printer
            .detail(|| format!("> {} {}", method.name(), without_query(url)));
        let agent = self.agent();
        let outcome = match method {
            Method::Get => self.prepared(agent.get(url.as_str()), url, headers)?.call(),
            Method::Delete => self
                .prepared(agent.delete(url.as_str()), url, headers)?
                .call(),
            Method::Post => self
                .prepared(agent.post(url.as_str()), url, headers)?
                .send(body.unwrap_or_default()),
            Method::Patch => self
                .prepared(agent.patch(url.as_str()), url, headers)?
                .send(body.unwrap_or_default()),
        };
        self.finish(url, outcome)
    }

    fn prepared<B>(
        &self,
        mut request: RequestBuilder<B>,
        url: &Url,
        headers: &[(&str, &str)],
    ) -> Result<RequestBuilder<B>, HttpError> {
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut config = request.config().proxy(self.settings.proxy.for_url(url)?);
        if let Some(tls) = self.tls(url)? {
            config = config.tls_config(tls);
        }
        Ok(config.build())
    }

    fn agent(&self) -> &Agent {
        self.agent.get_or_init(|| {
            Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .proxy(None)
                .timeout_connect(Some(CONNECT_TIMEOUT))
                .timeout_global(Some(self.settings.timeout))
                .user_agent(USER_AGENT)
                .build()
                .into()
        })
    }

    /// `None` where no TLS is needed, which is on this machine only.
    fn tls(&self, url: &Url) -> Result<Option<TlsConfig>, HttpError> {
        require_safe(url)?;
        if url.scheme() != "https" {
            return Ok(None);
        }
        if self.tls.get().is_none() {
            let _ = self.tls.set(self.settings.trust.tls_config()?);
        }
        Ok(self.tls.get().cloned())
    }

    fn finish(
        &self,
        url: &Url,
        outcome: Result<Response<ureq::Body>, ureq::Error>,
    ) -> Result<Answer, HttpError> {
        let mut response = outcome.map_err(|error| explain(url, error))?;
        let header = |name| {
            let value = response.headers().get(name)?;
            Some(value.to_str().ok()?.to_owned())
        };
        let location = header("location");
        let tag = header("etag");
        let content_type = header("content-type").unwrap_or_default();
        let content_type = content_type.split(';').next().unwrap_or_default().trim();
        let content_type = content_type.to_ascii_lowercase();
        let body = response
            .body_mut()
            .with_config()
            .limit(self.settings.most_body)
            .read_to_vec()
            .map_err(|error| explain(url, error))?;
        let status = response.status().as_u16();
        self.printer
            .detail(|| format!("< {status} {content_type} ({} bytes)", body.len()));
        Ok(Answer {
            url: url.clone(),
            status,
            content_type,
            location,
            tag,
            body,
        })
    }
}

/// Queries may carry what should not be on a screen.
fn without_query(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    shown.to_string()
}

/// Refuses addresses that would carry credentials over the network in the clear.
pub(crate) fn require_safe(url: &Url) -> Result<(), HttpError> {
    match url.scheme() {
        "https" if url.host().is_some() => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        _ => Err(HttpError::Insecure(without_query(url))),
    }
}

/// Whether the address is this machine, whatever the resolver says.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn explain(url: &Url, error: ureq::Error) -> HttpError {
    let host = host_and_port(url);
    match error {
        ureq::Error::HostNotFound => HttpError::HostNotFound(host),
        ureq::Error::Timeout(stage) => HttpError::Timeout {
            host,
            stage: stage.to_string(),
        },
        ureq::Error::Rustls(error) => HttpError::Tls {
            host,
            reason: explain_tls(&error),
        },
        ureq::Error::Tls(reason) => HttpError::Tls {
            host,
            reason: reason.to_owned(),
        },
        ureq::Error::Io(error) => explain_io(host, &error),
        ureq::Error::ConnectionFailed => HttpError::Unreachable {
            host,
            reason: "connection failed".to_owned(),
        },
        other => HttpError::Protocol {
            host,
            reason: other.to_string(),
        },
    }
}

fn explain_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(_) => {
            "it does not answer in TLS; is the address that of an http server?".to_owned()
        }
        other => other.to_string(),
    }
}

fn explain_io(host: String, error: &io::Error) -> HttpError {
    let tls = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    if let Some(tls) = tls {
        return HttpError::Tls {
            host,
            reason: explain_tls(tls),
        };
    }
    if error.to_string().contains(LOOKUP_FAILED) {
        return HttpError::HostNotFound(host);
    }
    match error.kind() {
        io::ErrorKind::TimedOut => HttpError::Timeout {
            host,
            stage: "connection".to_owned(),
        },
        io::ErrorKind::ConnectionRefused => HttpError::Unreachable {
            host,
            reason: "connection refused".to_owned(),
        },
        _ => HttpError::Unreachable {
            host,
            reason: error.to_string(),
        },
    }
}

fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
