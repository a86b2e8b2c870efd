//! Users.

use jetway_pages::{
    Link,
    admin::parts::{Confirm, Field},
    local::identity_center::console::{BASE, CenterNav, NewUser, UserDetails, UserList, UserRow},
};
use serde_json::{Map, Value, json};

use super::{
    failure::{Answer, Failure},
    held,
    visit::Visit,
};
use crate::{
    json_service::JsonService,
    state::{
        center::Principal,
        directory::{Entry, UserRecord},
    },
};

/// Who created it, when automatic provisioning did.
const SCIM: &str = "SCIM";

pub(super) fn list(visit: &mut Visit) -> Answer {
    visit.may("identitystore:ListUsers")?;
    let users = &visit.state.directory.users;
    let (found, paging) = held::page_of(visit, users.iter(0), "/users");
    let view = UserList {
        managed: visit.managed(),
        search: visit.query.text("q").to_owned(),
        total: users.len(),
        users: found.into_iter().map(|user| row(user)).collect(),
        paging,
    };
    visit.page(CenterNav::Users, view)
}

fn row(user: &UserRecord) -> UserRow {
    UserRow {
        id: user.id.to_string(),
        user_name: user.name().to_owned(),
        display_name: user.text("displayName").unwrap_or_default().to_owned(),
        email: user.email().unwrap_or_default().to_owned(),
        enabled: user.is_active(),
        by_scim: user.created_by == SCIM,
    }
}

pub(super) fn show(visit: &mut Visit) -> Answer {
    let center = visit.may("identitystore:DescribeUser")?;
    let id = visit.uuid(0, "The user")?;
    let directory = &visit.state.directory;
    let user = directory
        .users
        .get(&id)
        .ok_or(Failure::NotFound("The user"))?;
    let groups: Vec<_> = directory
        .groups_of(&id)
        .filter_map(|group| directory.groups.get(&group))
        .collect();
    let holders: Vec<Principal> = groups
        .iter()
        .map(|group| Principal::Group(group.id))
        .chain([Principal::User(id)])
        .collect();
    let row = row(user);
    let view = UserDetails {
        managed: visit.managed(),
        id: row.id,
        user_name: row.user_name,
        display_name: row.display_name,
        enabled: row.enabled,
        by_scim: row.by_scim,
        created: visit.moment(user.created_at),
        updated: visit.moment(user.updated_at),
        attributes: flat(&user.attributes),
        groups: groups
            .iter()
            .map(|group| Link {
                href: format!("{BASE}/groups/{}", group.id),
                text: group.name().to_owned(),
            })
            .collect(),
        access: held::access(visit, &center, &holders),
    };
    visit.page(CenterNav::Users, view)
}

/// `name.familyName`, `emails.value`: every value with the way to it.
fn flat(attributes: &Map<String, Value>) -> Vec<(String, String)> {
    fn into(path: &str, value: &Value, all: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    into(&format!("{path}.{name}"), value, all);
                }
            }
            Value::Array(values) => {
                for value in values {
                    into(path, value, all);
                }
            }
            Value::String(text) => all.push((path.to_owned(), text.clone())),
            other => all.push((path.to_owned(), other.to_string())),
        }
    }
    let mut all = Vec::new();
    for (name, value) in attributes {
        // The enterprise extension goes by a URN; its last part says enough.
        let name = name.rsplit(':').next().unwrap_or(name);
        if name != "schemas" {
            into(name, value, &mut all);
        }
    }
    all
}

pub(super) fn new(visit: &mut Visit) -> Answer {
    visit.may("identitystore:ListUsers")?;
    visit.managed_here()?;
    let view = NewUser {
        csrf: visit.csrf.clone(),
        ..NewUser::default()
    };
    visit.page(CenterNav::Users, view)
}

pub(super) fn create(visit: &mut Visit) -> Answer {
    visit.may("identitystore:ListUsers")?;
    visit.managed_here()?;
    let input = input(visit)?;
    match visit.api(JsonService::IdentityStore, "CreateUser", &input) {
        Ok(made) => {
            let id = made
                .get("UserId")
                .and_then(Value::as_str)
                .unwrap_or_default();
            visit.done(&format!("/users/{id}"), "user")
        }
        Err(error) => {
            let typed = |name| Field::new(visit.form.text(name));
            let view = NewUser {
                csrf: visit.csrf.clone(),
                user_name: typed("user_name"),
                email: typed("email"),
                given_name: typed("given_name"),
                family_name: typed("family_name"),
                display_name: typed("display_name"),
                title: typed("title"),
                department: typed("department"),
                cost_center: typed("cost_center"),
                region: typed("region"),
                problem: Some(error.message),
            };
            visit.again(CenterNav::Users, view)
        }
    }
}

/// The input of CreateUser. What was left empty is left out.
fn input(visit: &Visit) -> Result<Value, Failure> {
    let text = |name| visit.form.text(name);
    let display_name = match text("display_name") {
        "" => format!("{} {}", text("given_name"), text("family_name")),
        given => given.to_owned(),
    };
    let mut input = json!({
        "IdentityStoreId": visit.center()?.instance.identity_store_id,
        "UserName": text("user_name"),
        "Name": { "GivenName": text("given_name"), "FamilyName": text("family_name") },
        "DisplayName": display_name.trim(),
        "Emails": [{ "Value": text("email"), "Type": "work", "Primary": true }],
    });
    if !text("title").is_empty() {
        input["Title"] = json!(text("title"));
    }
    if !text("region").is_empty() {
        input["Addresses"] = json!([{ "Region": text("region"), "Type": "work", "Primary": true }]);
    }
    let enterprise: Map<String, Value> =
        [("department", "department"), ("costCenter", "cost_center")]
            .into_iter()
            .filter(|(_, field)| !text(field).is_empty())
            .map(|(name, field)| (name.to_owned(), json!(text(field))))
            .collect();
    if !enterprise.is_empty() {
        input["Extensions"] = json!({ "aws:identitystore:enterprise": enterprise });
    }
    Ok(input)
}

pub(super) fn ask_delete(visit: &mut Visit) -> Answer {
    visit.may("identitystore:DescribeUser")?;
    visit.managed_here()?;
    let id = visit.uuid(0, "The user")?;
    let user = visit
        .state
        .directory
        .users
        .get(&id)
        .ok_or(Failure::NotFound("The user"))?;
    let view = Confirm {
        heading: "Delete this user?".to_owned(),
        subjects: vec![user.name().to_owned()],
        more: None,
        consequences: vec![
            "The user can no longer sign in, and leaves all groups.".to_owned(),
            "Assignments to the user stay and belong to nobody: a user of the same name who is added later gets none of them.".to_owned(),
        ],
        action: format!("{BASE}/users/{id}/delete"),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: None,
        submit: "Delete user".to_owned(),
        danger: true,
        cancel: format!("{BASE}/users/{id}"),
    };
    visit.page(CenterNav::Users, view)
}

pub(super) fn delete(visit: &mut Visit) -> Answer {
    visit.may("identitystore:DescribeUser")?;
    visit.managed_here()?;
    let id = visit.uuid(0, "The user")?;
    let input = json!({
        "IdentityStoreId": visit.center()?.instance.identity_store_id,
        "UserId": id.to_string(),
    });
    visit
        .api(JsonService::IdentityStore, "DeleteUser", &input)
        .map_err(|error| {
            Failure::refused("The user was not deleted", error).back_to("/users", "See all users")
        })?;
    visit.done("/users", "user-deleted")
}
