//! What people see: the sign-in page, the ways back into an account, their
//! applications, their profile.

mod forgot;
mod image;
mod new_password;
mod profile;
mod sign_in;
mod sign_out;
mod tiles;

pub(crate) use forgot::{forgot, forgot_form};
pub(crate) use image::image;
pub(crate) use new_password::{
    activate, activate_form, expired, expired_form, reset, reset_form, typed_password,
};
pub(crate) use profile::{change_password, end_other_sessions, end_session, profile};
pub(crate) use sign_in::{BUSY_WAIT, sign_in, sign_in_form, whole_seconds};
pub(crate) use sign_out::sign_out;
pub(crate) use tiles::tiles;
