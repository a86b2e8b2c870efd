//! `jetwayd admin …`: what the operator does on the host.

pub(crate) mod verify_log;
