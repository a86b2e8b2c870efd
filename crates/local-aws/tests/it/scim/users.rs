//! Users as AWS takes and answers them (identity-center.md §3.2 to §3.4).

use jetway_local_aws::identity_center::set_scim_profile;
use serde_json::json;

use super::world::{ENTERPRISE, Scim, USER, text, user};

fn full() -> serde_json::Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": "701984",
        "userName": "bjensen",
        "name": {
            "formatted": "Ms. Barbara J Jensen, III",
            "familyName": "Jensen",
            "givenName": "Barbara",
            "middleName": "Jane",
            "honorificPrefix": "Ms.",
            "honorificSuffix": "III",
        },
        "displayName": "Babs Jensen",
        "nickName": "Babs",
        "profileUrl": "https://login.example.com/bjensen",
        "emails": [{ "value": "bjensen@example.com", "type": "work", "primary": true }],
        "addresses": [{ "streetAddress": "100 Universal City Plaza", "type": "work", "primary": true }],
        "phoneNumbers": [{ "value": "555-555-5555", "type": "work" }],
        "userType": "Employee",
        "title": "Tour Guide",
        "preferredLanguage": "en-US",
        "locale": "en-US",
        "timezone": "America/Los_Angeles",
        "active": true,
        ENTERPRISE: {
            "employeeNumber": "701984",
            "costCenter": "4130",
            "organization": "Universal Studios",
            "division": "Theme Park",
            "department": "Tour Operations",
            "manager": { "value": "9067729b3d-a2cfc8a5-f4ab-4443-9d7d-b32a9013c554" },
        },
    })
}

#[tokio::test]
async fn a_user_comes_back_as_it_was_sent_with_id_and_meta() {
    let scim = Scim::aws();
    let created = scim.post("/Users", &full()).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let user = created.json();
    for (name, sent) in full().as_object().unwrap() {
        assert_eq!(&user[name], sent, "{name}");
    }
    let names: Vec<&String> = user.as_object().unwrap().keys().take(3).collect();
    assert_eq!(names, ["id", "meta", "schemas"]);
    let id = text(&user["id"]);
    assert_eq!(scim.get(&format!("/Users/{id}")).await.json(), user);
}

/// PUT answers 201, and takes the body only with the identifier of the address.
#[tokio::test]
async fn put_replaces_everything_and_answers_201() {
    let scim = Scim::aws();
    let id = text(&scim.post("/Users", &full()).await.json()["id"]);
    let path = format!("/Users/{id}");
    let mut body = user("bjensen");
    assert_eq!(scim.put(&path, &body).await.status, 400);
    body["id"] = json!("00000000-0000-4000-8000-000000000000");
    assert_eq!(scim.put(&path, &body).await.status, 400);
    body["id"] = json!(id);
    scim.world.advance(60);
    let reply = scim.put(&path, &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let after = reply.json();
    assert_eq!(after["id"], json!(id));
    assert_eq!(after["title"], json!(null));
    assert_eq!(after["meta"]["created"], "2026-11-22T04:00:00Z");
    assert_eq!(after["meta"]["lastModified"], "2026-11-22T04:01:00Z");
}

#[tokio::test]
async fn patch_answers_200_with_the_whole_user() {
    let scim = Scim::aws();
    let id = text(&scim.post("/Users", &full()).await.json()["id"]);
    let reply = scim
        .patch(
            &format!("/Users/{id}"),
            json!([
                { "op": "Replace", "path": "title", "value": "Manager" },
                { "op": "remove", "path": "nickName" },
                { "op": "add", "path": format!("{ENTERPRISE}:department"), "value": "Rides" },
                { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "babs@example.com" },
                { "op": "replace", "path": "active", "value": "false" },
            ]),
        )
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let user = reply.json();
    assert_eq!(user["title"], "Manager");
    assert_eq!(user["nickName"], json!(null));
    assert_eq!(user[ENTERPRISE]["department"], "Rides");
    assert_eq!(user[ENTERPRISE]["costCenter"], "4130");
    assert_eq!(user["emails"][0]["value"], "babs@example.com");
    assert_eq!(user["active"], false);
    assert_eq!(user["userName"], "bjensen");
}

#[tokio::test]
async fn a_patch_that_fails_changes_nothing() {
    let scim = Scim::aws();
    let id = scim.user("ada").await;
    let path = format!("/Users/{id}");
    let before = scim.get(&path).await.json();
    let reply = scim
        .patch(
            &path,
            json!([
                { "op": "replace", "path": "title", "value": "Countess" },
                { "op": "remove", "path": "name.givenName" },
            ]),
        )
        .await;
    assert_eq!(reply.status, 400);
    assert_eq!(scim.get(&path).await.json(), before);
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_another_one_of_that_name_is_somebody_else() {
    let scim = Scim::aws();
    let id = scim.user("ada").await;
    let path = format!("/Users/{id}");
    let deleted = scim.delete(&path).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    let expected = (404, "Specified user does not exist.".to_owned());
    assert_eq!(scim.get(&path).await.error(), expected);
    assert_eq!(scim.delete(&path).await.error(), expected);
    assert_eq!(scim.get("/Users/not-an-id").await.error(), expected);
    let change = json!([{ "op": "replace", "path": "title", "value": "x" }]);
    assert_eq!(scim.patch(&path, change).await.error(), expected);
    assert_ne!(scim.user("ada").await, id);
}

/// `userName`, primary address and `externalId` are unique, each on its own, at creation and later.
#[tokio::test]
async fn what_must_be_unique_is() {
    let scim = Scim::aws();
    let mut first = user("ada");
    first["externalId"] = json!("e-1");
    first["emails"] = json!([{ "value": "ada@example.com", "primary": true }]);
    assert_eq!(scim.post("/Users", &first).await.status, 201);
    let other = scim.user("grace").await;
    let duplicate = (
        409,
        "Refused to create a new, duplicate resource.".to_owned(),
    );
    let mut same_name = user("ADA");
    assert_eq!(scim.post("/Users", &same_name).await.error(), duplicate);
    same_name = user("third");
    same_name["externalId"] = json!("e-1");
    assert_eq!(scim.post("/Users", &same_name).await.error(), duplicate);
    same_name = user("fourth");
    same_name["emails"] = json!([{ "value": "Ada@Example.com", "primary": true }]);
    assert_eq!(scim.post("/Users", &same_name).await.error(), duplicate);
    for (path, value) in [("userName", "ada"), ("externalId", "e-1")] {
        let reply = scim
            .patch(
                &format!("/Users/{other}"),
                json!([{ "op": "replace", "path": path, "value": value }]),
            )
            .await;
        assert_eq!(reply.error(), duplicate, "{path}");
    }
    // A name that was given up is free again, and one's own is no duplicate.
    let rename = json!([{ "op": "replace", "path": "userName", "value": "Grace" }]);
    assert_eq!(
        scim.patch(&format!("/Users/{other}"), rename).await.status,
        200
    );
    let rename = json!([{ "op": "replace", "path": "userName", "value": "hopper" }]);
    assert_eq!(
        scim.patch(&format!("/Users/{other}"), rename).await.status,
        200
    );
    scim.user("grace").await;
}

/// The password of an identity provider that pushes it is neither kept nor shown.
#[tokio::test]
async fn a_password_is_refused_by_aws_and_thrown_away_by_the_rfc() {
    let mut body = user("ada");
    body["password"] = json!("t1meMa$heen");
    assert_eq!(Scim::aws().post("/Users", &body).await.status, 400);
    let scim = Scim::of("rfc");
    let reply = scim.post("/Users", &body).await;
    assert_eq!(reply.status, 201);
    assert!(!reply.text.contains("t1meMa$heen"));
    let filter = super::world::encoded(r#"password sw "t""#);
    let guessed = scim.get(&format!("/Users?filter={filter}")).await;
    assert_eq!(guessed.ids(), [""; 0], "it cannot be guessed by filters");
    let folder = scim.world.folder();
    drop(scim.restart());
    for file in ["state.redb", "state.journal"] {
        let content = std::fs::read(folder.join(file)).unwrap_or_default();
        let needle = b"t1meMa$heen";
        assert!(
            !content.windows(needle.len()).any(|window| window == needle),
            "{file}"
        );
    }
}

/// The Identity Store API knows attributes that SCIM on AWS does not; each leaves those of the
/// other alone.
#[tokio::test]
async fn what_another_interface_wrote_is_neither_shown_nor_lost() {
    let scim = Scim::of("rfc");
    let mut body = user("ada");
    body["photos"] = json!([{ "value": "https://example.com/ada.png" }]);
    body["displayName"] = json!("\u{1}");
    let id = text(&scim.post("/Users", &body).await.json()["id"]);
    let path = format!("/Users/{id}");
    let dialect = |name: &str| set_scim_profile(&scim.world.aws, name).unwrap();
    dialect("aws");
    let title = json!([{ "op": "add", "path": "title", "value": "Countess" }]);
    let patched = scim.patch(&path, title).await;
    assert_eq!(patched.status, 200, "{}", patched.text);
    assert_eq!(patched.json().get("photos"), None);
    let mut replacement = user("ada");
    replacement["id"] = json!(id);
    assert_eq!(scim.put(&path, &replacement).await.status, 201);
    dialect("rfc");
    let after = scim.get(&path).await.json();
    assert_eq!(after["photos"], body["photos"]);
    assert_eq!(after["displayName"], "Person ada");
}
