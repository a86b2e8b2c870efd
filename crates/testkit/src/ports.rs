//! Ports for servers under test.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range from which the kernel takes the ports of outgoing connections, so that no
/// client of a neighbouring test can sit on the port between this answer and its use.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A loopback TCP port on which nothing listens right now. Tests run as processes side by side,
/// so each process starts its search at a place of its own.
///
/// # Panics
///
/// When no port of the range can be bound.
#[expect(clippy::panic, reason = "no test can go on without a port")]
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Multiplying by an odd number spreads neighbouring process ids over the range.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the remainder fits, COUNT being a u16"
    )]
    let start = (std::process::id().wrapping_mul(7_919) % u32::from(COUNT)) as u16;
    for _ in 0..COUNT {
        let offset = (start + NEXT.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT;
        let port = FIRST + offset;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no free port between {FIRST} and {}", FIRST + COUNT);
}
