//! The SAML layer through its public interface: what is issued, what is believed, what is not.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail the test they are called from"
)]

mod attacks;
mod authn_request;
mod benign;
mod fixture;
mod inspect;
mod interop;
mod issue;
mod keys;
mod metadata;
mod redirect;
mod role_pair;
mod round_trip;
