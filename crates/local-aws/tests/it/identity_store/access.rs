//! Who may use the identity store.

use serde_json::json;

use super::store::Store;
use crate::support::{World, json::Service, signing::Keys};

#[tokio::test]
async fn another_store_is_not_there() {
    let store = Store::new().await;
    let input = json!({"IdentityStoreId": "d-0000000000"});
    let answer = store
        .world
        .json_as(
            &store.world.admin,
            Service::IdentityStore,
            "ListUsers",
            &input,
        )
        .await;
    assert_eq!(answer.refusal().0, "ResourceNotFoundException");
    assert_eq!(answer.body["ResourceType"], "IDENTITY_STORE");
    let nothing = World::empty();
    let answer = nothing
        .json_as(&nothing.admin, Service::IdentityStore, "ListUsers", &input)
        .await;
    assert_eq!(answer.refusal().0, "ResourceNotFoundException");
    let input = json!({"IdentityStoreId": "D-0000000000"});
    let answer = nothing
        .json_as(&nothing.admin, Service::IdentityStore, "ListUsers", &input)
        .await;
    assert_eq!(answer.refusal().0, "ValidationException");
}

#[tokio::test]
async fn a_member_account_stays_outside_until_it_is_the_delegated_administrator() {
    let store = Store::new().await;
    let world = &store.world;
    let account = world.new_account("audit").await;
    let keys = Keys::from(world.aws.ensure_account(&account, "audit").unwrap());
    let list = async || {
        let input = json!({"IdentityStoreId": store.id});
        world
            .json_as(&keys, Service::IdentityStore, "ListUsers", &input)
            .await
    };
    let refused = list().await;
    let (exception, message) = refused.refusal();
    assert_eq!(exception, "AccessDeniedException");
    assert!(
        message.contains("is not authorized to perform: identitystore:ListUsers on resource: arn:aws:identitystore::"),
        "{message}"
    );
    let service = json!({"ServicePrincipal": "sso.amazonaws.com"});
    world.organize("EnableAWSServiceAccess", service).await;
    let delegation = json!({"AccountId": account, "ServicePrincipal": "sso.amazonaws.com"});
    world
        .organize("RegisterDelegatedAdministrator", delegation)
        .await;
    list().await.ok();
}

#[tokio::test]
async fn users_groups_and_memberships_outlive_the_process() {
    let store = Store::new().await;
    let user = store.user("road").await;
    let group = store.group("runners").await;
    let membership = store.member(&group, &user).await;
    let Store { world, id } = store;
    let store = Store {
        world: world.restart(),
        id,
    };
    store.done("DescribeUser", json!({"UserId": user})).await;
    let input = json!({"MembershipId": membership});
    store.done("DescribeGroupMembership", input).await;
}
