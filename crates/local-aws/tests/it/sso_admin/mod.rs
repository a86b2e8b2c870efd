//! The API of IAM Identity Center, `aws sso-admin …` (identity-center.md §2.2, §2.5).

mod assignments;
mod attributes;
mod callers;
mod deleted_principals;
mod input;
mod instance;
mod permission_sets;
mod policies;
mod protected_roles;
mod provisioning;
mod roles;
mod statuses;
mod tags;

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::support::{
    ACCOUNT, Reply, World,
    idp::Idp,
    json::{Answer, Service, text},
    signing::Keys,
};

/// An organisation with an instance of Identity Center and automatic provisioning.
struct Center {
    world: World,
    region: &'static str,
    /// Its ARN.
    instance: String,
    /// Path of the SCIM endpoint, and its token.
    scim: (String, String),
}

impl Center {
    async fn enabled() -> Self {
        Self::enabled_in("us-east-1").await
    }

    async fn enabled_in(region: &'static str) -> Self {
        let world = World::organized().await;
        let local = async |operation: &str, input: Value| {
            let keys = &world.admin;
            world
                .json_in(region, keys, Service::LocalAdmin, operation, &input)
                .await
                .ok()
        };
        let instance = text(&local("EnableInstance", json!({})).await["InstanceArn"]);
        let metadata = Idp::new("https://idp.example/metadata").metadata();
        let source = json!({"Type": "EXTERNAL", "Metadata": metadata, "Confirmation": "ACCEPT"});
        local("ChangeIdentitySource", source).await;
        let endpoint = text(&local("EnableProvisioning", json!({})).await["ScimEndpoint"]);
        let token = text(&local("CreateScimToken", json!({})).await["Token"]);
        let path = endpoint.trim_start_matches("http://localhost:4566");
        let scim = (path.trim_end_matches('/').to_owned(), token);
        Self {
            world,
            region,
            instance,
            scim,
        }
    }

    /// A request of the management account's administrator. The instance is filled in.
    async fn call(&self, operation: &str, input: Value) -> Answer {
        self.call_as(&self.world.admin, operation, input).await
    }

    async fn call_as(&self, keys: &Keys, operation: &str, mut input: Value) -> Answer {
        if input.get("InstanceArn").is_none() {
            input["InstanceArn"] = json!(self.instance);
        }
        self.world
            .json_in(self.region, keys, Service::SsoAdmin, operation, &input)
            .await
    }

    /// The same for a request that must succeed.
    async fn ok(&self, operation: &str, input: Value) -> Value {
        self.call(operation, input).await.ok()
    }

    /// Creates a permission set and gives its ARN.
    async fn set(&self, name: &str) -> String {
        let created = self.ok("CreatePermissionSet", json!({"Name": name})).await;
        text(&created["PermissionSet"]["PermissionSetArn"])
    }

    /// A request for a permission set.
    async fn of(&self, operation: &str, set: &str, mut more: Value) -> Value {
        more["PermissionSetArn"] = json!(set);
        self.ok(operation, more).await
    }

    /// The same for one that must be refused.
    async fn refused(&self, operation: &str, set: &str, mut more: Value) -> (String, String) {
        more["PermissionSetArn"] = json!(set);
        let answer = self.call(operation, more).await;
        let (exception, message) = answer.refusal();
        (exception.to_owned(), message.to_owned())
    }

    async fn scim(&self, method: &str, path: &str, body: Value) -> Reply {
        let (base, token) = &self.scim;
        let request = Request::builder()
            .method(method)
            .uri(format!("{base}{path}"))
            .header("host", "localhost:4566")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/scim+json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.world.send(request).await
    }

    /// Provisions a user and gives their id.
    async fn user(&self, name: &str) -> String {
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name, "displayName": name, "active": true,
            "name": {"givenName": name, "familyName": "Example"},
            "emails": [{"value": format!("{name}@example.com"), "type": "work", "primary": true}],
        });
        id(&self.scim("POST", "/Users", user).await)
    }

    /// Provisions a group with these members and gives its id.
    async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": name, "members": members,
        });
        id(&self.scim("POST", "/Groups", group).await)
    }

    /// Assigns and waits for the outcome.
    async fn assign(&self, set: &str, account: &str, principal: (&str, &str)) -> Value {
        let begun = self
            .ok(
                "CreateAccountAssignment",
                assignment(set, account, principal),
            )
            .await;
        let request = &begun["AccountAssignmentCreationStatus"]["RequestId"];
        let input = json!({"AccountAssignmentCreationRequestId": request});
        self.ok("DescribeAccountAssignmentCreationStatus", input)
            .await["AccountAssignmentCreationStatus"]
            .clone()
    }

    /// Takes an assignment away and waits for the outcome.
    async fn unassign(&self, set: &str, account: &str, principal: (&str, &str)) -> Value {
        let begun = self
            .ok(
                "DeleteAccountAssignment",
                assignment(set, account, principal),
            )
            .await;
        let request = &begun["AccountAssignmentDeletionStatus"]["RequestId"];
        let input = json!({"AccountAssignmentDeletionRequestId": request});
        self.ok("DescribeAccountAssignmentDeletionStatus", input)
            .await["AccountAssignmentDeletionStatus"]
            .clone()
    }

    /// Provisions in all accounts and waits for the outcome.
    async fn provision(&self, set: &str) -> Value {
        let input = json!({"TargetType": "ALL_PROVISIONED_ACCOUNTS"});
        let begun = self.of("ProvisionPermissionSet", set, input).await;
        let request = &begun["PermissionSetProvisioningStatus"]["RequestId"];
        let input = json!({"ProvisionPermissionSetRequestId": request});
        self.ok("DescribePermissionSetProvisioningStatus", input)
            .await["PermissionSetProvisioningStatus"]
            .clone()
    }

    /// Names of the roles of Identity Center in the management account.
    async fn role_names(&self) -> Vec<String> {
        let listed = self
            .world
            .iam(
                &self.world.admin,
                &[("Action", "ListRoles"), ("PathPrefix", "/aws-reserved/")],
            )
            .await;
        listed.assert_ok().values("RoleName")
    }

    /// The name of the only role of Identity Center in the management account.
    async fn role_name(&self) -> String {
        let mut names = self.role_names().await;
        assert_eq!(names.len(), 1, "{names:?}");
        names.remove(0)
    }
}

/// The members of a request about an assignment.
fn assignment(set: &str, account: &str, (kind, id): (&str, &str)) -> Value {
    json!({
        "PermissionSetArn": set, "TargetId": account, "TargetType": "AWS_ACCOUNT",
        "PrincipalType": kind, "PrincipalId": id,
    })
}

/// The id of what was provisioned.
fn id(reply: &Reply) -> String {
    assert_eq!(reply.status, 201, "{}", reply.text);
    let created: Value = serde_json::from_str(&reply.text).unwrap();
    text(&created["id"])
}

/// A set that a user holds in the management account.
async fn assigned(center: &Center) -> (String, String) {
    let set = center.set("Admins").await;
    let user = center.user("road.runner").await;
    let status = center.assign(&set, ACCOUNT, ("USER", &user)).await;
    assert_eq!(status["Status"], "SUCCEEDED", "{status}");
    (set, user)
}

const ALLOW_S3: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
