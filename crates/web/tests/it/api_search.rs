//! Search of the API, and its description to read.

use jetway_identity::{NewGroup, Role, Scope, create_group};
use serde_json::Value;

use crate::api::Api;
use crate::site::{ROAD_RUNNER, Site};

fn is_object_id(id: &Value) -> bool {
    let id = id.as_str().unwrap();
    id.len() == 24 && id.bytes().all(|byte| b"0123456789abcdef".contains(&byte))
}

/// Requirement A07, of everything that has an id in JumpCloud too.
#[tokio::test]
async fn one_text_finds_people_groups_and_applications_whose_ids_have_24_hexadecimal_digits() {
    let site = Site::start().await;
    let new = NewGroup {
        name: "Road crew".to_owned(),
        description: "who paints tunnels".to_owned(),
        ..NewGroup::default()
    };
    create_group(&mut site.op(), site.store.as_ref(), new)
        .await
        .unwrap();
    site.add_assigned("road-maps", "Road maps").await;
    let api = Api::new(&site, Scope::Read).await;
    let found = api.get("/api/v1/search?q=ROAD").await.json();
    assert_eq!(found["users"][0]["detail"], ROAD_RUNNER);
    assert_eq!(found["groups"][0]["name"], "Road crew");
    assert_eq!(found["groups"][0]["detail"], "who paints tunnels");
    assert_eq!(found["applications"][0]["name"], "Road maps");
    assert_eq!(found["more"], serde_json::json!([]));
    for kind in ["users", "groups", "applications"] {
        assert_eq!(found[kind].as_array().unwrap().len(), 1, "{found}");
        assert!(is_object_id(&found[kind][0]["id"]), "{found}");
    }
    let organisations = api.get("/api/organizations").await.json();
    assert!(is_object_id(&organisations["results"][0]["id"]));
}

#[tokio::test]
async fn a_search_tells_which_kinds_have_others_and_an_empty_one_finds_nothing() {
    let site = Site::start().await;
    for number in 0..21 {
        site.add_user_without_password(&format!("n{number}@many.example"))
            .await;
    }
    let api = Api::new(&site, Scope::Read).await;
    let found = api.get("/api/v1/search?q=many.example").await.json();
    assert_eq!(found["users"].as_array().unwrap().len(), 20);
    assert_eq!(found["more"], serde_json::json!(["users"]));
    let nothing = api.get("/api/v1/search?q=+").await.json();
    for kind in ["users", "groups", "applications"] {
        assert_eq!(nothing[kind], serde_json::json!([]));
    }
    let refused = api.get("/api/v1/search").await;
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("\"q\""), "{}", refused.body);
}

/// The page says what the document says, for every administrator.
#[tokio::test]
async fn the_description_of_the_api_can_be_read_as_a_page() {
    let site = Site::start().await;
    let stranger = site.browser().get("/api/v1/docs").await;
    assert_eq!(
        (stranger.status, stranger.location()),
        (303, "/admin/login?next=%2Fapi%2Fv1%2Fdocs")
    );
    let mut admin = site.browser_of_administrator(Role::ReadOnly).await;
    let page = admin.get("/api/v1/docs").await;
    assert_eq!(page.status, 200);
    let document = site.browser().get("/api/v1/openapi.json").await.json();
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert!(
            page.body.contains(&format!("<code>{path}</code>")),
            "{path}"
        );
        for (_, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.body.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(
            page.body.contains(&format!("id=\"schema-{name}\"")),
            "{name}"
        );
    }
    assert!(page.body.contains("Needs a key with the scope"));
    // The help of every page leads to it.
    let home = admin.get("/admin").await;
    assert!(home.body.contains("href=\"/api/v1/docs\""));
}
