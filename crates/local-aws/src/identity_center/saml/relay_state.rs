//! Where a sign-in that began at the identity provider goes on.

use url::Url;

use crate::{
    LocalAws,
    identity_center::{PORTAL_PATH, portal::CONSOLE_PATH, portal_url},
    state::center::InstanceRecord,
};

/// The page of ours that a RelayState means: a deep link of the portal by its path, its local
/// address, or AWS's. Anything else, and nothing, is the portal itself.
pub(super) fn target(aws: &LocalAws, instance: &InstanceRecord, relay_state: &str) -> String {
    page(&portal_url(aws), &instance.start_url(), relay_state)
        .unwrap_or_else(|| PORTAL_PATH.to_owned())
}

fn page(local: &str, at_aws: &str, relay_state: &str) -> Option<String> {
    if !relay_state.bytes().all(|byte| byte.is_ascii_graphic()) || relay_state.contains('\\') {
        return None;
    }
    let rest = [PORTAL_PATH, local, at_aws]
        .into_iter()
        .find_map(|start| relay_state.strip_prefix(start))?;
    if let Some((_, fragment)) = rest.split_once('#') {
        return fragment_page(fragment);
    }
    let is_ours = rest.is_empty() || rest.starts_with(['/', '?']);
    (is_ours && !rest.contains("..")).then(|| format!("{PORTAL_PATH}{rest}"))
}

/// `/console?account_id=…&role_name=…`, as AWS writes it behind the `#`.
fn fragment_page(fragment: &str) -> Option<String> {
    let fragment = Url::parse("http://portal.invalid")
        .ok()?
        .join(fragment)
        .ok()?;
    match fragment.path() {
        "/console" => Some(format!("{CONSOLE_PATH}?{}", fragment.query()?)),
        "/device" => Some(format!("/device?{}", fragment.query()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    fn of(relay_state: &str) -> Option<String> {
        page(
            "http://localhost:4566/start",
            "https://d-1234567890.awsapps.com/start",
            relay_state,
        )
    }

    #[test]
    fn a_deep_link_is_the_same_by_every_name_of_the_portal() {
        for start in [
            "/start",
            "http://localhost:4566/start",
            "https://d-1234567890.awsapps.com/start",
        ] {
            assert_eq!(of(start).as_deref(), Some("/start"));
            assert_eq!(
                of(&format!("{start}/#/console?account_id=1&role_name=R")).as_deref(),
                Some("/start/console?account_id=1&role_name=R")
            );
        }
    }

    #[test]
    fn nothing_else_is_followed() {
        for foreign in [
            "",
            "//evil.example",
            "https://evil.example/start",
            "http://localhost:4566/started",
            "http://localhost:4566/start.evil.example/",
            "/start\\evil",
            "/start/../console",
            "/start/#//evil.example/console?x",
            "javascript:alert(1)",
            "/start\r\nSet-Cookie: x=y",
        ] {
            let target = of(foreign);
            let harmless = target
                .as_deref()
                .is_none_or(|target| target.starts_with("/start/console?"));
            assert!(harmless, "{foreign:?} leads to {target:?}");
        }
    }
}
