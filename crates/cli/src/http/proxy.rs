//! Which proxy leads to a server. Only https goes through one: plain http stays on this machine.

use url::Url;

use super::{HttpError, is_loopback};

/// The environment's proxy variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProxySettings {
    /// The address and the variable it came from.
    pub(crate) https: Option<(String, &'static str)>,
    pub(crate) no_proxy: Option<String>,
}

impl ProxySettings {
    pub(super) fn for_url(&self, url: &Url) -> Result<Option<ureq::Proxy>, HttpError> {
        let Some((address, variable)) = &self.https else {
            return Ok(None);
        };
        if url.scheme() != "https" || is_loopback(url) || self.is_exempt(url) {
            return Ok(None);
        }
        ureq::Proxy::new(address)
            .map(Some)
            .map_err(|error| HttpError::Proxy {
                variable,
                reason: error.to_string(),
            })
    }

    /// As curl and Go read NO_PROXY: `*`, a host, or a domain with all that is below it.
    fn is_exempt(&self, url: &Url) -> bool {
        let (Some(list), Some(host)) = (&self.no_proxy, url.host_str()) else {
            return false;
        };
        let port = url.port_or_known_default().map(|port| port.to_string());
        list.split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .any(|entry| {
                if entry == "*" {
                    return true;
                }
                let (name, wanted) = match entry.rsplit_once(':') {
                    Some((name, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                        (name, Some(digits))
                    }
                    _ => (entry, None),
                };
                if wanted.is_some() && wanted != port.as_deref() {
                    return false;
                }
                let name = name
                    .trim_start_matches('*')
                    .trim_start_matches('.')
                    .to_ascii_lowercase();
                host == name
                    || host
                        .strip_suffix(&name)
                        .is_some_and(|rest| rest.ends_with('.'))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goes_through(no_proxy: &str, url: &str) -> bool {
        let settings = ProxySettings {
            https: Some(("http://proxy.example.com:3128".to_owned(), "HTTPS_PROXY")),
            no_proxy: Some(no_proxy.to_owned()),
        };
        settings
            .for_url(&Url::parse(url).unwrap())
            .unwrap()
            .is_some()
    }

    #[test]
    fn no_proxy_exempts_hosts_and_their_domains() {
        assert!(goes_through("", "https://sso.acme.com/"));
        assert!(!goes_through("acme.com", "https://sso.acme.com/"));
        assert!(!goes_through(
            "other.com, .acme.com",
            "https://sso.acme.com/"
        ));
        assert!(!goes_through("*.acme.com", "https://sso.acme.com/"));
        assert!(!goes_through("*", "https://sso.acme.com/"));
        assert!(!goes_through("sso.acme.com:443", "https://sso.acme.com/"));
        assert!(goes_through("sso.acme.com:8443", "https://sso.acme.com/"));
        assert!(goes_through("cme.com", "https://sso.acme.com/"));
    }

    #[test]
    fn this_machine_is_never_reached_through_a_proxy() {
        assert!(!goes_through("", "https://localhost:8443/"));
        assert!(!goes_through("", "https://127.0.0.1/"));
    }

    #[test]
    fn an_unusable_proxy_address_names_its_variable() {
        let settings = ProxySettings {
            https: Some(("::".to_owned(), "HTTPS_PROXY")),
            no_proxy: None,
        };
        let error = settings
            .for_url(&Url::parse("https://a.example/").unwrap())
            .unwrap_err();
        assert!(error.to_string().contains("HTTPS_PROXY"), "{error}");
    }
}
