//! Clients of the token API, and their person at the consent page.

use serde_json::{Value, json};
use url::Url;

use super::world::{Center, parameter};
use crate::support::form;

pub(crate) const CALLBACK: &str = "http://127.0.0.1:45659/oauth/callback";
/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

impl Center {
    /// A client as `aws configure sso` registers it for the browser: id and secret.
    pub(crate) async fn client(&self) -> Value {
        let registered = self
            .json(
                "/client/register",
                &json!({
                    "clientName": "botocore-client-corp",
                    "clientType": "public",
                    "grantTypes": ["authorization_code", "refresh_token"],
                    "redirectUris": ["http://127.0.0.1/oauth/callback"],
                    "issuerUrl": self.instance().start_url(),
                    "scopes": ["sso:account:access"],
                }),
            )
            .await;
        registered.ok()
    }

    /// A client for the device grant, with a session or in the old way.
    pub(crate) async fn device_client(&self, scopes: &[&str]) -> Value {
        let mut request = json!({ "clientName": "botocore-client-corp", "clientType": "public" });
        if !scopes.is_empty() {
            request["scopes"] = json!(scopes);
        }
        self.json("/client/register", &request).await.ok()
    }

    /// The address of the consent page for a client.
    pub(crate) fn authorize_path(client: &Value, more: &[(&str, &str)]) -> String {
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", client["clientId"].as_str().unwrap()),
            ("redirect_uri", CALLBACK),
            ("state", "11111111-2222-4333-8444-555555555555"),
            ("code_challenge_method", "S256"),
            ("scopes", "sso:account:access"),
            ("code_challenge", CHALLENGE),
        ];
        for (name, value) in more {
            parameters.retain(|(known, _)| known != name);
            if !value.is_empty() {
                parameters.push((name, value));
            }
        }
        format!("/authorize?{}", form(&parameters))
    }

    /// Presses `Allow access` or `Deny`, and gives where that leads.
    pub(crate) async fn consent(&self, path: &str, cookie: &str, answer: &str) -> Url {
        let page = self.world.get(path, cookie).await;
        page.assert_ok();
        let names = [
            "csrf",
            "response_type",
            "client_id",
            "redirect_uri",
            "state",
            "code_challenge_method",
            "code_challenge",
            "scopes",
        ];
        let fields: Vec<(&str, String)> =
            names.iter().map(|name| (*name, page.field(name))).collect();
        let mut fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        fields.push(("answer", answer));
        let reply = self.world.post("/authorize", &fields, cookie).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        Url::parse(reply.header("location")).unwrap()
    }

    /// A code for Ada.
    pub(crate) async fn code(&self, client: &Value) -> String {
        let cookie = self.signed_in().await;
        let path = Self::authorize_path(client, &[]);
        let back = self.consent(&path, &cookie, "allow").await;
        parameter(&back, "code").unwrap()
    }

    /// The request that exchanges a code.
    pub(crate) fn exchange(client: &Value, code: &str) -> Value {
        json!({
            "grantType": "authorization_code",
            "clientId": client["clientId"],
            "clientSecret": client["clientSecret"],
            "redirectUri": CALLBACK,
            "codeVerifier": VERIFIER,
            "code": code,
        })
    }

    pub(crate) fn renewal(client: &Value, refresh_token: &Value) -> Value {
        json!({
            "grantType": "refresh_token",
            "clientId": client["clientId"],
            "clientSecret": client["clientSecret"],
            "refreshToken": refresh_token,
        })
    }

    /// Tokens for Ada, through the browser.
    pub(crate) async fn tokens(&self, client: &Value) -> Value {
        let code = self.code(client).await;
        self.json("/token", &Self::exchange(client, &code))
            .await
            .ok()
    }
}
