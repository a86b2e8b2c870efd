//! `/api/v1/sign-in-policies`.

use jetway_identity::{EventKind, Role, Scope, list_administrators};
use serde_json::{Value, json};

use crate::api::{Api, fields_of, problem};
use crate::site::{COYOTE, Site, administrator_email};

const PATH: &str = "/api/v1/sign-in-policies";

/// Everything that a policy can hold.
fn whole(site: &Site) -> Value {
    let window = json!({"days": ["friday"], "from": "22:00", "until": "06:00",
        "utc_offset": "+01:00"});
    json!({
        "name": "Nights",
        "enabled": true,
        "order": 7,
        "who": {"groups": [site.operations.to_string()]},
        "application": {"some": [site.application.to_string()]},
        "conditions": {
            "networks": {"inside": ["192.0.2.0/24"], "outside": ["2001:db8::/32"]},
            "times": {"inside": [window], "outside": []},
            "device": "known",
        },
        "effect": {"require_second_factor": {
            "kinds": ["totp", "webauthn"],
            "max_age_minutes": 60,
            "without_factor": "deny",
        }},
    })
}

/// Refuses new browsers.
fn small(name: &str) -> Value {
    json!({"name": name, "who": "everyone", "application": "any",
        "conditions": {"device": "new"}, "effect": "deny"})
}

/// Requirement M03.
#[tokio::test]
async fn a_policy_is_made_read_changed_and_deleted() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Settings).await;
    let body = whole(&site);
    let made = api.post(PATH, &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let address = made.header("location").to_owned();
    assert_eq!(made.header("etag"), "\"1\"");
    let read = api.get(&address).await;
    assert_eq!(read.json(), made.json());
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&read.json()[field], value, "{field}");
    }
    assert_eq!(read.json()["about_nothing"], false);

    let tag = [("if-match", "\"1\"")];
    let change = json!({"enabled": false, "who": "administrators", "application": "any"});
    let changed = api.call("PATCH", &address, &tag, Some(&change)).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""));
    assert_eq!(changed.json()["who"], "administrators");
    assert_eq!(
        changed.json()["conditions"],
        body["conditions"],
        "absent: as it was"
    );
    let stale = api.call("PATCH", &address, &tag, Some(&change)).await;
    assert_eq!(stale.status, 412);
    assert_eq!(problem(&stale)["current_etag"], "\"2\"");
    assert_eq!(api.call("DELETE", &address, &tag, None).await.status, 412);
    assert_eq!(api.delete(&address).await.status, 204);
    assert_eq!(api.get(&address).await.status, 404);
    let events = site.count_events(EventKind::SignInPolicyUpdate).await;
    assert_eq!(events, 1);
}

#[tokio::test]
async fn policies_are_listed_in_their_order_and_a_new_one_comes_last() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    api.post(PATH, &small("b")).await;
    let mut first = small("a");
    first["order"] = json!(0);
    api.post(PATH, &first).await;
    let made = api.post(PATH, &small("c")).await;
    assert_eq!(made.json()["order"], 2);
    let names = |page: &Value| -> String {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|one| one["name"].as_str().unwrap()).collect()
    };
    let page = api.get(&format!("{PATH}?limit=2")).await.json();
    assert_eq!(names(&page), "ab");
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = api
        .get(&format!("{PATH}?limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(
        (names(&page).as_str(), &page["next_cursor"]),
        ("c", &Value::Null)
    );
}

#[tokio::test]
async fn what_cannot_be_kept_names_its_field() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    api.post(PATH, &small("taken")).await;
    let unknown = "0123456789abcdef01234567";
    let with = |field: &str, value: Value| {
        let mut body = whole(&site);
        body[field] = value;
        body
    };
    let window = |days: Value, from: &str| {
        json!({"times": {"outside": [{"days": days, "from": from, "until": "06:00",
            "utc_offset": "Z"}]}})
    };
    for (body, fields) in [
        (json!({}), vec!["name"]),
        (with("name", json!("TAKEN")), vec!["name"]),
        (with("who", json!({"groups": []})), vec!["who.groups"]),
        (
            with("who", json!({"groups": [unknown]})),
            vec!["who.groups"],
        ),
        (
            with("application", json!({"some": [unknown]})),
            vec!["application.some"],
        ),
        (with("who", json!("nobody")), vec!["who"]),
        (with("colour", json!("red")), vec!["colour"]),
        (
            with(
                "conditions",
                json!({"networks": {"inside": ["192.0.2.7/24"]}}),
            ),
            vec!["conditions.networks.inside[0]"],
        ),
        (
            with("conditions", window(json!([]), "08:00")),
            vec!["conditions.times.outside[0].days"],
        ),
        (
            with("conditions", window(json!(["monday"]), "8 o'clock")),
            vec!["conditions.times.outside[0].from"],
        ),
        (
            with(
                "effect",
                json!({"require_second_factor": {"kinds": ["recovery_code"]}}),
            ),
            vec!["effect.require_second_factor.kinds"],
        ),
        (
            json!({"name": "x", "who": "everyone", "application": "any", "effect": "deny"}),
            vec!["effect"],
        ),
    ] {
        let answer = api.post(PATH, &body).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        assert_eq!(fields_of(&answer), fields, "{body}: {}", answer.body);
    }
    let list = api.get(PATH).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

/// Requirement M03: "what would happen if X opens Y from Z".
#[tokio::test]
async fn a_simulation_says_what_would_happen_and_why() {
    let site = Site::start().await.outside_dev();
    let api = Api::new(&site, Scope::Read).await;
    let writer = Api::new(&site, Scope::Settings).await;
    let made = writer.post(PATH, &whole(&site)).await.json();
    let simulate = format!("{PATH}/simulate");
    let body = json!({
        "person": {"user": site.road_runner.to_string()},
        "opens": {"application": site.application.to_string()},
        "address": "192.0.2.77",
        "at": "2026-03-06T22:30:00Z",
        "proved": [{"what": "password", "minutes_ago": 3}],
    });
    let answer = api.post(&simulate, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = answer.json();
    assert_eq!(answer["decision"], "deny");
    assert!(
        answer["told"]
            .as_str()
            .unwrap()
            .contains("You need a second factor")
    );
    let policy = &answer["policies"][0];
    assert_eq!(
        (&policy["id"], &policy["matched"]),
        (&made["id"], &json!(true))
    );
    let mut elsewhere = body.clone();
    elsewhere["address"] = json!("198.51.100.7");
    let answer = api.post(&simulate, &elsewhere).await.json();
    assert_eq!(answer["decision"], "allow");
    let reason = answer["policies"][0]["reasons"][0].as_str().unwrap();
    assert!(reason.contains("198.51.100.7 is not in there"), "{reason}");

    let store = site.store.as_ref();
    let email = administrator_email(Role::Full);
    let all = list_administrators(store).await.unwrap();
    let admin = all.iter().find(|one| one.email == email).unwrap();
    let body = json!({
        "person": {"administrator": admin.id.to_string()},
        "opens": "admin_portal",
        "proved": [{"what": "password"}],
    });
    let answer = api.post(&simulate, &body).await.json();
    assert_eq!(answer["decision"], "must_enrol", "{answer}");
}

#[tokio::test]
async fn a_simulation_of_what_cannot_be_names_its_field() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Read).await;
    let writer = Api::new(&site, Scope::Settings).await;
    let simulate = format!("{PATH}/simulate");
    let nobody = "0123456789abcdef01234567";
    let coyote = crate::admin_users::id_of(&site, COYOTE).await.to_string();
    for (person, opens, more, field) in [
        (
            json!({"user": nobody}),
            json!("user_portal"),
            json!({}),
            "person",
        ),
        (
            json!({"user": "x"}),
            json!("user_portal"),
            json!({}),
            "person.user",
        ),
        (
            json!({"user": coyote}),
            json!("admin_portal"),
            json!({}),
            "opens",
        ),
        (
            json!({"user": coyote}),
            json!({"application": nobody}),
            json!({}),
            "opens",
        ),
        (
            json!({"user": coyote}),
            json!("user_portal"),
            json!({"address": "here"}),
            "address",
        ),
        (
            json!({"user": coyote}),
            json!("user_portal"),
            json!({"at": "soon"}),
            "at",
        ),
    ] {
        let mut body = json!({"person": person, "opens": opens});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let answer = api.post(&simulate, &body).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        assert_eq!(fields_of(&answer), [field], "{body}");
    }
    let body = json!({"person": {"user": coyote}, "opens": "user_portal"});
    assert_eq!(api.post(&simulate, &body).await.status, 200);
    let blind = writer.post(&simulate, &body).await;
    assert_eq!(blind.status, 403, "it may not read the directory");
    assert_eq!(api.post(PATH, &small("x")).await.status, 403);
}
