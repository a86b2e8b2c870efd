//! `POST /api/v1/diagnoses`: what is wrong with an error text of AWS, or a SAML response.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::ApplicationId;
use jetway_identity::applications::application;
use jetway_identity::diagnose::{Diagnosis, Expected, Finding, Pasted, Severity, diagnose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

/// What is looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDiagnosis)]
pub(crate) struct Body {
    /// An error text of AWS; or a SAML response in base64, as a form field or as XML.
    #[schema(min_length = 1)]
    text: String,
    /// Id of the application whose settings a response is compared with.
    application: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Diagnosis)]
pub(crate) struct Answer {
    /// `aws_error`, `saml_response` or `unknown`.
    #[schema(example = "aws_error")]
    what: &'static str,
    /// The gravest first.
    findings: Vec<Found>,
}

/// One thing that was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DiagnosisFinding)]
struct Found {
    /// `error`: AWS refuses; `warning`: it lets it pass, or not for everybody; `note`.
    #[schema(example = "error")]
    severity: &'static str,
    title: String,
    explanation: String,
    /// What to do, and where.
    fix: String,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        Self {
            severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            title: finding.title,
            explanation: finding.explanation,
            fix: finding.fix,
        }
    }
}

impl From<Diagnosis> for Answer {
    fn from(diagnosis: Diagnosis) -> Self {
        Self {
            what: match diagnosis.what {
                Pasted::AwsError => "aws_error",
                Pasted::SamlResponse => "saml_response",
                Pasted::Unknown => "unknown",
            },
            findings: diagnosis.findings.into_iter().map(Found::from).collect(),
        }
    }
}

/// Diagnose an error
///
/// The text is looked at and forgotten. Nothing in it is verified or trusted: it is about what AWS
/// would say.
#[utoipa::path(
    post,
    path = "/api/v1/diagnoses",
    tag = "Applications",
    operation_id = "diagnose",
    request_body = Body,
    responses((status = 200, description = "What is wrong, why, and where to change it.", body = Answer))
)]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    caller: ApiCaller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Answer>, Problem> {
    let expected = match &body.application {
        None => Expected::default(),
        Some(id) => {
            let nothing = || Problem::field("application", "there is no such application");
            let id: ApplicationId = id.parse().map_err(|_| nothing())?;
            let found = application(site.store.as_ref(), id).await?;
            Expected::of(&*found.ok_or_else(nothing)?)
        }
    };
    let diagnosis = diagnose(&body.text, &expected, caller.op.now);
    let diagnosis = diagnosis.map_err(|error| Problem::field("text", error.to_string()))?;
    Ok(Json(diagnosis.into()))
}
