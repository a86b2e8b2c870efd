//! The memberships in a patch of a group, apart from its other attributes: a group may have so many
//! members that whoever stores them changes them one by one.

use serde_json::{Map, Value};

use super::{Op, Operation, Patch};
use crate::error::{ScimError, ScimType};
use crate::filter::{Filter, Literal};
use crate::names::{get, take};
use crate::path::PatchPath;
use crate::profile::Profile;
use crate::resource::invalid;
use crate::schema::{ResourceKind, is_group_member};

/// What one operation does to the members of a group. Members are named by their `value`.
#[derive(Debug, Clone, PartialEq)]
pub enum MembershipChange {
    /// These come in.
    Add(Vec<String>),
    /// These leave.
    Remove(Vec<String>),
    /// The members that meet the filter leave.
    RemoveWhere(Filter),
    /// These are the members from now on.
    Replace(Vec<String>),
}

impl Patch {
    /// Takes the operations on `members` out of a patch of a group, in their order. They and the
    /// others do not touch each other.
    ///
    /// # Errors
    /// 400 where the values name no members, or a part of a member would be changed.
    pub fn take_memberships(
        &mut self,
        profile: &Profile,
    ) -> Result<Vec<MembershipChange>, ScimError> {
        let mut changes = Vec::new();
        if self.kind != ResourceKind::Group {
            return Ok(changes);
        }
        let mut others = Vec::with_capacity(self.operations.len());
        for mut operation in std::mem::take(&mut self.operations) {
            match &operation.path {
                Some(path) if is_members(path) => changes.push(change(&operation, profile)?),
                Some(_) => others.push(operation),
                None => {
                    if let Some(value) = members_without_path(&mut operation, profile)? {
                        changes.push(given(operation.op, &value, profile)?);
                    }
                    let is_empty = operation
                        .value
                        .as_ref()
                        .and_then(Value::as_object)
                        .is_some_and(Map::is_empty);
                    if !is_empty {
                        others.push(operation);
                    }
                }
            }
        }
        self.operations = others;
        Ok(changes)
    }

    /// Whether no operation is left.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }
}

fn is_members(path: &PatchPath) -> bool {
    path.attribute.extension().is_none() && path.attribute.name.eq_ignore_ascii_case("members")
}

/// `members` among the names of a value without a path.
fn members_without_path(
    operation: &mut Operation,
    profile: &Profile,
) -> Result<Option<Value>, ScimError> {
    let Some(Value::Object(object)) = &mut operation.value else {
        return Ok(None);
    };
    let found: Vec<String> = object
        .keys()
        .filter(|name| PatchPath::parse(name).is_ok_and(|path| is_members(&path)))
        .cloned()
        .collect();
    match found.as_slice() {
        [] => Ok(None),
        [name] if PatchPath::parse(name).is_ok_and(|path| path == plain(&path)) => {
            Ok(take(object, name))
        }
        _ => Err(frozen(profile)),
    }
}

/// The same path without brackets and sub-attribute.
fn plain(path: &PatchPath) -> PatchPath {
    let mut plain = path.clone();
    plain.filter = None;
    plain.sub = None;
    plain.attribute.sub = None;
    plain
}

fn change(operation: &Operation, profile: &Profile) -> Result<MembershipChange, ScimError> {
    let Some(path) = &operation.path else {
        return Err(frozen(profile));
    };
    if path.sub().is_some() {
        return Err(frozen(profile));
    }
    match (&path.filter, operation.op, &operation.value) {
        (None, Op::Remove, None | Some(Value::Null)) => Ok(MembershipChange::Replace(Vec::new())),
        (None, op, Some(value)) => given(op, value, profile),
        (Some(filter), Op::Remove, _) => Ok(match chosen(filter) {
            Some(value) => MembershipChange::Remove(vec![value]),
            None => MembershipChange::RemoveWhere(filter.clone()),
        }),
        _ => Err(frozen(profile)),
    }
}

/// `value eq "…"` alone.
fn chosen(filter: &Filter) -> Option<String> {
    match filter.equalities()?.as_slice() {
        [(path, Literal::Text(value))] if path.is("value") => Some(value.clone()),
        _ => None,
    }
}

fn given(op: Op, value: &Value, profile: &Profile) -> Result<MembershipChange, ScimError> {
    let values = match value {
        Value::Null => &[],
        Value::Array(values) => values.as_slice(),
        single => std::slice::from_ref(single),
    };
    let named = values
        .iter()
        .map(|member| name_of(member, profile))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(match op {
        Op::Add => MembershipChange::Add(named),
        Op::Remove => MembershipChange::Remove(named),
        Op::Replace => MembershipChange::Replace(named),
    })
}

fn name_of(member: &Value, profile: &Profile) -> Result<String, ScimError> {
    let value = member.as_object().and_then(|member| {
        let is_known = profile.unknown == crate::Unknown::Ignore
            || member.keys().all(|name| is_group_member(name));
        get(member, "value").filter(|_| is_known)?.as_str()
    });
    match value {
        Some(value) if !value.is_empty() => Ok(value.to_owned()),
        _ => Err(invalid(
            profile,
            "Each of \"members\" must be an object with a \"value\".",
        )),
    }
}

fn frozen(profile: &Profile) -> ScimError {
    ScimError::bad_request(
        ScimType::Mutability,
        profile.detail(
            crate::resource::UNPARSABLE,
            "Members can be added and removed, but not changed.",
        ),
    )
}
