//! `/admin/groups/{id}/rule`: who belongs to a dynamic group, with a preview.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::groups::{Combine, Condition, MAX_CONDITIONS, Operator, PreviewedUsers};
use jetway_identity::{
    AttributeSource, GroupChange, GroupRule, GroupSummary, InvalidGroup, Membership, Permission,
    PreviewRuleError, RulePreview, UpdateGroupError, preview_rule, rule_attributes, update_group,
};
use jetway_pages::admin::groups::{self, GroupTab};
use jetway_pages::admin::parts::{Choice, Select};

use super::header::{find, go_on, header, last_change, page};
use super::new::membership;
use crate::admin::counts::grouped;
use crate::admin::custom_attributes::sentence;
use crate::admin::typed_version;
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields, query_fields, typeable};

/// What the form holds.
struct Typed {
    version: i64,
    dynamic: bool,
    combine: Combine,
    conditions: Vec<TypedCondition>,
    preview: Option<RulePreview>,
    problem: Option<String>,
}

#[derive(Default)]
struct TypedCondition {
    attribute: Option<AttributeSource>,
    operator: Option<Operator>,
    value: String,
    error: Option<String>,
}

impl Typed {
    fn stored(found: &GroupSummary) -> Self {
        let rule = found.group.rule();
        let conditions = rule.map_or_else(Vec::new, |rule| rule.conditions.clone());
        let mut conditions: Vec<_> = conditions.into_iter().map(typed_condition).collect();
        if conditions.is_empty() {
            conditions.push(TypedCondition::default());
        }
        Self {
            version: found.group.version,
            dynamic: rule.is_some(),
            combine: rule.map_or(Combine::All, |rule| rule.combine),
            conditions,
            preview: None,
            problem: None,
        }
    }

    fn sent(fields: &Fields<'_>) -> Result<Self, Failure> {
        let combine = match fields.get("combine")? {
            Some("any") => Combine::Any,
            _ => Combine::All,
        };
        let operators = fields.all("operator");
        let values = fields.all("value");
        let mut conditions = Vec::new();
        for ((attribute, operator), value) in fields.all("attribute").zip(operators).zip(values) {
            if attribute.is_empty() {
                continue;
            }
            conditions.push(TypedCondition {
                attribute: Some(attribute.parse().map_err(|_| Failure::bad_request())?),
                operator: Some(Operator::from_name(operator).ok_or_else(Failure::bad_request)?),
                value: typeable(value),
                error: None,
            });
        }
        Ok(Self {
            version: typed_version(fields)?,
            dynamic: fields.get("membership")? == Some("dynamic"),
            combine,
            conditions,
            preview: None,
            problem: None,
        })
    }

    fn rule(&self) -> GroupRule {
        let conditions = self.conditions.iter().filter_map(|typed| {
            let operator = typed.operator?;
            Some(Condition {
                attribute: typed.attribute.clone()?,
                operator,
                value: if operator.takes_value() {
                    typed.value.clone()
                } else {
                    String::new()
                },
            })
        });
        GroupRule {
            combine: self.combine,
            conditions: conditions.collect(),
        }
    }

    fn mark(&mut self, problems: Vec<InvalidGroup>) {
        for problem in problems {
            let place = problem.field.strip_prefix("rule.conditions.");
            let place = place.and_then(|rest| rest.strip_suffix(".value")?.parse().ok());
            let condition = place.and_then(|place: usize| self.conditions.get_mut(place));
            let reason = sentence(&problem.reason);
            match condition {
                Some(condition) => condition.error = Some(reason),
                None => self.problem = Some(reason),
            }
        }
    }
}

fn typed_condition(condition: Condition) -> TypedCondition {
    TypedCondition {
        attribute: Some(condition.attribute),
        operator: Some(condition.operator),
        value: condition.value,
        error: None,
    }
}

/// The form, with a preview of the rule as it is stored.
pub(crate) async fn rule(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = static_or_dynamic(&site, &id).await?;
    let mut typed = Typed::stored(&found);
    let wish = query_fields(uri.query())?;
    typed.dynamic |= wish.get("membership")? == Some("dynamic");
    let body = form(&site, &visit, &found, typed).await?;
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Previews, adds a condition to the form, or saves.
pub(crate) async fn save_rule(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = static_or_dynamic(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let mut typed = Typed::sent(&fields)?;
    let status = match fields.get("do")? {
        Some("preview") => preview(&site, &found, &mut typed).await?,
        Some("add") => {
            if typed.conditions.len() < MAX_CONDITIONS {
                typed.conditions.push(TypedCondition::default());
            }
            StatusCode::OK
        }
        _ => match save(&site, &mut visit, &found, &mut typed).await? {
            Some(refused) => refused,
            None if typed.dynamic => return go_on(found.group.id, "members", "rule"),
            None => return go_on(found.group.id, "members", "static"),
        },
    };
    if typed.conditions.is_empty() {
        typed.conditions.push(TypedCondition::default());
    }
    let body = form(&site, &visit, &found, typed).await?;
    page(&site, &visit, status, None, body)
}

/// The built-in group has no such page.
async fn static_or_dynamic(site: &Site, id: &str) -> Result<GroupSummary, Failure> {
    let found = find(site, id).await?;
    if found.group.everyone {
        return Err(Failure::not_found());
    }
    Ok(found)
}

async fn preview(
    site: &Site,
    found: &GroupSummary,
    typed: &mut Typed,
) -> Result<StatusCode, Failure> {
    match preview_rule(site.store.as_ref(), Some(found.group.id), &typed.rule()).await {
        Ok(preview) => {
            typed.preview = Some(preview);
            Ok(StatusCode::OK)
        }
        Err(PreviewRuleError::Invalid(problems)) => {
            typed.mark(problems);
            Ok(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(PreviewRuleError::Store(error)) => Err(error.into()),
        Err(PreviewRuleError::NoSuchGroup | PreviewRuleError::BuiltIn) => Err(Failure::not_found()),
    }
}

/// `None`: saved.
async fn save(
    site: &Site,
    visit: &mut AdminVisit,
    found: &GroupSummary,
    typed: &mut Typed,
) -> Result<Option<StatusCode>, Failure> {
    let membership = if typed.dynamic {
        Membership::Dynamic(typed.rule())
    } else {
        Membership::Static
    };
    let change = GroupChange {
        membership: Some(membership),
        ..GroupChange::default()
    };
    let (store, id) = (site.store.as_ref(), found.group.id);
    match update_group(&mut visit.op, store, id, Some(typed.version), change).await {
        Ok(_) => Ok(None),
        Err(UpdateGroupError::Invalid(problems)) => {
            typed.mark(problems);
            Ok(Some(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(UpdateGroupError::Stale(present)) => {
            typed.version = present.version;
            typed.problem = Some(
                "Somebody else changed this group in the meantime. Save again to keep the rule \
                 that stands here, or open the page anew to see theirs."
                    .to_owned(),
            );
            Ok(Some(StatusCode::CONFLICT))
        }
        Err(UpdateGroupError::NoSuchGroup | UpdateGroupError::BuiltIn) => Err(Failure::not_found()),
        Err(UpdateGroupError::NotAllowed(error)) => Err(error.into()),
        Err(UpdateGroupError::Store(error)) => Err(error.into()),
    }
}

async fn form(
    site: &Site,
    visit: &AdminVisit,
    found: &GroupSummary,
    typed: Typed,
) -> Result<groups::GroupRule, Failure> {
    let offered = rule_attributes(site.store.as_ref()).await?;
    let combine =
        |combine, name: &str, text: &str| Choice::new(name, text, typed.combine == combine);
    let changed = last_change(site, visit, found).await?;
    Ok(groups::GroupRule {
        group: header(visit, found, GroupTab::Rule, changed),
        csrf: visit.csrf.clone(),
        can_edit: visit.may(Permission::WriteGroups),
        version: typed.version.to_string(),
        membership: membership(typed.dynamic),
        combine: Select {
            choices: vec![
                combine(Combine::All, "all", "Whoever meets all conditions"),
                combine(Combine::Any, "any", "Whoever meets any condition"),
            ],
            error: None,
        },
        conditions: typed
            .conditions
            .iter()
            .map(|condition| shown_condition(condition, &offered))
            .collect(),
        preview: typed.preview.as_ref().map(shown_preview),
        problem: typed.problem,
    })
}

fn shown_condition(typed: &TypedCondition, offered: &[AttributeSource]) -> groups::Condition {
    let chosen = typed.attribute.as_ref();
    let mut attributes = vec![Choice::new("", "Choose an attribute", chosen.is_none())];
    // One that nobody has any more stays what it is.
    let lost = chosen.filter(|chosen| !offered.contains(chosen));
    attributes.extend(offered.iter().chain(lost).map(|source| {
        Choice::new(
            source.to_string(),
            attribute_words(source),
            Some(source) == chosen,
        )
    }));
    let operator = typed.operator.unwrap_or(Operator::Equals);
    let operators = Operator::ALL.iter();
    groups::Condition {
        attribute: Select {
            choices: attributes,
            error: None,
        },
        operator: Select {
            choices: operators
                .map(|one| Choice::new(one.as_str(), operator_words(*one), *one == operator))
                .collect(),
            error: None,
        },
        value: typed.value.clone(),
        error: typed.error.clone(),
    }
}

fn attribute_words(source: &AttributeSource) -> String {
    match source {
        AttributeSource::Custom(name) => format!("{name} (custom)"),
        other => other.to_string(),
    }
}

fn operator_words(operator: Operator) -> &'static str {
    match operator {
        Operator::Equals => "equals",
        Operator::NotEquals => "does not equal",
        Operator::StartsWith => "starts with",
        Operator::Contains => "contains",
        Operator::IsSet => "is set",
        Operator::IsNotSet => "is not set",
        Operator::OneOf => "is one of",
    }
}

fn shown_preview(preview: &RulePreview) -> groups::RulePreview {
    let names = |some: &PreviewedUsers| -> Vec<String> {
        some.first
            .iter()
            .map(jetway_identity::User::label)
            .collect()
    };
    let more = |some: &PreviewedUsers| {
        let more = some.count.saturating_sub(some.first.len() as u64);
        (more > 0).then(|| format!("and {} more", grouped(more)))
    };
    groups::RulePreview {
        added: format!("+{}", grouped(preview.adds.count)),
        removed: format!("−{}", grouped(preview.removes.count)),
        matching: match preview.matches {
            0 => "Nobody matches.".to_owned(),
            1 => "1 person matches.".to_owned(),
            many => format!("{} people match.", grouped(many)),
        },
        comes: names(&preview.adds),
        goes: names(&preview.removes),
        more_come: more(&preview.adds),
        more_go: more(&preview.removes),
    }
}
