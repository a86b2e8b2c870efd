//! Groups and their members.

use jetway_pages::{
    admin::parts::{Confirm, Field, Paging},
    local::identity_center::console::{
        BASE, CenterNav, GroupDetails, GroupList, GroupMember, GroupRow, NewGroup,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    failure::{Answer, Failure},
    held,
    visit::Visit,
};
use crate::{
    json_service::JsonService,
    state::{center::Principal, directory::Entry},
};

/// Who created it, when automatic provisioning did.
const SCIM: &str = "SCIM";

pub(super) fn list(visit: &mut Visit) -> Answer {
    visit.may("identitystore:ListGroups")?;
    let directory = &visit.state.directory;
    let (found, paging) = held::page_of(visit, directory.groups.iter(0), "/groups");
    let view = GroupList {
        managed: visit.managed(),
        search: visit.query.text("q").to_owned(),
        total: directory.groups.len(),
        groups: found
            .into_iter()
            .map(|group| GroupRow {
                id: group.id.to_string(),
                name: group.name().to_owned(),
                description: group.text("description").unwrap_or_default().to_owned(),
                members: directory.member_count(&group.id),
                by_scim: group.created_by == SCIM,
            })
            .collect(),
        paging,
    };
    visit.page(CenterNav::Groups, view)
}

pub(super) fn show(visit: &mut Visit) -> Answer {
    let view = details(visit, Field::default())?;
    visit.page(CenterNav::Groups, view)
}

fn details(visit: &Visit, user_name: Field) -> Result<GroupDetails, Failure> {
    let center = visit.may("identitystore:DescribeGroup")?;
    let id = visit.uuid(0, "The group")?;
    let directory = &visit.state.directory;
    let group = directory
        .groups
        .get(&id)
        .ok_or(Failure::NotFound("The group"))?;
    let after: Option<Uuid> = visit.query.text("after").parse().ok();
    let mut members: Vec<(Uuid, Uuid)> = directory
        .members(&id, after.as_ref())
        .take(held::ROWS + 1)
        .collect();
    let more = members.len() > held::ROWS;
    members.truncate(held::ROWS);
    let here = format!("{BASE}/groups/{id}");
    let last = members.last().map(|(user, _)| *user).filter(|_| more);
    Ok(GroupDetails {
        csrf: visit.csrf.clone(),
        managed: visit.managed(),
        id: id.to_string(),
        name: group.name().to_owned(),
        description: group.text("description").unwrap_or_default().to_owned(),
        by_scim: group.created_by == SCIM,
        created: visit.moment(group.created_at),
        updated: visit.moment(group.updated_at),
        count: directory.member_count(&id),
        members: members
            .iter()
            .filter_map(|(user, _)| directory.users.get(user))
            .map(|user| GroupMember {
                id: user.id.to_string(),
                user_name: user.name().to_owned(),
                display_name: user.text("displayName").unwrap_or_default().to_owned(),
            })
            .collect(),
        paging: Paging {
            shown: String::new(),
            first: after.map(|_| here.clone()),
            next: last.map(|last| format!("{here}?after={last}")),
            rows: Vec::new(),
        },
        user_name,
        access: held::access(visit, &center, &[Principal::Group(id)]),
    })
}

pub(super) fn new(visit: &mut Visit) -> Answer {
    visit.may("identitystore:ListGroups")?;
    visit.managed_here()?;
    let view = NewGroup {
        csrf: visit.csrf.clone(),
        ..NewGroup::default()
    };
    visit.page(CenterNav::Groups, view)
}

pub(super) fn create(visit: &mut Visit) -> Answer {
    visit.may("identitystore:ListGroups")?;
    visit.managed_here()?;
    let mut input = json!({
        "IdentityStoreId": visit.center()?.instance.identity_store_id,
        "DisplayName": visit.form.text("display_name"),
    });
    let description = visit.form.text("description");
    if !description.is_empty() {
        input["Description"] = json!(description);
    }
    match visit.api(JsonService::IdentityStore, "CreateGroup", &input) {
        Ok(made) => {
            let id = made
                .get("GroupId")
                .and_then(Value::as_str)
                .unwrap_or_default();
            visit.done(&format!("/groups/{id}"), "group")
        }
        Err(error) => {
            let view = NewGroup {
                csrf: visit.csrf.clone(),
                display_name: Field::new(visit.form.text("display_name")),
                description: Field::new(visit.form.text("description")),
                problem: Some(error.message),
            };
            visit.again(CenterNav::Groups, view)
        }
    }
}

pub(super) fn add_member(visit: &mut Visit) -> Answer {
    visit.may("identitystore:DescribeGroup")?;
    visit.managed_here()?;
    let group = visit.uuid(0, "The group")?;
    let typed = visit.form.text("user_name").to_owned();
    let Some(user) = visit
        .state
        .directory
        .users
        .by_name(&typed)
        .map(|user| user.id)
    else {
        let field = Field::new(typed).with_error("No user has this name.");
        let view = details(visit, field)?;
        return visit.again(CenterNav::Groups, view);
    };
    let input = json!({
        "IdentityStoreId": visit.center()?.instance.identity_store_id,
        "GroupId": group.to_string(),
        "MemberId": { "UserId": user.to_string() },
    });
    match visit.api(JsonService::IdentityStore, "CreateGroupMembership", &input) {
        Ok(_) => visit.done(&format!("/groups/{group}"), "member"),
        Err(error) => {
            let view = details(visit, Field::new(typed).with_error(error.message))?;
            visit.again(CenterNav::Groups, view)
        }
    }
}

pub(super) fn remove_member(visit: &mut Visit) -> Answer {
    visit.may("identitystore:DescribeGroup")?;
    visit.managed_here()?;
    let group = visit.uuid(0, "The group")?;
    let membership = visit
        .form
        .text("user_id")
        .parse()
        .ok()
        .and_then(|user| visit.state.directory.membership(&group, &user))
        .ok_or(Failure::NotFound("The membership"))?;
    let input = json!({
        "IdentityStoreId": visit.center()?.instance.identity_store_id,
        "MembershipId": membership.to_string(),
    });
    visit
        .api(JsonService::IdentityStore, "DeleteGroupMembership", &input)
        .map_err(|error| {
            Failure::refused("The user was not removed", error)
                .back_to(&format!("/groups/{group}"), "Back to the group")
        })?;
    visit.done(&format!("/groups/{group}"), "member-removed")
}

pub(super) fn ask_delete(visit: &mut Visit) -> Answer {
    visit.may("identitystore:DescribeGroup")?;
    visit.managed_here()?;
    let id = visit.uuid(0, "The group")?;
    let directory = &visit.state.directory;
    let group = directory
        .groups
        .get(&id)
        .ok_or(Failure::NotFound("The group"))?;
    let view = Confirm {
        heading: "Delete this group?".to_owned(),
        subjects: vec![group.name().to_owned()],
        more: None,
        consequences: vec![
            match directory.member_count(&id) {
                0 => "The group has no members.".to_owned(),
                1 => "Its one member loses what the group holds.".to_owned(),
                count => format!("Its {count} members lose what the group holds."),
            },
            "Assignments to the group stay and belong to nobody: a group of the same name that is created later gets none of them.".to_owned(),
        ],
        action: format!("{BASE}/groups/{id}/delete"),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: None,
        submit: "Delete group".to_owned(),
        danger: true,
        cancel: format!("{BASE}/groups/{id}"),
    };
    visit.page(CenterNav::Groups, view)
}

pub(super) fn delete(visit: &mut Visit) -> Answer {
    visit.may("identitystore:DescribeGroup")?;
    visit.managed_here()?;
    let id = visit.uuid(0, "The group")?;
    let input = json!({
        "IdentityStoreId": visit.center()?.instance.identity_store_id,
        "GroupId": id.to_string(),
    });
    visit
        .api(JsonService::IdentityStore, "DeleteGroup", &input)
        .map_err(|error| {
            Failure::refused("The group was not deleted", error)
                .back_to("/groups", "See all groups")
        })?;
    visit.done("/groups", "group-deleted")
}
