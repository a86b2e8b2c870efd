//! Where a person goes after signing in: only ever a path of this site (checklist item 48).

use url::form_urlencoded::byte_serialize;

/// Longest path that is carried through the sign-in. The longest has a request of a service provider
/// in it, sealed: a RelayState of a kilobyte, an address of another, and a third more for base64.
const MAX_PATH: usize = 4096;

/// `text` when it is an absolute path on this site that browsers cannot read as anything else.
/// They take `//host` and `/\host` as addresses of other hosts, drop control characters before they
/// look, and resolve dot segments first.
pub(crate) fn same_site_path(text: &str) -> Option<&str> {
    if text.len() > MAX_PATH
        || !text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    {
        return None;
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let sound = path.starts_with('/') && !path.contains("//") && !path.contains("/.");
    sound.then_some(text)
}

/// The sign-in page that goes on to `path`.
pub(crate) fn sign_in_path(path: &str) -> String {
    let mut target = String::with_capacity(path.len() + 32);
    target.push_str("/login?next=");
    target.extend(byte_serialize(path.as_bytes()));
    target
}

/// The sign-in page that goes on to `path` and asks also who is signed in.
pub(crate) fn sign_in_again_path(path: &str) -> String {
    sign_in_path(path) + "&again"
}

/// The sign-in page of the admin portal, which goes on to `path`.
pub(crate) fn admin_sign_in_path(path: Option<&str>) -> String {
    let mut target = "/admin/login".to_owned();
    if let Some(path) = path.filter(|path| *path != "/admin") {
        target.push_str("?next=");
        target.extend(byte_serialize(path.as_bytes()));
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_taken() {
        for good in [
            "/",
            "/saml2/aws-a",
            "/saml2/aws-a?RelayState=https%3A%2F%2Fx",
            "/?q=a//b",
        ] {
            assert_eq!(same_site_path(good), Some(good));
        }
        for bad in [
            "",
            "saml2/aws-a",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "/x//evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/./saml2",
            "http://evil.example/",
            "HTTPS:evil.example",
            "javascript:alert(1)",
            "/é",
            "/a b",
            "?next=/",
            "#x",
            &format!("/{}", "a".repeat(MAX_PATH)),
        ] {
            assert_eq!(same_site_path(bad), None, "{bad:?}");
        }
    }
}
