//! The admin portal: `/admin/…`.

pub(crate) mod activity;
pub(crate) mod administrators;
pub(crate) mod alerts;
pub(crate) mod api_keys;
pub(crate) mod applications;
pub(crate) mod break_glass;
pub(crate) mod checklist;
pub(crate) mod counts;
pub(crate) mod custom_attributes;
pub(crate) mod diagnose;
pub(crate) mod done;
pub(crate) mod groups;
mod home;
pub(crate) mod oidc;
mod outbox;
pub(crate) mod own_factors;
pub(crate) mod policies;
pub(crate) mod profile;
pub(crate) mod reset;
mod search;
pub(crate) mod second_step;
pub(crate) mod set_up;
pub(crate) mod settings;
pub(crate) mod sign_in;
mod sign_out;
mod typed;
pub(crate) mod users;
pub(crate) mod who;

pub(crate) use home::home;
pub(crate) use outbox::{act_on_mail, mail, outbox};
pub(crate) use search::search;
pub(crate) use sign_in::{sign_in, sign_in_form};
pub(crate) use sign_out::sign_out;
pub(crate) use typed::{typed_lines, typed_version};
