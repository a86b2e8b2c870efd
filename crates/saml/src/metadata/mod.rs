//! SAML metadata: publishing ours as identity provider, trusting another identity provider's,
//! reading a service provider's.

mod publish;
mod sp;
mod sp_endpoints;
mod sp_keys;
mod trust;

pub use publish::IdpMetadata;
pub use sp::{
    AssertionConsumerService, KeyPurpose, MAX_SP_METADATA, RequestedAttribute, SingleLogoutService,
    SpCertificate, SpMetadata, SpMetadataError, SpMetadataWarning,
};
pub use trust::{MAX_METADATA, MetadataError, SingleSignOnService, TrustedIdp};
