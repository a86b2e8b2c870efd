//! `/api/v1/administrators` and `/api/v1/api-keys`.

use jetway_identity::{EventKind, Scope};
use serde_json::json;

use crate::api::{Api, fields_of, problem};
use crate::site::Site;

const ADMINISTRATORS: &str = "/api/v1/administrators";
const KEYS: &str = "/api/v1/api-keys";

/// Requirement A11.
#[tokio::test]
async fn administrators_are_added_changed_and_deleted() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let new = json!({"email": "road@acme.example", "name": "Road", "role": "help_desk"});
    let made = api.post(ADMINISTRATORS, &new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let place = made.header("location").to_owned();
    assert_eq!(made.json()["role"], "help_desk");
    assert_eq!(made.json()["password_changed_at"], json!(null));

    let again = api.post(ADMINISTRATORS, &new).await;
    assert_eq!(
        (again.status, fields_of(&again)),
        (409, vec!["email".to_owned()])
    );
    let wrong = json!({"email": "nobody", "role": "read_only"});
    let wrong = api.post(ADMINISTRATORS, &wrong).await;
    assert_eq!(
        (wrong.status, fields_of(&wrong)),
        (422, vec!["email".to_owned()])
    );
    let wrong = json!({"email": "x@acme.example", "role": "king"});
    let wrong = api.post(ADMINISTRATORS, &wrong).await;
    assert_eq!(
        (wrong.status, fields_of(&wrong)),
        (422, vec!["role".to_owned()])
    );

    let tag = made.header("etag").to_owned();
    let change = json!({"role": "read_only"});
    let changed = api
        .call("PATCH", &place, &[("if-match", &tag)], Some(&change))
        .await;
    assert_eq!(changed.json()["role"], "read_only");
    let stale = api
        .call(
            "PATCH",
            &place,
            &[("if-match", &tag)],
            Some(&json!({"name": "R"})),
        )
        .await;
    assert_eq!(stale.status, 412);
    assert_eq!(stale.header("etag"), changed.header("etag"));
    assert_eq!(api.get(&place).await.json(), changed.json());

    assert_eq!(api.delete(&place).await.status, 204);
    assert_eq!(api.get(&place).await.status, 404);
    assert_eq!(api.delete(&place).await.status, 404);
    assert!(site.last_event(EventKind::AdminDelete).await.is_some());
}

/// Requirement A12.
#[tokio::test]
async fn an_administrator_is_invited_until_there_is_a_password() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let new = json!({"email": "road@acme.example", "role": "help_desk"});
    let made = api.post(ADMINISTRATORS, &new).await;
    let place = made.header("location").to_owned();
    let mails = site.mails().await;
    let invited = api.post(&format!("{place}/invite"), &json!({})).await;
    assert_eq!(invited.status, 202, "{}", invited.body);
    assert_eq!(invited.json()["email"], "road@acme.example");
    assert_eq!(site.mails().await, mails + 1);
    let path = site.mailed_path().await;
    assert!(path.starts_with("/admin/invitations/"), "{path}");
    let me = api.get("/api/v1/caller").await.json()["owner"]["id"].clone();
    let own = format!("{ADMINISTRATORS}/{}/invite", me.as_str().unwrap());
    let refused = api.post(&own, &json!({})).await;
    assert_eq!(problem(&refused)["type"], "urn:jetway:problem:has-password");
    let nobody = format!("{ADMINISTRATORS}/01912345-6789-7abc-8def-0123456789ab/invite");
    assert_eq!(api.post(&nobody, &json!({})).await.status, 404);
}

#[tokio::test]
async fn the_last_full_administrator_cannot_be_lost() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let me = api.get("/api/v1/caller").await.json()["owner"]["id"].clone();
    let place = format!("{ADMINISTRATORS}/{}", me.as_str().unwrap());
    for change in [json!({"role": "help_desk"}), json!({"state": "suspended"})] {
        let answer = api.patch(&place, &change).await;
        assert_eq!(answer.status, 409, "{change}");
        let kind = &problem(&answer)["type"];
        assert_eq!(kind, "urn:jetway:problem:last-full-administrator");
    }
    assert_eq!(api.delete(&place).await.status, 409);
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    for number in 0..4 {
        let email = format!("a{number}@acme.example");
        api.post(
            ADMINISTRATORS,
            &json!({"email": email, "role": "read_only"}),
        )
        .await;
    }
    let whole = api.get(ADMINISTRATORS).await.json();
    assert_eq!(whole["next_cursor"], json!(null));
    let whole = whole["items"].as_array().unwrap().clone();
    assert_eq!(whole.len(), 5);
    let mut found = Vec::new();
    let mut address = format!("{ADMINISTRATORS}?limit=2");
    loop {
        let page = api.get(&address).await.json();
        found.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        address = format!("{ADMINISTRATORS}?limit=2&cursor={cursor}");
    }
    assert_eq!(found, whole);
    for bad in ["limit=0", "limit=201", "cursor=!", "page=2"] {
        let answer = api.get(&format!("{ADMINISTRATORS}?{bad}")).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert_eq!(fields_of(&answer), [bad.split('=').next().unwrap()]);
    }
}

/// security.md: keys are shown once, scoped, expiring, and revoked at once.
#[tokio::test]
async fn a_key_is_shown_once_works_and_is_revoked() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let new = json!({"name": "pipeline", "scopes": ["settings"],
                     "expires_at": "2026-04-01T00:00:00Z"});
    let made = api.post(KEYS, &new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    let pipeline = Api::with_key(&site, &secret);
    assert_eq!(pipeline.get("/api/v1/settings").await.status, 200);
    assert_eq!(pipeline.get(ADMINISTRATORS).await.status, 403);
    let seen = pipeline.get("/api/v1/caller").await.json();
    assert_eq!(
        seen["permissions"],
        json!(["manage_log", "read_settings", "write_settings"])
    );

    let list = api.get(KEYS).await;
    assert!(!list.body.contains(&secret));
    let listed = list.json()["items"][1].clone();
    assert_eq!(listed["expires_at"], "2026-04-01T00:00:00.000Z");
    let place = made.header("location").to_owned();
    assert_eq!(place, format!("{KEYS}/{}", listed["id"].as_str().unwrap()));
    assert_eq!(api.delete(&place).await.status, 204);
    assert_eq!(pipeline.get("/api/v1/settings").await.status, 401);
    assert_eq!(api.delete(&place).await.status, 404);

    for (wrong, field) in [
        (json!({"name": "x", "scopes": []}), "scopes"),
        (json!({"name": "x", "scopes": ["everything"]}), "scopes[0]"),
        (json!({"name": " ", "scopes": ["read"]}), "name"),
        (
            json!({"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}),
            "expires_at",
        ),
        (
            json!({"name": "x", "scopes": ["read"], "expires_at": "soon"}),
            "expires_at",
        ),
    ] {
        let answer = api.post(KEYS, &wrong).await;
        assert_eq!(
            (answer.status, fields_of(&answer)),
            (422, vec![field.to_owned()]),
            "{wrong}"
        );
    }
}

/// A request that may have been lost is sent again.
#[tokio::test]
async fn a_post_with_an_idempotency_key_is_done_once() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let post = async |key: &str, body: &serde_json::Value| {
        api.call("POST", KEYS, &[("idempotency-key", key)], Some(body))
            .await
    };
    let new = json!({"name": "once", "scopes": ["read"]});
    let first = post("order-1", &new).await;
    assert_eq!(first.status, 201);
    let second = post("order-1", &new).await;
    assert_eq!(second.status, 201);
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(
        second.body, first.body,
        "also the secret that is shown once"
    );
    assert_eq!(second.header("location"), first.header("location"));
    assert_eq!(second.header("content-type"), "application/json");
    assert_eq!(
        api.get(KEYS).await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let other = post("order-1", &json!({"name": "another", "scopes": ["read"]})).await;
    assert_eq!(other.status, 422);
    assert_eq!(
        problem(&other)["type"],
        "urn:jetway:problem:idempotency-key-reused"
    );
    assert_eq!(post("order-2", &new).await.status, 201, "another order");
    // A refused request changed nothing and may come again, corrected.
    assert_eq!(
        post("order-3", &json!({"name": "x", "scopes": []}))
            .await
            .status,
        422
    );
    assert_eq!(post("order-3", &new).await.status, 201);
    let theirs = Api::new(&site, Scope::Full).await;
    let theirs = theirs
        .call("POST", KEYS, &[("idempotency-key", "order-1")], Some(&new))
        .await;
    assert_ne!(theirs.body, first.body, "keys of others are their own");
    for bad in ["", &"x".repeat(256)] {
        assert_eq!(post(bad, &new).await.status, 400);
    }
}

#[tokio::test]
async fn of_the_same_request_many_times_at_once_one_is_done() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let new = json!({"name": "once", "scopes": ["read"]});
    let headers = [("idempotency-key", "k")];
    let sent = (0..6).map(|_| api.call("POST", KEYS, &headers, Some(&new)));
    let answers = futures_util::future::join_all(sent).await;
    for answer in &answers {
        match answer.status {
            201 => {}
            409 => assert_eq!(answer.header("retry-after"), "1"),
            other => panic!("{other}: {}", answer.body),
        }
    }
    assert_eq!(
        api.get(KEYS).await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}
