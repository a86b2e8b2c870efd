//! A local AWS with an identity store, and short words for what tests do with it.

use serde_json::{Value, json};

use crate::support::{
    World,
    json::{Answer, Service, text},
};

pub(super) struct Store {
    pub(super) world: World,
    pub(super) id: String,
}

impl Store {
    pub(super) async fn new() -> Self {
        let world = World::organized().await;
        let enabled = world
            .json_as(
                &world.admin,
                Service::LocalAdmin,
                "EnableInstance",
                &json!({}),
            )
            .await
            .ok();
        let id = text(&enabled["IdentityStoreId"]);
        Self { world, id }
    }

    /// A request with the store's id in it.
    pub(super) async fn ask(&self, operation: &str, mut input: Value) -> Answer {
        input["IdentityStoreId"] = json!(self.id);
        self.world
            .json_as(&self.world.admin, Service::IdentityStore, operation, &input)
            .await
    }

    /// The same for a request that must succeed.
    pub(super) async fn done(&self, operation: &str, input: Value) -> Value {
        self.ask(operation, input).await.ok()
    }

    /// Creates a user with what every user needs.
    pub(super) async fn user(&self, name: &str) -> String {
        text(&self.done("CreateUser", person(name)).await["UserId"])
    }

    pub(super) async fn group(&self, name: &str) -> String {
        let input = json!({"DisplayName": name});
        text(&self.done("CreateGroup", input).await["GroupId"])
    }

    pub(super) async fn member(&self, group: &str, user: &str) -> String {
        let input = membership(group, user);
        text(&self.done("CreateGroupMembership", input).await["MembershipId"])
    }
}

pub(super) fn person(name: &str) -> Value {
    json!({
        "UserName": name,
        "DisplayName": name,
        "Name": {"GivenName": "Road", "FamilyName": "Runner"},
    })
}

pub(super) fn membership(group: &str, user: &str) -> Value {
    json!({"GroupId": group, "MemberId": {"UserId": user}})
}
