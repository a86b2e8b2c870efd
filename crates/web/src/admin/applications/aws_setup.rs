//! `/admin/applications/{id}/aws`: what is run in AWS for the application (requirements W01 to W04,
//! V04), as steps and as files to download. What the administrator adds by hand is in the address.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode, Uri};
use jetway_identity::Permission;
use jetway_identity::applications::{SamlKind, SamlSignOn};
use jetway_identity::aws_setup::{SetupForms, abac_policy_snippet, session_tag_keys};
use jetway_pages::admin::applications::{ApplicationAws, ApplicationTab, GeneratedFile, SetupPart};
use jetway_pages::admin::parts::Field;
use url::form_urlencoded::Serializer;

use super::aws_generated::generate;
use super::header::{Found, find, header, page};
use crate::shared::{AdminVisit, Failure, Fields, Site, query_fields};

/// The lists of the form, in the order of the address.
const FIELDS: [&str; 7] = [
    "accounts",
    "roles",
    "provider",
    "policies",
    "region",
    "groups",
    "permission_sets",
];

/// The tab.
pub(crate) async fn aws_setup(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let body = tab(&site, &visit, &found, uri.query()).await?;
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// The tab, made from what the query adds to the application.
pub(super) async fn tab(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    query: Option<&str>,
) -> Result<ApplicationAws, Failure> {
    let fields = query_fields(query)?;
    let saml = aws_of(found)?;
    let everything = generate(site, found, saml, &fields).await?;
    let carried = carried(&fields)?;
    let base = format!("/admin/applications/{}/aws", found.application.id);
    let mut number = 0;
    let parts = everything.parts.into_iter().map(|part| {
        let (steps, files, problem) = match part.texts {
            Err(problem) => (Vec::new(), Vec::new(), Some(problem)),
            Ok(mut texts) => {
                let steps = std::mem::take(&mut texts.steps);
                let files = files(texts, &base, part.name.as_deref(), &carried, &mut number);
                (steps, files, None)
            }
        };
        SetupPart {
            heading: part.heading,
            problem,
            steps,
            files,
        }
    });
    let keys = session_tag_keys(&saml.settings);
    let takes_arns = saml.kind.is_aws_iam() && visit.may(Permission::WriteApplications);
    Ok(ApplicationAws {
        parts: parts.collect(),
        application: header(site, visit, found, ApplicationTab::Aws).await?,
        csrf: visit.csrf.clone(),
        form: everything.form,
        fresh: everything.fresh,
        notes: everything.notes,
        // A key that AWS refuses is told of by the preview.
        policy: abac_policy_snippet(&keys).ok(),
        arns: takes_arns.then(Field::default),
    })
}

/// `terraform.tf`, of the provider that the query names.
pub(crate) async fn terraform(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let texts = texts(&site, &id, &uri).await?;
    download("text/plain; charset=utf-8", "terraform.tf", texts.terraform)
}

/// `cloudformation.json`, the one whose number the query has.
pub(crate) async fn cloudformation(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let mut texts = texts(&site, &id, &uri).await?;
    let query = query_fields(uri.query())?;
    let number: usize = match query.get("template")? {
        None => 1,
        Some(text) => text.parse().map_err(|_| Failure::not_found())?,
    };
    if !(1..=texts.cloudformation.len()).contains(&number) {
        return Err(Failure::not_found());
    }
    let (_, text) = texts.cloudformation.swap_remove(number - 1);
    download("application/json", "cloudformation.json", text)
}

/// `setup.sh` for the AWS CLI.
pub(crate) async fn script(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let texts = texts(&site, &id, &uri).await?;
    download("text/plain; charset=utf-8", "setup.sh", texts.script)
}

/// What the page with the same query offers. A set-up with a problem has no files.
async fn texts(site: &Site, id: &str, uri: &Uri) -> Result<SetupForms, Failure> {
    let found = find(site, id).await?;
    let fields = query_fields(uri.query())?;
    let everything = generate(site, &found, aws_of(&found)?, &fields).await?;
    let of = fields.get("of")?;
    let part = everything
        .parts
        .into_iter()
        .find(|part| of.is_none() || of == part.name.as_deref());
    let texts = part.and_then(|part| part.texts.ok());
    texts.ok_or_else(Failure::not_found)
}

fn download(media_type: &'static str, name: &str, text: String) -> Result<Response, Failure> {
    let file = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CONTENT_DISPOSITION, file.map_err(Failure::internal)?),
    ];
    Ok((headers, text).into_response())
}

/// Other applications have no such page.
pub(super) fn aws_of(found: &Found) -> Result<&SamlSignOn, Failure> {
    let saml = found.application.sign_on.saml();
    let aws = saml.filter(|saml| saml.kind != SamlKind::Custom);
    aws.ok_or_else(Failure::not_found)
}

fn files(
    texts: SetupForms,
    base: &str,
    provider: Option<&str>,
    carried: &[(&'static str, String)],
    number: &mut usize,
) -> Vec<GeneratedFile> {
    let mut file = |name: &str, template: Option<usize>, title: &str, hint: String, text| {
        *number += 1;
        let mut href = Serializer::new(format!("{base}/{name}?"));
        href.extend_pairs(carried.iter().map(|(name, value)| (*name, value.as_str())));
        if let Some(provider) = provider {
            href.append_pair("of", provider);
        }
        if let Some(template) = template {
            href.append_pair("template", &template.to_string());
        }
        GeneratedFile {
            id: format!("file-{number}"),
            title: title.to_owned(),
            hint,
            href: href.finish(),
            text,
        }
    };
    let hint = match provider {
        Some(_) => {
            "Put it into a folder of its own and run terraform init, then terraform apply. Paste the output of terraform output -json below."
        }
        None => "Put it into a folder of its own and run terraform init, then terraform apply.",
    };
    let mut files = vec![file(
        "terraform.tf",
        None,
        "Terraform",
        hint.to_owned(),
        texts.terraform,
    )];
    for (index, (about, text)) in texts.cloudformation.into_iter().enumerate() {
        let hint = match provider {
            Some(_) => format!("{about} A stack of it needs the capability CAPABILITY_NAMED_IAM."),
            None => about,
        };
        let title = match index {
            0 => "CloudFormation".to_owned(),
            _ => format!("CloudFormation, template {}", index + 1),
        };
        let template = Some(index + 1);
        files.push(file("cloudformation.json", template, &title, hint, text));
    }
    let hint = "For the AWS CLI, for instance in AWS CloudShell. It can be run again.";
    files.push(file(
        "setup.sh",
        None,
        "Script for the AWS CLI",
        hint.to_owned(),
        texts.script,
    ));
    files
}

/// What the files need of the address to come out the same.
fn carried(fields: &Fields<'_>) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut carried = Vec::new();
    for name in FIELDS {
        if let Some(value) = fields.get(name)?.filter(|value| !value.trim().is_empty()) {
            carried.push((name, value.to_owned()));
        }
    }
    Ok(carried)
}
