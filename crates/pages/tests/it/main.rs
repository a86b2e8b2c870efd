//! What every page promises, checked on samples of all of them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod account_samples;
mod admin;
mod center;
mod contrast;
mod device_samples;
mod every_page;
mod in_a_browser;
mod local_samples;
mod profile_samples;
mod push_samples;
mod samples;
