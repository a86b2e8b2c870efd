//! The cookies (checklist item 45): a session for each portal, and the secret that CSRF tokens of those who
//! are not signed in are made from.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// Names and attributes. Over TLS the `__Host-` prefix pins them to this host; on plain http, which
/// is only possible inside one machine, browsers would refuse the prefix and `Secure`.
pub(crate) struct CookieNames {
    /// The session token.
    pub(crate) session: &'static str,
    /// The session token of the admin portal: another cookie, since it is another sign-in.
    pub(crate) administrator: &'static str,
    /// A sign-in of an administrator that is under way at an OpenID Connect provider.
    pub(crate) provider: &'static str,
    /// Random bytes of one browser before sign-in.
    pub(crate) visitor: &'static str,
    /// A sign-in whose second step is still to come.
    pub(crate) pending: &'static str,
    /// The same of an administrator.
    pub(crate) pending_administrator: &'static str,
    /// A browser that somebody has signed in with.
    pub(crate) device: &'static str,
    /// Where a command line goes on to after its second step.
    pub(crate) target: &'static str,
    /// The secret of a phone that approves sign-ins.
    pub(crate) phone: &'static str,
    /// Where an administrator was in the list of users.
    pub(crate) place: &'static str,
    /// Which columns an administrator wants in the list of users.
    pub(crate) columns: &'static str,
    /// The next sign-in to an application is shown before it goes.
    pub(crate) trace: &'static str,
    secure: &'static str,
}

impl CookieNames {
    pub(crate) const fn new(https: bool) -> Self {
        if https {
            Self {
                session: "__Host-jetway_session",
                administrator: "__Host-jetway_admin",
                provider: "__Host-jetway_oidc",
                visitor: "__Host-jetway_visitor",
                pending: "__Host-jetway_pending",
                pending_administrator: "__Host-jetway_pending_admin",
                device: "__Host-jetway_device",
                target: "__Host-jetway_target",
                phone: "__Host-jetway_phone",
                place: "__Host-jetway_place",
                columns: "__Host-jetway_columns",
                trace: "__Host-jetway_trace",
                secure: "; Secure",
            }
        } else {
            Self {
                session: "jetway_session",
                administrator: "jetway_admin",
                provider: "jetway_oidc",
                visitor: "jetway_visitor",
                pending: "jetway_pending",
                pending_administrator: "jetway_pending_admin",
                device: "jetway_device",
                target: "jetway_target",
                phone: "jetway_phone",
                place: "jetway_place",
                columns: "jetway_columns",
                trace: "jetway_trace",
                secure: "",
            }
        }
    }

    /// Ends with the browser; the server ends it earlier. `Lax`, so that a link in another site to
    /// an application finds the person signed in.
    pub(crate) fn set(&self, name: &str, value: &str) -> Option<HeaderValue> {
        let secure = self.secure;
        let mut header = HeaderValue::try_from(format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"
        ))
        .ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    /// Stays for a year: what the browser is known by. `Strict`, since no other site leads there.
    pub(crate) fn keep_secret(&self, name: &str, value: &str) -> Option<HeaderValue> {
        let secure = self.secure;
        let mut header = HeaderValue::try_from(format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age=31536000"
        ))
        .ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    /// Stays for a year: what opens nothing.
    pub(crate) fn keep(&self, name: &str, value: &str) -> Option<HeaderValue> {
        let secure = self.secure;
        HeaderValue::try_from(format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=31536000"
        ))
        .ok()
    }

    pub(crate) fn forget(&self, name: &str) -> Option<HeaderValue> {
        let secure = self.secure;
        HeaderValue::try_from(format!(
            "{name}=; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=0"
        ))
        .ok()
    }
}

/// The value of the cookie `name`. `None` also when it came twice with different values: another
/// program on the same name could have planted one of them. Cookies of others may hold any bytes.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = None;
    for line in headers.get_all(COOKIE) {
        for pair in line.as_bytes().split(|byte| *byte == b';') {
            let Some(equals) = pair.iter().position(|byte| *byte == b'=') else {
                continue;
            };
            let (key, value) = pair.split_at(equals);
            if key.trim_ascii() != name.as_bytes() {
                continue;
            }
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            if found.is_some_and(|before| before != value) {
                return None;
            }
            found = Some(value);
        }
    }
    let value = std::str::from_utf8(found?).ok()?;
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(lines: &[&'static str]) -> HeaderMap {
        let values = lines
            .iter()
            .map(|line| (COOKIE, HeaderValue::from_static(line)));
        values.collect()
    }

    #[test]
    fn a_cookie_is_found_by_its_exact_name() {
        let headers = sent(&["a=1; session=x; xsession=y", "other=z"]);
        assert_eq!(cookie(&headers, "session"), Some("x"));
        assert_eq!(cookie(&headers, "other"), Some("z"));
        assert_eq!(cookie(&headers, "sess"), None);
    }

    #[test]
    fn a_foreign_cookie_with_any_bytes_takes_nobodys_session_away() {
        let line = HeaderValue::from_bytes(b"theirs=caf\xe9; session=x; =; \xff").unwrap();
        let headers = HeaderMap::from_iter([(COOKIE, line)]);
        assert_eq!(cookie(&headers, "session"), Some("x"));
        assert_eq!(cookie(&headers, "theirs"), None);
    }

    #[test]
    fn a_planted_second_value_makes_both_worthless() {
        assert_eq!(cookie(&sent(&["session=x; session=y"]), "session"), None);
        assert_eq!(cookie(&sent(&["session=x", "session=y"]), "session"), None);
        assert_eq!(
            cookie(&sent(&["session=x; session=x"]), "session"),
            Some("x")
        );
        assert_eq!(cookie(&sent(&["session="]), "session"), None);
    }
}
