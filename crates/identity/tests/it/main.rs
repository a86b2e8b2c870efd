//! What the identity provider writes for others to read, read by programs that are not ours.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test")]

mod aws_setup;
mod diagnose;
