//! `AssumeRoleWithSAML`: an unsigned form, answered in XML.

use std::time::Duration;

use jetway_saml::RolePair;
use roxmltree::{Document, Node};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::endpoint::StsEndpoint;
use crate::clock;
use crate::files::credentials::TemporaryCredentials;
use crate::http::{Answer, Http, HttpError};
use crate::printer::printable;

/// Repetitions after the first try.
const RETRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const THROTTLED: [&str; 5] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
];
const DURATION_EXCEEDED: &str = "exceeds the MaxSessionDuration";

/// Why AWS gave no credentials.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StsError {
    #[error(transparent)]
    Http(#[from] HttpError),
    /// AWS's own words.
    #[error("{code}: {message}")]
    Refused { code: String, message: String },
    #[error("{host} does not answer like STS (status {status})")]
    NotSts { host: String, status: u16 },
    #[error("the answer of STS holds {0}")]
    Malformed(&'static str),
}

impl StsError {
    /// The role does not allow a session as long as asked for.
    pub(crate) fn is_duration_exceeded(&self) -> bool {
        matches!(self, Self::Refused { message, .. } if message.contains(DURATION_EXCEEDED))
    }

    fn is_transient(&self) -> bool {
        match self {
            Self::Http(error) => error.is_transient(),
            Self::Refused { code, .. } => {
                THROTTLED.contains(&code.as_str())
                    || matches!(
                        code.as_str(),
                        "ServiceUnavailable" | "InternalFailure" | "IDPCommunicationError"
                    )
            }
            Self::NotSts { status, .. } => *status >= 500 || *status == 429,
            Self::Malformed(_) => false,
        }
    }

    pub(crate) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Http(error) => error.advice(),
            Self::Refused { code, message } => advice(code, message),
            Self::NotSts { .. } => {
                Some("Check AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS, the region and the proxy.")
            }
            Self::Malformed(_) => None,
        }
    }
}

/// What to do about the refusals that people meet.
fn advice(code: &str, message: &str) -> Option<&'static str> {
    const BY_TEXT: [(&str, &str); 12] = [
        (
            "Not authorized to perform sts:AssumeRoleWithSAML",
            "The role's trust policy must name the SAML provider and allow \
             sts:AssumeRoleWithSAML for its SAML:aud (and sts:TagSession if the assertion \
             carries tags). A role that does not exist gets the same answer.",
        ),
        (
            "Response signature invalid",
            "The SAML provider in AWS holds another certificate: upload the identity provider's \
             current metadata.",
        ),
        (
            "Issuer not present in specified provider",
            "The entity id in the SAML provider's metadata in AWS is not the identity provider's: \
             upload the current metadata.",
        ),
        (
            "Specified provider doesn't exist",
            "The role attribute names a SAML provider that does not exist in the AWS account.",
        ),
        (
            "mandatory signature",
            "The identity provider must sign the assertion, not only the response.",
        ),
        (
            "requested Role and Metadata",
            "The role attribute must hold this role together with this SAML provider.",
        ),
        (
            "RoleSessionName",
            "The attribute RoleSessionName must be 2 to 64 of the characters a-z A-Z 0-9 _+=,.@-",
        ),
        (
            "Token must be redeemed within 5 minutes",
            "Sign in again; if it stays, the identity provider's clock is wrong.",
        ),
        (
            "Response has expired",
            "Sign in again; if it stays, the identity provider's clock is wrong.",
        ),
        (DURATION_EXCEEDED, "Ask for less with --session-duration."),
        (
            "ARN is invalid",
            "The role attribute must hold a role's ARN and a SAML provider's ARN.",
        ),
        (
            "durationSeconds",
            "AWS accepts 900 (15 minutes) to 43200 (12 hours) for --session-duration.",
        ),
    ];
    let by_text = BY_TEXT
        .iter()
        .find(|(part, _)| message.contains(part))
        .map(|(_, advice)| *advice);
    by_text.or(match code {
        "RegionDisabledException" => Some(
            "STS is switched off for this region in the AWS account: choose another with --region.",
        ),
        "PackedPolicyTooLarge" => Some("The session policy and the tags together are too large."),
        "MalformedPolicyDocument" => Some("Correct the file given with --policyfile."),
        "ExpiredTokenException" => Some("Sign in again."),
        _ => None,
    })
}

/// What narrows the permissions of the session.
#[derive(Clone, Debug, Default)]
pub(crate) struct SessionPolicy {
    pub(crate) document: Option<String>,
    pub(crate) arns: Vec<String>,
}

/// A request for a role's credentials.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AssumeRole<'a> {
    pub(crate) role: &'a RolePair,
    /// The SAML response in base64.
    pub(crate) assertion: &'a str,
    pub(crate) policy: &'a SessionPolicy,
    pub(crate) seconds: u32,
}

/// The Security Token Service.
pub(crate) struct Sts<'a> {
    pub(crate) http: &'a Http,
    pub(crate) endpoint: &'a StsEndpoint,
}

impl Sts<'_> {
    /// Exchanges the assertion for credentials; passing troubles are retried.
    pub(crate) fn assume_role(
        &self,
        request: AssumeRole<'_>,
    ) -> Result<TemporaryCredentials, StsError> {
        let form = Zeroizing::new(form(request));
        let mut pause = FIRST_PAUSE;
        for _ in 0..RETRIES {
            match self.post(&form) {
                Err(error) if error.is_transient() => clock::pause(pause),
                outcome => return outcome,
            }
            pause *= 2;
        }
        self.post(&form)
    }

    fn post(&self, form: &str) -> Result<TemporaryCredentials, StsError> {
        let headers = [
            ("Accept", "text/xml"),
            (
                "Content-Type",
                "application/x-www-form-urlencoded; charset=utf-8",
            ),
        ];
        understand(&self.http.post(&self.endpoint.url, &headers, form)?)
    }
}

fn form(request: AssumeRole<'_>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", "AssumeRoleWithSAML")
        .append_pair("Version", "2011-06-15")
        .append_pair("DurationSeconds", &request.seconds.to_string())
        .append_pair("PrincipalArn", &request.role.provider_arn)
        .append_pair("RoleArn", &request.role.role_arn)
        .append_pair("SAMLAssertion", request.assertion);
    if let Some(document) = &request.policy.document {
        form.append_pair("Policy", document);
    }
    for (number, arn) in request.policy.arns.iter().enumerate() {
        form.append_pair(&format!("PolicyArns.member.{}.arn", number + 1), arn);
    }
    form.finish()
}

fn understand(answer: &Answer) -> Result<TemporaryCredentials, StsError> {
    let not_sts = || StsError::NotSts {
        host: answer.url.host_str().unwrap_or_default().to_owned(),
        status: answer.status,
    };
    let text = Zeroizing::new(answer.text());
    let document = Document::parse(&text).map_err(|_| not_sts())?;
    if answer.status == 200 {
        return credentials(&document);
    }
    let error = descendant(document.root(), "Error").ok_or_else(not_sts)?;
    let part = |name| {
        descendant(error, name)
            .and_then(|node| node.text())
            .map(printable)
    };
    Err(StsError::Refused {
        code: part("Code").ok_or_else(not_sts)?,
        message: part("Message").unwrap_or_else(|| "(no message)".to_owned()),
    })
}

fn credentials(document: &Document<'_>) -> Result<TemporaryCredentials, StsError> {
    let result = descendant(document.root(), "AssumeRoleWithSAMLResult")
        .ok_or(StsError::Malformed("no AssumeRoleWithSAMLResult"))?;
    let credentials =
        descendant(result, "Credentials").ok_or(StsError::Malformed("no Credentials"))?;
    let expires = plain(credentials, "Expiration")?;
    Ok(TemporaryCredentials {
        access_key_id: plain(credentials, "AccessKeyId")?,
        secret_access_key: plain(credentials, "SecretAccessKey")?.into(),
        session_token: plain(credentials, "SessionToken")?.into(),
        expires: OffsetDateTime::parse(&expires, &Rfc3339)
            .map_err(|_| StsError::Malformed("an expiration that is not a time"))?,
        principal_arn: plain(result, "Arn")?,
    })
}

/// The text of an element. It goes into a file of lines, so only visible ASCII is taken.
fn plain(node: Node<'_, '_>, name: &str) -> Result<String, StsError> {
    let text = descendant(node, name)
        .and_then(|found| found.text())
        .map(str::trim);
    match text {
        Some(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(text.to_owned())
        }
        _ => Err(StsError::Malformed("an unusable value")),
    }
}

fn descendant<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.descendants()
        .find(|found| found.is_element() && found.tag_name().name() == name)
}
