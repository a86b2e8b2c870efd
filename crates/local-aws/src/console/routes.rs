//! Every address of the console.

use axum::http::Method;

use super::{
    access_control, account, accounts, assignments, certificates, dashboard, failure::Answer,
    groups, identity_source, permission_set, permission_sets, policy, provisioning, settings, tags,
    users, visit::Visit,
};

/// Answers a request.
pub(super) type Page = fn(&mut Visit) -> Answer;

/// What an address leads to.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) page: Page,
    /// Whether it changes something: its form then has to come from a page of the session.
    pub(super) changes: bool,
}

const fn get(path: &'static str, page: Page) -> (&'static str, Found) {
    let changes = false;
    (path, Found { page, changes })
}

const fn post(path: &'static str, page: Page) -> (&'static str, Found) {
    let changes = true;
    (path, Found { page, changes })
}

/// Below `/console/identity-center`; `*` stands for one part of any text. The first that fits counts.
const ROUTES: &[(&str, Found)] = &[
    get("", dashboard::show),
    post("/organization", dashboard::create_organization),
    post("/enable", dashboard::enable),
    get("/settings", settings::show),
    post("/settings/portal-session", settings::change_portal_session),
    get("/settings/identity-source", identity_source::show),
    get(
        "/settings/identity-source/change",
        identity_source::configure,
    ),
    post("/settings/identity-source/review", identity_source::review),
    post("/settings/identity-source/change", identity_source::change),
    get("/settings/identity-source/certificates", certificates::show),
    post(
        "/settings/identity-source/certificates",
        certificates::import,
    ),
    post(
        "/settings/identity-source/certificates/delete",
        certificates::delete,
    ),
    get("/settings/provisioning", provisioning::show),
    post("/settings/provisioning/enable", provisioning::enable),
    post("/settings/provisioning/tokens", provisioning::generate),
    get(
        "/settings/provisioning/tokens/*/delete",
        provisioning::ask_delete,
    ),
    post(
        "/settings/provisioning/tokens/*/delete",
        provisioning::delete,
    ),
    get("/settings/provisioning/disable", provisioning::ask_disable),
    post("/settings/provisioning/disable", provisioning::disable),
    get("/settings/access-control", access_control::show),
    post("/settings/access-control", access_control::save),
    post("/settings/access-control/enable", access_control::enable),
    get(
        "/settings/access-control/disable",
        access_control::ask_disable,
    ),
    post("/settings/access-control/disable", access_control::disable),
    get("/users", users::list),
    post("/users", users::create),
    get("/users/new", users::new),
    get("/users/*", users::show),
    get("/users/*/delete", users::ask_delete),
    post("/users/*/delete", users::delete),
    get("/groups", groups::list),
    post("/groups", groups::create),
    get("/groups/new", groups::new),
    get("/groups/*", groups::show),
    post("/groups/*/members", groups::add_member),
    post("/groups/*/members/remove", groups::remove_member),
    get("/groups/*/delete", groups::ask_delete),
    post("/groups/*/delete", groups::delete),
    get("/accounts", accounts::list),
    get("/accounts/*", account::show),
    get("/accounts/*/assign", assignments::choose_principals),
    get(
        "/accounts/*/permission-sets",
        assignments::choose_permission_sets,
    ),
    post("/accounts/*/assignments", assignments::save),
    get("/accounts/*/remove", assignments::ask_remove),
    post("/accounts/*/remove", assignments::remove),
    get("/permission-sets", permission_sets::list),
    post("/permission-sets", permission_sets::create),
    get("/permission-sets/new", permission_sets::new),
    get("/permission-sets/*", permission_set::show),
    get("/permission-sets/*/edit", permission_sets::edit),
    post("/permission-sets/*/edit", permission_sets::save),
    post("/permission-sets/*/managed", permission_set::attach_managed),
    post(
        "/permission-sets/*/managed/detach",
        permission_set::detach_managed,
    ),
    post(
        "/permission-sets/*/customer-managed",
        permission_set::attach_customer_managed,
    ),
    post(
        "/permission-sets/*/customer-managed/detach",
        permission_set::detach_customer,
    ),
    get("/permission-sets/*/policy", policy::edit),
    post("/permission-sets/*/policy", policy::save),
    get("/permission-sets/*/reprovision", policy::ask_reprovision),
    post("/permission-sets/*/reprovision", policy::reprovision),
    get("/permission-sets/*/tags", tags::edit),
    post("/permission-sets/*/tags", tags::save),
    get("/permission-sets/*/delete", permission_set::ask_delete),
    post("/permission-sets/*/delete", permission_set::delete),
];

/// What an address leads to, and the parts of it that `*` stood for.
pub(super) fn find(method: &Method, path: &str) -> Option<(Found, Vec<String>)> {
    let changes = match *method {
        Method::GET | Method::HEAD => false,
        Method::POST => true,
        _ => return None,
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    ROUTES
        .iter()
        .filter(|(_, found)| found.changes == changes)
        .find_map(|(pattern, found)| Some((*found, captures(pattern, path)?)))
}

fn captures(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (mut expected, mut given) = (pattern.split('/'), path.split('/'));
    let mut captured = Vec::new();
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return Some(captured),
            (Some("*"), Some(part)) if !part.is_empty() => captured.push(part.to_owned()),
            (Some(same), Some(part)) if same == part => {}
            _ => return None,
        }
    }
}

/// What a page says after something was done, by the key in its address.
pub(super) fn done_text(key: &str) -> Option<&'static str> {
    Some(match key {
        "organization" => "The AWS organization is created.",
        "enabled" => "IAM Identity Center is enabled.",
        "saved" => "The changes are saved.",
        "source" => "The identity source is changed.",
        "certificate" => "The certificate is imported.",
        "certificate-deleted" => "The certificate is deleted.",
        "token-deleted" => "The access token is deleted.",
        "provisioning-off" => "Automatic provisioning is disabled.",
        "abac" => "Attributes for access control are enabled.",
        "abac-off" => "Attributes for access control are disabled.",
        "user" => "The user is added.",
        "user-deleted" => "The user is deleted.",
        "group" => "The group is created.",
        "group-deleted" => "The group is deleted.",
        "member" => "The user is added to the group.",
        "member-removed" => "The user is removed from the group.",
        "assigned" => "The permission sets are assigned.",
        "changed" => "The permission sets are changed.",
        "removed" => "The access is removed.",
        "permission-set" => "The permission set is created.",
        "permission-set-deleted" => "The permission set is deleted.",
        "attached" => {
            "The policy is attached. Accounts keep the earlier version until they are reprovisioned."
        }
        "detached" => {
            "The policy is detached. Accounts keep the earlier version until they are reprovisioned."
        }
        "reprovisioned" => "The selected accounts are up to date.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_its_changing_parts() {
        let (found, captured) = find(&Method::GET, "/permission-sets/ps-1/policy").unwrap();
        assert!(!found.changes);
        assert_eq!(captured, ["ps-1"]);
    }

    #[test]
    fn what_has_no_page_is_not_found() {
        assert!(find(&Method::GET, "/enable").is_none());
        assert!(find(&Method::DELETE, "/users").is_none());
        assert!(find(&Method::GET, "/users//delete").is_none());
    }

    #[test]
    fn no_address_stands_there_twice() {
        for (index, (pattern, found)) in ROUTES.iter().enumerate() {
            let twice = ROUTES[..index]
                .iter()
                .any(|(other, before)| other == pattern && before.changes == found.changes);
            assert!(!twice, "{pattern}");
        }
    }
}
