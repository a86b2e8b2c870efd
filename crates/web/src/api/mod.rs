//! `/api/v1/…`: everything that the portals do, for programs.
//!
//! A handler takes its input through [`JsonBody`] and [`QueryFields`], which refuse what they do
//! not know and name the field; it answers with a document, a [`List`] or a [`Problem`]. What can
//! be changed by two people at once carries a version (see [`version`]); what changes many things
//! at once takes `?plan=true` (see [`plan`]).
#![expect(
    dead_code,
    unused_imports,
    reason = "the resources that use the frame come after it"
)]

mod caller;
pub(crate) mod credentials;
mod instant;
pub(crate) mod json_body;
mod json_text;
pub(crate) mod list;
pub(crate) mod mails;
pub(crate) mod plan;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod version;

pub(crate) use caller::caller;
pub(crate) use json_body::JsonBody;
pub(crate) use list::{Cursor, Limit, List};
pub(crate) use plan::Plan;
pub(crate) use problem::Problem;
pub(crate) use query::{PathId, QueryFields};
pub(crate) use version::{Precondition, Versioned};
