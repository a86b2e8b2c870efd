//! The portal's API (identity-center.md §1.7, §8.3, §8.6).

use jetway_local_aws::identity_center::delete_assignment;
use serde_json::{Value, json};

use super::world::{ADA, Center};
use crate::support::{ACCOUNT, OTHER_ACCOUNT, signing::Keys};

const UNAUTHORIZED: (u16, &str, &str) = (
    401,
    "UnauthorizedException",
    "Session token not found or invalid",
);
const FORBIDDEN: (u16, &str, &str) = (403, "ForbiddenException", "No access");

async fn with_token() -> (Center, String) {
    let center = Center::new().await;
    let client = center.client().await;
    let tokens = center.tokens(&client).await;
    let token = tokens["accessToken"].as_str().unwrap().to_owned();
    (center, token)
}

fn credentials(account: &str, role: &str) -> String {
    format!("/federation/credentials?role_name={role}&account_id={account}")
}

fn keys(answer: &Value) -> Keys {
    let text = |name: &str| answer["roleCredentials"][name].as_str().unwrap().to_owned();
    Keys {
        access_key_id: text("accessKeyId"),
        secret: text("secretAccessKey"),
        token: Some(text("sessionToken")),
    }
}

#[tokio::test]
async fn accounts_and_roles_are_those_that_were_assigned() {
    let (center, token) = with_token().await;
    let none = center
        .portal("GET", "/assignment/accounts", &token)
        .await
        .ok();
    assert_eq!(none, json!({ "accountList": [], "nextToken": null }));
    center.assign("S3Admin", &[ACCOUNT, OTHER_ACCOUNT]);
    center.assign("Billing", &[OTHER_ACCOUNT]);
    let accounts = center
        .portal("GET", "/assignment/accounts", &token)
        .await
        .ok();
    let list = accounts["accountList"].as_array().unwrap();
    let shown: Vec<(&str, &str)> = list
        .iter()
        .map(|account| {
            (
                account["accountId"].as_str().unwrap(),
                account["accountName"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(shown, [(ACCOUNT, "production"), (OTHER_ACCOUNT, "staging")]);
    assert_eq!(list[1]["emailAddress"], "staging@example.com");
    let roles = |account: &str| format!("/assignment/roles?account_id={account}");
    let held = center
        .portal("GET", &roles(OTHER_ACCOUNT), &token)
        .await
        .ok();
    assert_eq!(
        held["roleList"],
        json!([
            { "roleName": "Billing", "accountId": OTHER_ACCOUNT },
            { "roleName": "S3Admin", "accountId": OTHER_ACCOUNT },
        ])
    );
}

#[tokio::test]
async fn lists_come_in_pages() {
    let (center, token) = with_token().await;
    center.assign("S3Admin", &[ACCOUNT, OTHER_ACCOUNT]);
    let first = center
        .portal("GET", "/assignment/accounts?max_result=1", &token)
        .await
        .ok();
    assert_eq!(first["accountList"].as_array().unwrap().len(), 1);
    let next = first["nextToken"].as_str().unwrap();
    let path = format!("/assignment/accounts?max_result=1&next_token={next}");
    let second = center.portal("GET", &path, &token).await.ok();
    assert_eq!(second["accountList"][0]["accountId"], OTHER_ACCOUNT);
    assert_eq!(second["nextToken"], Value::Null);
    for bad in [
        "max_result=0",
        "max_result=101",
        "max_result=x",
        "next_token=x",
    ] {
        let path = format!("/assignment/accounts?{bad}");
        let refused = center.portal("GET", &path, &token).await;
        assert_eq!(refused.portal_error().1, "InvalidRequestException", "{bad}");
        assert_eq!(refused.status, 400);
    }
}

/// The credentials work against the services here, and expire in milliseconds (§0.5).
#[tokio::test]
async fn credentials_of_a_role_work() {
    let (center, token) = with_token().await;
    center.assign("S3Admin", &[OTHER_ACCOUNT]);
    let path = credentials(OTHER_ACCOUNT, "S3Admin");
    let answer = center.portal("GET", &path, &token).await.ok();
    let expiration = answer["roleCredentials"]["expiration"].as_i64().unwrap();
    assert_eq!(
        expiration,
        (center.world.now().unix_timestamp() + 3600) * 1000
    );
    let who = [("Action", "GetCallerIdentity")];
    let reply = center.world.signed_sts(&keys(&answer), &who).await;
    reply.assert_ok();
    let arn = reply.value("Arn");
    assert!(arn.starts_with(&format!(
        "arn:aws:sts::{OTHER_ACCOUNT}:assumed-role/AWSReservedSSO_S3Admin_"
    )));
    assert!(arn.ends_with(&format!("/{ADA}")));
}

/// §8.3: what is taken away is gone with the next call.
#[tokio::test]
async fn a_role_that_is_not_theirs_is_refused() {
    let (center, token) = with_token().await;
    let assigned = center.assign("S3Admin", &[ACCOUNT, OTHER_ACCOUNT]);
    let path = credentials(ACCOUNT, "S3Admin");
    center.portal("GET", &path, &token).await.ok();
    for path in [
        credentials(ACCOUNT, "Nothing"),
        credentials("999999999999", "S3Admin"),
    ] {
        let refused = center.portal("GET", &path, &token).await;
        assert_eq!(refused.portal_error(), FORBIDDEN, "{path}");
    }
    let aws = &center.world.aws;
    delete_assignment(aws, &mut aws.op(), &assigned[0]).unwrap();
    let refused = center.portal("GET", &path, &token).await;
    assert_eq!(refused.portal_error(), FORBIDDEN);
    for bad in [
        "/federation/credentials?account_id=123456789012",
        "/federation/credentials?role_name=S3Admin",
        "/federation/credentials?role_name=S3Admin&account_id=12",
        "/assignment/roles",
    ] {
        let refused = center.portal("GET", bad, &token).await;
        assert_eq!(
            (refused.status, refused.portal_error().1),
            (400, "InvalidRequestException")
        );
    }
}

/// §8.6: the command line sends the tokens of other portals, too.
#[tokio::test]
async fn tokens_that_are_not_ours_are_refused() {
    let center = Center::new().await;
    for token in ["", "aoaAAAA", "eyJraWQiOiJrZXkt", "aor"] {
        for (method, path) in [
            ("GET", "/assignment/accounts"),
            ("GET", "/assignment/roles?account_id=123456789012"),
            (
                "GET",
                "/federation/credentials?role_name=R&account_id=123456789012",
            ),
            ("POST", "/logout"),
        ] {
            let refused = center.portal(method, path, token).await;
            assert_eq!(refused.portal_error(), UNAUTHORIZED, "{path} {token}");
        }
    }
    let reply = center.world.get("/assignment/accounts", "").await;
    assert_eq!(reply.status, 401);
}

#[tokio::test]
async fn sign_out_ends_access_and_renewal() {
    let center = Center::new().await;
    let client = center.client().await;
    let tokens = center.tokens(&client).await;
    let token = tokens["accessToken"].as_str().unwrap();
    let out = center.portal("POST", "/logout", token).await;
    assert_eq!((out.status, &out.body), (200, &Value::Null));
    let again = center.portal("POST", "/logout", token).await;
    assert_eq!(again.portal_error(), UNAUTHORIZED);
    let refused = center.portal("GET", "/assignment/accounts", token).await;
    assert_eq!(refused.portal_error(), UNAUTHORIZED);
    let renewal = Center::renewal(&client, &tokens["refreshToken"]);
    assert_eq!(
        center.json("/token", &renewal).await.oidc_error().1,
        "InvalidGrantException"
    );
}

#[tokio::test]
async fn a_token_for_something_else_opens_no_accounts() {
    let center = Center::new().await;
    let request = json!({
        "clientName": "somebody",
        "clientType": "public",
        "scopes": ["openid"],
        "grantTypes": ["authorization_code"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
        "issuerUrl": center.instance().start_url(),
    });
    let client = center.json("/client/register", &request).await.ok();
    let cookie = center.signed_in().await;
    let path = Center::authorize_path(&client, &[("scopes", "openid")]);
    let back = center.consent(&path, &cookie, "allow").await;
    let code = super::world::parameter(&back, "code").unwrap();
    let tokens = center
        .json("/token", &Center::exchange(&client, &code))
        .await
        .ok();
    assert_eq!(tokens["refreshToken"], Value::Null);
    let token = tokens["accessToken"].as_str().unwrap();
    let refused = center.portal("GET", "/assignment/accounts", token).await;
    assert_eq!(refused.portal_error(), FORBIDDEN);
}
