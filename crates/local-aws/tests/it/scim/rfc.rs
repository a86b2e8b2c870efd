//! The dialect of the RFC: what AWS refuses or leaves out.

use serde_json::json;

use super::world::{ENTERPRISE, Scim, encoded, group, text, user};

async fn found(scim: &Scim, resource: &str, filter: &str) -> Vec<String> {
    let filter = encoded(filter);
    scim.get(&format!("/{resource}?filter={filter}"))
        .await
        .ids()
}

#[tokio::test]
async fn answers_carry_their_location_and_media_type() {
    let scim = Scim::of("rfc");
    let created = scim.post("/Users", &user("ada")).await;
    let location = format!("{}/Users/{}", scim.base, text(&created.json()["id"]));
    assert_eq!(created.header("content-type"), "application/scim+json");
    assert_eq!(created.header("location"), location);
    assert_eq!(created.json()["meta"]["location"], json!(location));
    let schemas = scim.get("/Schemas").await.json();
    let url = text(&schemas["Resources"][0]["meta"]["location"]);
    let schema = scim.get(url.strip_prefix(&scim.base).unwrap()).await;
    assert_eq!(schema.json(), schemas["Resources"][0]);
    assert_eq!(scim.get("/Schemas/urn:nothing").await.status, 404);
    assert_eq!(
        scim.get("/ResourceTypes/User").await.json()["endpoint"],
        "/Users"
    );
}

#[tokio::test]
async fn groups_show_their_members_and_users_their_groups() {
    let scim = Scim::of("rfc");
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[&ada]).await;
    let group = scim.get(&format!("/Groups/{id}")).await.json();
    assert_eq!(
        group["members"],
        json!([{ "value": ada, "$ref": format!("{}/Users/{ada}", scim.base), "type": "User" }])
    );
    let user = scim.get(&format!("/Users/{ada}")).await.json();
    assert_eq!(
        user["groups"],
        json!([{ "value": id, "$ref": format!("{}/Groups/{id}", scim.base), "display": "operations" }])
    );
}

#[tokio::test]
async fn put_and_patch_replace_members() {
    let scim = Scim::of("rfc");
    let (ada, grace) = (scim.user("ada").await, scim.user("grace").await);
    let id = scim.group("operations", &[&ada]).await;
    let path = format!("/Groups/{id}");
    let members = |body: &serde_json::Value| -> Vec<String> {
        let members = body["members"].as_array().cloned().unwrap_or_default();
        members
            .iter()
            .map(|member| text(&member["value"]))
            .collect()
    };
    let put = scim.put(&path, &group("Operations", &[&grace])).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(members(&put.json()), [grace.as_str()]);
    assert_eq!(put.json()["displayName"], "Operations");
    let replace = json!([{ "op": "replace", "path": "members", "value": [{ "value": ada }] }]);
    assert_eq!(
        members(&scim.patch(&path, replace).await.json()),
        [ada.as_str()]
    );
    let chosen = json!([{ "op": "remove", "path": "members[type eq \"User\"]" }]);
    assert_eq!(members(&scim.patch(&path, chosen).await.json()), [""; 0]);
    let both = json!([{ "op": "add", "value": { "displayName": "Both", "members": [{ "value": ada }, { "value": grace }] } }]);
    assert_eq!(members(&scim.patch(&path, both).await.json()).len(), 2);
    let all = json!([{ "op": "remove", "path": "members" }]);
    assert_eq!(members(&scim.patch(&path, all).await.json()), [""; 0]);
    // Who is not there is left out.
    let stranger =
        json!([{ "op": "add", "path": "members", "value": [{ "value": "fake-member-id" }] }]);
    let reply = scim.patch(&path, stranger).await;
    assert_eq!((reply.status, members(&reply.json()).len()), (200, 0));
    for frozen in ["members.display", "members[value eq \"x\"].type"] {
        let change = json!([{ "op": "replace", "path": frozen, "value": "x" }]);
        let reply = scim.patch(&path, change).await;
        assert_eq!(
            (reply.status, &reply.json()["scimType"]),
            (400, &json!("mutability")),
            "{frozen}"
        );
    }
}

#[tokio::test]
async fn any_filter_is_answered() {
    let scim = Scim::of("rfc");
    let mut body = user("ada");
    body["emails"] = json!([{ "value": "ada@example.com", "type": "work" }, { "value": "a@home.example", "type": "home" }]);
    body[ENTERPRISE] = json!({ "department": "Analysis" });
    let ada = text(&scim.post("/Users", &body).await.json()["id"]);
    let grace = scim.user("grace").await;
    let group = scim.group("operations", &[&grace]).await;
    for (filter, expected) in [
        (r#"userName eq "ADA""#.to_owned(), vec![&ada]),
        (
            r#"userName co "a" and not (userName sw "g")"#.to_owned(),
            vec![&ada],
        ),
        (
            r#"emails[type eq "home" and value co "home"]"#.to_owned(),
            vec![&ada],
        ),
        (r#"emails.value eq "a@home.example""#.to_owned(), vec![&ada]),
        (
            format!("{ENTERPRISE}:department eq \"analysis\""),
            vec![&ada],
        ),
        ("emails pr or title pr".to_owned(), vec![&ada]),
        (format!("groups.value eq \"{group}\""), vec![&grace]),
        (
            format!("groups eq \"{group}\" and userName eq \"grace\""),
            vec![&grace],
        ),
        (
            r#"meta.created gt "2026-11-23T00:00:00Z""#.to_owned(),
            vec![],
        ),
        (r#"userName eq "nobody""#.to_owned(), vec![]),
    ] {
        let found = found(&scim, "Users", &filter).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
    assert_eq!(
        found(&scim, "Groups", &format!("members.value eq \"{grace}\"")).await,
        [group]
    );
    assert_eq!(
        found(&scim, "Groups", &format!("members.value eq \"{ada}\"")).await,
        [""; 0]
    );
    let bad = scim.get("/Users?filter=userName").await;
    assert_eq!(
        (bad.status, &bad.json()["scimType"]),
        (400, &json!("invalidFilter"))
    );
}

#[tokio::test]
async fn pages_are_counted_from_one() {
    let scim = Scim::of("rfc");
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(scim.user(&format!("user-{number}")).await);
    }
    for (query, expected, start) in [
        ("startIndex=1&count=2", &ids[..2], 1),
        ("startIndex=3&count=2", &ids[2..4], 3),
        ("startIndex=5&count=2", &ids[4..], 5),
        ("startIndex=6&count=2", &ids[5..], 6),
        ("startIndex=-3&count=2", &ids[..2], 1),
        ("count=0", &ids[..0], 1),
        (
            "startIndex=2&count=2&filter=userName%20sw%20%22user%22",
            &ids[1..3],
            2,
        ),
    ] {
        let reply = scim.get(&format!("/Users?{query}")).await;
        assert_eq!(reply.ids(), expected, "{query}");
        let body = reply.json();
        assert_eq!(
            (&body["totalResults"], &body["startIndex"]),
            (&json!(5), &json!(start)),
            "{query}"
        );
        assert_eq!(body["itemsPerPage"], expected.len());
    }
}

#[tokio::test]
async fn clients_choose_the_attributes() {
    let scim = Scim::of("rfc");
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[&ada]).await;
    let keys = |reply: crate::support::Reply| -> Vec<String> {
        reply.json().as_object().unwrap().keys().cloned().collect()
    };
    let only = scim
        .get(&format!("/Users/{ada}?attributes=userName,name.familyName"))
        .await;
    assert_eq!(keys(only), ["schemas", "id", "userName", "name"]);
    let without = scim
        .get(&format!("/Groups/{id}?excludedAttributes=members,meta"))
        .await;
    assert_eq!(keys(without), ["id", "schemas", "displayName"]);
    let listed = scim.get("/Users?attributes=userName").await.json();
    assert_eq!(listed["Resources"][0].as_object().unwrap().len(), 3);
    let both = scim
        .get("/Users?attributes=userName&excludedAttributes=id")
        .await;
    assert_eq!(both.status, 400);
}

#[tokio::test]
async fn errors_carry_the_keyword() {
    let scim = Scim::of("rfc");
    scim.user("ada").await;
    let reply = scim.post("/Users", &user("ada")).await;
    assert_eq!(
        reply.text,
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Another resource has the same \"userName\". It must be unique."}"#
    );
    assert_eq!(scim.get("/nowhere").await.json()["status"], "404");
}

#[tokio::test]
async fn a_group_is_no_member_of_a_group() {
    let scim = Scim::of("rfc");
    let inner = scim.group("inner", &[]).await;
    let outer = scim.group("outer", &[]).await;
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": inner }] }]);
    for reply in [
        scim.post("/Groups", &group("other", &[&inner])).await,
        scim.put(&format!("/Groups/{outer}"), &group("outer", &[&inner]))
            .await,
        scim.patch(&format!("/Groups/{outer}"), add).await,
    ] {
        assert_eq!(
            (reply.status, &reply.json()["scimType"]),
            (400, &json!("invalidValue"))
        );
    }
}

#[tokio::test]
async fn the_server_writes_what_a_patch_without_a_path_repeats() {
    let scim = Scim::of("rfc");
    let id = scim.group("operations", &[]).await;
    let value = json!({ "id": id, "displayName": "Operations" });
    let patch = json!([{ "op": "replace", "value": value }]);
    let reply = scim.patch(&format!("/Groups/{id}"), patch).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.json()["displayName"], "Operations");
}

/// A thousand operations that each look at all members would hold up everybody else.
#[tokio::test]
async fn filters_that_look_at_too_many_members_are_refused() {
    let scim = Scim::of("rfc");
    let mut ids = Vec::new();
    for number in 0..210 {
        ids.push(scim.user(&format!("user-{number}")).await);
    }
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    let id = scim.group("operations", &all).await;
    let path = format!("/Groups/{id}");
    let each = |filter: &str| {
        let one = json!({ "op": "remove", "path": format!("members[{filter}]") });
        json!(vec![one; 1000])
    };
    let reply = scim.patch(&path, each("value sw \"nobody\"")).await;
    assert_eq!(
        (reply.status, &reply.json()["scimType"]),
        (400, &json!("invalidValue"))
    );
    for (filter, left) in [("type eq \"Robot\"", 210), ("type eq \"User\"", 0)] {
        let reply = scim.patch(&path, each(filter)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let members = reply.json()["members"].as_array().map_or(0, Vec::len);
        assert_eq!(members, left, "{filter}");
    }
}

#[tokio::test]
async fn members_are_answered_and_found_only_where_they_are_asked_for() {
    let scim = Scim::of("rfc");
    let ada = scim.user("ada").await;
    scim.group("operations", &[&ada]).await;
    let list = async |query: &str| {
        let reply = scim.get(&format!("/Groups?{query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["Resources"].clone()
    };
    let without = list("excludedAttributes=members").await;
    assert_eq!(without[0].get("members"), None);
    let by_type = encoded("members[type eq \"User\"] and displayName sw \"op\"");
    let found = list(&format!("filter={by_type}&attributes=members.value")).await;
    assert_eq!(found[0]["members"], json!([{ "value": ada }]));
    assert_eq!(found[0].get("displayName"), None);
}
