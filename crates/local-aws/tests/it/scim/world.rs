//! A local AWS with automatic provisioning, and a SCIM client with its token.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jetway_local_aws::{
    identity_center::{
        change_identity_source, create_scim_token, enable_instance, enable_provisioning,
        read_metadata, scim_endpoint, set_scim_profile,
    },
    organizations::{FeatureSet, create_organization},
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::{ACCOUNT, Reply, World, idp::Idp};

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(crate) const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// AWS's answer to whatever it does not explain.
pub(crate) const GENERIC: &str =
    "Request is unparsable, syntactically incorrect, or violates schema.";

pub(crate) struct Scim {
    pub(crate) world: World,
    /// `http://localhost:4566/<tenant>/scim/v2`
    pub(crate) base: String,
    pub(crate) token: String,
}

impl Scim {
    /// In the dialect of AWS.
    pub(crate) fn aws() -> Self {
        Self::of("aws")
    }

    /// In the dialect of this name.
    pub(crate) fn of(profile: &str) -> Self {
        let world = World::empty();
        let aws = &world.aws;
        create_organization(aws, &mut aws.op(), ACCOUNT, FeatureSet::All, None).unwrap();
        enable_instance(aws, &mut aws.op(), ACCOUNT, "us-east-1").unwrap();
        let metadata = Idp::new("https://idp.example/metadata").metadata();
        let settings = read_metadata(&metadata).unwrap();
        change_identity_source(aws, &mut aws.op(), &settings).unwrap();
        let provisioning = enable_provisioning(aws, &mut aws.op()).unwrap();
        set_scim_profile(aws, profile).unwrap();
        let token = create_scim_token(aws, &mut aws.op()).unwrap().token;
        let base = scim_endpoint(aws, &provisioning);
        Self {
            base: base.trim_end_matches('/').to_owned(),
            token: token.expose_secret().to_owned(),
            world,
        }
    }

    /// Stops the process and starts it again on the same folder.
    pub(crate) fn restart(self) -> Self {
        Self {
            world: self.world.restart(),
            ..self
        }
    }

    /// `/<tenant>/scim/v2`
    pub(crate) fn path(&self) -> &str {
        self.base.strip_prefix("http://localhost:4566").unwrap()
    }

    pub(crate) fn request(&self, method: &str, path: &str, body: &str) -> Request<Body> {
        Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("{}{path}", self.path()))
            .header(header::HOST, "localhost:4566")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/scim+json")
            .body(Body::from(body.to_owned()))
            .unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.world.send(self.request("GET", path, "")).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.world.send(self.request("DELETE", path, "")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let request = self.request("POST", path, &body.to_string());
        self.world.send(request).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Reply {
        let request = self.request("PUT", path, &body.to_string());
        self.world.send(request).await
    }

    /// PATCH with these operations.
    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Reply {
        let body = json!({ "schemas": [PATCH], "Operations": operations });
        let request = self.request("PATCH", path, &body.to_string());
        self.world.send(request).await
    }

    /// Creates a user and gives the id.
    pub(crate) async fn user(&self, name: &str) -> String {
        let reply = self.post("/Users", &user(name)).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        text(&reply.json()["id"])
    }

    /// Creates a group with these members and gives the id.
    pub(crate) async fn group(&self, name: &str, members: &[&str]) -> String {
        let reply = self.post("/Groups", &group(name, members)).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        text(&reply.json()["id"])
    }

    /// The users of a group, in any order, asked for as a client of AWS must.
    pub(crate) async fn members(&self, group: &str) -> Vec<String> {
        let filter = encoded(&format!("groups.value eq \"{group}\""));
        let reply = self.get(&format!("/Users?filter={filter}")).await;
        let mut ids = reply.ids();
        ids.sort();
        ids
    }
}

pub(crate) fn user(name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": name,
        "displayName": format!("Person {name}"),
        "name": { "givenName": "Person", "familyName": name },
    })
}

pub(crate) fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    json!({ "schemas": [GROUP], "displayName": name, "members": members })
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A value in the query of an address.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// Status and `detail` of an error.
    pub(crate) fn error(&self) -> (u16, String) {
        (self.status, text(&self.json()["detail"]))
    }

    /// The ids of a list.
    pub(crate) fn ids(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{}", self.text);
        let resources = self.json()["Resources"].as_array().unwrap().clone();
        resources.iter().map(|one| text(&one["id"])).collect()
    }
}
