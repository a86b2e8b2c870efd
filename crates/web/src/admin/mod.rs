//! The admin portal: `/admin/…`.

mod home;
pub(crate) mod sign_in;
mod sign_out;

pub(crate) use home::home;
pub(crate) use sign_in::{sign_in, sign_in_form};
pub(crate) use sign_out::sign_out;
