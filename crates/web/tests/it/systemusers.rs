//! The addresses that are shaped like JumpCloud's, called as published clients call them.

use axum::body::Body;
use http::Request;
use http::header::{CONTENT_TYPE, HOST};
use jetway_identity::{EventKind, Scope};
use serde_json::{Value, json};

use crate::browser::{Answer, send};
use crate::site::{COYOTE, PASSWORD, ROAD_RUNNER, Site};

const USERS: &str = "/api/systemusers";

/// A script that was written for the other host.
struct Script<'a> {
    site: &'a Site,
    key: String,
}

impl<'a> Script<'a> {
    async fn new(site: &'a Site, scope: Scope) -> Self {
        let key = site.api_key(scope).await;
        Self { site, key }
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost:8700")
            .header("x-api-key", &self.key)
            .header("accept", "application/json")
            .header("x-org-id", "5f1b1bdb1bdb1bdb1bdb1bdb");
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        send(&self.site.router, request.body(body).unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    async fn search(&self, body: &Value) -> Vec<String> {
        let answer = self.post("/api/search/systemusers", body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        emails(&answer)
    }
}

fn emails(answer: &Answer) -> Vec<String> {
    let results = answer.json()["results"].as_array().unwrap().clone();
    let emails = results
        .iter()
        .map(|user| user["email"].as_str().unwrap_or_default().to_owned());
    emails.collect()
}

#[track_caller]
fn message(answer: &Answer) -> String {
    answer.json()["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn people_are_added_read_changed_and_deleted_under_the_names_of_the_other_api() {
    let site = Site::start().await;
    let script = Script::new(&site, Scope::Users).await;
    let new = json!({
        "username": "daffy.duck", "email": "daffy@the-acme-corporation.com",
        "firstname": "Daffy", "lastname": "Duck", "password": "despicable-you-are",
        "state": "ACTIVATED", "jobTitle": "Second lead", "department": "Cartoons",
        "attributes": [{"name": "Project", "value": "anvil"}],
        "addresses": [{"type": "work", "locality": "Burbank", "region": "CA", "poBox": "1"}],
        "phoneNumbers": [{"type": "mobile", "number": "+1 555 0100"}],
        "sudo": true, "unix_uid": 5001, "samba_service_user": false,
    });
    let made = script.post(USERS, &new).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let user = made.json();
    let id = user["_id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 24);
    for (field, expected) in [
        ("state", json!("ACTIVATED")),
        ("activated", json!(true)),
        ("suspended", json!(false)),
        ("account_locked", json!(false)),
        ("jobTitle", json!("Second lead")),
        ("attributes", json!([{"name": "Project", "value": "anvil"}])),
        (
            "addresses",
            json!([{"locality": "Burbank", "region": "CA", "type": "work"}]),
        ),
        ("ssh_keys", json!([])),
        ("totp_enabled", json!(false)),
    ] {
        assert_eq!(user[field], expected, "{field}");
    }
    assert!(!made.body.contains("despicable") && user["sudo"].is_null());
    let mut browser = site.browser();
    let signed_in = browser
        .sign_in("daffy@the-acme-corporation.com", "despicable-you-are")
        .await;
    assert_eq!(signed_in.status, 303);

    let place = format!("{USERS}/{id}");
    let change = json!({"lastname": "Dodgers", "state": "SUSPENDED",
                        "attributes": [{"name": "Region", "value": "space"}]});
    let changed = script.call("PUT", &place, Some(&change)).await.json();
    assert_eq!(changed["lastname"], "Dodgers");
    assert_eq!(changed["suspended"], true);
    assert_eq!(
        changed["attributes"],
        json!([{"name": "Region", "value": "space"}])
    );
    assert_eq!(changed["department"], "Cartoons", "was not named");
    let back = script
        .call("PUT", &place, Some(&json!({"suspended": false})))
        .await;
    assert_eq!(back.json()["state"], "ACTIVATED");

    let was = script.call("DELETE", &place, None).await;
    assert_eq!(was.json()["username"], "daffy.duck");
    let gone = script.get(&place).await;
    assert_eq!((gone.status, message(&gone).as_str()), (404, "Not Found"));
    assert!(site.last_event(EventKind::UserDelete).await.is_some());
}

/// What a client sends at once is done at once or not at all.
#[tokio::test]
async fn a_change_with_a_password_that_is_refused_changes_nothing() {
    let site = Site::start().await;
    let script = Script::new(&site, Scope::Users).await;
    let place = format!("{USERS}/{}", site.road_runner);
    let before = script.get(&place).await.body;
    let change = json!({"lastname": "Coyote", "state": "SUSPENDED", "password": "short"});
    let refused = script.call("PUT", &place, Some(&change)).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert_eq!(script.get(&place).await.body, before);
    // Nor does a field that is refused leave a new password behind.
    let change = json!({"username": "with space", "password": "despicable-you-are"});
    let refused = script.call("PUT", &place, Some(&change)).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert_eq!(script.get(&place).await.body, before);
    let change = json!({"lastname": "Coyote", "password": "despicable-you-are"});
    let changed = script.call("PUT", &place, Some(&change)).await.json();
    assert_eq!(changed["lastname"], "Coyote");
    let signed_in = site
        .browser()
        .sign_in(ROAD_RUNNER, "despicable-you-are")
        .await;
    assert_eq!(signed_in.status, 303);
}

#[tokio::test]
async fn a_person_without_a_state_starts_as_the_organisation_says() {
    let site = Site::start().await;
    let script = Script::new(&site, Scope::Users).await;
    let new = json!({"username": "daffy", "email": "daffy@the-acme-corporation.com"});
    assert_eq!(script.post(USERS, &new).await.json()["state"], "STAGED");
}

#[tokio::test]
async fn lists_take_limit_skip_sort_fields_filter_and_search() {
    let site = Site::start().await;
    for number in 0..12 {
        let email = format!("extra{number:02}@the-acme-corporation.com");
        site.add_user(&email, "Extra", "Person").await;
    }
    let script = Script::new(&site, Scope::Read).await;
    let first = script.get(USERS).await;
    assert_eq!(first.json()["totalCount"], 14);
    assert_eq!(emails(&first).len(), 10, "the default");
    assert!(
        first.body.starts_with("{\"totalCount\":14,\"results\":["),
        "there are scripts that read the text"
    );
    let part = script
        .get("/api/systemusers?limit=2&skip=1&sort=email&fields=email%20username")
        .await;
    assert_eq!(part.json()["totalCount"], 14);
    assert_eq!(
        emails(&part),
        [
            "extra01@the-acme-corporation.com",
            "extra02@the-acme-corporation.com"
        ]
    );
    let first = part.json()["results"][0].clone();
    let mut names: Vec<_> = first.as_object().unwrap().keys().cloned().collect();
    names.sort();
    assert_eq!(names, ["_id", "email", "username"]);
    let last = script
        .get("/api/systemusers?limit=1&sort=-username&fields=email")
        .await;
    assert_eq!(emails(&last), [COYOTE]);
    let beyond = script.get("/api/systemusers?skip=500").await;
    assert_eq!(
        (emails(&beyond).len(), beyond.json()["totalCount"].clone()),
        (0, json!(14))
    );

    let filtered = script
        .get("/api/systemusers?filter=username:$eq:road.runner")
        .await;
    assert_eq!(emails(&filtered), [ROAD_RUNNER]);
    assert_eq!(filtered.json()["totalCount"], 1);
    let search = "%7B%22searchTerm%22%3A%22COYOTE%22%2C%22fields%22%3A%5B%22email%22%5D%7D";
    let found = script.get(&format!("{USERS}?search={search}")).await;
    assert_eq!(emails(&found), [COYOTE]);
    for bad in ["limit=ten", "skip=-1", "filter=username", "search=%7B"] {
        let answer = script.get(&format!("{USERS}?{bad}")).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(!message(&answer).is_empty());
    }
}

/// The requests of the SDK's documentation, the PowerShell module and shell scripts.
#[tokio::test]
async fn searches_of_published_clients_find_whom_they_mean() {
    let site = Site::start().await;
    let script = Script::new(&site, Scope::Read).await;
    let road_runner = [ROAD_RUNNER.to_owned()];
    for body in [
        json!({"filter": [{"username": "road.runner"}], "fields": "email username sudo"}),
        json!({"filter": [{"email": ROAD_RUNNER, "lastname": "Runner"}], "fields": ["email"]}),
        json!({"filter": {"or": [{"username": "road.runner"}, {"username": "nobody"}]}}),
        json!({"filter": {"and": [{"username": {"$regex": "(?i)(.*?ROAD.*?)"}}]},
               "limit": 100, "skip": 0}),
        json!({"searchFilter": {"searchTerm": ["road"], "fields": ["username"]}}),
        json!({"searchFilter": {"searchTerm": "@the-acme-corporation.com", "fields": ["email"]},
               "filter": [{"firstname": "Road"}]}),
    ] {
        assert_eq!(script.search(&body).await, road_runner, "{body}");
    }
    let everybody = script.call("POST", "/api/search/systemusers", None).await;
    assert_eq!(
        everybody.json()["totalCount"],
        2,
        "a request without a body"
    );
    let wrong = script
        .post(
            "/api/search/systemusers",
            &json!({"filter": {"a": {"$where": "1"}}}),
        )
        .await;
    assert_eq!(wrong.status, 400);
    assert!(message(&wrong).contains("$where"));
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_with_a_message() {
    let site = Site::start().await;
    let script = Script::new(&site, Scope::Users).await;
    for (body, status, said) in [
        (json!({"email": "a@b.example"}), 400, "username is required"),
        (json!({"username": "a", "email": "nobody"}), 400, "email:"),
        (
            json!({"username": "road.runner", "email": "a@b.example"}),
            409,
            "taken",
        ),
        (
            json!({"username": "a", "email": "a@b.example", "state": "RETIRED"}),
            400,
            "state",
        ),
        (
            json!({"username": 1, "email": "a@b.example"}),
            400,
            "username must be a text",
        ),
        (
            json!({"username": "a", "email": "a@b.example", "attributes": ["x"]}),
            400,
            "attributes",
        ),
        (
            json!({"username": "a", "email": "a@b.example", "password": "short"}),
            400,
            "password",
        ),
        (json!([]), 400, "object"),
    ] {
        let answer = script.post(USERS, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
        assert!(message(&answer).contains(said), "{body}: {}", answer.body);
    }
    let place = format!("{USERS}/{}", site.road_runner);
    let staged = script
        .call("PUT", &place, Some(&json!({"state": "STAGED"})))
        .await;
    assert_eq!(staged.status, 400);
    for path in [
        "/api/systemusers/x",
        "/api/systemusers/0123456789abcdef01234567",
    ] {
        assert_eq!(script.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_actions_that_can_be_done_truly_are_done() {
    let site = Site::start().await;
    let script = Script::new(&site, Scope::Users).await;
    let new = json!({"username": "daffy", "email": "daffy@the-acme-corporation.com"});
    let id = script.post(USERS, &new).await.json()["_id"].clone();
    let place = format!("{USERS}/{}", id.as_str().unwrap());
    let activated = script
        .post(&format!("{place}/state/activate"), &json!({"email": true}))
        .await;
    assert_eq!(activated.json()["state"], "ACTIVATED");
    assert!(
        site.last_event(EventKind::UserActivationEmail)
            .await
            .is_some()
    );
    let elsewhere = json!({"email": "other@the-acme-corporation.com"});
    let elsewhere = script
        .post(&format!("{place}/state/activate"), &elsewhere)
        .await;
    assert_eq!(elsewhere.status, 400);

    for _ in 0..6 {
        site.browser()
            .sign_in(ROAD_RUNNER, "wrong-wrong-wrong")
            .await;
    }
    let place = format!("{USERS}/{}", site.road_runner);
    assert_eq!(script.get(&place).await.json()["account_locked"], true);
    let unlocked = script.call("POST", &format!("{place}/unlock"), None).await;
    assert_eq!(unlocked.status, 200);
    assert_eq!(script.get(&place).await.json()["account_locked"], false);
    let expired = script.call("POST", &format!("{place}/expire"), None).await;
    assert_eq!(expired.status, 200);
    let answer = site.browser().sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_ne!(answer.location(), "/", "another password is demanded");
}

#[tokio::test]
async fn public_keys_are_added_and_removed_and_private_ones_refused() {
    let site = Site::start().await;
    let script = Script::new(&site, Scope::Users).await;
    let place = format!("{USERS}/{}/sshkeys", site.road_runner);
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    let made = script
        .post(&place, &json!({"name": "laptop", "public_key": key}))
        .await;
    assert_eq!(made.status, 200, "{}", made.body);
    let listed = script.get(&place).await.json();
    assert_eq!(listed[0]["name"], "laptop");
    let person = script.get(&format!("{USERS}/{}", site.road_runner)).await;
    assert_eq!(person.json()["ssh_keys"], listed);
    let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----";
    let refused = script
        .post(&place, &json!({"name": "x", "public_key": private}))
        .await;
    assert_eq!(refused.status, 400);
    assert!(
        message(&refused).contains("private key"),
        "{}",
        refused.body
    );
    let one = format!("{place}/{}", listed[0]["_id"].as_str().unwrap());
    assert_eq!(script.call("DELETE", &one, None).await.status, 204);
    assert_eq!(script.get(&place).await.json(), json!([]));
    assert_eq!(script.call("DELETE", &one, None).await.status, 404);
}

#[tokio::test]
async fn the_organisation_is_the_one_of_this_server() {
    let site = Site::start().await;
    let script = Script::new(&site, Scope::Read).await;
    let list = script.get("/api/organizations").await.json();
    assert_eq!(list["totalCount"], 1);
    let id = list["results"][0]["_id"].as_str().unwrap().to_owned();
    let one = script.get(&format!("/api/organizations/{id}")).await.json();
    let defaults = &one["settings"]["newSystemUserStateDefaults"];
    assert_eq!(defaults["manualEntry"], "STAGED");
    let other = script
        .get("/api/organizations/0123456789abcdef01234567")
        .await;
    assert_eq!(other.status, 404);
}
