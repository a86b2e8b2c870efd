//! Why an assertion is not redeemed, with AWS's texts (aws-iam-sts.md §1.9).

use jetway_aws_wire::AwsError;

const INVALID: &str = "AuthSamlInvalidSamlResponseException";

/// A refusal of AssumeRoleWithSAML and of the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Bad base64 and nearly every structural fault.
    InvalidResponse,
    /// PrincipalArn names no provider here.
    NoSuchProvider,
    /// The assertion's Issuer is not the entity id of the provider's metadata.
    IssuerMismatch,
    /// The assertion itself is not signed.
    AssertionNotSigned,
    /// A signature does not verify, or another key made it.
    SignatureInvalid,
    /// Conditions, confirmation or session are in the past.
    Expired,
    /// Issued more than five minutes ago.
    RedeemedTooLate,
    /// No RoleSessionName.
    NoRoleSessionName,
    /// RoleSessionName breaks the pattern.
    BadRoleSessionName,
    /// SourceIdentity breaks the pattern.
    BadSourceIdentity,
    /// SessionDuration is not 900 to 43200.
    BadSessionDuration,
    /// A session tag breaks the rules; the text says which.
    BadTag(String),
    /// The pair of role and provider is not in the Role attribute.
    RoleNotInAssertion,
    /// Role missing, trust mismatch, condition mismatch, tags or source identity not allowed. The
    /// caller learns no more, so that role names cannot be probed; the log does.
    NotAuthorized,
    /// More than the role's MaxSessionDuration.
    DurationTooLong,
    /// The session policy is not valid.
    MalformedPolicy(String),
    /// A managed session policy does not exist.
    NoSuchPolicy(String),
    /// Policies and tags take too much room: percent of it.
    PackedPolicyTooLarge(u64),
}

impl Refusal {
    /// The error on the wire; `request_id` is part of some texts.
    pub(crate) fn into_error(self, request_id: &str) -> AwsError {
        let token = |message: &str| AwsError::bad_request("InvalidIdentityToken", message);
        let manifest = |message: &str, code: &str| {
            AwsError::bad_request(
                "InvalidIdentityToken",
                format!(
                    "{message} (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: {code}; Request ID: {request_id}; Proxy: null)"
                ),
            )
        };
        match self {
            Self::InvalidResponse => manifest("Invalid base64 SAMLResponse", INVALID),
            Self::NoSuchProvider => manifest(
                "Specified provider doesn't exist",
                "AuthSamlManifestNotFoundException",
            ),
            Self::IssuerMismatch => manifest("Issuer not present in specified provider", INVALID),
            Self::AssertionNotSigned => manifest(
                "Response (with optional signature) must contain an assertion with a mandatory signature",
                INVALID,
            ),
            Self::SignatureInvalid => token("Response signature invalid"),
            Self::Expired => expired("Response has expired"),
            Self::RedeemedTooLate => expired("Token must be redeemed within 5 minutes of issuance"),
            Self::NoRoleSessionName => token("RoleSessionName is required in AuthnResponse"),
            Self::BadRoleSessionName => {
                token("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
            }
            Self::BadSourceIdentity => token(
                "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\"",
            ),
            Self::BadSessionDuration => {
                token("SessionDuration in AuthnResponse must be a number between 900 and 43200")
            }
            Self::BadTag(message) => token(&message),
            Self::RoleNotInAssertion => token(
                "SAML Assertion doesn't contain the requested Role and Metadata in the attributes",
            ),
            Self::NotAuthorized => {
                AwsError::access_denied("Not authorized to perform sts:AssumeRoleWithSAML")
            }
            Self::DurationTooLong => AwsError::validation(
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            ),
            Self::MalformedPolicy(message) => {
                AwsError::bad_request("MalformedPolicyDocument", message)
            }
            Self::NoSuchPolicy(arn) => {
                AwsError::validation(format!("Policy {arn} does not exist or is not attachable."))
            }
            Self::PackedPolicyTooLarge(percent) => AwsError::bad_request(
                "PackedPolicyTooLarge",
                format!(
                    "Packed policy consumes {percent}% of allotted space, please use smaller policy."
                ),
            ),
        }
    }
}

fn expired(message: &str) -> AwsError {
    AwsError::bad_request("ExpiredTokenException", message)
}
