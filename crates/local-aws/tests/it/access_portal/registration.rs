//! Clients of the token API: what they register, and how they prove themselves
//! (identity-center.md §1.6).

use serde_json::{Value, json};

use super::world::Center;

const INVALID_REQUEST: (u16, &str, &str) = (400, "InvalidRequestException", "invalid_request");
const INVALID_CLIENT: (u16, &str, &str) = (401, "InvalidClientException", "invalid_client");

#[tokio::test]
async fn registrations_are_checked() {
    let center = Center::new().await;
    let good = json!({
        "clientName": "botocore-client-corp",
        "clientType": "public",
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
        "issuerUrl": center.instance().start_url(),
        "scopes": ["sso:account:access"],
    });
    center.json("/client/register", &good).await.ok();
    let metadata = (
        400,
        "InvalidClientMetadataException",
        "invalid_client_metadata",
    );
    let address = (400, "InvalidRedirectUriException", "invalid_redirect_uri");
    let cases = [
        ("clientName", Value::Null, INVALID_REQUEST),
        ("clientType", Value::Null, INVALID_REQUEST),
        ("clientType", json!("confidential"), metadata),
        ("clientName", json!("two\nlines"), metadata),
        (
            "grantTypes",
            json!(["password"]),
            (
                400,
                "UnsupportedGrantTypeException",
                "unsupported_grant_type",
            ),
        ),
        (
            "scopes",
            json!(["everything"]),
            (400, "InvalidScopeException", "invalid_scope"),
        ),
        ("redirectUris", json!(["https://evil.example/"]), address),
        ("redirectUris", json!([]), address),
        (
            "issuerUrl",
            json!("https://d-0000000000.awsapps.com/start"),
            INVALID_REQUEST,
        ),
        ("issuerUrl", Value::Null, INVALID_REQUEST),
        ("scopes", json!("sso:account:access"), INVALID_REQUEST),
    ];
    for (name, value, expected) in cases {
        let mut request = good.clone();
        request[name] = value.clone();
        let refused = center.json("/client/register", &request).await;
        assert_eq!(refused.oidc_error(), expected, "{name} {value}");
    }
    let refused = center.json("/client/register", &json!("text")).await;
    assert_eq!(refused.oidc_error(), INVALID_REQUEST);
}

#[tokio::test]
async fn clients_must_prove_themselves() {
    let center = Center::new().await;
    let client = center.client().await;
    let other = center.client().await;
    let code = center.code(&client).await;
    let good = Center::exchange(&client, &code);
    let mut cases = vec![
        ("clientId", json!("made-up")),
        ("clientSecret", json!("made-up")),
        ("clientSecret", other["clientSecret"].clone()),
    ];
    let id = client["clientId"].as_str().unwrap();
    cases.push(("clientId", json!(format!("A{}", &id[1..]))));
    for (name, value) in cases {
        let mut request = good.clone();
        request[name] = value.clone();
        let refused = center.json("/token", &request).await;
        assert_eq!(refused.oidc_error(), INVALID_CLIENT, "{name} {value}");
        assert_eq!(refused.body["error_description"], "Invalid client provided");
    }
    for name in [
        "clientId",
        "clientSecret",
        "grantType",
        "code",
        "codeVerifier",
        "redirectUri",
    ] {
        let mut request = good.clone();
        request[name] = Value::Null;
        let refused = center.json("/token", &request).await;
        assert_eq!(refused.oidc_error(), INVALID_REQUEST, "{name}");
    }
    for (grant, expected) in [
        (
            "password",
            (
                400,
                "UnsupportedGrantTypeException",
                "unsupported_grant_type",
            ),
        ),
        (
            "urn:ietf:params:oauth:grant-type:device_code",
            (400, "UnauthorizedClientException", "unauthorized_client"),
        ),
    ] {
        let mut request = good.clone();
        request["grantType"] = json!(grant);
        assert_eq!(center.json("/token", &request).await.oidc_error(), expected);
    }
    center.world.advance(90 * 24 * 3600);
    assert_eq!(
        center.json("/token", &good).await.oidc_error(),
        INVALID_CLIENT
    );
}
