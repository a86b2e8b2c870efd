//! `jetwayd admin …`: what the operator on the host may do without signing in.

pub(crate) mod reset_password;
pub(crate) mod verify_log;
