//! The identity provider's signing certificates.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jetway_pages::{
    admin::parts::Field,
    local::identity_center::console::{CenterNav, CertificateRow, CertificateState, Certificates},
};
use jetway_saml::SigningCertificate;
use serde_json::json;

use super::{
    failure::{Answer, Failure},
    visit::Visit,
};
use crate::{
    json_service::{JsonError, JsonService},
    state::center::{IdentityCenter, IdentitySource},
};

const PAGE: &str = "/settings/identity-source/certificates";

/// A certificate as the console shows it. `id` is empty before it is stored.
pub(super) fn row(visit: &Visit, id: String, der: &[u8]) -> CertificateRow {
    let read = SigningCertificate::from_der(der).ok();
    let from = read
        .as_ref()
        .map_or(0, |read| read.not_before.unix_timestamp());
    let until = read
        .as_ref()
        .map_or(0, |read| read.not_after.unix_timestamp());
    let bytes: Vec<String> = digest(&SHA256, der)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    CertificateRow {
        id,
        fingerprint: bytes.join(":"),
        state: match read {
            Some(_) => CertificateState::of(until, visit.op.unix()),
            None => CertificateState::Unreadable,
        },
        from: visit.moment(from),
        until: visit.moment(until),
    }
}

/// Those of the identity source.
pub(super) fn rows(visit: &Visit, center: &IdentityCenter) -> Vec<CertificateRow> {
    let IdentitySource::External(provider) = &center.instance.identity_source else {
        return Vec::new();
    };
    provider
        .certificates
        .iter()
        .map(|record| {
            let der = BASE64.decode(&record.der).unwrap_or_default();
            row(visit, record.id.to_string(), &der)
        })
        .collect()
}

pub(super) fn show(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:DescribeDirectories")?;
    if center.instance.identity_source == IdentitySource::Directory {
        return visit.done("/settings/identity-source", "");
    }
    let view = view(visit, &center, Field::default(), None);
    visit.page(CenterNav::Settings, view)
}

fn view(
    visit: &Visit,
    center: &IdentityCenter,
    certificate: Field,
    problem: Option<String>,
) -> Certificates {
    Certificates {
        csrf: visit.csrf.clone(),
        certificates: rows(visit, center),
        certificate,
        problem,
    }
}

pub(super) fn import(visit: &mut Visit) -> Answer {
    let typed = visit.form.text("certificate").to_owned();
    let input = json!({ "Certificate": typed });
    match visit.api(JsonService::LocalAdmin, "ImportCertificate", &input) {
        Ok(_) => visit.done(PAGE, "certificate"),
        Err(error) => again(visit, Field::new(typed).with_error(error.message), None),
    }
}

pub(super) fn delete(visit: &mut Visit) -> Answer {
    let input = json!({ "CertificateId": visit.form.text("id") });
    match visit.api(JsonService::LocalAdmin, "DeleteCertificate", &input) {
        Ok(_) => visit.done(PAGE, "certificate-deleted"),
        Err(error) => again(visit, Field::default(), Some(error)),
    }
}

fn again(visit: &Visit, field: Field, problem: Option<JsonError>) -> Answer {
    let center = visit.may("sso:DescribeDirectories")?;
    if center.instance.identity_source == IdentitySource::Directory {
        return Err(Failure::NotFound("The list of certificates"));
    }
    let view = view(visit, &center, field, problem.map(|error| error.message));
    visit.again(CenterNav::Settings, view)
}
