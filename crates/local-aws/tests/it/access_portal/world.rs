//! A local AWS with Identity Center, an identity provider that signs, people and what they hold.

use axum::{
    body::Body,
    http::{Request, header},
};
use jetway_local_aws::{
    identity_center::{
        IdentityProviderSettings, NewPermissionSet, acs_url, change_identity_source,
        create_assignment, create_permission_set, create_scim_token, enable_instance,
        enable_provisioning, put_inline_policy, read_metadata, scim_endpoint,
    },
    organizations::{FeatureSet, NewAccount, create_account, create_organization},
    state::center::{AssignmentKey, InstanceRecord, Principal},
};
use jetway_saml::{AuthnRequest, NAMEID_EMAIL, redirect::decode_deflate};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

use crate::support::{
    ACCOUNT, OTHER_ACCOUNT, Reply, World,
    idp::{Draft, Idp},
};

pub(crate) const ISSUER: &str = "https://idp.example/metadata";
pub(crate) const SIGN_IN_URL: &str = "https://idp.example/sso";
pub(crate) const ADA: &str = "ada@the-acme-corporation.com";

pub(crate) struct Center {
    pub(crate) world: World,
    pub(crate) idp: Idp,
    /// Id of [`ADA`].
    pub(crate) ada: String,
    scim: (String, String),
}

/// A request on its way to the identity provider.
pub(crate) struct Sent {
    pub(crate) request: AuthnRequest,
    pub(crate) relay_state: String,
}

/// An answer in JSON.
#[derive(Debug)]
pub(crate) struct Json {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) error_type: String,
}

impl Center {
    /// With Ada, who is provisioned and holds nothing yet.
    pub(crate) async fn new() -> Self {
        Self::in_region("us-east-1").await
    }

    pub(crate) async fn in_region(region: &str) -> Self {
        let mut center = Self::enabled(region);
        let aws = &center.world.aws;
        change_identity_source(aws, &mut aws.op(), &settings(&center.idp)).unwrap();
        let provisioning = enable_provisioning(aws, &mut aws.op()).unwrap();
        let token = create_scim_token(aws, &mut aws.op()).unwrap().token;
        center.scim = (
            scim_endpoint(aws, &provisioning).replace("http://localhost:4566", ""),
            token.expose_secret().to_owned(),
        );
        center.ada = center.provision(ADA, "Ada Lovelace").await;
        center
    }

    /// Whose identity source is still the directory.
    pub(crate) fn of_directory() -> Self {
        Self::enabled("us-east-1")
    }

    fn enabled(region: &str) -> Self {
        let world = World::empty();
        let aws = &world.aws;
        create_organization(aws, &mut aws.op(), ACCOUNT, FeatureSet::All, None).unwrap();
        let second = NewAccount {
            name: "staging".into(),
            email: "staging@example.com".into(),
            id: Some(OTHER_ACCOUNT.into()),
            parent: None,
            role_name: None,
            tags: vec![],
        };
        create_account(aws, &mut aws.op(), &second).unwrap();
        enable_instance(aws, &mut aws.op(), ACCOUNT, region).unwrap();
        Self {
            world,
            idp: Idp::new(ISSUER).impostor(),
            ada: String::new(),
            scim: (String::new(), String::new()),
        }
    }

    pub(crate) fn restart(self) -> Self {
        Self {
            world: self.world.restart(),
            ..self
        }
    }

    pub(crate) fn instance(&self) -> InstanceRecord {
        let state = self.world.aws.state();
        let center = state.identity_center.as_ref().unwrap();
        (*center.instance).clone()
    }

    pub(crate) fn acs(&self) -> String {
        acs_url(&self.world.aws, &self.instance())
    }

    async fn scim(&self, method: &str, path: &str, body: &Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.scim.0))
            .header(header::HOST, "localhost:4566")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.scim.1))
            .header(header::CONTENT_TYPE, "application/scim+json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.world.send(request).await
    }

    /// Provisions a user and gives the id.
    pub(crate) async fn provision(&self, name: &str, display_name: &str) -> String {
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name,
            "displayName": display_name,
            "name": { "givenName": display_name, "familyName": "Person" },
            "emails": [{ "value": format!("mail.{name}"), "primary": true, "type": "work" }],
            "active": true,
        });
        let reply = self.scim("POST", "Users", &user).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let user: Value = serde_json::from_str(&reply.text).unwrap();
        user["id"].as_str().unwrap().to_owned()
    }

    /// What an identity provider sends when somebody leaves.
    pub(crate) async fn disable(&self, id: &str) {
        self.set_active(id, false).await;
    }

    pub(crate) async fn set_active(&self, id: &str, active: bool) {
        let patch = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "active", "value": active }],
        });
        let reply = self.scim("PATCH", &format!("Users/{id}"), &patch).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }

    pub(crate) async fn delete(&self, id: &str) {
        let reply = self
            .scim("DELETE", &format!("Users/{id}"), &json!({}))
            .await;
        assert_eq!(reply.status, 204, "{}", reply.text);
    }

    /// Ada gets a permission set that allows everything, in these accounts.
    pub(crate) fn assign(&self, name: &str, accounts: &[&str]) -> Vec<AssignmentKey> {
        let aws = &self.world.aws;
        let new = NewPermissionSet {
            name: name.into(),
            ..NewPermissionSet::default()
        };
        let set = create_permission_set(aws, &mut aws.op(), new).unwrap();
        put_inline_policy(aws, &set.id, crate::support::ALLOW_ALL).unwrap();
        accounts
            .iter()
            .map(|account| {
                let key = AssignmentKey {
                    account: (*account).into(),
                    permission_set: set.id.clone(),
                    principal: Principal::User(self.ada.parse().unwrap()),
                };
                let request = create_assignment(aws, &mut aws.op(), key.clone()).unwrap();
                assert_eq!(request.failure, None);
                key
            })
            .collect()
    }

    /// A good response for Ada that nobody asked for.
    pub(crate) fn draft(&self) -> Draft {
        let instance = self.instance();
        let mut draft = self.idp.draft().issued_at(self.world.now());
        draft.recipient = self.acs();
        draft.destination = self.acs();
        draft.audience = Some(instance.issuer_url());
        draft.name_id_format = NAMEID_EMAIL.into();
        draft.name_id = ADA.into();
        draft.attributes = vec![];
        draft
    }

    /// The same as the answer to a request.
    pub(crate) fn answer_to(&self, sent: &Sent) -> Draft {
        answering(self.draft(), &sent.request.id)
    }

    /// Posts a response to the assertion consumer service.
    pub(crate) async fn post_response(&self, response: &str, relay_state: &str) -> Reply {
        let path = self.acs().replace("http://localhost:4566", "");
        let mut fields = vec![("SAMLResponse", response)];
        if !relay_state.is_empty() {
            fields.push(("RelayState", relay_state));
        }
        self.world.post(&path, &fields, "").await
    }

    pub(crate) async fn post_draft(&self, draft: &Draft) -> Reply {
        self.post_response(&self.idp.sign(draft), "").await
    }

    /// Opens a page as nobody: the request that goes to the identity provider.
    pub(crate) async fn sent_from(&self, path: &str) -> Sent {
        let reply = self.world.get(path, "").await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let location = Url::parse(reply.header("location")).unwrap();
        assert!(location.as_str().starts_with(SIGN_IN_URL), "{location}");
        let parameter = |name: &str| {
            let pair = location.query_pairs().find(|(key, _)| key == name);
            pair.unwrap().1.into_owned()
        };
        Sent {
            request: AuthnRequest::parse(&decode_deflate(&parameter("SAMLRequest")).unwrap())
                .unwrap(),
            relay_state: parameter("RelayState"),
        }
    }

    /// Signs Ada in and gives the cookie.
    pub(crate) async fn signed_in(&self) -> String {
        let mut draft = self.draft();
        // Each response has an id of its own.
        let salt = self.world.aws.op().random::<8>();
        draft.id = format!("_{}", hex::encode(salt));
        let reply = self.post_draft(&draft).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        reply.cookie()
    }

    /// `POST` of JSON, unsigned.
    pub(crate) async fn json(&self, path: &str, body: &Value) -> Json {
        let request = Request::post(path)
            .header(header::HOST, "localhost:4566")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        Json::of(&self.world.send(request).await)
    }

    /// A request of the portal's API.
    pub(crate) async fn portal(&self, method: &str, path: &str, token: &str) -> Json {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:4566")
            .header("x-amz-sso_bearer_token", token)
            .body(Body::empty())
            .unwrap();
        Json::of(&self.world.send(request).await)
    }
}

impl Json {
    fn of(reply: &Reply) -> Self {
        Self {
            status: reply.status,
            body: serde_json::from_str(&reply.text).unwrap_or(Value::Null),
            error_type: reply.header("x-amzn-errortype").to_owned(),
        }
    }

    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.body
    }

    /// Status, exception and error of a refusal of the token API, which must agree.
    pub(crate) fn oidc_error(&self) -> (u16, &str, &str) {
        let (exception, namespace) = self.error_type.split_once(':').unwrap();
        assert_eq!(
            namespace,
            "http://internal.amazon.com/coral/com.amazon.sso.oidc/"
        );
        assert!(self.body.get("error_description").is_some(), "{self:?}");
        (self.status, exception, self.body["error"].as_str().unwrap())
    }

    /// Status, exception and message of a refusal of the portal's API.
    pub(crate) fn portal_error(&self) -> (u16, &str, &str) {
        let kind = self.body["__type"].as_str().unwrap();
        assert_eq!(
            kind.strip_prefix("com.amazonaws.switchboard.portal#"),
            Some(self.error_type.as_str())
        );
        let message = self.body["message"].as_str().unwrap();
        (self.status, &self.error_type, message)
    }
}

/// The identity provider by redirect, with the certificate of `idp`.
pub(crate) fn settings(idp: &Idp) -> IdentityProviderSettings {
    IdentityProviderSettings {
        sign_in_by_post: false,
        ..read_metadata(&idp.metadata()).unwrap()
    }
}

/// Makes a draft the answer to a request.
pub(crate) fn answering(draft: Draft, id: &str) -> Draft {
    draft
        .edit(
            "<saml:SubjectConfirmationData ",
            &format!("<saml:SubjectConfirmationData InResponseTo=\"{id}\" "),
        )
        .tamper(
            "ID=\"_response0011223344556677889900\"",
            &format!("ID=\"_response0011223344556677889900\" InResponseTo=\"{id}\""),
        )
}

/// A parameter in an address.
pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
