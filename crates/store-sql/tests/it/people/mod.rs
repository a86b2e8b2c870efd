//! People as administrators see them: lists, changes, keys, schedules, files.

mod change;
mod list;
mod public_keys;
mod schedule;
mod transfer;
