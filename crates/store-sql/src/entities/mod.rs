//! One file per kind of thing: its statements, its row, its trait methods.

pub(crate) mod access;
pub(crate) mod administrators;
pub(crate) mod alerts;
pub(crate) mod among;
pub(crate) mod api_keys;
pub(crate) mod application_images;
pub(crate) mod applications;
pub(crate) mod events;
pub(crate) mod groups;
pub(crate) mod idempotency;
pub(crate) mod imports;
pub(crate) mod links;
pub(crate) mod log_destinations;
pub(crate) mod mails;
pub(crate) mod passwords;
pub(crate) mod public_keys;
pub(crate) mod schedules;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod signing_keys;
pub(crate) mod taken;
pub(crate) mod user_list;
pub(crate) mod user_words;
pub(crate) mod users;
