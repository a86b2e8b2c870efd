//! What people see: the sign-in page, the ways back into an account, their
//! applications, their profile.

mod device;
mod enrol_now;
mod enrol_reminder;
mod factors;
mod forgot;
mod held;
mod image;
mod new_password;
mod passkeys;
mod phone;
mod phones;
mod profile;
mod push;
mod second_step;
mod sign_in;
mod sign_in_with_passkey;
mod sign_out;
mod tiles;

pub(crate) use device::{answer_device, device_form, find_device};
pub(crate) use enrol_now::{enrol, enrol_form, finish_enrol};
pub(crate) use enrol_reminder::reminder;
pub(crate) use factors::{connect, finish, remove, renew};
pub(crate) use forgot::{forgot, forgot_form};
pub(crate) use held::{held, with_next};
pub(crate) use image::image;
pub(crate) use new_password::{
    activate, activate_form, expired, expired_form, reset, reset_form, typed_password,
};
pub(crate) use passkeys::{
    add_passkey, change_passkey, finish_passkey, remove_passkey, rename_passkey,
};
pub(crate) use phone::{answer_phone, connect_form, connect_phone, phone};
pub(crate) use phones::{begin_phone, remove_phone};
pub(crate) use profile::{change_password, end_other_sessions, end_session, profile};
pub(crate) use push::{ask_phone, wait_for_phone};
pub(crate) use second_step::{code_form, prove, prove_passkey};
pub(crate) use sign_in::{BUSY_WAIT, admit, sign_in, sign_in_form, whole_seconds};
pub(crate) use sign_in_with_passkey::sign_in_with_passkey;
pub(crate) use sign_out::sign_out;
pub(crate) use tiles::tiles;
