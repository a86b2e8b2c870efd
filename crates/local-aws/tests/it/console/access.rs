//! Users, groups and assignments: "Assign permissions and policies within each AWS account".

use super::Visitor;
use crate::support::OTHER_ACCOUNT;

const USER: &str = "road.runner@the-acme-corporation.com";

impl Visitor {
    /// Adds a user and gives the id.
    pub(crate) async fn user(&self, name: &str) -> String {
        let fields = [
            ("user_name", name),
            ("email", name),
            ("given_name", "Road"),
            ("family_name", "Runner"),
            ("cost_center", "42"),
        ];
        let reply = self.send("/users/new", "/users", &fields).await;
        id_in(&reply, "/users/")
    }

    /// Creates a group and gives the id.
    pub(crate) async fn group(&self, name: &str) -> String {
        let reply = self
            .send("/groups/new", "/groups", &[("display_name", name)])
            .await;
        id_in(&reply, "/groups/")
    }
}

fn id_in(reply: &crate::support::Reply, path: &str) -> String {
    assert_eq!(reply.status, 303, "{}", reply.text);
    let rest = reply.header("location").split_once(path).unwrap().1;
    rest.split_once('?').unwrap().0.to_owned()
}

#[tokio::test]
async fn users_are_added_found_and_deleted() {
    let visitor = Visitor::with_instance().await;
    let id = visitor.user(USER).await;
    visitor
        .open(&format!("/users/{id}"))
        .await
        .shows(USER)
        .shows("Road Runner")
        .shows("costCenter")
        .shows("Manual");
    visitor.open("/users?q=ROAD").await.shows(USER);
    visitor
        .open("/users?q=x")
        .await
        .shows("No user name begins with");
    let again = visitor
        .send(
            "/users/new",
            "/users",
            &[
                ("user_name", USER),
                ("email", USER),
                ("given_name", "R"),
                ("family_name", "R"),
            ],
        )
        .await;
    assert_eq!(again.status, 400);
    again.shows("Duplicate UserName");
    let delete = format!("/users/{id}/delete");
    visitor
        .press(&delete, &delete, &[])
        .await
        .shows("There are no users yet");
}

#[tokio::test]
async fn groups_get_and_lose_members() {
    let visitor = Visitor::with_instance().await;
    let user = visitor.user(USER).await;
    let group = visitor.group("operations").await;
    let page = format!("/groups/{group}");
    visitor
        .press(&page, &format!("{page}/members"), &[("user_name", USER)])
        .await
        .shows(USER);
    let unknown = visitor
        .send(
            &page,
            &format!("{page}/members"),
            &[("user_name", "nobody")],
        )
        .await;
    assert_eq!(unknown.status, 400);
    unknown.shows("No user has this name.");
    visitor
        .open(&format!("/users/{user}"))
        .await
        .shows("operations");
    visitor
        .press(
            &page,
            &format!("{page}/members/remove"),
            &[("user_id", &user)],
        )
        .await
        .shows("Nobody is in this group.");
}

/// Seed 002: with automatic provisioning on, users and groups are not made here.
#[tokio::test]
async fn automatic_provisioning_takes_users_and_groups_out_of_the_console() {
    let (visitor, _) = Visitor::with_identity_provider().await;
    visitor
        .send(
            "/settings/provisioning",
            "/settings/provisioning/enable",
            &[],
        )
        .await
        .assert_ok();
    for path in ["/users", "/groups"] {
        visitor
            .open(path)
            .await
            .shows("Automatic provisioning is enabled")
            .lacks("/new\"");
        assert_eq!(visitor.open(&format!("{path}/new")).await.status, 400);
    }
    let refused = visitor.send("/settings/provisioning", "/groups", &[]).await;
    assert_eq!(refused.status, 400);
    refused.shows("at the identity provider");
}

/// Seed 004, "Assign permissions and policies within each AWS account", steps 3 to 9.
#[tokio::test]
async fn a_group_is_assigned_permission_sets_in_an_account() {
    let visitor = Visitor::with_instance().await;
    visitor.user(USER).await;
    let group = format!("group:{}", visitor.group("operations").await);
    let read_only = visitor.permission_set("ReadOnly").await;
    let s3_admin = visitor.permission_set("S3Admin").await;
    let account = format!("/accounts/{OTHER_ACCOUNT}");
    visitor.open("/accounts").await.shows("staging");
    visitor.open(&account).await.shows("Assign users or groups");
    visitor
        .open(&format!("{account}/assign"))
        .await
        .shows("operations")
        .shows("Next: Permission sets");
    visitor
        .open(&format!("{account}/assign?tab=users"))
        .await
        .shows(USER);
    let step = format!("{account}/permission-sets?principal={group}");
    visitor
        .open(&step)
        .await
        .shows("ReadOnly")
        .shows("S3Admin")
        .shows("Create new permission set");
    let assignments = format!("{account}/assignments");
    visitor
        .press(
            &step,
            &assignments,
            &[
                ("principal", &group),
                ("permission_set", &read_only),
                ("permission_set", &s3_admin),
            ],
        )
        .await
        .shows("The permission sets are assigned.")
        .shows("ReadOnly, S3Admin")
        .shows("AWSReservedSSO_S3Admin_");
    visitor
        .press(
            &step,
            &assignments,
            &[
                ("principal", &group),
                ("permission_set", &read_only),
                ("change", "yes"),
            ],
        )
        .await
        .shows("The permission sets are changed.")
        .lacks("AWSReservedSSO_S3Admin_");
    let remove = format!("{account}/remove?principal={group}");
    visitor
        .open(&remove)
        .await
        .shows("Takes away in staging: ReadOnly.");
    visitor
        .press(
            &remove,
            &format!("{account}/remove"),
            &[("principal", &group)],
        )
        .await
        .shows("Nobody reaches this account yet.");
}

#[tokio::test]
async fn an_assignment_needs_somebody_and_something() {
    let visitor = Visitor::with_instance().await;
    let account = format!("/accounts/{OTHER_ACCOUNT}");
    let nobody = visitor.open(&format!("{account}/permission-sets")).await;
    assert_eq!(nobody.status, 400);
    nobody.shows("Select at least one user or group.");
    let group = format!("group:{}", visitor.group("operations").await);
    visitor.permission_set("ReadOnly").await;
    let step = format!("{account}/permission-sets?principal={group}");
    let nothing = visitor
        .send(
            &step,
            &format!("{account}/assignments"),
            &[("principal", &group)],
        )
        .await;
    assert_eq!(nothing.status, 400);
    nothing.shows("Select at least one permission set.");
}

/// Seed 002, "To apply a permission policy", step 7.
#[tokio::test]
async fn a_changed_permission_set_reaches_an_account_when_it_is_reprovisioned() {
    let visitor = Visitor::with_instance().await;
    let group = format!("group:{}", visitor.group("operations").await);
    let set = visitor.permission_set("S3Admin").await;
    let account = format!("/accounts/{OTHER_ACCOUNT}");
    let step = format!("{account}/permission-sets?principal={group}");
    visitor
        .press(
            &step,
            &format!("{account}/assignments"),
            &[("principal", &group), ("permission_set", &set)],
        )
        .await;
    let policy = format!("/permission-sets/{set}/policy");
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}"#;
    visitor
        .press(&policy, &policy, &[("policy", deny)])
        .await
        .shows("Reprovision")
        .shows("Skip for now")
        .shows("staging");
    visitor.open(&account).await.shows("Out of date");
    let reprovision = format!("/permission-sets/{set}/reprovision");
    let none = visitor.send(&reprovision, &reprovision, &[]).await;
    assert_eq!(none.status, 400);
    visitor
        .press(&reprovision, &reprovision, &[("account", OTHER_ACCOUNT)])
        .await
        .shows("The selected accounts are up to date.");
    visitor.open(&account).await.shows("Up to date");
}

/// identity-center.md §2.2: a group that is deleted leaves its assignments behind, and one of the same
/// name gets none of them.
#[tokio::test]
async fn what_a_deleted_group_held_shows_as_dangling_and_can_be_removed() {
    let visitor = Visitor::with_instance().await;
    let id = visitor.group("operations").await;
    let group = format!("group:{id}");
    let set = visitor.permission_set("ReadOnly").await;
    let account = format!("/accounts/{OTHER_ACCOUNT}");
    let step = format!("{account}/permission-sets?principal={group}");
    visitor
        .press(
            &step,
            &format!("{account}/assignments"),
            &[("principal", &group), ("permission_set", &set)],
        )
        .await;
    let delete = format!("/groups/{id}/delete");
    visitor
        .open(&delete)
        .await
        .shows("Assignments to the group stay and belong to nobody");
    visitor.press(&delete, &delete, &[]).await;
    let again = visitor.group("operations").await;
    visitor
        .open(&format!("/groups/{again}"))
        .await
        .shows("No permission set is assigned to this group.");
    visitor.open(&account).await.shows("deleted").shows(&group);
    let remove = format!("{account}/remove?principal={group}");
    visitor
        .press(
            &remove,
            &format!("{account}/remove"),
            &[("principal", &group)],
        )
        .await
        .shows("Nobody reaches this account yet.");
}
