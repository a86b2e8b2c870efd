//! S3 over HTTP, in process: the real router, requests signed by AWS's signer.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod access;
mod buckets;
mod listing;
mod multipart;
mod objects;
mod refusals;
mod world;
