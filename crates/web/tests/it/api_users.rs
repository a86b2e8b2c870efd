//! `/api/v1/users`: people one at a time, and lists of them.

use jetway_identity::{EventKind, Scope};
use serde_json::{Value, json};

use crate::api::{Api, fields_of, problem};
use crate::site::{COYOTE, PASSWORD, ROAD_RUNNER, Site};

const USERS: &str = "/api/v1/users";

fn one(email: &str) -> Value {
    let username = email.split('@').next().unwrap();
    json!({"email": email, "username": username})
}

fn emails(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["email"].as_str().unwrap().to_owned())
        .collect()
}

/// Requirements B01, C15, C18 and D02.
#[tokio::test]
async fn a_person_is_added_with_everything_that_is_known_of_them() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let new = json!({
        "email": "daffy@acme.example",
        "username": "daffy",
        "first_name": "<script>alert(1)</script>",
        "last_name": "داك 🦆",
        "display_name": "Daffy",
        "attributes": {"department": "Film", "addresses.work.region": "CA", "company": ""},
        "custom_attributes": [
            {"name": "Project", "type": "string", "value": "Looney"},
            {"name": "Level", "type": "number", "value": 1.5},
            {"name": "Remote", "type": "boolean", "value": true},
            {"name": "Tools", "type": "json", "value": ["anvil", {"size": 3}]},
        ],
        "password_never_expires": true,
    });
    let made = api.post(USERS, &new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let user = made.json();
    let place = format!("{USERS}/{}", user["id"].as_str().unwrap());
    assert_eq!(made.header("location"), place);
    assert_eq!(made.header("etag"), "\"1\"");
    for field in [
        "email",
        "username",
        "first_name",
        "last_name",
        "display_name",
    ] {
        assert_eq!(user[field], new[field], "{field}");
    }
    assert_eq!(user["state"], "staged", "the default of the settings");
    assert_eq!(
        user["attributes"],
        json!({"department": "Film", "addresses.work.region": "CA"})
    );
    let custom = user["custom_attributes"].as_array().unwrap();
    assert_eq!(custom.len(), 4);
    for attribute in new["custom_attributes"].as_array().unwrap() {
        assert!(custom.contains(attribute), "{attribute}");
    }
    assert_eq!(user["password_never_expires"], true);
    assert_eq!(user["password_set"], false);
    assert_eq!(user["password_changed_at"], Value::Null);
    assert_eq!(user["last_sign_in_at"], Value::Null);
    assert_eq!(user["version"], 1);
    assert_eq!(user["created_by"], "manual");
    assert_eq!(user["created_at"], "2026-03-02T09:00:00.000Z");
    assert_eq!(api.get(&place).await.json(), user);
    let known = [("if-none-match", "\"1\"")];
    assert_eq!(api.call("GET", &place, &known, None).await.status, 304);
    assert!(site.last_event(EventKind::UserCreate).await.is_some());
}

/// Requirement D05.
#[tokio::test]
async fn a_person_who_is_added_with_a_password_can_sign_in_with_it() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let mut new = one("daffy@acme.example");
    new["state"] = json!("active");
    new["password"] = json!("short");
    let refused = api.post(USERS, &new).await;
    assert_eq!(
        (refused.status, fields_of(&refused)),
        (422, vec!["password".to_owned()])
    );
    assert!(!refused.body.contains("short\""), "{}", refused.body);
    new["password"] = json!(PASSWORD);
    let made = api.post(USERS, &new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.json()["password_set"], true);
    site.browser_of("daffy@acme.example").await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one table of what is refused")]
async fn what_cannot_be_kept_is_refused_by_the_name_of_its_field() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let with = |field: &str, value: Value| {
        let mut new = one("daffy@acme.example");
        new[field] = value;
        new
    };
    let custom = |value: Value| with("custom_attributes", value);
    let attribute = |kind: &str, value: Value| json!([{"name": "x", "type": kind, "value": value}]);
    for (new, field) in [
        (json!({"email": "daffy@acme.example"}), "username"),
        (json!({"username": "daffy"}), "email"),
        (with("email", json!("daffy")), "email"),
        (with("email", json!(7)), "email"),
        (with("username", json!("daffy duck")), "username"),
        (with("username", json!("")), "username"),
        (with("first_name", json!("x".repeat(257))), "first_name"),
        (with("last_name", json!("line\nbreak")), "last_name"),
        (with("display_name", json!("\u{ffff}")), "display_name"),
        (with("state", json!("gone")), "state"),
        (with("state", json!(7)), "state"),
        (with("state", json!(["active"])), "state"),
        (
            with("attributes", json!({"shoeSize": "9"})),
            "attributes.shoeSize",
        ),
        (
            with("attributes", json!({"company": 9})),
            "attributes.company",
        ),
        (
            with("attributes", json!({"company": "x".repeat(1025)})),
            "attributes.company",
        ),
        (with("attributes", json!([])), "attributes"),
        (
            custom(attribute("string", json!(7))),
            "custom_attributes[0].value",
        ),
        (
            custom(attribute("number", json!("7"))),
            "custom_attributes[0].value",
        ),
        (
            custom(attribute("boolean", json!(null))),
            "custom_attributes[0].value",
        ),
        (
            custom(attribute("date", json!("x"))),
            "custom_attributes[0].type",
        ),
        (
            custom(attribute("string", json!("x".repeat(1025)))),
            "custom_attributes[0]",
        ),
        (
            custom(json!([{"name": " ", "type": "string", "value": "x"}])),
            "custom_attributes[0]",
        ),
        (
            custom(json!([{"name": "x", "type": "string"}])),
            "custom_attributes[0].value",
        ),
        (
            custom(json!({"x": "y".repeat(1025)})),
            "custom_attributes.x",
        ),
        (custom(json!("x")), "custom_attributes"),
        (
            custom(json!([{"name": "x", "type": "string", "value": "a"},
                          {"name": "x", "type": "string", "value": "b"}])),
            "custom_attributes[1].name",
        ),
        (
            with("password_never_expires", json!("yes")),
            "password_never_expires",
        ),
        (with("id", json!("x")), "id"),
        (with("role", json!("full")), "role"),
        (with("groups", json!(["security-admins"])), "groups"),
        (
            with("created_at", json!("2020-01-01T00:00:00Z")),
            "created_at",
        ),
        (with("factors", json!([])), "factors"),
    ] {
        let answer = api.post(USERS, &new).await;
        assert_eq!(
            (answer.status, fields_of(&answer)),
            (422, vec![field.to_owned()]),
            "{new}"
        );
    }
    assert_eq!(api.post(USERS, &json!([])).await.status, 422);
    let null = with("first_name", json!("a\u{0}b"));
    assert_eq!(api.post(USERS, &null).await.status, 400);
}

/// Requirement B06.
#[tokio::test]
async fn an_address_and_a_username_belong_to_one_person_in_any_letter_case() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let mut new = one(&ROAD_RUNNER.to_uppercase());
    new["username"] = json!("someone.else");
    let taken = api.post(USERS, &new).await;
    assert_eq!(
        (taken.status, fields_of(&taken)),
        (409, vec!["email".to_owned()])
    );
    let new = json!({"email": "x@acme.example", "username": "Road.Runner"});
    let taken = api.post(USERS, &new).await;
    assert_eq!(
        (taken.status, fields_of(&taken)),
        (409, vec!["username".to_owned()])
    );
    let place = format!("{USERS}/{}", site.road_runner);
    let taken = api.patch(&place, &json!({"email": COYOTE})).await;
    assert_eq!(
        (taken.status, fields_of(&taken)),
        (409, vec!["email".to_owned()])
    );
}

/// Requirement C17.
#[tokio::test]
async fn a_change_touches_what_it_names_and_null_takes_away() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let place = format!("{USERS}/{}", site.road_runner);
    let change = json!({
        "display_name": "Beep",
        "attributes": {"department": "Desert", "company": "Acme"},
        "custom_attributes": {"Speed": 65, "Colour": "blue", "Fast": true, "Gear": [1]},
    });
    let changed = api.patch(&place, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let user = changed.json();
    assert_eq!(
        (&user["first_name"], &user["display_name"]),
        (&json!("Road"), &json!("Beep"))
    );
    assert_eq!(user["version"], 2);
    let custom = json!([
        {"name": "Colour", "type": "string", "value": "blue"},
        {"name": "Fast", "type": "boolean", "value": true},
        {"name": "Gear", "type": "json", "value": [1]},
        {"name": "Speed", "type": "number", "value": 65},
    ]);
    assert_eq!(user["custom_attributes"], custom);
    assert_eq!(
        api.patch(&place, &change).await.json(),
        user,
        "nothing changed"
    );

    let change = json!({
        "first_name": null,
        "attributes": {"department": null},
        "custom_attributes": {"Speed": null},
    });
    let user = api.patch(&place, &change).await.json();
    assert_eq!(user["first_name"], "");
    assert_eq!(user["attributes"], json!({"company": "Acme"}));
    assert_eq!(user["custom_attributes"].as_array().unwrap().len(), 3);

    let alone = json!([{"name": "Colour", "type": "string", "value": "red"}]);
    let user = api
        .patch(&place, &json!({"custom_attributes": alone}))
        .await
        .json();
    assert_eq!(
        user["custom_attributes"], alone,
        "a list takes the place of all"
    );
    let change = json!({"attributes": null, "custom_attributes": null});
    let user = api.patch(&place, &change).await.json();
    assert_eq!(
        (&user["attributes"], &user["custom_attributes"]),
        (&json!({}), &json!([]))
    );

    for field in ["email", "username", "state", "password_never_expires"] {
        let answer = api.patch(&place, &json!({field: null})).await;
        assert_eq!(
            (answer.status, fields_of(&answer)),
            (422, vec![field.to_owned()])
        );
    }
    assert_eq!(api.patch(&place, &json!({})).await.json(), user);
}

/// Two administrators edit the same person: the second one learns of it.
#[tokio::test]
async fn a_change_of_something_else_than_what_was_read_is_refused() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let place = format!("{USERS}/{}", site.road_runner);
    let tag = api.get(&place).await.header("etag").to_owned();
    let if_match = [("if-match", tag.as_str())];
    let change = |name: &str| json!({"last_name": name});
    let first = api
        .call("PATCH", &place, &if_match, Some(&change("A")))
        .await;
    assert_eq!(first.status, 200);
    let second = api
        .call("PATCH", &place, &if_match, Some(&change("B")))
        .await;
    assert_eq!(second.status, 412);
    assert_eq!(second.header("etag"), first.header("etag"));
    assert_eq!(problem(&second)["current_etag"], first.header("etag"));
    let delete = api.call("DELETE", &place, &if_match, None).await;
    assert_eq!(delete.status, 412);
    assert_eq!(api.get(&place).await.json()["last_name"], "A");
    let now = [("if-match", first.header("etag"))];
    assert_eq!(api.call("DELETE", &place, &now, None).await.status, 204);
    assert_eq!(api.get(&place).await.status, 404);
    assert_eq!(api.delete(&place).await.status, 404);
}

/// Requirements D01 and D03.
#[tokio::test]
async fn a_suspension_by_the_api_ends_sessions_at_once() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let place = format!("{USERS}/{}", site.road_runner);
    for by_patch in [false, true] {
        let mut browser = site.browser_of(ROAD_RUNNER).await;
        let state = json!({"state": "suspended"});
        let answer = if by_patch {
            api.patch(&place, &state).await
        } else {
            api.post(&format!("{place}/state"), &state).await
        };
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.json()["state"], "suspended");
        let seen = api.get(&place).await;
        assert_eq!(seen.json(), answer.json());
        assert_eq!(seen.header("etag"), answer.header("etag"));
        assert_eq!(browser.get("/").await.status, 303, "signed out");
        assert!(site.last_event(EventKind::UserSuspended).await.is_some());
        let back = api
            .post(&format!("{place}/state"), &json!({"state": "active"}))
            .await;
        assert_eq!(back.json()["state"], "active");
    }
    let wrong = api
        .post(&format!("{place}/state"), &json!({"state": "on"}))
        .await;
    assert_eq!(
        (wrong.status, fields_of(&wrong)),
        (422, vec!["state".to_owned()])
    );
}

/// Requirements B02 and B03.
#[tokio::test]
async fn a_list_is_filtered_searched_ordered_and_paged() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    for (number, department) in ["Film", "Film", "Paint", "Sound"].iter().enumerate() {
        let mut new = one(&format!("u{number}@acme.example"));
        new["attributes"] = json!({"department": department});
        new["custom_attributes"] = json!({"Floor No: 1": format!("west{number}")});
        assert_eq!(api.post(USERS, &new).await.status, 201);
    }
    let list = async |query: &str| {
        let answer = api.get(&format!("{USERS}?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        answer.json()
    };
    let staged = list("state=staged&sort=-email").await;
    let expected: Vec<_> = (0..4).rev().map(|n| format!("u{n}@acme.example")).collect();
    assert_eq!(emails(&staged), expected);
    assert_eq!(
        (&staged["matches"], &staged["matches_exact"]),
        (&json!(4), &json!(true))
    );
    assert_eq!(staged["next_cursor"], Value::Null);
    assert_eq!(emails(&list("q=coyo").await), [COYOTE]);
    assert_eq!(
        emails(&list("filter.department=film&sort=email").await).len(),
        2
    );
    assert_eq!(
        emails(&list("filter.department=film&q=u1").await),
        ["u1@acme.example"]
    );
    let custom = list("filter.custom%3AFloor%20No%3A%201=west2").await;
    assert_eq!(emails(&custom), ["u2@acme.example"]);
    assert!(emails(&list("filter.email=nobody").await).is_empty());

    for sort in ["name", "-name", "email", "username", "state", "-created_at"] {
        let whole = emails(&list(&format!("sort={sort}")).await);
        assert_eq!(whole.len(), 6, "{sort}");
        let mut found = Vec::new();
        let mut address = format!("sort={sort}&limit=2");
        loop {
            let page = list(&address).await;
            found.extend(emails(&page));
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            address = format!("sort={sort}&limit=2&cursor={cursor}");
        }
        assert_eq!(found, whole, "{sort}");
    }
    let counts = api.get(&format!("{USERS}/counts")).await.json();
    assert_eq!(
        counts,
        json!({"all": 6, "staged": 4, "active": 2, "suspended": 0})
    );
}

#[tokio::test]
async fn a_wrong_parameter_of_a_list_is_named() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let cursor = api.get(&format!("{USERS}?limit=1")).await.json()["next_cursor"].clone();
    let elsewhere = format!("sort=email&cursor={}", cursor.as_str().unwrap());
    for (query, field) in [
        ("state=gone", "state"),
        ("state=", "state"),
        ("sort=age", "sort"),
        ("sort=", "sort"),
        ("sort=--name", "sort"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("cursor=!", "cursor"),
        ("cursor=QUJD", "cursor"),
        (elsewhere.as_str(), "cursor"),
        ("filter.shoeSize=9", "filter.shoeSize"),
        ("filter.=9", "filter."),
        ("filter.custom:=9", "filter.custom:"),
        ("filter=9", "filter"),
        ("q=a&q=b", "q"),
        ("q=%00", "q"),
        ("page=2", "page"),
    ] {
        let answer = api.get(&format!("{USERS}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        assert_eq!(fields_of(&answer), [field], "{query}");
    }
    // What people type into a search is never wrong.
    for query in [
        "q=%FF%FE",
        "q=",
        "q=%F0%9F%A6%86",
        "q=%27%20OR%201=1--",
        "q=%25%25",
    ] {
        let answer = api.get(&format!("{USERS}?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    }
    let long = "x".repeat(9000);
    assert_eq!(api.get(&format!("{USERS}?q={long}")).await.status, 400);
}

#[tokio::test]
async fn an_id_that_nobody_has_is_not_found() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let state = json!({"state": "active"});
    for id in [
        "0123456789abcdef01234567",
        "0123456789ABCDEF01234567",
        "1",
        "%F0%9F%A6%86",
        "%00",
    ] {
        let place = format!("{USERS}/{id}");
        for answer in [
            api.get(&place).await,
            api.patch(&place, &json!({"first_name": "x"})).await,
            api.delete(&place).await,
            api.post(&format!("{place}/state"), &state).await,
            api.get(&format!("{place}/groups")).await,
            api.get(&format!("{place}/applications")).await,
            api.get(&format!("{place}/schedules")).await,
            api.get(&format!("{place}/public-keys")).await,
        ] {
            assert_eq!(answer.status, 404, "{id}: {}", answer.body);
            problem(&answer);
        }
    }
}

/// Requirement A11: a key of the help desk deletes nobody.
#[tokio::test]
async fn a_key_to_read_changes_nobody() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Read).await;
    let place = format!("{USERS}/{}", site.road_runner);
    assert_eq!(api.get(&place).await.status, 200);
    assert_eq!(api.post(USERS, &one("x@acme.example")).await.status, 403);
    assert_eq!(api.patch(&place, &json!({})).await.status, 403);
    assert_eq!(api.delete(&place).await.status, 403);
}
