//! The organisation as a whole.

use serde_json::json;

use crate::support::{ACCOUNT, OTHER_ACCOUNT, World, json::Service, signing::Keys};

#[tokio::test]
async fn an_account_without_an_organisation_is_told_so() {
    let world = World::empty();
    for operation in [
        "DescribeOrganization",
        "DeleteOrganization",
        "LeaveOrganization",
        "ListRoots",
        "ListAccounts",
        "ListAWSServiceAccessForOrganization",
    ] {
        let answer = world.organizations(operation, json!({})).await;
        assert_eq!(
            answer.refusal(),
            (
                "AWSOrganizationsNotInUseException",
                "Your account is not a member of an organization."
            ),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn who_creates_an_organisation_manages_it() {
    let world = World::organized().await;
    let answer = world.organize("DescribeOrganization", json!({})).await;
    let organization = &answer["Organization"];
    let id = organization["Id"].as_str().unwrap();
    assert!(id.len() == 12 && id.starts_with("o-"), "{id}");
    assert_eq!(
        *organization,
        json!({
            "Id": id,
            "Arn": format!("arn:aws:organizations::{ACCOUNT}:organization/{id}"),
            "FeatureSet": "ALL",
            "MasterAccountArn": format!("arn:aws:organizations::{ACCOUNT}:account/{id}/{ACCOUNT}"),
            "MasterAccountId": ACCOUNT,
            "MasterAccountEmail": format!("root+{ACCOUNT}@example.com"),
            "AvailablePolicyTypes": [],
        })
    );
    let roots = world.organize("ListRoots", json!({})).await;
    let root = roots["Roots"][0]["Id"].as_str().unwrap();
    assert!(root.len() == 6 && root.starts_with("r-"), "{root}");
    assert_eq!(
        roots["Roots"][0]["Arn"],
        format!("arn:aws:organizations::{ACCOUNT}:root/{id}/{root}")
    );
}

#[tokio::test]
async fn an_account_is_in_one_organisation_at_most() {
    let world = World::organized().await;
    let again = world.organizations("CreateOrganization", json!({})).await;
    assert_eq!(
        again.refusal(),
        (
            "AlreadyInOrganizationException",
            "The provided account is already a member of an organization."
        )
    );
    let other = Keys::from(world.aws.ensure_account(OTHER_ACCOUNT, "other").unwrap());
    let elsewhere = world
        .json_as(
            &other,
            Service::Organizations,
            "CreateOrganization",
            &json!({}),
        )
        .await;
    assert_eq!(elsewhere.refusal().0, "ConstraintViolationException");
}

#[tokio::test]
async fn an_organisation_is_deleted_once_its_other_accounts_are_gone() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    world.new_unit(&world.root().await, "left over").await;
    let refused = world.organizations("DeleteOrganization", json!({})).await;
    assert_eq!(
        refused.refusal(),
        (
            "OrganizationNotEmptyException",
            "To delete an organization you must first remove all member accounts (except the master)."
        )
    );
    let removal = json!({"AccountId": account});
    world
        .organize("RemoveAccountFromOrganization", removal)
        .await;
    world.organize("DeleteOrganization", json!({})).await;
    let gone = world.organizations("DescribeOrganization", json!({})).await;
    assert_eq!(gone.refusal().0, "AWSOrganizationsNotInUseException");
}

#[tokio::test]
async fn an_organisation_with_identity_center_is_not_deleted() {
    let world = World::organized().await;
    world
        .json_as(
            &world.admin,
            Service::LocalAdmin,
            "EnableInstance",
            &json!({}),
        )
        .await
        .ok();
    let refused = world.organizations("DeleteOrganization", json!({})).await;
    assert_eq!(
        refused.refusal(),
        (
            "ConstraintViolationException",
            "IAM Identity Center is enabled for this organization. Delete its instance first, then the organization."
        )
    );
}

#[tokio::test]
async fn an_organisation_outlives_the_process() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let before = world.organize("ListAccounts", json!({})).await;
    let world = world.restart();
    assert_eq!(world.organize("ListAccounts", json!({})).await, before);
    let input = json!({"AccountId": account});
    world.organize("DescribeAccount", input).await;
}
