//! For tests only: the real programs that Jetway is tested against, and Jetway itself as a
//! process.
//!
//! A test asks for what it needs and leaves when it is not there:
//!
//! ```no_run
//! use jetway_testkit::{counterparts, require};
//!
//! fn xmlsec1_accepts_our_signature() {
//!     let xmlsec1 = require!(counterparts::xmlsec1());
//!     // …
//! }
//! ```
//!
//! Under `CI=true` a missing counterpart fails the test; elsewhere the test says on standard
//! error that it was skipped. `cargo xtask install` installs everything found here, and
//! `cargo xtask test` starts the PostgreSQL server.

pub mod accessibility;
pub mod authenticator_app;
pub mod browser;
pub mod counterparts;
#[cfg(unix)]
pub mod mellon;
pub mod openid;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod security_key;
pub mod smtp;
pub mod virtual_authenticator;

mod environment;

pub use fantoccini;
pub use ports::free_port;
