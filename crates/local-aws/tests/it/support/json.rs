//! Requests to the services of the awsJson 1.1 protocol, and their answers.

use serde_json::{Value, json};

use super::{ACCOUNT, World, signing};
use crate::support::signing::Keys;

/// A service of the protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Service {
    Organizations,
    SsoAdmin,
    IdentityStore,
    LocalAdmin,
}

impl Service {
    const fn scope_and_prefix(self) -> (&'static str, &'static str) {
        match self {
            Self::Organizations => ("organizations", "AWSOrganizationsV20161128"),
            Self::SsoAdmin => ("sso", "SWBExternalService"),
            Self::IdentityStore => ("identitystore", "AWSIdentityStore"),
            Self::LocalAdmin => ("sso", "JetwayLocalAws"),
        }
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a success.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// Exception and message of a refusal, which has HTTP status 400.
    pub(crate) fn refusal(&self) -> (&str, &str) {
        assert_eq!(self.status, 400, "{}", self.body);
        (
            self.body["__type"].as_str().unwrap(),
            self.body["Message"].as_str().unwrap(),
        )
    }

    /// The exception of a refusal and its `Reason`.
    pub(crate) fn reason(&self) -> (&str, &str) {
        (self.refusal().0, self.body["Reason"].as_str().unwrap_or(""))
    }
}

impl World {
    /// A signed request with these keys, in `us-east-1`.
    pub(crate) async fn json_as(
        &self,
        keys: &Keys,
        service: Service,
        operation: &str,
        input: &Value,
    ) -> Answer {
        self.json_in("us-east-1", keys, service, operation, input)
            .await
    }

    /// A signed request with these keys in a region.
    pub(crate) async fn json_in(
        &self,
        region: &str,
        keys: &Keys,
        service: Service,
        operation: &str,
        input: &Value,
    ) -> Answer {
        let (scope, prefix) = service.scope_and_prefix();
        let target = format!("{prefix}.{operation}");
        let body = input.to_string();
        let request = signing::signed_json(keys, (scope, region), &target, self.now(), &body);
        let reply = self.send(request).await;
        Answer {
            status: reply.status,
            body: serde_json::from_str(&reply.text).unwrap(),
        }
    }

    /// `aws organizations …` as the administrator of [`ACCOUNT`].
    pub(crate) async fn organizations(&self, operation: &str, input: Value) -> Answer {
        self.json_as(&self.admin, Service::Organizations, operation, &input)
            .await
    }

    /// The same for a call that must succeed.
    pub(crate) async fn organize(&self, operation: &str, input: Value) -> Value {
        self.organizations(operation, input).await.ok()
    }

    /// An organisation managed by [`ACCOUNT`].
    pub(crate) async fn organized() -> Self {
        let world = Self::empty();
        let created = world.organize("CreateOrganization", json!({})).await;
        assert_eq!(created["Organization"]["MasterAccountId"], ACCOUNT);
        world
    }

    /// The id of the root.
    pub(crate) async fn root(&self) -> String {
        let roots = self.organize("ListRoots", json!({})).await;
        text(&roots["Roots"][0]["Id"])
    }

    /// Creates an account and gives its id.
    pub(crate) async fn new_account(&self, name: &str) -> String {
        let input = json!({"AccountName": name, "Email": format!("{name}@example.com")});
        let begun = self.organize("CreateAccount", input).await;
        let request = json!({"CreateAccountRequestId": begun["CreateAccountStatus"]["Id"]});
        let status = self.organize("DescribeCreateAccountStatus", request).await;
        text(&status["CreateAccountStatus"]["AccountId"])
    }

    /// Creates a unit and gives its id.
    pub(crate) async fn new_unit(&self, parent: &str, name: &str) -> String {
        let input = json!({"ParentId": parent, "Name": name});
        let unit = self.organize("CreateOrganizationalUnit", input).await;
        text(&unit["OrganizationalUnit"]["Id"])
    }
}

/// The text of a JSON string.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
