//! Who asks, when proxies stand between.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address behind the proxies. Each proxy adds whom it was asked by at the end of
/// `X-Forwarded-For`, so the list is read from its end, as far as those who wrote it are trusted.
/// Whatever stands before that anybody can have sent.
pub(crate) fn client_ip(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let mut asked_by = peer.to_canonical();
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let mut names = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while proxies.iter().any(|network| network.contains(&asked_by)) {
        match names.next().and_then(|name| address(name.trim())) {
            Some(address) => asked_by = address,
            None => break,
        }
    }
    asked_by
}

/// Some proxies add the port.
fn address(name: &str) -> Option<IpAddr> {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<IpAddr>().ok();
    let address = address.or_else(|| Some(name.parse::<SocketAddr>().ok()?.ip()));
    Some(address?.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn seen(peer: &str, lines: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(line));
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|it| it.parse().unwrap()).collect();
        client_ip(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn the_address_is_read_from_the_end_as_far_as_the_writers_are_trusted() {
        let proxies = ["10.0.0.0/8", "::1/128"];
        for (peer, lines, expected) in [
            // Nobody between, or nobody who is trusted.
            ("203.0.113.9", vec![], "203.0.113.9"),
            ("203.0.113.9", vec!["198.51.100.1"], "203.0.113.9"),
            // One proxy, two, and what the client wrote itself.
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", vec!["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            ("::1", vec!["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
            // With ports.
            ("::1", vec!["198.51.100.1:4711"], "198.51.100.1"),
            ("::1", vec!["[2001:db8::1]:4711"], "2001:db8::1"),
            ("::1", vec!["[2001:db8::1]"], "2001:db8::1"),
            // Nonsense ends the search at whoever wrote it.
            ("10.0.0.1", vec!["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", vec!["unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", vec![""], "10.0.0.1"),
            ("10.0.0.1", vec!["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ] {
            assert_eq!(seen(peer, &lines, &proxies), expected, "{peer} {lines:?}");
        }
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"], &[]), "10.0.0.1");
    }
}
