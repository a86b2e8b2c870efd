//! Who holds which permission sets where, as lists of the pages.

use std::collections::BTreeMap;

use jetway_pages::admin::parts::Paging;
use jetway_pages::local::identity_center::console::{AssignedPrincipal, BASE};
use uuid::Uuid;

use super::visit::Visit;
use crate::state::{
    center::{IdentityCenter, Principal},
    directory::Entry,
};

/// Rows of a list of users or groups.
pub(super) const ROWS: usize = 100;

/// `user:<id>` or `group:<id>`, as forms carry it.
pub(super) fn value_of(principal: &Principal) -> String {
    match principal {
        Principal::User(id) => format!("user:{id}"),
        Principal::Group(id) => format!("group:{id}"),
    }
}

/// What [`value_of`] wrote.
pub(super) fn principal_of(value: &str) -> Option<Principal> {
    let (kind, id) = value.split_once(':')?;
    let id = Uuid::parse_str(id).ok()?;
    match kind {
        "user" => Some(Principal::User(id)),
        "group" => Some(Principal::Group(id)),
        _ => None,
    }
}

/// The name of a user or group, if it is there.
pub(super) fn name_of(visit: &Visit, principal: &Principal) -> Option<String> {
    let directory = &visit.state.directory;
    match principal {
        Principal::User(id) => directory.users.get(id).map(|user| user.name().to_owned()),
        Principal::Group(id) => directory
            .groups
            .get(id)
            .map(|group| group.name().to_owned()),
    }
}

/// The name of a permission set, or its id.
pub(super) fn set_name(center: &IdentityCenter, id: &str) -> String {
    center
        .permission_sets
        .get(id)
        .map_or_else(|| id.to_owned(), |set| set.name.clone())
}

/// Account name, account id and names of the permission sets that any of these holds.
pub(super) fn access(
    visit: &Visit,
    center: &IdentityCenter,
    holders: &[Principal],
) -> Vec<(String, String, String)> {
    let mut accounts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for key in center.assignments.keys() {
        if holders.contains(&key.principal) {
            let sets = accounts.entry(&key.account).or_default();
            let name = set_name(center, &key.permission_set);
            if !sets.contains(&name) {
                sets.push(name);
            }
        }
    }
    accounts
        .into_iter()
        .map(|(account, sets)| {
            (
                visit.account_name(account),
                account.to_owned(),
                sets.join(", "),
            )
        })
        .collect()
}

/// A user or group with what it holds.
pub(super) fn assigned(
    visit: &Visit,
    principal: &Principal,
    permission_sets: Vec<String>,
) -> AssignedPrincipal {
    AssignedPrincipal {
        principal: value_of(principal),
        group: matches!(principal, Principal::Group(_)),
        name: name_of(visit, principal),
        permission_sets,
    }
}

/// Those on a page of a list, and the way to the next page. `search` is the start of a name.
pub(super) fn page_of<'a, T: Entry + 'a>(
    visit: &Visit,
    all: impl Iterator<Item = &'a std::sync::Arc<T>>,
    path: &str,
) -> (Vec<&'a std::sync::Arc<T>>, Paging) {
    let search = visit.query.text("q").to_lowercase();
    let from: usize = visit.query.text("from").parse().unwrap_or(0);
    let mut found: Vec<_> = all
        .filter(|entry| search.is_empty() || entry.name().to_lowercase().starts_with(&search))
        .skip(from)
        .take(ROWS + 1)
        .collect();
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let address = |from: usize| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !search.is_empty() {
            query.append_pair("q", &search);
        }
        if from > 0 {
            query.append_pair("from", &from.to_string());
        }
        format!("{BASE}{path}?{}", query.finish())
    };
    let paging = Paging {
        shown: match found.len() {
            0 => String::new(),
            shown => format!("{} to {}", from + 1, from + shown),
        },
        first: (from > 0).then(|| address(0)),
        next: more.then(|| address(from + ROWS)),
        rows: Vec::new(),
    };
    (found, paging)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_survives_a_form() {
        for principal in [Principal::User(Uuid::nil()), Principal::Group(Uuid::max())] {
            assert_eq!(principal_of(&value_of(&principal)), Some(principal));
        }
        for strange in ["", "user:", "role:00000000-0000-0000-0000-000000000000"] {
            assert_eq!(principal_of(strange), None, "{strange}");
        }
    }
}
