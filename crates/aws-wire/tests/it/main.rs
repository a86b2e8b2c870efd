#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod errors;
mod query;
mod signature_faults;
mod signatures;
mod signer;
mod validation;
