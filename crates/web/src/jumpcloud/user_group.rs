//! `UserGroup` (requirements.md §5.4).

use std::collections::BTreeMap;

use jetway_identity::groups::{Combine, Operator};
use jetway_identity::{CustomAttributes, Group, GroupRule};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::Refusal;
use crate::api::Problem;
use crate::api::groups::document::{meant_attributes, shown_attributes};

/// What may be sent. Members of other names are passed over.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    attributes: Option<BTreeMap<String, Value>>,
    #[serde(rename = "membershipMethod")]
    membership_method: Option<String>,
    #[serde(rename = "memberQuery")]
    member_query: Option<Value>,
}

impl Sent {
    /// The attributes, once nothing was sent that cannot be done here.
    pub(super) fn attributes(&mut self) -> Result<Option<CustomAttributes>, Refusal> {
        let method = self.membership_method.as_deref().unwrap_or("STATIC");
        if !matches!(method, "STATIC" | "NOTSET" | "") || self.member_query.is_some() {
            let message = "Rules of dynamic groups are set with PATCH /api/v1/groups/{id}.";
            return Err(Refusal::invalid(message));
        }
        let attributes = self.attributes.take().map(meant_attributes).transpose();
        attributes.map_err(|errors| Problem::invalid(errors).into())
    }
}

pub(super) fn user_group(group: Group) -> Value {
    let method = match group.rule() {
        Some(_) => "DYNAMIC_AUTOMATED",
        None => "STATIC",
    };
    json!({
        "id": group.id.to_string(),
        "type": "user_group",
        "name": group.name,
        "description": group.description,
        "email": "",
        "membershipMethod": method,
        "memberQuery": group.rule().and_then(member_query),
        "memberQueryExemptions": [],
        "memberSuggestionsNotify": false,
        "suggestionCounts": {"add": 0, "remove": 0, "total": 0},
        "attributes": shown_attributes(group.attributes),
    })
}

/// The rule as a `FilterQuery`; `None` when that cannot say it.
fn member_query(rule: &GroupRule) -> Option<Value> {
    if rule.combine == Combine::Any && rule.conditions.len() > 1 {
        return None;
    }
    let filters = rule.conditions.iter().map(|condition| {
        let operator = match condition.operator {
            Operator::Equals => "eq",
            Operator::NotEquals => "ne",
            Operator::OneOf => "in",
            _ => return None,
        };
        let field = condition.attribute.to_string();
        Some(json!({"field": field, "operator": operator, "value": condition.value}))
    });
    let filters: Option<Vec<Value>> = filters.collect();
    Some(json!({"queryType": "FilterQuery", "filters": filters?}))
}
