//! A network in the conditions of a policy.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

use super::as_text::as_text;

/// An IPv4 or IPv6 network in CIDR notation (RFC 4632, RFC 4291 §2.3).
///
/// A single address stands for itself. IPv4 addresses that arrive in IPv6 form (`::ffff:192.0.2.1`)
/// are the IPv4 addresses that they carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network(IpNet);

/// The text is not a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    #[error("{0:?} is not a network; write one such as 192.0.2.0/24 or 2001:db8::/32")]
    Unreadable(String),
    /// Somebody meant another network, or another length.
    #[error("{given} has digits behind its prefix; write {meant}, or the length that you mean")]
    BehindPrefix { given: IpNet, meant: IpNet },
    #[error("{0} is an IPv4 network in IPv6 form; write it as an IPv4 network")]
    Mapped(IpNet),
}

impl Network {
    /// Whether the address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Its first address, and the first one behind it: where a list of networks can begin or cease
    /// to hold.
    pub(super) fn edges(&self) -> impl Iterator<Item = IpAddr> {
        let behind = match self.0.broadcast() {
            IpAddr::V4(last) => u32::from(last).checked_add(1).map(|n| IpAddr::V4(n.into())),
            IpAddr::V6(last) => u128::from(last)
                .checked_add(1)
                .map(|n| IpAddr::V6(n.into())),
        };
        std::iter::once(self.0.network()).chain(behind)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let text = text.trim();
        let unreadable = || NetworkError::Unreadable(text.chars().take(64).collect());
        let given = if text.contains('/') {
            text.parse::<IpNet>().map_err(|_| unreadable())?
        } else {
            IpNet::from(text.parse::<IpAddr>().map_err(|_| unreadable())?)
        };
        let meant = given.trunc();
        if meant != given {
            return Err(NetworkError::BehindPrefix { given, meant });
        }
        if let IpNet::V6(net) = given
            && net.network().to_ipv4_mapped().is_some()
        {
            return Err(NetworkError::Mapped(given));
        }
        Ok(Self(given))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

as_text!(Network);
