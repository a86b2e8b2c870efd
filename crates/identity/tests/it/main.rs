//! What the identity provider writes for others to read, read by programs that are not ours; and the
//! engine that decides what a sign-in needs.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test")]

mod aws_setup;
mod diagnose;
mod factors;
mod sign_in_policies;
