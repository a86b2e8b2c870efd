//! `/api/v2/usergroups` and what belongs to it, as scripts for JumpCloud call it.

use axum::body::Body;
use http::Request;
use http::header::{CONTENT_TYPE, HOST};
use jetway_identity::{Scope, ensure_everyone};
use serde_json::{Value, json};

use crate::browser::{Answer, send};
use crate::site::Site;

struct Script<'a> {
    site: &'a Site,
    key: String,
}

impl<'a> Script<'a> {
    async fn new(site: &'a Site) -> Self {
        let key = site.api_key(Scope::Groups).await;
        Self { site, key }
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let host = self.site.origin.split_once("://").unwrap().1;
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v2{path}"))
            .header(HOST, host)
            .header("x-api-key", &self.key)
            .header("accept", "application/json")
            .header(CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        send(&self.site.router, request.body(body).unwrap()).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.call("GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }
}

#[tokio::test]
async fn a_script_creates_changes_and_deletes_a_group() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let body = json!({
        "name": "Ops", "description": "d", "email": "ops@acme.com",
        "attributes": {"Project": "x"},
    });
    let created = script.call("POST", "/usergroups", Some(body)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let group = created.json();
    let id = group["id"].as_str().unwrap();
    assert_eq!((group["type"].as_str(), id.len()), (Some("user_group"), 24));
    assert_eq!(group["membershipMethod"], "STATIC");
    assert_eq!(group["attributes"], json!({"Project": "x"}));
    let address = format!("/usergroups/{id}");
    assert_eq!(script.get(&address).await, group);
    let put = script
        .call("PUT", &address, Some(json!({"name": "SRE"})))
        .await;
    assert_eq!((put.status, &put.json()["name"]), (200, &json!("SRE")));
    assert_eq!(put.json()["description"], "d");
    let deleted = script.call("DELETE", &address, None).await;
    assert_eq!((deleted.status, &deleted.json()["id"]), (200, &json!(id)));
    let gone = script.call("GET", &address, None).await;
    assert_eq!(gone.status, 404);
    assert_eq!(gone.json()["code"], 404);
    assert_eq!(gone.json()["status"], "NOT_FOUND");
}

#[tokio::test]
async fn lists_are_bare_arrays_that_are_filtered_sorted_and_cut() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    for name in ["b", "A", "c"] {
        let created = script
            .call("POST", "/usergroups", Some(json!({"name": name})))
            .await;
        assert_eq!(created.status, 201);
    }
    let names = async |query: &str| -> Vec<String> {
        let list = script.get(&format!("/usergroups?{query}")).await;
        let names = list.as_array().unwrap().iter();
        names
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("").await, ["A", "b", "c", "operations"]);
    assert_eq!(names("sort=-name&limit=2").await, ["operations", "c"]);
    assert_eq!(names("sort=name&skip=1&limit=2").await, ["b", "c"]);
    assert_eq!(names("filter=name:eq:b").await, ["b"]);
    let cut = script.get("/usergroups?filter=name:eq:b&fields=name").await;
    assert_eq!(cut[0].as_object().unwrap().len(), 3);
    let brief = script.get("/groups?filter=name:search:oper").await;
    let expected = json!([{
        "id": site.operations.to_string(), "name": "operations", "type": "user_group",
    }]);
    assert_eq!(brief, expected);
    let wrong = script.call("GET", "/usergroups?limit=many", None).await;
    assert_eq!(
        (wrong.status, &wrong.json()["status"]),
        (400, &json!("INVALID_ARGUMENT"))
    );
}

/// Requirements §5.1: clients that follow `Link` get everything.
#[tokio::test]
async fn each_page_but_the_last_links_to_the_next() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    for name in ["b", "A", "c"] {
        script
            .call("POST", "/usergroups", Some(json!({"name": name})))
            .await;
    }
    let members = format!("/usergroups/{}/members", site.operations);
    for number in 0..3 {
        let user = site
            .add_user(&format!("m{number}@acme.com"), "M", "M")
            .await;
        let add = json!({"op": "add", "type": "user", "id": user.to_string()});
        script.call("POST", &members, Some(add)).await;
    }
    for (path, sizes) in [
        ("/usergroups?sort=-name&limit=3", vec![3, 1]),
        ("/usergroups?limit=4", vec![4]),
        ("/usergroups?limit=1&skip=2&filter=name:ne:b", vec![1]),
        (&format!("{members}?limit=2"), vec![2, 2]),
    ] {
        let mut found = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = script.call("GET", &path, None).await;
            found.push(page.json().as_array().unwrap().len());
            let link = page.header("link");
            let address = link.strip_suffix(">; rel=\"next\"");
            let start = format!("<{}/api/v2", site.origin);
            next = address.map(|address| address.strip_prefix(&start).unwrap().to_owned());
            assert!(next.is_some() || link.is_empty(), "{link}");
        }
        assert_eq!(found, sizes, "{path}");
    }
}

#[tokio::test]
async fn a_script_adds_finds_and_removes_members() {
    let site = Site::start().await;
    ensure_everyone(&mut site.op(), site.store.as_ref())
        .await
        .unwrap();
    let user = site
        .add_user("other@acme.com", "Other", "One")
        .await
        .to_string();
    let script = Script::new(&site).await;
    let group = site.operations.to_string();
    let members = format!("/usergroups/{group}/members");
    let operation = |op: &str| Some(json!({"op": op, "type": "user", "id": user}));
    for _ in 0..2 {
        let added = script.call("POST", &members, operation("add")).await;
        assert_eq!((added.status, added.body.as_str()), (204, ""));
    }
    let listed = script.get(&members).await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let mine = listed.as_array().unwrap().iter();
    let mine: Vec<_> = mine
        .filter(|one| one["to"]["id"] == user.as_str())
        .collect();
    assert_eq!(mine[0]["to"]["type"], "user");
    assert_eq!(mine[0]["from"]["id"], group);
    assert_eq!(
        script
            .get(&format!("{members}?limit=1&skip=1"))
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let membership = script.get(&format!("/usergroups/{group}/membership")).await;
    assert_eq!(membership[0]["type"], "user");
    assert_eq!(
        membership[0]["paths"][0][0]["to"]["id"],
        membership[0]["id"]
    );
    let groups = script.get(&format!("/users/{user}/memberof")).await;
    assert_eq!(groups.as_array().unwrap().len(), 2, "with All Users");
    assert_eq!(groups[1]["id"], group);
    assert_eq!(groups[1]["paths"][0][0]["from"]["id"], user);
    let removed = script.call("POST", &members, operation("remove")).await;
    assert_eq!(removed.status, 204);
    assert_eq!(script.get(&members).await.as_array().unwrap().len(), 1);
    for (body, status) in [
        (json!({"op": "update", "type": "user", "id": user}), 400),
        (json!({"op": "add", "type": "system", "id": user}), 400),
        (json!({"op": "add", "type": "user", "id": "x"}), 400),
        (
            json!({"op": "add", "type": "user", "id": "0123456789abcdef01234567"}),
            400,
        ),
        (json!({"op": "add"}), 400),
    ] {
        let answer = script.call("POST", &members, Some(body.clone())).await;
        assert_eq!(answer.status, status, "{body}");
        assert_eq!(answer.json()["code"], status);
        assert!(answer.json()["message"].is_string());
    }
}

#[tokio::test]
async fn refusals_have_the_shape_of_the_api() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let dynamic = json!({"name": "d", "membershipMethod": "DYNAMIC_AUTOMATED"});
    for (method, path, body, status) in [
        ("POST", "/usergroups", Some(dynamic), 400),
        ("POST", "/usergroups", Some(json!({"name": ""})), 400),
        (
            "POST",
            "/usergroups",
            Some(json!({"name": "operations"})),
            409,
        ),
        ("POST", "/usergroups", Some(json!([])), 400),
        ("GET", "/usergroups/x", None, 404),
        ("GET", "/users/x/memberof", None, 404),
        ("GET", "/nothing", None, 404),
        ("DELETE", "/usergroups", None, 405),
    ] {
        let answer = script.call(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        assert_eq!(answer.json()["code"], status);
        assert!(answer.json()["status"].is_string());
    }
    let stranger = Script {
        site: &site,
        key: "wrong".to_owned(),
    };
    let answer = stranger.call("GET", "/usergroups", None).await;
    assert_eq!(
        (answer.status, &answer.json()["status"]),
        (401, &json!("UNAUTHENTICATED"))
    );
}
