//! SCIM 2.0 (RFC 7643, RFC 7644) without I/O, in two dialects.
//!
//! A [`Profile`] says which dialect is spoken: [`AWS`] with every limit and text of IAM Identity
//! Center, or [`RFC`]. A server does three things with it:
//!
//! * [`read_resource`] and [`read_replacement`] read the bodies of POST and PUT: checked, in the
//!   schema's own case, without what only the server may write;
//! * [`Patch::parse`] and [`Patch::apply`] do the same for PATCH; a patch is applied whole or not;
//! * [`ListQuery::parse`] reads the query of a list, and [`ListQuery::response`] writes the page.
//!
//! [`Selection`] leaves out of an answer what the client does not want and what nobody may see.
//!
//! Every refusal is a [`ScimError`], and [`ScimError::body`] writes it in the dialect.

mod answer;
mod beyond;
mod constraints;
mod discovery;
mod error;
mod filter;
mod json;
mod list;
mod names;
mod patch;
mod path;
mod profile;
mod resource;
mod schema;

pub use answer::Selection;
pub use beyond::keep_beyond;
pub use constraints::is_visible;
pub use discovery::{resource_types, schemas, service_provider_config};
pub use error::{ERROR_URN, ScimError, ScimType};
pub use filter::{Filter, FilterError, Literal, MAX_FILTER_BYTES, MAX_FILTER_DEPTH, Operator};
pub use json::MAX_BODY_BYTES;
pub use list::{LIST_URN, ListQuery, Page, list_response};
pub use names::get;
pub use patch::{MAX_OPERATIONS, MembershipChange, Op, Operation, PATCH_URN, Patch};
pub use path::{AttributePath, MAX_PATH_BYTES, PatchPath};
pub use profile::{AWS, AWS_50, ErrorShape, Filters, Paging, PatchLimits, Profile, RFC, Unknown};
pub use resource::{read_replacement, read_resource};
pub use schema::{
    Attribute, AttributeType, ENTERPRISE_URN, GROUP_URN, Mutability, ResourceKind, USER_URN,
    Uniqueness, core_attribute, enterprise_attribute, enterprise_attributes,
};
