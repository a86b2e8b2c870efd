//! The local AWS from outside: through its router, with a clock that stands still and seeded
//! randomness.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod authentication;
mod bodies;
mod encodings;
mod iam_errors;
mod iam_walk;
mod redeem;
mod responses;
mod s3;
mod session_length;
mod sign_in;
mod sign_in_once;
mod state_file;
mod support;
mod trust_policy;
