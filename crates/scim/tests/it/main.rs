//! SCIM as RFC 7644 writes it and as AWS speaks it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where its fixture is wrong"
)]

mod answers;
mod aws_bodies;
mod aws_lists;
mod aws_patches;
mod aws_users;
mod beyond;
mod discovery;
mod filters;
mod memberships;
mod patches;
mod properties;
mod rfc_resources;
mod support;
