//! Permission sets: "Create new permissions under an account" and "To apply a permission policy".

use super::Visitor;
use crate::support::OTHER_ACCOUNT;

const LIST: &str = "/permission-sets";
const DENY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Project":"Automation"}}}]}"#;

impl Visitor {
    /// Creates a permission set and gives its id.
    pub(crate) async fn permission_set(&self, name: &str) -> String {
        let fields = [
            ("name", name),
            ("description", "What it says"),
            ("session_duration", "PT2H"),
            ("managed", "arn:aws:iam::aws:policy/AmazonS3FullAccess\r\n"),
        ];
        let reply = self.send(&format!("{LIST}/new"), LIST, &fields).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let location = reply.header("location");
        let id = location.split_once("/permission-sets/").unwrap().1;
        id.split_once('?').unwrap().0.to_owned()
    }
}

#[tokio::test]
async fn a_permission_set_is_created_with_its_policies() {
    let visitor = Visitor::with_instance().await;
    let id = visitor.permission_set("S3Admin").await;
    visitor
        .open(LIST)
        .await
        .shows("S3Admin")
        .shows("Not provisioned");
    visitor
        .open(&format!("{LIST}/{id}"))
        .await
        .shows("S3Admin")
        .shows("PT2H")
        .shows("arn:aws:iam::aws:policy/AmazonS3FullAccess");
}

#[tokio::test]
async fn a_permission_set_whose_policies_are_refused_is_not_created() {
    let visitor = Visitor::with_instance().await;
    for field in [
        ("managed", "arn:aws:iam::aws:policy/NoSuchPolicy"),
        ("inline", "{\"Version\":"),
        ("session_duration", "PT13H"),
    ] {
        let reply = visitor
            .send(&format!("{LIST}/new"), LIST, &[("name", "Broken"), field])
            .await;
        assert_eq!(reply.status, 400, "{field:?}");
        reply.shows("value=\"Broken\"");
        visitor
            .open(LIST)
            .await
            .shows("There are no permission sets yet");
    }
}

/// Seed 002, "To apply a permission policy".
#[tokio::test]
async fn an_inline_policy_is_saved_and_reprovisioned() {
    let visitor = Visitor::with_instance().await;
    let id = visitor.permission_set("S3Admin").await;
    let set = format!("{LIST}/{id}");
    let policy = format!("{set}/policy");
    visitor.open(&set).await.shows("Edit permissions");
    visitor.open(&policy).await.shows("Save policy");
    let broken = visitor.send(&policy, &policy, &[("policy", "{]")]).await;
    assert_eq!(broken.status, 400);
    broken.shows("{]");
    visitor
        .press(&policy, &policy, &[("policy", DENY)])
        .await
        .shows("aws:PrincipalTag/Project")
        .shows("The changes are saved.");
    visitor
        .press(&policy, &policy, &[("policy", "")])
        .await
        .shows("No inline policy.");
}

/// Seed 002, "To apply a permission policy", the tags.
#[tokio::test]
async fn tags_are_added_and_edited() {
    let visitor = Visitor::with_instance().await;
    let id = visitor.permission_set("S3Admin").await;
    let set = format!("{LIST}/{id}");
    let tags = format!("{set}/tags");
    visitor.open(&set).await.shows("Add tags");
    let both = [
        ("key", "Project"),
        ("value", ""),
        ("key", "Region"),
        ("value", "us-east-1"),
        ("do", "save"),
    ];
    visitor
        .press(&tags, &tags, &both)
        .await
        .shows("Edit tags")
        .shows("<dt>Project</dt>")
        .shows("us-east-1");
    visitor
        .press(
            &tags,
            &tags,
            &[("key", "Project"), ("value", "a"), ("do", "save")],
        )
        .await
        .lacks("<dt>Region</dt>");
    let twice = [
        ("key", "a"),
        ("value", ""),
        ("key", "a"),
        ("value", ""),
        ("do", "save"),
    ];
    let refused = visitor.send(&tags, &tags, &twice).await;
    assert_eq!(refused.status, 400);
    refused.shows("stands there twice");
}

#[tokio::test]
async fn policies_are_attached_and_detached() {
    let visitor = Visitor::with_instance().await;
    let id = visitor.permission_set("S3Admin").await;
    let set = format!("{LIST}/{id}");
    let read_only = "arn:aws:iam::aws:policy/PowerUserAccess";
    visitor
        .press(&set, &format!("{set}/managed"), &[("policy", read_only)])
        .await
        .shows(read_only);
    let again = visitor
        .send(&set, &format!("{set}/managed"), &[("policy", read_only)])
        .await;
    assert_eq!(again.status, 400);
    visitor
        .press(
            &set,
            &format!("{set}/managed/detach"),
            &[("policy", read_only)],
        )
        .await
        .lacks(read_only);
    visitor
        .press(
            &set,
            &format!("{set}/customer-managed"),
            &[("policy", "/team/Deploy")],
        )
        .await
        .shows("/team/Deploy");
    visitor
        .press(
            &set,
            &format!("{set}/customer-managed/detach"),
            &[("policy", "/team/Deploy")],
        )
        .await
        .lacks("value=\"/team/Deploy\"");
}

#[tokio::test]
async fn general_settings_change_and_a_permission_set_is_deleted() {
    let visitor = Visitor::with_instance().await;
    let id = visitor.permission_set("S3Admin").await;
    let set = format!("{LIST}/{id}");
    let edit = format!("{set}/edit");
    visitor
        .press(
            &edit,
            &edit,
            &[("description", "Other"), ("session_duration", "PT4H")],
        )
        .await
        .shows("PT4H")
        .shows("Other");
    let delete = format!("{set}/delete");
    visitor
        .press(&delete, &delete, &[])
        .await
        .shows("There are no permission sets yet");
}

#[tokio::test]
async fn a_description_and_a_relay_state_can_be_emptied() {
    let visitor = Visitor::with_instance().await;
    let id = visitor.permission_set("S3Admin").await;
    let edit = format!("{LIST}/{id}/edit");
    let relay_state = "https://console.aws.amazon.com/s3";
    let filled = [
        ("description", "What it says"),
        ("session_duration", "PT2H"),
        ("relay_state", relay_state),
    ];
    visitor
        .press(&edit, &edit, &filled)
        .await
        .shows("What it says")
        .shows(relay_state);
    let emptied = [
        ("description", ""),
        ("session_duration", "PT2H"),
        ("relay_state", ""),
    ];
    visitor
        .press(&edit, &edit, &emptied)
        .await
        .shows("PT2H")
        .lacks("What it says")
        .lacks(relay_state);
}

/// identity-center.md §2.2: sessions are as long as the provisioned role says.
#[tokio::test]
async fn general_settings_reach_the_accounts_when_they_are_saved() {
    let visitor = Visitor::with_instance().await;
    let group = format!("group:{}", visitor.group("operations").await);
    let id = visitor.permission_set("S3Admin").await;
    let account = format!("/accounts/{OTHER_ACCOUNT}");
    visitor
        .press(
            &format!("{account}/permission-sets?principal={group}"),
            &format!("{account}/assignments"),
            &[("principal", &group), ("permission_set", &id)],
        )
        .await;
    let edit = format!("{LIST}/{id}/edit");
    let longer = [("description", ""), ("session_duration", "PT12H")];
    visitor
        .press(&edit, &edit, &longer)
        .await
        .shows("The changes are saved.")
        .lacks("Skip for now");
    let state = visitor.world.aws.state();
    let center = state.identity_center.as_ref().unwrap();
    let set = &center.permission_sets[&id];
    assert_eq!(set.session_in(OTHER_ACCOUNT).duration, "PT12H");
    assert_eq!(set.provisioned[OTHER_ACCOUNT].revision, set.revision);
}
