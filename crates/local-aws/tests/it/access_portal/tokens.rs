//! Clients, the grant through the browser, renewal (identity-center.md §1.6, §1.8, §8.2, §8.3).

use serde_json::{Value, json};

use super::{
    client::{CALLBACK, VERIFIER},
    world::{Center, parameter},
};

const INVALID_GRANT: (u16, &str, &str) = (400, "InvalidGrantException", "invalid_grant");

async fn with_token_of(seconds: i64) -> Center {
    let center = Center::new().await;
    let settings = jetway_local_aws::identity_center::PortalSettings {
        access_token_seconds: Some(seconds),
        ..Default::default()
    };
    jetway_local_aws::identity_center::change_portal(&center.world.aws, &settings).unwrap();
    center
}

async fn opens(center: &Center, tokens: &Value) -> u16 {
    let token = tokens["accessToken"].as_str().unwrap();
    center
        .portal("GET", "/assignment/accounts", token)
        .await
        .status
}

/// The whole way of `aws sso login`.
#[tokio::test]
async fn a_program_gets_tokens_through_the_browser() {
    let center = Center::new().await;
    let client = center.client().await;
    assert_eq!(
        client["clientSecretExpiresAt"].as_i64().unwrap()
            - client["clientIdIssuedAt"].as_i64().unwrap(),
        90 * 24 * 3600
    );
    assert_eq!(client["authorizationEndpoint"], Value::Null);
    let path = Center::authorize_path(&client, &[]);
    // Nobody is signed in: first to the identity provider, then back to the question.
    let sent = center.sent_from(&path).await;
    let response = center.idp.sign(&center.answer_to(&sent));
    let reply = center.post_response(&response, &sent.relay_state).await;
    assert_eq!(reply.header("location"), path);
    let cookie = reply.cookie();
    let page = center.world.get(&path, &cookie).await;
    assert!(page.text.contains("botocore-client-corp") && page.text.contains("127.0.0.1:45659"));
    assert!(
        page.header("content-security-policy")
            .contains("form-action 'self' http://127.0.0.1:45659")
    );
    let back = center.consent(&path, &cookie, "allow").await;
    assert!(back.as_str().starts_with(CALLBACK));
    assert_eq!(
        parameter(&back, "state").as_deref(),
        Some("11111111-2222-4333-8444-555555555555")
    );
    let code = parameter(&back, "code").unwrap();
    let tokens = center
        .json("/token", &Center::exchange(&client, &code))
        .await
        .ok();
    assert_eq!(
        (&tokens["tokenType"], &tokens["expiresIn"]),
        (&json!("Bearer"), &json!(28_800))
    );
    assert_eq!(tokens["idToken"], Value::Null);
    assert_eq!(opens(&center, &tokens).await, 200);
}

#[tokio::test]
async fn a_refusal_is_told_to_the_program() {
    let center = Center::new().await;
    let client = center.client().await;
    let cookie = center.signed_in().await;
    let path = Center::authorize_path(&client, &[]);
    let back = center.consent(&path, &cookie, "deny").await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&back, "code"), None);
}

/// A stolen code is no use, and using one twice ends what it gave.
#[tokio::test]
async fn a_code_that_is_used_twice_ends_its_tokens() {
    let center = Center::new().await;
    let client = center.client().await;
    let code = center.code(&client).await;
    let request = Center::exchange(&client, &code);
    let tokens = center.json("/token", &request).await.ok();
    assert_eq!(opens(&center, &tokens).await, 200);
    assert_eq!(
        center.json("/token", &request).await.oidc_error(),
        INVALID_GRANT
    );
    assert_eq!(opens(&center, &tokens).await, 401);
    let renewal = Center::renewal(&client, &tokens["refreshToken"]);
    assert_eq!(
        center.json("/token", &renewal).await.oidc_error(),
        INVALID_GRANT
    );
}

#[tokio::test]
async fn a_code_is_bound_to_verifier_address_client_and_ten_minutes() {
    let center = Center::new().await;
    let client = center.client().await;
    let other = center.client().await;
    let code = center.code(&client).await;
    let good = Center::exchange(&client, &code);
    let with = |name: &str, value: Value| {
        let mut request = good.clone();
        request[name] = value;
        request
    };
    for request in [
        with("codeVerifier", json!(VERIFIER.replace('d', "e"))),
        with("codeVerifier", json!("short")),
        with("redirectUri", json!("http://127.0.0.1:1/oauth/callback")),
        with("code", json!("AAAA")),
        Center::exchange(&other, &code),
    ] {
        let refused = center.json("/token", &request).await;
        assert_eq!(refused.oidc_error(), INVALID_GRANT, "{request}");
        assert_eq!(refused.body["error_description"], "Invalid grant provided");
    }
    center.json("/token", &good).await.ok();

    let late = Center::exchange(&client, &center.code(&client).await);
    center.world.advance(600);
    assert_eq!(
        center.json("/token", &late).await.oidc_error(),
        INVALID_GRANT
    );
}

/// Nothing is sent to an address that the client did not register.
#[tokio::test]
async fn a_request_that_cannot_be_trusted_stays_here() {
    let center = Center::new().await;
    let client = center.client().await;
    let cookie = center.signed_in().await;
    for (name, value) in [
        ("client_id", "made-up.AAAA"),
        ("client_id", ""),
        ("redirect_uri", "https://evil.example/oauth/callback"),
        ("redirect_uri", "http://127.0.0.1:45659/elsewhere"),
        ("redirect_uri", ""),
    ] {
        let path = Center::authorize_path(&client, &[(name, value)]);
        let reply = center.world.get(&path, &cookie).await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (400, ""),
            "{name} {value}"
        );
    }
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("scopes", "sso:account:access openid", "invalid_scope"),
    ] {
        let path = Center::authorize_path(&client, &[(name, value)]);
        let reply = center.world.get(&path, &cookie).await;
        let location = reply.header("location");
        let expected = format!("{CALLBACK}?error={error}&state=1111");
        assert!(
            location.starts_with(&expected),
            "{name} {value}: {location}"
        );
    }
    // The form of another page is not taken.
    let fields = [("answer", "allow"), ("client_id", "x")];
    assert_eq!(
        center
            .world
            .post("/authorize", &fields, &cookie)
            .await
            .status,
        403
    );
}

/// An id travels in addresses: one that no page would take is not given.
#[tokio::test]
async fn a_registration_that_would_make_too_long_an_id_is_refused() {
    let center = Center::new().await;
    let uris: Vec<String> = (0..10)
        .map(|number| format!("http://127.0.0.1/{number}/{}", "x".repeat(100)))
        .collect();
    let long = json!({
        "clientName": "botocore-client-corp",
        "clientType": "public",
        "redirectUris": uris,
    });
    let refused = center.json("/client/register", &long).await;
    let expected = (
        400,
        "InvalidClientMetadataException",
        "invalid_client_metadata",
    );
    assert_eq!(refused.oidc_error(), expected);
}

async fn registered_with(center: &Center, scopes: &[&str], uri: &str) -> Value {
    let request = json!({
        "clientName": "botocore-client-corp",
        "clientType": "public",
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": [uri],
        "issuerUrl": center.instance().start_url(),
        "scopes": scopes,
    });
    center.json("/client/register", &request).await.ok()
}

/// No scope never means more than the client registered, and account access needs no name.
#[tokio::test]
async fn an_empty_list_of_scopes_is_none_and_gives_what_was_registered() {
    let center = Center::new().await;
    let cookie = center.signed_in().await;
    for (scopes, asked, status) in [
        (&["openid"][..], "&scopes=", 403),
        (&["openid"], "&scopes=+", 403),
        (&[], "&scopes=", 200),
        (&[], "&scopes=sso%3Aaccount%3Aaccess", 200),
    ] {
        let client = registered_with(&center, scopes, CALLBACK).await;
        let path = Center::authorize_path(&client, &[("scopes", "")]) + asked;
        let back = center.consent(&path, &cookie, "allow").await;
        let code = parameter(&back, "code").unwrap_or_else(|| panic!("{scopes:?} {asked}: {back}"));
        let tokens = center
            .json("/token", &Center::exchange(&client, &code))
            .await
            .ok();
        assert_eq!(opens(&center, &tokens).await, status, "{scopes:?} {asked}");
    }
}

/// A content security policy cannot name an IPv6 address.
#[tokio::test]
async fn the_consent_for_a_program_at_an_ipv6_address_can_lead_there() {
    let center = Center::new().await;
    let cookie = center.signed_in().await;
    let uri = "http://[::1]:45659/oauth/callback";
    let client = registered_with(&center, &[], uri).await;
    let parameters = [("redirect_uri", uri), ("scopes", "")];
    let path = Center::authorize_path(&client, &parameters);
    let page = center.world.get(&path, &cookie).await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' http:;"), "{policy}");
}

/// §0.6, §8.2: nothing that the command line keeps is lost with a restart.
#[tokio::test]
async fn clients_and_tokens_outlive_a_restart() {
    let center = Center::new().await;
    let client = center.client().await;
    let code = center.code(&client).await;
    let center = center.restart();
    let tokens = center
        .json("/token", &Center::exchange(&client, &code))
        .await
        .ok();
    let center = center.restart();
    assert_eq!(opens(&center, &tokens).await, 200);
    let renewal = Center::renewal(&client, &tokens["refreshToken"]);
    center.json("/token", &renewal).await.ok();
}

/// §8.3: a token of a minute is renewed again and again, until the sign-in ends.
#[tokio::test]
async fn a_token_of_a_minute_is_renewed_until_the_sign_in_ends() {
    let center = with_token_of(60).await;
    let client = center.client().await;
    let mut tokens = center.tokens(&client).await;
    assert_eq!(tokens["expiresIn"], 60);
    for _ in 0..3 {
        center.world.advance(60);
        assert_eq!(opens(&center, &tokens).await, 401);
        let renewal = Center::renewal(&client, &tokens["refreshToken"]);
        let renewed = center.json("/token", &renewal).await.ok();
        assert_ne!(renewed["refreshToken"], tokens["refreshToken"]);
        assert_eq!(opens(&center, &renewed).await, 200);
        tokens = renewed;
    }
    let renewal = Center::renewal(&client, &tokens["refreshToken"]);
    center.world.advance(8 * 3600 - 3 * 60 - 30);
    let last = center.json("/token", &renewal).await.ok();
    assert_eq!(last["expiresIn"], 30);
    center.world.advance(30);
    let renewal = Center::renewal(&client, &last["refreshToken"]);
    assert_eq!(
        center.json("/token", &renewal).await.oidc_error(),
        INVALID_GRANT
    );
}

/// §1.8: the command line goes on with the old token when it could not save the new one.
#[tokio::test]
async fn a_replaced_refresh_token_works_for_two_minutes_and_then_ends_everything() {
    let center = Center::new().await;
    let client = center.client().await;
    let tokens = center.tokens(&client).await;
    let old = Center::renewal(&client, &tokens["refreshToken"]);
    let renewed = center.json("/token", &old).await.ok();
    center.world.advance(120);
    let also = center.json("/token", &old).await.ok();
    assert_eq!(opens(&center, &renewed).await, 200);
    center.world.advance(1);
    assert_eq!(
        center.json("/token", &old).await.oidc_error(),
        INVALID_GRANT
    );
    assert_eq!(opens(&center, &renewed).await, 401);
    assert_eq!(opens(&center, &also).await, 401);
}

/// Of two hands that renew with the same token, one goes on, and the other ends everything.
#[tokio::test]
async fn a_stolen_refresh_token_does_not_live_on_beside_the_real_one() {
    for stolen in ["the token itself", "its other successor"] {
        let center = Center::new().await;
        let client = center.client().await;
        let tokens = center.tokens(&client).await;
        let first = Center::renewal(&client, &tokens["refreshToken"]);
        let renewed = center.json("/token", &first).await.ok();
        let other = center.json("/token", &first).await.ok();
        let renewal = Center::renewal(&client, &renewed["refreshToken"]);
        let latest = center.json("/token", &renewal).await.ok();
        // The one that was used last still has its two minutes.
        center.json("/token", &renewal).await.ok();
        assert_eq!(opens(&center, &latest).await, 200);
        let late = if stolen == "the token itself" {
            first
        } else {
            Center::renewal(&client, &other["refreshToken"])
        };
        let refused = center.json("/token", &late).await;
        assert_eq!(refused.oidc_error(), INVALID_GRANT, "{stolen}");
        for ended in [&renewed, &other, &latest] {
            assert_eq!(opens(&center, ended).await, 401, "{stolen}");
        }
    }
}

/// More are asked for than are remembered; those that fell out are over, not unknown.
#[tokio::test]
async fn a_refresh_token_that_is_not_remembered_any_more_ends_everything() {
    let center = Center::new().await;
    let client = center.client().await;
    let tokens = center.tokens(&client).await;
    let first = Center::renewal(&client, &tokens["refreshToken"]);
    let mut latest = tokens;
    for _ in 0..200 {
        latest = center.json("/token", &first).await.ok();
    }
    let refused = center.json("/token", &first).await;
    assert_eq!(refused.oidc_error(), INVALID_GRANT);
    assert_eq!(opens(&center, &latest).await, 401);
}

#[tokio::test]
async fn refresh_tokens_belong_to_their_client() {
    let center = Center::new().await;
    let client = center.client().await;
    let other = center.client().await;
    let tokens = center.tokens(&client).await;
    for request in [
        Center::renewal(&other, &tokens["refreshToken"]),
        Center::renewal(&client, &json!("aorAAAA")),
        Center::renewal(&client, &tokens["accessToken"]),
    ] {
        assert_eq!(
            center.json("/token", &request).await.oidc_error(),
            INVALID_GRANT
        );
    }
    let renewal = Center::renewal(&client, &tokens["refreshToken"]);
    center.json("/token", &renewal).await.ok();
}

/// Whoever is thrown out stays out, with each kind of token.
#[tokio::test]
async fn tokens_end_when_their_user_is_disabled() {
    let center = Center::new().await;
    let client = center.client().await;
    let tokens = center.tokens(&client).await;
    center.disable(&center.ada).await;
    assert_eq!(opens(&center, &tokens).await, 401);
    let renewal = Center::renewal(&client, &tokens["refreshToken"]);
    assert_eq!(
        center.json("/token", &renewal).await.oidc_error(),
        INVALID_GRANT
    );
}
