//! The SAML layer through its public interface: what is issued, what is believed, what is not.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail the test they are called from"
)]

mod algorithms;
mod attacks;
mod authn_request;
mod benign;
mod encryption;
mod fixture;
mod hostile;
mod inbound;
mod inspect;
mod interop;
mod issue;
mod key_upload;
mod keys;
mod logout;
mod metadata;
mod redirect;
mod role_pair;
mod round_trip;
mod soap;
mod sp_metadata;
mod status;
