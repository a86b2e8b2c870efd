//! IP addresses and CIDR ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses, in the form in which requests are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    V4 {
        network: u32,
        mask: u32,
    },
    V6 {
        network: u128,
        mask: u128,
    },
    /// An IPv6 range with host bits set: accepted when stored, matches nothing.
    Nothing,
}

impl Range {
    /// `address` or `address/prefix`; host bits of an IPv4 range are ignored.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        match address.parse().ok()? {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - length(prefix, 32)?).unwrap_or(0);
                Some(Self::V4 {
                    network: u32::from(address) & mask,
                    mask,
                })
            }
            IpAddr::V6(address) => Some(Self::v6(address, length(prefix, 128)?)),
        }
    }

    fn v6(address: Ipv6Addr, length: u32) -> Self {
        let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
        let network = u128::from(address);
        if network & !mask != 0 {
            return Self::Nothing;
        }
        // Requests from mapped addresses are compared as IPv4, so is a mapped range.
        match address.to_ipv4_mapped() {
            Some(address) if length >= 96 => {
                let mask = u32::MAX.checked_shl(128 - length).unwrap_or(0);
                Self::V4 {
                    network: u32::from(address),
                    mask,
                }
            }
            _ => Self::V6 { network, mask },
        }
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        match (self, address) {
            (Self::V4 { network, mask }, IpAddr::V4(address)) => {
                u32::from(address) & mask == network
            }
            (Self::V6 { network, mask }, IpAddr::V6(address)) => {
                u128::from(address) & mask == network
            }
            _ => false,
        }
    }
}

fn length(prefix: Option<&str>, most: u32) -> Option<u32> {
    let Some(prefix) = prefix else {
        return Some(most);
    };
    let digits = prefix.bytes().all(|byte| byte.is_ascii_digit());
    let length = prefix.parse().ok().filter(|_| digits)?;
    (length <= most).then_some(length)
}

/// The address of a request, an IPv4-mapped one as IPv4.
pub(crate) fn request_address(text: &str) -> Option<IpAddr> {
    match text.parse().ok()? {
        IpAddr::V6(address) => {
            let mapped: Option<Ipv4Addr> = address.to_ipv4_mapped();
            Some(mapped.map_or(IpAddr::V6(address), IpAddr::V4))
        }
        address @ IpAddr::V4(_) => Some(address),
    }
}
