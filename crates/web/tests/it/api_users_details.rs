//! What belongs to one person in the API: schedules, keys, groups, applications.

use jetway_identity::Scope;
use serde_json::{Value, json};

use crate::api::{Api, fields_of, problem};
use crate::site::{APPLICATION, LABEL, Site};

/// Made for this test; its private half was thrown away.
const KEY: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f road.runner@laptop";

fn place_of(site: &Site, rest: &str) -> String {
    format!("/api/v1/users/{}{rest}", site.road_runner)
}

#[track_caller]
fn items(list: &Value) -> &Vec<Value> {
    assert_eq!(list["next_cursor"], Value::Null);
    list["items"].as_array().unwrap()
}

#[tokio::test]
async fn a_change_of_state_is_scheduled_and_cancelled() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let place = place_of(&site, "/schedules");
    let new = json!({"state": "suspended", "due_at": "2026-04-01T10:00:00+02:00"});
    let made = api.post(&place, &new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.json()["due_at"], "2026-04-01T08:00:00.000Z");
    assert_eq!(made.json()["state"], "suspended");
    let list = api.get(&place).await.json();
    assert_eq!(items(&list), &[made.json()]);
    for (wrong, field) in [
        (
            json!({"state": "staged", "due_at": "2026-04-01T10:00:00Z"}),
            "state",
        ),
        (
            json!({"state": "active", "due_at": "2026-03-02T09:00:00Z"}),
            "due_at",
        ),
        (
            json!({"state": "active", "due_at": "9999-12-31T23:59:59Z"}),
            "due_at",
        ),
        (json!({"state": "active", "due_at": "tomorrow"}), "due_at"),
        (json!({"state": "active"}), "due_at"),
    ] {
        let answer = api.post(&place, &wrong).await;
        assert_eq!(
            (answer.status, fields_of(&answer)),
            (422, vec![field.to_owned()]),
            "{wrong}"
        );
    }
    let one = made.header("location").to_owned();
    assert_eq!(api.delete(&one).await.status, 204);
    assert_eq!(api.delete(&one).await.status, 404);
    assert_eq!(api.delete(&format!("{place}/x")).await.status, 404);
    for _ in 0..10 {
        assert_eq!(api.post(&place, &new).await.status, 201);
    }
    let more = api.post(&place, &new).await;
    assert_eq!(problem(&more)["type"], "urn:jetway:problem:too-many");
}

/// Requirement C14.
#[tokio::test]
async fn a_public_key_is_added_and_removed_and_a_private_one_is_refused() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let place = place_of(&site, "/public-keys");
    let made = api.post(&place, &json!({"public_key": KEY})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let key = made.json();
    assert_eq!(
        (&key["name"], &key["algorithm"]),
        (&json!("road.runner@laptop"), &json!("ssh-ed25519"))
    );
    assert!(key["fingerprint"].as_str().unwrap().starts_with("SHA256:"));
    assert_eq!(items(&api.get(&place).await.json()), &[key]);
    let again = api
        .post(&place, &json!({"name": "x", "public_key": KEY}))
        .await;
    assert_eq!(
        (again.status, fields_of(&again)),
        (409, vec!["public_key".to_owned()])
    );
    let private =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----";
    for (wrong, field) in [
        (json!({"public_key": private}), "public_key"),
        (json!({"public_key": ""}), "public_key"),
        (json!({"public_key": "ssh-ed25519 AAAA"}), "public_key"),
        (json!({"name": "x".repeat(257), "public_key": KEY}), "name"),
        (json!({"name": "x"}), "public_key"),
    ] {
        let answer = api.post(&place, &wrong).await;
        assert_eq!(
            (answer.status, fields_of(&answer)),
            (422, vec![field.to_owned()]),
            "{wrong}"
        );
        assert!(!answer.body.contains("c2VjcmV0"));
    }
    let one = made.header("location").to_owned();
    assert_eq!(api.delete(&one).await.status, 204);
    assert_eq!(api.delete(&one).await.status, 404);
    assert!(items(&api.get(&place).await.json()).is_empty());
}

/// Requirements E08 and K05.
#[tokio::test]
async fn the_groups_of_a_person_and_what_they_give_access_to_are_listed() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Read).await;
    let groups = api.get(&place_of(&site, "/groups")).await.json();
    let operations = site.operations.to_string();
    let group = items(&groups)
        .iter()
        .find(|group| group["id"] == operations.as_str());
    let expected = json!({"id": operations, "name": "operations", "description": "",
                          "membership": "static"});
    assert_eq!(group, Some(&expected));
    let applications = api.get(&place_of(&site, "/applications")).await.json();
    let expected = json!({
        "id": site.application.to_string(), "slug": APPLICATION, "label": LABEL, "active": true,
        "through": [{"id": operations, "name": "operations"}],
    });
    assert_eq!(items(&applications), &[expected]);
}
