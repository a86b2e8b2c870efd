//! What a program learns about single sign-on before anyone signs in, and what it runs in AWS.

use jetway_identity::Scope;
use serde_json::json;

use crate::api::{Api, fields_of};
use crate::site::Site;

const PATH: &str = "/api/v1/applications";
const ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";
const ROLE_ARN: &str = "arn:aws:iam::012345678987:role/Admin";
const PROVIDER_ARN: &str = "arn:aws:iam::012345678987:saml-provider/acme";

async fn made(api: &Api<'_>, kind: &str) -> String {
    let body = json!({"kind": kind, "label": kind});
    let made = api.post(PATH, &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.header("location").to_owned()
}

/// Requirement W05.
#[tokio::test]
async fn a_preview_says_what_would_be_sent_and_what_aws_would_say() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Read).await;
    let address = format!("{PATH}/{}", site.application);
    let user = site.road_runner.to_string();
    let preview = api.get(&format!("{address}/preview?user={user}")).await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    let preview = preview.json();
    assert_eq!(preview["user"]["id"], user);
    assert!(preview["name_id"]["value"].is_string());
    let attributes = preview["attributes"].as_array().unwrap();
    let role = attributes.iter().find(|one| one["name"] == ROLE).unwrap();
    assert!(
        role["values"][0]["value"]
            .as_str()
            .unwrap()
            .contains(":role/")
    );
    assert!(role["values"][0]["origin"].is_string());
    let xml = preview["xml"].as_str().unwrap();
    assert!(!xml.contains("Signature"), "{xml}");
    assert!(preview["checks"].as_array().unwrap().len() > 2);

    let nobody = format!("{address}/preview?user=000000000000000000000000");
    assert_eq!(fields_of(&api.get(&nobody).await), ["user"]);
    let checks = api.get(&format!("{address}/checks")).await.json();
    assert_eq!(checks["complete"], true);
    assert_eq!(checks["failing"], 0);
    assert!(checks["checked"].as_u64().unwrap() > 0);
}

/// Requirements W01, J16.
#[tokio::test]
async fn what_is_run_in_aws_is_generated_and_its_arns_are_taken_back() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let address = made(&api, "aws-iam").await;
    let setup =
        format!("{address}/aws-setup?accounts=012345678987&roles=Admin,Reader&provider=acme");
    let setup = api.get(&setup).await;
    assert_eq!(setup.status, 200, "{}", setup.body);
    let setup = setup.json();
    let part = &setup["setups"][0];
    assert_eq!(part["provider"], "acme");
    assert_eq!(part["problem"], json!(null));
    for text in [
        &part["terraform"],
        &part["script"],
        &part["cloudformation"][0]["template"],
    ] {
        let text = text.as_str().unwrap();
        assert!(text.contains("Reader"), "{text}");
        assert!(text.contains("sts:AssumeRoleWithSAML"), "{text}");
    }
    assert!(!part["steps"].as_array().unwrap().is_empty());
    let wrong = api
        .get(&format!("{address}/aws-setup?permission_sets=Admin"))
        .await;
    assert_eq!(wrong.status, 400);
    assert_eq!(fields_of(&wrong), ["permission_sets"]);

    let arns = format!("{address}/role-arns");
    let body = json!({"text": format!("{PROVIDER_ARN}, {ROLE_ARN}\n")});
    let planned = api.post(&format!("{arns}?plan=true"), &body).await;
    assert_eq!(planned.status, 200, "{}", planned.body);
    let before = api.get(&address).await.json();
    assert!(
        !before["saml"]["constant_attributes"]
            .to_string()
            .contains(ROLE_ARN)
    );
    let taken = api.post(&arns, &body).await;
    assert_eq!(
        taken.json()["pairs"],
        json!([{"role_arn": ROLE_ARN, "provider_arn": PROVIDER_ARN, "group": null}])
    );
    let constants = api.get(&address).await.json()["saml"]["constant_attributes"].clone();
    let values = constants.as_array().unwrap().iter();
    let roles: Vec<_> = values
        .filter(|row| row["name"] == ROLE)
        .map(|row| row["value"].as_str().unwrap())
        .collect();
    assert_eq!(roles, [format!("{ROLE_ARN},{PROVIDER_ARN}")]);

    for (body, field) in [
        (json!({"text": "nothing of the kind"}), "text"),
        (
            json!({"text": format!("{ROLE_ARN},{PROVIDER_ARN}"), "groups": {ROLE_ARN: "x"}}),
            "groups",
        ),
    ] {
        let refused = api.post(&arns, &body).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert_eq!(fields_of(&refused)[0], field);
    }
}

/// Requirement J14.
#[tokio::test]
async fn where_roles_go_by_group_each_arn_is_given_to_one() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let address = made(&api, "aws-iam-roles").await;
    let arns = format!("{address}/role-arns");
    let text = format!("{ROLE_ARN},{PROVIDER_ARN}");
    let refused = api.post(&arns, &json!({"text": text})).await;
    assert_eq!(fields_of(&refused), ["groups"]);
    let other = json!({"text": text, "groups": {"arn:aws:iam::012345678987:role/Other": "admins"}});
    assert_eq!(fields_of(&api.post(&arns, &other).await), ["groups"]);
    let body = json!({"text": text, "groups": {ROLE_ARN: "admins"}});
    let taken = api.post(&arns, &body).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert_eq!(taken.json()["pairs"][0]["group"], "admins");
    let rules = api.get(&address).await.json()["saml"]["role_rules"].clone();
    assert_eq!(
        rules,
        json!([{"group": "admins", "account": "012345678987", "role": "Admin", "provider": "acme"}])
    );
}

/// Requirements W03, W04.
#[tokio::test]
async fn the_set_up_of_the_identity_center_has_permission_sets() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let address = made(&api, "aws-identity-center").await;
    let empty = api.get(&format!("{address}/aws-setup")).await.json();
    assert_eq!(empty["notes"].as_array().unwrap().len(), 1);
    let wish = "permission_sets=Billing&groups=accounts-payable&accounts=012345678987";
    let setup = api.get(&format!("{address}/aws-setup?{wish}")).await.json();
    assert_eq!(setup["notes"], json!([]));
    let script = setup["setups"][0]["script"].as_str().unwrap();
    assert!(script.contains("create-permission-set"), "{script}");
    let custom = made(&api, "saml").await;
    assert_eq!(api.get(&format!("{custom}/aws-setup")).await.status, 409);
    let body = json!({"text": "x"});
    assert_eq!(
        api.post(&format!("{address}/role-arns"), &body)
            .await
            .status,
        409
    );
}

/// Requirement W05.
#[tokio::test]
async fn an_error_of_aws_is_explained_to_a_program() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Read).await;
    let path = "/api/v1/diagnoses";
    let text = "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithSAML \
                operation: Token must be redeemed within 5 minutes of issuance";
    let body = json!({"text": text, "application": site.application.to_string()});
    let answer = api.post(path, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = answer.json();
    assert_eq!(answer["what"], "aws_error");
    assert_eq!(answer["findings"][0]["severity"], "error");
    let unknown = api.post(path, &json!({"text": "hello"})).await.json();
    assert_eq!(unknown["what"], "unknown");
    assert_eq!(
        fields_of(&api.post(path, &json!({"text": " "})).await),
        ["text"]
    );
    let body = json!({"text": text, "application": "nothing"});
    assert_eq!(fields_of(&api.post(path, &body).await), ["application"]);
}
