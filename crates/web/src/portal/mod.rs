//! What people see: the sign-in page and their applications.

mod sign_in;
mod sign_out;
mod tiles;

pub(crate) use sign_in::{BUSY_WAIT, sign_in, sign_in_form, whole_seconds};
pub(crate) use sign_out::sign_out;
pub(crate) use tiles::tiles;
