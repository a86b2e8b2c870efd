//! The test kit against the counterparts themselves.

mod browser;
mod counterparts;
