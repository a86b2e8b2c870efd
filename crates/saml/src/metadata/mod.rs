//! SAML metadata of identity providers: publishing ours, trusting somebody's.

mod publish;
mod trust;

pub use publish::IdpMetadata;
pub use trust::{MAX_METADATA, MetadataError, TrustedIdp};
