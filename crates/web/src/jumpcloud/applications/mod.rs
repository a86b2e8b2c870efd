//! `/api/applications`: applications in the shape of JumpCloud's API v1 (requirements.md §5.5).
//!
//! `name` is the key of a catalogue entry. Private keys are never in an answer, and a body cannot
//! set them; that is what `/api/v1/applications/{id}/keys` is for.

mod body;
pub(crate) mod change;
mod config;
mod document;
pub(crate) mod read;
