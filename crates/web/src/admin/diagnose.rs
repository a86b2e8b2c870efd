//! `/admin/diagnose`: what is wrong with what somebody pasted (requirement W05). The text is looked
//! at and forgotten: it is in no address, no log and no table, and does not come back on the page.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::diagnose::{
    DiagnoseError, Diagnosis, Expected, Finding, Pasted, Severity, diagnose,
};
use jetway_identity::{ApplicationAndGroups, all_applications};
use jetway_pages::admin::NavItem;
use jetway_pages::admin::diagnose::{Diagnose, DiagnoseFinding, DiagnoseResult};
use jetway_pages::admin::parts::{Badge, Choice, Field, Select, Tone};

use crate::admin::custom_attributes::sentence;
use crate::shared::{
    AdminVisit, Failure, Site, admin_form_fields, admin_html, query_fields, typeable,
};

/// Longest text, in bytes. AWS takes responses of 100,000 characters.
const LONGEST: usize = 200 << 10;
/// The same as a form, where each byte may be written as three.
pub(crate) const MAX_FORM: usize = 3 * LONGEST + 4096;

/// The empty form. `application` chooses one.
pub(crate) async fn form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let chosen = query.get("application")?.unwrap_or_default();
    let all = all_applications(site.store.as_ref()).await?;
    page(&site, &visit, StatusCode::OK, body(&visit, &all, chosen))
}

/// What is wrong, why, and where to change it.
pub(crate) async fn result(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
    sent: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &sent)?;
    let text = fields.get("pasted")?.unwrap_or_default();
    let chosen = fields.get("application")?.unwrap_or_default();
    let all = all_applications(site.store.as_ref()).await?;
    let application = all
        .iter()
        .map(|one| &one.application)
        .find(|one| one.id.to_string() == chosen);
    let mut body = body(&visit, &all, chosen);
    if text.len() > LONGEST {
        let error = format!(
            "This is {} bytes long; paste at most {LONGEST}.",
            text.len()
        );
        body.pasted = Field::default().with_error(error);
        return page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, body);
    }
    let expected = application.map_or_else(Expected::default, |one| Expected::of(one));
    match diagnose(text, &expected, visit.op.now) {
        Ok(diagnosis) => {
            body.result = Some(shown(&diagnosis));
            page(&site, &visit, StatusCode::OK, body)
        }
        Err(error @ (DiagnoseError::Empty | DiagnoseError::TooLong { .. })) => {
            body.pasted = Field::default().with_error(sentence(&error.to_string()));
            page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, body)
        }
    }
}

fn page(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    body: Diagnose,
) -> Result<Response, Failure> {
    admin_html(
        status,
        site.admin_chrome(visit, NavItem::Applications),
        body,
    )
}

fn body(visit: &AdminVisit, all: &[ApplicationAndGroups], chosen: &str) -> Diagnose {
    let mut choices = vec![Choice::new("", "No application", true)];
    for one in all {
        let application = &one.application;
        if application.sign_on.saml().is_some() {
            let id = application.id.to_string();
            let selected = id == chosen;
            choices.push(Choice::new(id, application.label.as_str(), selected));
        }
    }
    // One of them at most.
    choices[0].selected = !choices.iter().skip(1).any(|choice| choice.selected);
    Diagnose {
        csrf: visit.csrf.clone(),
        application: Select {
            choices,
            error: None,
        },
        pasted: Field::default(),
        longest: LONGEST,
        result: None,
    }
}

fn shown(diagnosis: &Diagnosis) -> DiagnoseResult {
    let what = match diagnosis.what {
        Pasted::AwsError => "This is an error of AWS",
        Pasted::SamlResponse => "This is a SAML response",
        Pasted::Unknown => "What this is, is not known",
    };
    DiagnoseResult {
        what: what.to_owned(),
        findings: diagnosis.findings.iter().map(finding).collect(),
    }
}

fn finding(finding: &Finding) -> DiagnoseFinding {
    let badge = match finding.severity {
        Severity::Error => Badge::new(Tone::Bad, "AWS refuses"),
        Severity::Warning => Badge::new(Tone::Waiting, "warning"),
        Severity::Note => Badge::new(Tone::None, "note"),
    };
    DiagnoseFinding {
        badge,
        title: typeable(&finding.title),
        explanation: typeable(&finding.explanation),
        fix: typeable(&finding.fix),
    }
}
