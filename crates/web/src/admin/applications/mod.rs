//! `/admin/applications/…` (requirements F01 to K06, S01 to S04).

mod add;
mod attributes;
mod aws_arns;
mod aws_generated;
mod aws_setup;
mod bookmark;
mod catalogue;
mod delete;
mod general;
mod groups;
mod header;
mod image;
mod list;
mod new_general;
mod preview;
mod problems;
mod sso;
mod sso_files;
mod sso_form;

pub(crate) use add::{add, created};
pub(crate) use attributes::{attributes, save_attributes};
pub(crate) use aws_arns::{MAX_ARNS_FORM, take_arns};
pub(crate) use aws_setup::{aws_setup, cloudformation, script, terraform};
pub(crate) use bookmark::{activate, confirm_deactivate, deactivate};
pub(crate) use catalogue::{catalogue, options};
pub(crate) use delete::{confirm_delete, delete};
pub(crate) use general::{general, open, save_general};
pub(crate) use groups::{add_person, groups, remove_person, save_groups};
pub(crate) use header::kind_words;
pub(crate) use image::{MAX_IMAGE_FORM, delete_image, image, upload_image};
pub(crate) use list::list;
pub(crate) use new_general::{new_general, review};
pub(crate) use preview::{hold, preview};
pub(crate) use sso::{certificate_file, save_sso, set_active, sso};
pub(crate) use sso_files::{
    MAX_KEY_FORM, MAX_METADATA_FORM, act_on_key, add_signing_key, upload_metadata,
};
