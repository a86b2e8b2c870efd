//! The policy language as AWS speaks it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where its fixture is wrong"
)]

mod cases;
mod evaluation;
mod explanations;
mod malformed_permissions;
mod malformed_trust_and_resource;
mod matching;
mod messages;
mod multivalued;
mod operators;
mod properties;
mod seed_policies;
mod support;
mod trust;
mod variables;
