//! The local AWS from outside: through its router, with a clock that stands still and seeded
//! randomness.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod access_portal;
mod authentication;
mod bodies;
mod console;
mod encodings;
mod iam_errors;
mod iam_walk;
mod identity_store;
mod organizations;
mod redeem;
mod responses;
mod s3;
mod scim;
mod session_length;
mod sign_in;
mod sign_in_once;
mod sso_admin;
mod state_file;
mod support;
mod trust_policy;
