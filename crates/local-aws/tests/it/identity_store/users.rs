//! Users.

use serde_json::{Value, json};

use super::store::{Store, person};
use crate::support::{ACCOUNT, START};

/// Every member that a user can have.
fn everything() -> Value {
    json!({
        "UserName": "road.runner@acme.example",
        "Name": {
            "Formatted": "Ms. Road R. Runner III",
            "FamilyName": "Runner",
            "GivenName": "Road",
            "MiddleName": "R.",
            "HonorificPrefix": "Ms.",
            "HonorificSuffix": "III",
        },
        "DisplayName": "Road Runner",
        "NickName": "Beep",
        "ProfileUrl": "https://acme.example/road",
        "Emails": [{"Value": "road.runner@acme.example", "Type": "work", "Primary": true}],
        "Addresses": [{
            "StreetAddress": "1 Desert Road", "Locality": "Mesa", "Region": "AZ",
            "PostalCode": "85201", "Country": "US", "Formatted": "1 Desert Road, Mesa",
            "Type": "work", "Primary": true,
        }],
        "PhoneNumbers": [{"Value": "+1 480 555 0100", "Type": "work", "Primary": true}],
        "UserType": "Bird",
        "Title": "Runner",
        "PreferredLanguage": "en-US",
        "Locale": "en-US",
        "Timezone": "America/Phoenix",
        "Photos": [{"Value": "https://acme.example/1.png", "Type": "photo", "Display": "me", "Primary": true}],
        "Roles": [{"Value": "courier", "Type": "job", "Primary": true}],
        "Website": "https://road.example",
        "Birthdate": "1949-09-17",
    })
}

fn enterprise() -> Value {
    json!({"aws:identitystore:enterprise": {
        "employeeNumber": "1",
        "costCenter": "Birdseed",
        "organization": "Acme",
        "division": "Desert",
        "department": "Running",
        "manager": {"value": "granny"},
    }})
}

#[tokio::test]
async fn a_user_is_described_as_it_was_created() {
    let store = Store::new().await;
    let mut input = everything();
    input["Extensions"] = enterprise();
    let created = store.done("CreateUser", input).await;
    assert_eq!(created["IdentityStoreId"], store.id.as_str());
    let user = json!({"UserId": created["UserId"]});
    let mut expected = everything();
    for (name, value) in [
        ("IdentityStoreId", json!(store.id)),
        ("UserId", created["UserId"].clone()),
        ("UserStatus", json!("ENABLED")),
        ("CreatedAt", json!(START)),
        ("CreatedBy", json!(format!("arn:aws:iam::{ACCOUNT}:root"))),
        ("UpdatedAt", json!(START)),
        ("UpdatedBy", json!(format!("arn:aws:iam::{ACCOUNT}:root"))),
    ] {
        expected[name] = value;
    }
    assert_eq!(store.done("DescribeUser", user.clone()).await, expected);

    let mut extended = user;
    extended["Extensions"] = json!(["aws:identitystore:enterprise"]);
    expected["Extensions"] = enterprise();
    assert_eq!(store.done("DescribeUser", extended).await, expected);
}

#[tokio::test]
async fn a_user_needs_a_name_to_sign_in_with_and_names_to_show() {
    let store = Store::new().await;
    let cases = [
        (json!({}), "userName is a required attribute"),
        (
            json!({"UserName": "road"}),
            "displayname: The attribute displayname is required, name: The attribute name is required",
        ),
        (
            json!({"UserName": "road", "DisplayName": "Road", "Name": {"MiddleName": "R."}}),
            "givenname: The attribute givenname is required, familyname: The attribute familyname is required",
        ),
    ];
    for (input, message) in cases {
        let answer = store.ask("CreateUser", input).await;
        assert_eq!(answer.refusal(), ("ValidationException", message));
    }
    let reserved = store.ask("CreateUser", person("administrator")).await;
    assert_eq!(
        reserved.refusal(),
        (
            "ValidationException",
            "administrator is a reserved name and can't be used for users or groups."
        )
    );
}

#[tokio::test]
async fn user_names_and_addresses_are_unique_without_regard_to_case() {
    let store = Store::new().await;
    let with_address = |name: &str| {
        let mut input = person(name);
        input["Emails"] = json!([{"Value": "Road@acme.example"}]);
        input
    };
    store.done("CreateUser", with_address("road")).await;
    let again = store.ask("CreateUser", person("ROAD")).await;
    assert_eq!(again.refusal(), ("ConflictException", "Duplicate UserName"));
    assert_eq!(again.reason().1, "UNIQUENESS_CONSTRAINT_VIOLATION");
    let address = store.ask("CreateUser", with_address("wile")).await;
    assert_eq!(address.reason().1, "UNIQUENESS_CONSTRAINT_VIOLATION");
}

#[tokio::test]
async fn what_the_model_does_not_allow_is_told_all_at_once() {
    let store = Store::new().await;
    let mut input = person("with space");
    input["DisplayName"] = json!("");
    input["Emails"] = json!([{"Value": "a@example.com"}, {"Value": "b@example.com"}]);
    let answer = store.ask("CreateUser", input).await;
    let (exception, message) = answer.refusal();
    assert_eq!(exception, "ValidationException");
    assert!(
        message.starts_with("3 validation errors detected: "),
        "{message}"
    );
    assert!(
        message.contains(r"Value 'with space' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"),
        "{message}"
    );
    assert!(message.contains("at 'emails' failed to satisfy constraint: Member must have length less than or equal to 1"), "{message}");

    let mut input = person("road");
    input["Emails"] = json!([{"Value": "tab\u{7}"}]);
    let answer = store.ask("CreateUser", input).await;
    let message = answer.refusal().1;
    assert!(message.contains("at 'emails.1.member.value'"), "{message}");

    let mut input = person("road");
    input["Title"] = json!(7);
    let answer = store.ask("CreateUser", input).await;
    assert_eq!(answer.refusal().0, "SerializationException");

    let mut input = person("road");
    input["Extensions"] = json!({"aws:identitystore:other": {}});
    let answer = store.ask("CreateUser", input).await;
    assert_eq!(answer.refusal().0, "ValidationException");
}

#[tokio::test]
async fn attributes_are_changed_and_removed_by_their_paths() {
    let store = Store::new().await;
    let mut input = everything();
    input["Extensions"] = enterprise();
    let user = store.done("CreateUser", input).await["UserId"].clone();
    store.world.advance(60);
    let operations = json!([
        {"AttributePath": "title", "AttributeValue": "Fast Runner"},
        {"AttributePath": "name.givenName", "AttributeValue": "Rowd"},
        {"AttributePath": "emails", "AttributeValue": [{"value": "beep@acme.example", "primary": true}]},
        {"AttributePath": "nickName"},
        {"AttributePath": "photos", "AttributeValue": null},
        {"AttributePath": "website", "AttributeValue": "https://beep.example"},
        {"AttributePath": "birthdate"},
        {"AttributePath": "aws:identitystore:enterprise.costCenter", "AttributeValue": "Anvils"},
        {"AttributePath": "aws:identitystore:enterprise.manager"},
    ]);
    let input = json!({"UserId": user, "Operations": operations});
    assert_eq!(store.done("UpdateUser", input).await, json!({}));
    let input = json!({"UserId": user, "Extensions": ["aws:identitystore:enterprise"]});
    let after = store.done("DescribeUser", input).await;
    assert_eq!(after["Title"], "Fast Runner");
    assert_eq!(after["Name"]["GivenName"], "Rowd");
    assert_eq!(after["Name"]["FamilyName"], "Runner");
    assert_eq!(
        after["Emails"],
        json!([{"Value": "beep@acme.example", "Primary": true}])
    );
    for gone in ["NickName", "Photos", "Birthdate"] {
        assert_eq!(after.get(gone), None, "{gone}");
    }
    assert_eq!(after["Website"], "https://beep.example");
    let extension = &after["Extensions"]["aws:identitystore:enterprise"];
    assert_eq!(extension["costCenter"], "Anvils");
    assert_eq!(extension.get("manager"), None);
    assert_eq!(
        (&after["CreatedAt"], &after["UpdatedAt"]),
        (&json!(START), &json!(START + 60))
    );
}

#[tokio::test]
async fn a_change_that_leaves_no_valid_user_changes_nothing() {
    let store = Store::new().await;
    let user = store.user("road").await;
    store.user("wile").await;
    let before = store.done("DescribeUser", json!({"UserId": user})).await;
    let cases = [
        (
            json!([{"AttributePath": "title", "AttributeValue": "x"}, {"AttributePath": "displayName"}]),
            "displayname: The attribute displayname is required",
        ),
        (
            json!([{"AttributePath": "name"}]),
            "name: The attribute name is required",
        ),
        (
            json!([{"AttributePath": "userName", "AttributeValue": "WILE"}]),
            "Duplicate UserName",
        ),
        (
            json!([{"AttributePath": "emails.value", "AttributeValue": "a@example.com"}]),
            "The attribute emails.value cannot be updated.",
        ),
        (
            json!([{"AttributePath": "active", "AttributeValue": false}]),
            "The attribute active cannot be updated.",
        ),
    ];
    for (operations, message) in cases {
        let input = json!({"UserId": user, "Operations": operations});
        assert_eq!(store.ask("UpdateUser", input).await.refusal().1, message);
    }
    let input = json!({"UserId": user, "Operations": []});
    let empty = store.ask("UpdateUser", input).await;
    assert!(empty.refusal().1.contains("at 'operations'"), "{empty:?}");
    assert_eq!(
        store.done("DescribeUser", json!({"UserId": user})).await,
        before
    );
}

#[tokio::test]
async fn a_user_who_is_deleted_is_gone_with_all_memberships() {
    let store = Store::new().await;
    let user = store.user("road").await;
    let group = store.group("runners").await;
    store.member(&group, &user).await;
    let input = json!({"UserId": user});
    store.done("DeleteUser", input.clone()).await;
    for operation in ["DescribeUser", "DeleteUser", "UpdateUser"] {
        let mut input = input.clone();
        input["Operations"] = json!([{"AttributePath": "title"}]);
        let answer = store.ask(operation, input).await;
        assert_eq!(
            answer.refusal(),
            ("ResourceNotFoundException", "USER not found."),
            "{operation}"
        );
        assert_eq!(answer.body["ResourceType"], "USER");
        assert_eq!(answer.body["ResourceId"], user.as_str());
    }
    let members = json!({"GroupId": group});
    let members = store.done("ListGroupMemberships", members).await;
    assert_eq!(members["GroupMemberships"], json!([]));
    assert_ne!(store.user("road").await, user);
}

#[tokio::test]
async fn a_user_is_found_by_what_is_unique() {
    let store = Store::new().await;
    let user = store.done("CreateUser", everything()).await["UserId"].clone();
    let by = async |path: &str, value: &str| {
        let unique = json!({"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}});
        let input = json!({"AlternateIdentifier": unique});
        store.ask("GetUserId", input).await
    };
    for (path, value) in [
        ("userName", "road.runner@acme.example"),
        ("UserName", "ROAD.RUNNER@acme.example"),
        ("emails.value", "road.runner@acme.example"),
    ] {
        assert_eq!(by(path, value).await.ok()["UserId"], user, "{path}");
    }
    let nobody = by("userName", "nobody").await;
    assert_eq!(
        nobody.refusal(),
        ("ResourceNotFoundException", "USER not found.")
    );
    let title = by("title", "Runner").await;
    assert_eq!(
        title.refusal(),
        (
            "ValidationException",
            "The attribute title is not a unique attribute"
        )
    );
    let external = json!({"ExternalId": {"Issuer": "https://elsewhere.example", "Id": "1"}});
    let external = json!({"AlternateIdentifier": external});
    let external = store.ask("GetUserId", external).await;
    assert_eq!(external.refusal().0, "ResourceNotFoundException");
    let neither = store
        .ask("GetUserId", json!({"AlternateIdentifier": {}}))
        .await;
    assert_eq!(neither.refusal().0, "ValidationException");
}
