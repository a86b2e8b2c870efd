//! Error bodies, byte for byte (identity-center.md §3.8).

use serde_json::{Value, json};

use super::world::{ENTERPRISE, GENERIC, Scim, group, user};
use crate::support::Reply;

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn expect(reply: &Reply, status: u16, detail: &str) {
    let id = reply.header("x-amzn-requestid");
    let detail = Value::from(detail).to_string();
    assert_eq!(
        reply.text,
        format!(
            r#"{{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":{detail},"status":"{status}","exceptionRequestId":"{id}","timeStamp":"2026-11-22 04:00:00.000"}}"#
        )
    );
    assert_eq!(reply.status, status);
    assert_eq!(reply.header("content-type"), "application/json");
}

#[tokio::test]
async fn duplicate_resource() {
    let scim = Scim::aws();
    scim.user("ada").await;
    let detail = "Refused to create a new, duplicate resource.";
    expect(&scim.post("/Users", &user("ada")).await, 409, detail);
    scim.group("operations", &[]).await;
    expect(
        &scim.post("/Groups", &group("operations", &[])).await,
        409,
        detail,
    );
}

#[tokio::test]
async fn generic_400() {
    let scim = Scim::aws();
    let ids = vec!["x"; 101];
    expect(
        &scim.post("/Groups", &group("large", &ids)).await,
        400,
        GENERIC,
    );
    expect(
        &scim.post("/Groups", &json!({ "schemas": [] })).await,
        400,
        GENERIC,
    );
    let mut nameless = user("ada");
    nameless
        .as_object_mut()
        .unwrap()
        .shift_remove("displayName");
    expect(&scim.post("/Users", &nameless).await, 400, GENERIC);
    for unsupported in [
        "password",
        "ims",
        "photos",
        "x509Certificates",
        "entitlements",
        "groups",
        "costCenter",
    ] {
        let body = with(user("ada"), unsupported, json!([]));
        expect(&scim.post("/Users", &body).await, 400, GENERIC);
    }
    let filter = "/Groups?filter=id%20eq%20%22x%22%20and%20members%20eq%20%22%22";
    expect(&scim.get(filter).await, 400, GENERIC);
}

#[tokio::test]
async fn more_than_one_value() {
    let scim = Scim::aws();
    for name in ["emails", "addresses", "phoneNumbers", "roles"] {
        let body = with(
            user("ada"),
            name,
            json!([{ "type": "work" }, { "type": "home" }]),
        );
        let detail = format!("List attribute {name} exceeds allowed limit of 1");
        expect(&scim.post("/Users", &body).await, 400, &detail);
    }
}

#[tokio::test]
async fn an_empty_name() {
    let scim = Scim::aws();
    let body = with(
        user("ada"),
        "name",
        json!({ "givenName": "", "familyName": "Lovelace" }),
    );
    expect(
        &scim.post("/Users", &body).await,
        400,
        r"2 validation errors detected: Value at 'name.givenName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+; Value at 'name.givenName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
}

#[tokio::test]
async fn an_empty_manager() {
    let scim = Scim::aws();
    let body = with(
        user("ada"),
        ENTERPRISE,
        json!({ "manager": { "value": "" } }),
    );
    expect(
        &scim.post("/Users", &body).await,
        400,
        r"2 validation errors detected: Value at 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+; Value at 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager.value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
}

#[tokio::test]
async fn patches() {
    let scim = Scim::aws();
    let ada = format!("/Users/{}", scim.user("ada").await);
    let group = format!("/Groups/{}", scim.group("operations", &[]).await);
    let two = json!([{ "op": "replace", "value": { "title": "x", "nickName": "y" } }]);
    expect(
        &scim.patch(&ada, two).await,
        400,
        "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a single attribute.",
    );
    let no_path = json!([{ "op": "remove" }]);
    expect(
        &scim.patch(&ada, no_path).await,
        400,
        "Missing path in PATCH request",
    );
    let replace = json!([{ "op": "replace", "path": "members", "value": [{ "value": "x" }] }]);
    expect(
        &scim.patch(&group, replace).await,
        400,
        "Replacing group memberships is not supported.",
    );
}

#[tokio::test]
async fn broken_json_and_broken_filters() {
    let scim = Scim::aws();
    for body in ["", "{", "[]", "null", r#"{"a":1,"a":2}"#] {
        for (method, path) in [("POST", "/Users"), ("POST", "/Groups")] {
            let reply = scim.world.send(scim.request(method, path, body)).await;
            expect(&reply, 400, "Invalid JSON from RequestBody");
        }
    }
    expect(
        &scim.get("/Users?filter=userName").await,
        400,
        "Invalid Filter format",
    );
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_refused() {
    let scim = Scim::aws();
    let body = "x".repeat(1024 * 1024 + 1);
    let reply = scim.world.send(scim.request("POST", "/Users", &body)).await;
    expect(
        &reply,
        413,
        "Request size exceeds the limit of 1048576 bytes",
    );
}
