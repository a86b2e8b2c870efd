//! Services that are trusted, and accounts that administer them.

use serde_json::json;

use crate::support::{ACCOUNT, START, World};

const SSO: &str = "sso.amazonaws.com";

#[tokio::test]
async fn a_service_gets_trusted_access_and_loses_it() {
    let world = World::organized().await;
    let service = json!({"ServicePrincipal": SSO});
    world
        .organize("EnableAWSServiceAccess", service.clone())
        .await;
    let listed = async || {
        world
            .organize("ListAWSServiceAccessForOrganization", json!({}))
            .await["EnabledServicePrincipals"]
            .clone()
    };
    assert_eq!(
        listed().await,
        json!([{"ServicePrincipal": SSO, "DateEnabled": START}])
    );
    world.organize("DisableAWSServiceAccess", service).await;
    assert_eq!(listed().await, json!([]));
    let unknown = json!({"ServicePrincipal": "moto.example.com"});
    let unknown = world.organizations("EnableAWSServiceAccess", unknown).await;
    assert_eq!(
        unknown.reason(),
        ("InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL")
    );
}

#[tokio::test]
async fn an_account_administers_a_service_that_is_trusted() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let delegation = json!({"AccountId": account, "ServicePrincipal": SSO});
    let register = async |input: &serde_json::Value| {
        world
            .organizations("RegisterDelegatedAdministrator", input.clone())
            .await
    };
    let early = register(&delegation).await;
    assert_eq!(
        early.reason(),
        ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
    );
    let service = json!({"ServicePrincipal": SSO});
    world
        .organize("EnableAWSServiceAccess", service.clone())
        .await;
    register(&delegation).await.ok();
    assert_eq!(
        register(&delegation).await.refusal().0,
        "AccountAlreadyRegisteredException"
    );
    let own = json!({"AccountId": ACCOUNT, "ServicePrincipal": SSO});
    assert_eq!(
        register(&own).await.reason().1,
        "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"
    );
    let second = world.new_account("second").await;
    let second = json!({"AccountId": second, "ServicePrincipal": SSO});
    assert_eq!(
        register(&second).await.reason().1,
        "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED"
    );

    let listed = world
        .organize("ListDelegatedAdministrators", service.clone())
        .await;
    let administrator = &listed["DelegatedAdministrators"][0];
    assert_eq!(administrator["Id"], account.as_str());
    assert_eq!(administrator["DelegationEnabledDate"], START);
    let services = json!({"AccountId": account});
    let services = world
        .organize("ListDelegatedServicesForAccount", services)
        .await;
    assert_eq!(
        services["DelegatedServices"],
        json!([{"ServicePrincipal": SSO, "DelegationEnabledDate": START}])
    );
}

#[tokio::test]
async fn a_delegated_administrator_is_deregistered_before_anything_else_goes() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let service = json!({"ServicePrincipal": SSO});
    world
        .organize("EnableAWSServiceAccess", service.clone())
        .await;
    let delegation = json!({"AccountId": account, "ServicePrincipal": SSO});
    world
        .organize("RegisterDelegatedAdministrator", delegation.clone())
        .await;
    let disable = world
        .organizations("DisableAWSServiceAccess", service.clone())
        .await;
    assert_eq!(
        disable.reason().1,
        "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"
    );
    let removal = json!({"AccountId": account});
    let remove = world
        .organizations("RemoveAccountFromOrganization", removal.clone())
        .await;
    assert_eq!(
        remove.reason().1,
        "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"
    );
    world
        .organize("DeregisterDelegatedAdministrator", delegation.clone())
        .await;
    let again = world
        .organizations("DeregisterDelegatedAdministrator", delegation)
        .await;
    assert_eq!(again.refusal().0, "AccountNotRegisteredException");
    world.organize("DisableAWSServiceAccess", service).await;
    world
        .organize("RemoveAccountFromOrganization", removal)
        .await;
}
