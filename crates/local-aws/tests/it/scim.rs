//! The SCIM endpoint over HTTP, in process: the requests that identity providers really send.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod access;
mod clients;
mod durability;
mod errors;
mod events;
mod faults;
mod groups;
mod lists;
mod rfc;
mod testers;
mod users;
mod world;
