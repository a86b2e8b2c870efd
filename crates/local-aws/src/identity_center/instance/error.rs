//! Why the instance was not changed.

use jetway_saml::{CertificateError, MetadataError};

use crate::StoreError;

/// Why the instance was not changed: what is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// It is there already.
    #[error("IAM Identity Center is enabled already, in {0}")]
    Enabled(String),
    /// There is none.
    #[error("IAM Identity Center is not enabled; enable it first")]
    NotEnabled,
    /// Only an organisation has one.
    #[error(
        "there is no AWS organization yet; create one first (aws organizations create-organization)"
    )]
    NoOrganization,
    /// Only the management account may.
    #[error("only the management account {0} of the organization can enable IAM Identity Center")]
    NotManagementAccount(String),
    /// Not a metadata document of a usable identity provider.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Longer than AWS takes.
    #[error("the {what} has {length} characters; AWS takes at most {maximum}")]
    TooLong {
        /// `metadata` or `certificate`.
        what: &'static str,
        /// In characters.
        length: usize,
        /// In characters.
        maximum: usize,
    },
    /// The identity provider has no usable address, certificate or name.
    #[error("the identity provider's settings lack {0}")]
    Lacking(&'static str),
    /// Not a certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The same certificate again.
    #[error("this certificate is imported already")]
    CertificateKnown,
    /// Two are there already.
    #[error("there are two certificates already; delete one before you import another")]
    TooManyCertificates,
    /// The last one cannot go.
    #[error("the last certificate cannot be deleted; import the new one first")]
    LastCertificate,
    /// No such certificate.
    #[error("there is no such certificate")]
    NoCertificate,
    /// The identity source is the Identity Center directory.
    #[error("the identity source is not an external identity provider; change it first")]
    NotExternal,
    /// Provisioning is on already.
    #[error("automatic provisioning is enabled already")]
    ProvisioningEnabled,
    /// Provisioning is off.
    #[error("automatic provisioning is not enabled")]
    ProvisioningDisabled,
    /// Two tokens are there already.
    #[error("there are two access tokens already; delete one before you generate another")]
    TooManyTokens,
    /// Tokens must go first.
    #[error("delete all access tokens before you disable automatic provisioning")]
    TokensLeft,
    /// No such token.
    #[error("there is no such access token")]
    NoToken,
    /// A value that a setting does not take.
    #[error("{0}")]
    Invalid(String),
    /// The state file could not be written; nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
