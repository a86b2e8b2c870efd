//! The AWS side: where STS is, which role to take, and asking for its credentials.

pub(crate) mod config_file;
mod duration;
mod endpoint;
mod roles;
mod sts;

pub(crate) use duration::{Asked, DurationMemory, negotiate};
pub(crate) use endpoint::{EndpointError, EndpointSources, StsEndpoint};
pub(crate) use roles::{RoleError, RoleOffer, offered_roles};
pub(crate) use sts::{AssumeRole, SessionPolicy, Sts, StsError};
