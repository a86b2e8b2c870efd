//! `/admin/groups/…` (requirements E01 to E08).

mod applications;
mod delete;
mod details;
mod header;
mod list;
mod members;
mod new;
mod rule;

pub(crate) use applications::{applications, save_applications};
pub(crate) use delete::{confirm_delete, delete};
pub(crate) use details::{details, open, save_details};
pub(crate) use list::list;
pub(crate) use members::{add, members, paste, remove};
pub(crate) use new::{create, new};
pub(crate) use rule::{rule, save_rule};
