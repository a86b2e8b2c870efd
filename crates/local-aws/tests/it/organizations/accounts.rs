//! Accounts of the organisation.

use serde_json::json;

use crate::support::{
    ACCOUNT, OTHER_ACCOUNT, START, World,
    json::{Service, text},
    signing::Keys,
};

#[tokio::test]
async fn creating_an_account_is_a_request_whose_status_is_asked_for() {
    let world = World::organized().await;
    let input = json!({"AccountName": "audit", "Email": "audit@example.com"});
    let begun = world.organize("CreateAccount", input).await;
    let id = text(&begun["CreateAccountStatus"]["Id"]);
    assert!(id.len() == 36 && id.starts_with("car-"), "{id}");
    assert_eq!(
        begun["CreateAccountStatus"],
        json!({"Id": id, "AccountName": "audit", "State": "IN_PROGRESS", "RequestedTimestamp": START})
    );
    let input = json!({"CreateAccountRequestId": id});
    let status = world.organize("DescribeCreateAccountStatus", input).await;
    let status = &status["CreateAccountStatus"];
    let account = text(&status["AccountId"]);
    assert_eq!(account.len(), 12);
    assert_eq!(
        *status,
        json!({"Id": id, "AccountName": "audit", "State": "SUCCEEDED", "AccountId": account,
            "RequestedTimestamp": START, "CompletedTimestamp": START})
    );
    let unknown = json!({"CreateAccountRequestId": "car-00000000"});
    let unknown = world
        .organizations("DescribeCreateAccountStatus", unknown)
        .await;
    assert_eq!(unknown.refusal().0, "CreateAccountStatusNotFoundException");
}

#[tokio::test]
async fn a_new_account_is_described_with_its_place_in_the_tree() {
    let world = World::organized().await;
    let root = world.root().await;
    let account = world.new_account("audit").await;
    let organization = world.organize("DescribeOrganization", json!({})).await;
    let organization = text(&organization["Organization"]["Id"]);
    let described = json!({"AccountId": account});
    let described = world.organize("DescribeAccount", described).await;
    assert_eq!(
        described["Account"],
        json!({
            "Id": account,
            "Arn": format!("arn:aws:organizations::{ACCOUNT}:account/{organization}/{account}"),
            "Email": "audit@example.com",
            "Name": "audit",
            "Status": "ACTIVE",
            "State": "ACTIVE",
            "Paths": [format!("{organization}/{root}/{account}/")],
            "JoinedMethod": "CREATED",
            "JoinedTimestamp": START,
        })
    );
}

#[tokio::test]
async fn a_new_account_has_a_role_for_the_management_account() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let keys = Keys::from(world.aws.ensure_account(&account, "audit").unwrap());
    let role = world
        .iam(
            &keys,
            &[
                ("Action", "GetRole"),
                ("RoleName", "OrganizationAccountAccessRole"),
            ],
        )
        .await;
    role.assert_ok();
    assert_eq!(
        role.value("Arn"),
        format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole")
    );
    let trust = percent_encoding::percent_decode_str(&role.value("AssumeRolePolicyDocument"))
        .decode_utf8()
        .unwrap()
        .into_owned();
    assert!(
        trust.contains(&format!("arn:aws:iam::{ACCOUNT}:root")),
        "{trust}"
    );

    let input = json!({"AccountName": "logs", "Email": "logs@example.com", "RoleName": "Landing"});
    world.organize("CreateAccount", input).await;
    let reserved =
        json!({"AccountName": "x", "Email": "x@example.com", "RoleName": "AWSServiceRoleForX"});
    let reserved = world.organizations("CreateAccount", reserved).await;
    assert_eq!(
        reserved.reason(),
        ("InvalidInputException", "INVALID_ROLE_NAME")
    );
}

#[tokio::test]
async fn an_address_that_is_taken_fails_the_request_and_not_the_call() {
    let world = World::organized().await;
    world.new_account("audit").await;
    let input = json!({"AccountName": "again", "Email": "AUDIT@example.com"});
    let begun = world.organize("CreateAccount", input).await;
    assert_eq!(begun["CreateAccountStatus"]["State"], "IN_PROGRESS");
    let failed = world
        .organize("ListCreateAccountStatus", json!({"States": ["FAILED"]}))
        .await;
    let failed = &failed["CreateAccountStatuses"];
    assert_eq!(failed.as_array().unwrap().len(), 1);
    assert_eq!(failed[0]["FailureReason"], "EMAIL_ALREADY_EXISTS");
    assert_eq!(failed[0].get("AccountId"), None);
    let all = world.organize("ListCreateAccountStatus", json!({})).await;
    assert_eq!(all["CreateAccountStatuses"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn accounts_are_listed_in_pages() {
    let world = World::organized().await;
    for number in 0..21 {
        world.new_account(&format!("account-{number}")).await;
    }
    let first = world.organize("ListAccounts", json!({})).await;
    assert_eq!(first["Accounts"].as_array().unwrap().len(), 20);
    let next = json!({"NextToken": first["NextToken"]});
    let second = world.organize("ListAccounts", next.clone()).await;
    assert_eq!(second["Accounts"].as_array().unwrap().len(), 2);
    assert_eq!(second.get("NextToken"), None);

    let foreign = world
        .organizations("ListAWSServiceAccessForOrganization", next)
        .await;
    assert_eq!(
        foreign.reason(),
        ("InvalidInputException", "INVALID_NEXT_TOKEN")
    );
}

#[tokio::test]
async fn an_account_moves_from_where_it_is_to_where_it_is_not() {
    let world = World::organized().await;
    let root = world.root().await;
    let unit = world.new_unit(&root, "Workloads").await;
    let account = world.new_account("audit").await;
    let relocate = async |account: &str, source: &str, destination: &str| {
        let input = json!({"AccountId": account, "SourceParentId": source, "DestinationParentId": destination});
        world.organizations("MoveAccount", input).await
    };
    let exception = |answer: &crate::support::json::Answer| answer.refusal().0.to_owned();
    let nowhere = "ou-zzzz-12345678";
    assert_eq!(
        exception(&relocate(&account, nowhere, &unit).await),
        "SourceParentNotFoundException"
    );
    assert_eq!(
        exception(&relocate(&account, &root, nowhere).await),
        "DestinationParentNotFoundException"
    );
    assert_eq!(
        exception(&relocate(&account, &root, &root).await),
        "DuplicateAccountException"
    );
    assert_eq!(
        exception(&relocate("000000000000", &root, &unit).await),
        "AccountNotFoundException"
    );
    relocate(&account, &root, &unit).await.ok();
    assert_eq!(
        exception(&relocate(&account, &root, &unit).await),
        "DuplicateAccountException"
    );
    let below = world
        .organize("ListAccountsForParent", json!({"ParentId": unit}))
        .await;
    assert_eq!(below["Accounts"][0]["Id"], account.as_str());
    let children = json!({"ParentId": root, "ChildType": "ACCOUNT"});
    assert_eq!(
        world.organize("ListChildren", children).await["Children"],
        json!([{"Id": ACCOUNT, "Type": "ACCOUNT"}])
    );
}

#[tokio::test]
async fn a_closed_account_stays_in_the_organisation_and_lets_nobody_in() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let keys = Keys::from(world.aws.ensure_account(&account, "audit").unwrap());
    let who = [("Action", "GetCallerIdentity")];
    world.signed_sts(&keys, &who).await.assert_ok();
    let input = json!({"AccountId": account});
    world.organize("CloseAccount", input.clone()).await;
    let described = world.organize("DescribeAccount", input.clone()).await;
    assert_eq!(described["Account"]["Status"], "SUSPENDED");
    assert_eq!(described["Account"]["State"], "SUSPENDED");
    let refused = world.signed_sts(&keys, &who).await;
    assert_eq!(refused.refusal().1, "InvalidClientTokenId");
    let again = world.organizations("CloseAccount", input).await;
    assert_eq!(
        again.refusal(),
        (
            "AccountAlreadyClosedException",
            "The provided account is already closed."
        )
    );
    let own = json!({"AccountId": ACCOUNT});
    let own = world.organizations("CloseAccount", own).await;
    assert_eq!(
        own.reason(),
        (
            "ConstraintViolationException",
            "CANNOT_CLOSE_MANAGEMENT_ACCOUNT"
        )
    );
}

#[tokio::test]
async fn an_account_that_leaves_goes_on_by_itself() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let keys = Keys::from(world.aws.ensure_account(&account, "audit").unwrap());
    let leave = async || {
        world
            .json_as(
                &keys,
                Service::Organizations,
                "LeaveOrganization",
                &json!({}),
            )
            .await
    };
    leave().await.ok();
    world
        .signed_sts(&keys, &[("Action", "GetCallerIdentity")])
        .await
        .assert_ok();
    assert_eq!(
        leave().await.refusal().0,
        "AWSOrganizationsNotInUseException"
    );
    let gone = json!({"AccountId": account});
    let gone = world.organizations("DescribeAccount", gone).await;
    assert_eq!(
        gone.refusal(),
        (
            "AccountNotFoundException",
            "You specified an account that doesn't exist."
        )
    );
    let management = world.organizations("LeaveOrganization", json!({})).await;
    assert_eq!(
        management.refusal().0,
        "MasterCannotLeaveOrganizationException"
    );
}

#[tokio::test]
async fn an_account_that_exists_already_joins_as_one_that_was_invited() {
    let world = World::organized().await;
    world.aws.ensure_account(OTHER_ACCOUNT, "other").unwrap();
    let join = |account: &str, email: &str| {
        let mut op = world.aws.op();
        jetway_local_aws::organizations::join_organization(&world.aws, &mut op, account, email)
    };
    join(OTHER_ACCOUNT, "other@example.com").unwrap();
    assert!(join(OTHER_ACCOUNT, "another@example.com").is_err());
    assert!(join("000000000000", "nobody@example.com").is_err());
    let described = json!({"AccountId": OTHER_ACCOUNT});
    let described = world.organize("DescribeAccount", described).await;
    assert_eq!(described["Account"]["JoinedMethod"], "INVITED");
    assert_eq!(described["Account"]["Name"], "other");
}

#[tokio::test]
async fn an_account_that_leaves_takes_nothing_of_identity_center_along() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let ask = async |service: Service, operation: &str, input: serde_json::Value| {
        world
            .json_as(&world.admin, service, operation, &input)
            .await
            .ok()
    };
    let enabled = ask(Service::LocalAdmin, "EnableInstance", json!({})).await;
    let (store, instance) = (&enabled["IdentityStoreId"], &enabled["InstanceArn"]);
    let group = json!({"IdentityStoreId": store, "DisplayName": "runners"});
    let group = ask(Service::IdentityStore, "CreateGroup", group).await;
    let set = json!({"InstanceArn": instance, "Name": "ReadOnly"});
    let set = ask(Service::SsoAdmin, "CreatePermissionSet", set).await;
    let set = &set["PermissionSet"]["PermissionSetArn"];
    let assignment = json!({
        "InstanceArn": instance, "PermissionSetArn": set,
        "TargetType": "AWS_ACCOUNT", "TargetId": account,
        "PrincipalType": "GROUP", "PrincipalId": group["GroupId"],
    });
    ask(Service::SsoAdmin, "CreateAccountAssignment", assignment).await;
    let made_by_it = || {
        let state = world.aws.state();
        let own = state.account(&account).unwrap();
        let roles = own.roles.values().map(|role| &role.record.name);
        let roles = roles.filter(|name| name.starts_with("AWSReservedSSO_"));
        roles.count() + own.providers.len()
    };
    assert_eq!(made_by_it(), 2);

    let removal = json!({"AccountId": account});
    world
        .organize("RemoveAccountFromOrganization", removal)
        .await;
    assert_eq!(made_by_it(), 0);
    // Nothing holds the permission set any more.
    let set = json!({"InstanceArn": instance, "PermissionSetArn": set});
    ask(Service::SsoAdmin, "DeletePermissionSet", set).await;
}

#[tokio::test]
async fn an_account_joins_with_its_own_signature_and_nobody_elses() {
    let world = World::organized().await;
    let keys = Keys::from(world.aws.ensure_account(OTHER_ACCOUNT, "other").unwrap());
    let join = async |keys: &Keys, input: serde_json::Value| {
        world
            .json_as(keys, Service::LocalAdmin, "JoinOrganization", &input)
            .await
    };
    let by_another = join(&world.admin, json!({})).await;
    assert_eq!(by_another.refusal().0, "AlreadyInOrganizationException");
    let wrong = join(&keys, json!({"Email": "nobody"})).await;
    assert_eq!(wrong.refusal().0, "ValidationException");
    join(&keys, json!({"Email": "other@example.com"}))
        .await
        .ok();
    let described = json!({"AccountId": OTHER_ACCOUNT});
    let described = world.organize("DescribeAccount", described).await;
    assert_eq!(described["Account"]["Email"], "other@example.com");
    assert_eq!(described["Account"]["JoinedMethod"], "INVITED");
}

#[tokio::test]
async fn a_closed_account_administers_nothing_any_more() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let service = json!({"ServicePrincipal": "sso.amazonaws.com"});
    world.organize("EnableAWSServiceAccess", service).await;
    let delegate = json!({"AccountId": account, "ServicePrincipal": "sso.amazonaws.com"});
    world
        .organize("RegisterDelegatedAdministrator", delegate)
        .await;
    world
        .organize("CloseAccount", json!({"AccountId": account}))
        .await;
    let listed = world
        .organize("ListDelegatedAdministrators", json!({}))
        .await;
    assert_eq!(listed["DelegatedAdministrators"], json!([]));
}
