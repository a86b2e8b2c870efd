//! The program `jetway` from outside: arguments and files in; files, words and exit status out.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod admin;
mod browser;
mod configure;
mod credentials_file;
mod exec;
mod fake;
mod ini;
mod login;
mod push;
mod sandbox;
mod sign_in;
mod sts;
mod terminal;
mod tls;
