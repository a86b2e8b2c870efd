//! "Diagnose": somebody pastes what they have, an error text of AWS or a SAML response, and learns
//! what is wrong, why, and where to change it. The pasted text is not kept, and findings repeat
//! only single values of it, cut short.

mod assertion;
mod attributes;
mod aws_errors;
mod aws_texts;
mod finding;
mod pasted;
mod times;

use time::OffsetDateTime;

use crate::applications::Application;

pub use finding::{Finding, Severity};

/// Bytes of pasted text that are looked at.
pub const MAX_PASTED: usize = 512 * 1024;

/// What the pasted text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pasted {
    /// An error text of AWS.
    AwsError,
    /// A SAML response.
    SamlResponse,
    /// Neither.
    Unknown,
}

/// What our settings say, to compare a response with. What is `None` is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// The IdP entity ID of the application.
    pub issuer: Option<String>,
    /// The ACS URL: Destination and Recipient.
    pub acs_url: Option<String>,
    /// The SP entity ID.
    pub audience: Option<String>,
}

impl Expected {
    /// What a response for this application would have. What is not configured is not compared.
    pub fn of(application: &Application) -> Self {
        let Some(saml) = application.sign_on.saml() else {
            return Self::default();
        };
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            issuer: filled(&saml.settings.idp_entity_id),
            acs_url: filled(&saml.settings.acs_url),
            audience: filled(&saml.settings.audience),
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    pub what: Pasted,
    /// The gravest first.
    pub findings: Vec<Finding>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiagnoseError {
    #[error("paste the error text of AWS, or the value of SAMLResponse")]
    Empty,
    #[error("this is {length} bytes long; paste at most {MAX_PASTED}")]
    TooLong { length: usize },
}

/// Looks at pasted text: an error text of AWS as the sign-in page, the command line or CloudTrail
/// shows it, or a SAML response as base64, as a form sends it, or as XML. Nothing is verified and
/// nothing is trusted: it is about what AWS would say.
///
/// # Errors
/// When there is nothing, or more than is looked at.
pub fn diagnose(
    text: &str,
    expected: &Expected,
    now: OffsetDateTime,
) -> Result<Diagnosis, DiagnoseError> {
    if text.len() > MAX_PASTED {
        return Err(DiagnoseError::TooLong { length: text.len() });
    }
    if text.trim().is_empty() {
        return Err(DiagnoseError::Empty);
    }
    let mut diagnosis = if let Some(response) = pasted::response(text) {
        Diagnosis {
            what: Pasted::SamlResponse,
            findings: assertion::findings(&response, expected, now),
        }
    } else {
        let findings = aws_errors::findings(text);
        let what = if findings.is_empty() {
            Pasted::Unknown
        } else {
            Pasted::AwsError
        };
        Diagnosis { what, findings }
    };
    if diagnosis.what == Pasted::Unknown {
        diagnosis.findings.push(Finding::note(
            "This is not known",
            "It is neither an error text of AWS that is known here, nor a SAML response.",
            "Paste the whole message, or the value of the form field SAMLResponse from the network view of the browser.",
        ));
    }
    diagnosis
        .findings
        .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(diagnosis)
}
