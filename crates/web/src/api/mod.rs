//! `/api/v1/…`: everything that the portals do, for programs.
//!
//! A handler takes its input through [`JsonBody`] and [`QueryFields`], which refuse what they do
//! not know and name the field; it answers with a document, a [`List`] or a [`Problem`]. What can
//! be changed by two people at once carries a version (see [`version`]); what changes many things
//! at once takes `?plan=true` (see [`plan`]).
//!
//! To add an area: a folder with a file per operation, each with `#[utoipa::path]`, and a
//! `#[derive(OpenApi)]` that lists them; one line in `document::parts` and one line per operation in
//! the route table. A test holds the two against each other.

pub(crate) mod administrators;
pub(crate) mod alerts;
pub(crate) mod api_keys;
pub(crate) mod applications;
pub(crate) mod caller;
pub(crate) mod credentials;
pub(crate) mod custom_attributes;
pub(crate) mod document;
pub(crate) mod enrolment;
pub(crate) mod events;
pub(crate) mod groups;
pub(crate) mod idempotency;
pub(crate) mod instant;
pub(crate) mod json_body;
mod json_text;
pub(crate) mod list;
pub(crate) mod log_destinations;
pub(crate) mod mails;
pub(crate) mod plan;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod reference;
pub(crate) mod refusal;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod sign_in_policies;
pub(crate) mod systemusers;
pub(crate) mod user_imports;
pub(crate) mod users;
pub(crate) mod version;

pub(crate) use json_body::JsonBody;
pub(crate) use list::{Cursor, Limit, List, Page};
pub(crate) use plan::Plan;
pub(crate) use problem::Problem;
pub(crate) use query::{PathId, PathIds, QueryFields};
pub(crate) use version::{Precondition, Versioned};
