//! `POST /admin/applications/{id}/aws/arns`: the ARNs that came out of AWS go into the application
//! (requirement W01). First a page shows what was read and what would change; only its form changes
//! anything.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::applications::{
    ApplicationChange, SamlKind, SamlSettings, SamlSignOn, UpdateApplicationError,
    update_application,
};
use jetway_identity::aws_setup::{ArnPair, is_pattern, read_arns, with_role_rules, with_roles};
use jetway_identity::groups::list_groups;
use jetway_pages::admin::applications::{ApplicationArns, ApplicationTab, FoundPair};
use jetway_pages::admin::parts::{Choice, Field, Select};
use jetway_saml::ATTRIBUTE_ROLE;

use super::aws_setup::{aws_of, tab};
use super::header::{Found, find, go_on, header, page};
use crate::admin::custom_attributes::sentence;
use crate::admin::typed_version;
use crate::aws_texts::GROUPS;
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields, typeable};

/// Longest form: 256 KB of text, where each byte may be written as three.
pub(crate) const MAX_ARNS_FORM: usize = 1 << 20;
/// Pairs that are taken at once, so that the page with a list of groups for each stays usable.
const MAX_PAIRS: usize = 100;
/// Problems that are shown.
const MAX_PROBLEMS: usize = 20;

/// Shows what was pasted, or saves what was shown.
pub(crate) async fn take_arns(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let saml = aws_of(&found)?;
    if !saml.kind.is_aws_iam() {
        return Err(Failure::not_found());
    }
    let fields = admin_form_fields(&headers, &body)?;
    if fields.get("do")? == Some("save") {
        return save(&site, &mut visit, &found, saml, &fields).await;
    }
    let text = fields.get("arns")?.unwrap_or_default();
    let read = match read_arns(text) {
        Ok(read) => read,
        Err(error) => {
            return refused(&site, &visit, &found, &sentence(&error.to_string())).await;
        }
    };
    let mut problems: Vec<_> = read
        .problems
        .iter()
        .take(MAX_PROBLEMS)
        .map(|problem| sentence(&typeable(&problem.to_string())))
        .collect();
    if read.problems.len() > MAX_PROBLEMS {
        problems.push("And so on.".to_owned());
    }
    if read.pairs.is_empty() {
        problems.insert(
            0,
            "No pair of a role and a SAML provider was found.".to_owned(),
        );
        return refused(&site, &visit, &found, &problems.join(" ")).await;
    }
    if read.pairs.len() > MAX_PAIRS {
        let text = format!(
            "These are {} pairs; paste at most {MAX_PAIRS} at once.",
            read.pairs.len()
        );
        return refused(&site, &visit, &found, &text).await;
    }
    let chosen = read.pairs.into_iter().map(|pair| (String::new(), pair));
    let chosen: Vec<_> = chosen.collect();
    let mut body = form(&site, &visit, &found, saml, &chosen).await?;
    body.problems = problems;
    page(&site, &visit, StatusCode::OK, None, body)
}

/// The tab again, with what is wrong with the text.
async fn refused(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    error: &str,
) -> Result<Response, Failure> {
    let mut body = tab(site, visit, found, None).await?;
    body.arns = Some(Field::default().with_error(error));
    page(site, visit, StatusCode::UNPROCESSABLE_ENTITY, None, body)
}

async fn save(
    site: &Site,
    visit: &mut AdminVisit,
    found: &Found,
    saml: &SamlSignOn,
    fields: &Fields<'_>,
) -> Result<Response, Failure> {
    let version = typed_version(fields)?;
    let chosen = chosen(fields, saml.kind)?;
    let (status, problem) = match changed(saml, &chosen) {
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, problem),
        Ok(settings) => {
            let change = ApplicationChange {
                saml: Some(settings),
                ..ApplicationChange::default()
            };
            let (store, id) = (site.store.as_ref(), found.application.id);
            match update_application(&mut visit.op, store, id, Some(version), change).await {
                Ok(_) if saml.kind == SamlKind::AwsIam => return go_on(id, "aws", "roles"),
                Ok(_) => return go_on(id, "aws", "rules"),
                Err(UpdateApplicationError::Invalid(problems)) => (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    sentence(&problems.to_string()),
                ),
                Err(UpdateApplicationError::Stale(_)) => (
                    StatusCode::CONFLICT,
                    "Somebody else changed this application in the meantime. This is how it is \
                     now; send it again if it is still right."
                        .to_owned(),
                ),
                Err(UpdateApplicationError::NoSuchApplication) => {
                    return Err(Failure::not_found());
                }
                Err(UpdateApplicationError::NotAllowed(error)) => return Err(error.into()),
                Err(UpdateApplicationError::Store(error)) => return Err(error.into()),
            }
        }
    };
    // As it is now.
    let found = find(site, &found.application.id.to_string()).await?;
    let mut body = form(site, visit, &found, aws_of(&found)?, &chosen).await?;
    body.refused = Some(typeable(&problem));
    page(site, visit, status, None, body)
}

/// The settings with the pairs in them, or why not.
fn changed(saml: &SamlSignOn, chosen: &[(String, ArnPair)]) -> Result<SamlSettings, String> {
    if saml.kind == SamlKind::AwsIam {
        let pairs: Vec<_> = chosen.iter().map(|(_, pair)| pair.clone()).collect();
        return Ok(with_roles(&saml.settings, &pairs));
    }
    let given = chosen.iter().filter(|(group, _)| !group.is_empty());
    let given: Vec<_> = given.cloned().collect();
    if given.is_empty() {
        return Err("Choose a group for at least one role.".to_owned());
    }
    with_role_rules(&saml.settings, &given).map_err(|error| sentence(&error.to_string()))
}

/// The pairs of the form, with the group of each. They come from a page of ours, and are read as
/// strictly as if they had been pasted.
fn chosen(fields: &Fields<'_>, kind: SamlKind) -> Result<Vec<(String, ArnPair)>, Failure> {
    let values: Vec<&str> = fields.all("pair").collect();
    let mut groups: Vec<&str> = fields.all("group").collect();
    if kind == SamlKind::AwsIam {
        groups = vec![""; values.len()];
    }
    if values.is_empty() || values.len() > MAX_PAIRS || groups.len() != values.len() {
        return Err(Failure::bad_request());
    }
    let pair = |(value, group): (&str, &str)| {
        let mut read = read_arns(value).map_err(|_| Failure::bad_request())?;
        if read.pairs.len() != 1 || !read.problems.is_empty() {
            return Err(Failure::bad_request());
        }
        Ok((group.to_owned(), read.pairs.remove(0)))
    };
    values.into_iter().zip(groups).map(pair).collect()
}

async fn form(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    saml: &SamlSignOn,
    chosen: &[(String, ArnPair)],
) -> Result<ApplicationArns, Failure> {
    let by_group = saml.kind == SamlKind::AwsIamRoles;
    let names = if by_group {
        let all = list_groups(site.store.as_ref(), "", None, GROUPS).await?;
        let names = all.groups.into_iter().map(|one| one.group.name);
        names.filter(|name| !is_pattern(name)).collect()
    } else {
        Vec::new()
    };
    let pairs = chosen.iter().map(|(group, pair)| FoundPair {
        value: format!("{},{}", pair.role_arn, pair.provider_arn),
        role: pair.role_arn.clone(),
        provider: pair.provider_arn.clone(),
        group: by_group.then(|| groups(&names, group)),
    });
    let constants = saml.settings.constant_attributes.iter();
    Ok(ApplicationArns {
        pairs: pairs.collect(),
        application: header(site, visit, found, ApplicationTab::Aws).await?,
        csrf: visit.csrf.clone(),
        version: found.application.version.to_string(),
        by_group,
        before: constants
            .filter(|(name, _)| name == ATTRIBUTE_ROLE)
            .map(|(_, value)| typeable(value))
            .collect(),
        problems: Vec::new(),
        refused: None,
    })
}

fn groups(names: &[String], chosen: &str) -> Select {
    let none = Choice::new("", "No group", chosen.is_empty());
    let others = names
        .iter()
        .map(|name| Choice::new(name.as_str(), name.as_str(), name == chosen));
    Select {
        choices: std::iter::once(none).chain(others).collect(),
        error: None,
    }
}
