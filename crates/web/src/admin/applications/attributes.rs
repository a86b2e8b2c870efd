//! `/admin/applications/{id}/attributes` (requirements J01 to J17).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::applications::{
    ApplicationChange, ApplicationProblem, InvalidApplication, MappedAttribute, RoleRule, SamlKind,
    SamlSettings, SamlSignOn, UpdateApplicationError, update_application,
};
use jetway_identity::{Permission, list_groups};
use jetway_pages::admin::applications::{
    ApplicationAttributes, ApplicationTab, ConstantRow, MappedRow, RuleRow,
};
use jetway_pages::admin::parts::{Choice, Field, Select};

use super::header::{Found, find, go_on, header, page};
use super::sso::{CHANGED_MEANWHILE, failure, saml_of};
use super::sso_form::{source_choice, source_of, sources};
use crate::admin::custom_attributes::sentence;
use crate::admin::typed_version;
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields, typeable};

/// Groups that are offered while typing.
const GROUPS: u32 = 500;

/// What the form holds, as typed.
struct Typed {
    version: i64,
    constant: Vec<ConstantRow>,
    mapped: Vec<TypedMapping>,
    rules: Vec<RuleRow>,
    group_attribute: Field,
    problems: Vec<String>,
}

#[derive(Default)]
struct TypedMapping {
    name: String,
    source: String,
    custom: String,
    error: Option<String>,
}

impl Typed {
    fn stored(version: i64, settings: &SamlSettings) -> Self {
        let constant = settings.constant_attributes.iter();
        let mapped = settings.user_attribute_mapping.iter();
        let rules = settings.role_rules.iter();
        Self {
            version,
            constant: constant
                .map(|(name, value)| ConstantRow {
                    name: name.clone(),
                    value: value.clone(),
                    error: None,
                })
                .collect(),
            mapped: mapped
                .map(|mapped| {
                    let (source, custom) = source_choice(&mapped.source);
                    TypedMapping {
                        name: mapped.name.clone(),
                        source,
                        custom,
                        error: None,
                    }
                })
                .collect(),
            rules: rules
                .map(|rule| RuleRow {
                    group: rule.group.clone(),
                    account: rule.account.clone(),
                    role: rule.role.clone(),
                    provider: rule.provider.clone(),
                    error: None,
                })
                .collect(),
            group_attribute: Field::new(settings.group_attribute.as_deref().unwrap_or_default()),
            problems: Vec::new(),
        }
    }

    fn sent(fields: &Fields<'_>) -> Result<Self, Failure> {
        let trimmed = |text: &str| typeable(text.trim());
        let constant = fields
            .all("constant.name")
            .zip(fields.all("constant.value"));
        let mapped = fields
            .all("mapped.name")
            .zip(fields.all("mapped.source"))
            .zip(fields.all("mapped.custom"));
        let rules = fields
            .all("rule.group")
            .zip(fields.all("rule.account"))
            .zip(fields.all("rule.role"))
            .zip(fields.all("rule.provider"));
        let group_attribute = fields.get("group_attribute")?.unwrap_or_default();
        Ok(Self {
            version: typed_version(fields)?,
            constant: constant
                .map(|(name, value)| ConstantRow {
                    name: trimmed(name),
                    value: trimmed(value),
                    error: None,
                })
                .filter(|row| !(row.name.is_empty() && row.value.is_empty()))
                .collect(),
            mapped: mapped
                .map(|((name, source), custom)| TypedMapping {
                    name: trimmed(name),
                    source: trimmed(source),
                    custom: trimmed(custom),
                    error: None,
                })
                .filter(|row| !(row.name.is_empty() && row.custom.is_empty()))
                .collect(),
            rules: rules
                .map(|(((group, account), role), provider)| RuleRow {
                    group: trimmed(group),
                    account: trimmed(account),
                    role: trimmed(role),
                    provider: trimmed(provider),
                    error: None,
                })
                .filter(|row| {
                    let texts = [&row.group, &row.account, &row.role, &row.provider];
                    texts.into_iter().any(|text| !text.is_empty())
                })
                .collect(),
            group_attribute: Field::new(trimmed(group_attribute)),
            problems: Vec::new(),
        })
    }

    /// The settings that are meant; `None` when a row cannot be read: then it says why.
    fn settings(&mut self, before: &SamlSettings) -> Option<SamlSettings> {
        let mut after = before.clone();
        let constant = self.constant.iter();
        after.constant_attributes = constant
            .map(|row| (row.name.clone(), row.value.clone()))
            .collect();
        after.user_attribute_mapping.clear();
        for row in &mut self.mapped {
            match source_of(&row.source, &row.custom) {
                Ok(source) => after.user_attribute_mapping.push(MappedAttribute {
                    name: row.name.clone(),
                    source,
                }),
                Err(reason) => row.error = Some(reason),
            }
        }
        let rules = self.rules.iter();
        after.role_rules = rules
            .map(|row| RoleRule {
                group: row.group.clone(),
                account: row.account.clone(),
                role: row.role.clone(),
                provider: row.provider.clone(),
            })
            .collect();
        let group_attribute = self.group_attribute.value.clone();
        after.group_attribute = Some(group_attribute).filter(|name| !name.is_empty());
        let sound = self.mapped.iter().all(|row| row.error.is_none());
        sound.then_some(after)
    }

    fn mark(&mut self, problems: Vec<ApplicationProblem>) {
        for problem in problems {
            let reason = sentence(&problem.reason);
            let mut path = problem.field.split('.').skip(1);
            let (list, row) = (path.next(), path.next());
            let row = row.and_then(|row| row.parse::<usize>().ok());
            let error = match (list, row) {
                (Some("constant_attributes"), Some(row)) => {
                    self.constant.get_mut(row).map(|row| &mut row.error)
                }
                (Some("user_attribute_mapping"), Some(row)) => {
                    self.mapped.get_mut(row).map(|row| &mut row.error)
                }
                (Some("role_rules"), Some(row)) => {
                    self.rules.get_mut(row).map(|row| &mut row.error)
                }
                (Some("group_attribute"), _) => Some(&mut self.group_attribute.error),
                _ => None,
            };
            match error {
                Some(error) => *error = Some(reason),
                None => self.problems.push(reason),
            }
        }
    }
}

/// The tab.
pub(crate) async fn attributes(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let saml = saml_of(&found.application)?;
    let typed = Typed::stored(found.application.version, &saml.settings);
    let body = form(&site, &visit, &found, typed).await?;
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Saves, or shows the form with one more empty row.
pub(crate) async fn save_attributes(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let saml = saml_of(&found.application)?;
    let fields = admin_form_fields(&headers, &body)?;
    let mut typed = Typed::sent(&fields)?;
    let mut status = StatusCode::OK;
    match fields.get("do")? {
        Some("add-constant") => typed.constant.push(ConstantRow::default()),
        Some("add-mapped") => typed.mapped.push(TypedMapping::default()),
        Some("add-rule") => typed.rules.push(RuleRow::default()),
        _ => {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            if let Some(settings) = typed.settings(&saml.settings) {
                let change = ApplicationChange {
                    saml: Some(settings),
                    ..ApplicationChange::default()
                };
                let (store, id) = (site.store.as_ref(), found.application.id);
                let version = Some(typed.version);
                match update_application(&mut visit.op, store, id, version, change).await {
                    Ok(_) => return go_on(id, "attributes", "saved"),
                    Err(UpdateApplicationError::Invalid(InvalidApplication(problems))) => {
                        typed.mark(problems);
                    }
                    Err(UpdateApplicationError::Stale(present)) => {
                        status = StatusCode::CONFLICT;
                        typed.version = present.version;
                        typed.problems.push(CHANGED_MEANWHILE.to_owned());
                    }
                    Err(error) => return Err(failure(error)),
                }
            }
        }
    }
    let body = form(&site, &visit, &found, typed).await?;
    page(&site, &visit, status, None, body)
}

async fn form(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    typed: Typed,
) -> Result<ApplicationAttributes, Failure> {
    let saml = saml_of(&found.application)?;
    let with_rules = saml.kind.is_aws_iam();
    let groups = if with_rules {
        let groups = list_groups(site.store.as_ref(), "", None, GROUPS).await?;
        groups
            .groups
            .into_iter()
            .map(|one| one.group.name)
            .collect()
    } else {
        Vec::new()
    };
    let mut rules = typed.rules;
    if rules.is_empty() {
        rules.push(RuleRow::default());
    }
    let mapped = typed.mapped.into_iter().map(|row| mapped_row(saml, row));
    Ok(ApplicationAttributes {
        application: header(site, visit, found, ApplicationTab::Attributes).await?,
        csrf: visit.csrf.clone(),
        can_edit: visit.may(Permission::WriteApplications),
        version: typed.version.to_string(),
        known: saml
            .kind
            .known_attributes()
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
        constant: typed.constant,
        mapped: mapped.collect(),
        rules: with_rules.then_some(rules),
        groups,
        group_attribute: typed.group_attribute,
        access_control: saml.kind == SamlKind::IdentityCenter,
        problems: typed.problems,
    })
}

fn mapped_row(saml: &SamlSignOn, row: TypedMapping) -> MappedRow {
    let required = saml.kind.required_attributes();
    let choices = sources().map(|(value, text)| {
        let selected = value == row.source;
        Choice::new(value, text, selected)
    });
    MappedRow {
        locked: required.contains(&row.name.as_str()) && row.error.is_none(),
        source: Select {
            choices: choices.collect(),
            error: None,
        },
        name: row.name,
        custom: row.custom,
        error: row.error,
    }
}
