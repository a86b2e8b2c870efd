//! `/admin/users/…`: people (requirements B, C, D).

mod activity;
mod bulk;
mod bulk_action;
pub(crate) mod credentials;
mod delete;
mod details;
mod devices;
mod directories;
mod export;
mod groups;
mod header;
mod highlights;
mod import;
mod list;
mod new;
mod public_keys;
mod schedule;
mod settings;
mod state;
mod view;

pub(crate) use activity::activity;
pub(crate) use bulk::bulk;
pub(crate) use delete::{confirm_delete, delete};
pub(crate) use details::{details, save_details};
pub(crate) use devices::devices;
pub(crate) use directories::directories;
pub(crate) use export::export;
pub(crate) use groups::{groups, save_groups};
pub(crate) use highlights::{highlights, open};
pub(crate) use import::{act_on_import, import_form, show_import, upload};
pub(crate) use list::list;
pub(crate) use new::{create, new_form};
pub(crate) use public_keys::{add_key, remove_key};
pub(crate) use schedule::{save_schedule, schedule_form};
pub(crate) use settings::{save_settings, settings_form};
pub(crate) use state::set_state;
