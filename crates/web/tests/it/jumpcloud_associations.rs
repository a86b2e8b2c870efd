//! The associations of `/api/v2`: who has which application, as scripts for JumpCloud ask and change.

use jetway_identity::EventKind;
use serde_json::{Value, json};

use crate::jumpcloud_applications::Script;
use crate::site::Site;

/// `("user", id)` and so on of the far ends of connections.
fn far_ends(list: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let connections = list.as_array().unwrap().iter();
    connections
        .map(|one| (text(&one["to"]["type"]), text(&one["to"]["id"])))
        .collect()
}

/// Requirements K01 to K05.
#[tokio::test]
async fn a_script_grants_and_withdraws_from_each_of_the_three_sides() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let duck = site.add_user("daffy.duck@acme.com", "Daffy", "Duck").await;
    let (duck, group) = (duck.to_string(), site.operations.to_string());
    let wiki = script
        .add(&json!({"name": "saml", "displayLabel": "Wiki"}))
        .await;
    let both = format!("/v2/applications/{wiki}/associations?targets=user_group&targets=user");
    assert_eq!(script.get(&both).await, json!([]), "nobody has it yet");
    let sides = [
        (
            format!("/v2/applications/{wiki}/associations"),
            "user_group",
            &group,
            ("user_group", &group),
        ),
        (
            format!("/v2/applications/{wiki}/associations"),
            "user",
            &duck,
            ("user", &duck),
        ),
        (
            format!("/v2/usergroups/{group}/associations"),
            "application",
            &wiki,
            ("user_group", &group),
        ),
        (
            format!("/v2/users/{duck}/associations"),
            "application",
            &wiki,
            ("user", &duck),
        ),
    ];
    for (address, kind, id, (end, end_id)) in sides {
        let operation = |op: &str| json!({"op": op, "type": kind, "id": id});
        let missing = script.post(&address, &operation("update")).await;
        assert_eq!(missing.status, 404, "{address}: {}", missing.body);
        for op in ["add", "add", "update"] {
            let done = script.post(&address, &operation(op)).await;
            assert_eq!(
                (done.status, done.body.as_str()),
                (204, ""),
                "{address}: {op}"
            );
        }
        let expected = [(end.to_owned(), end_id.to_owned())];
        assert_eq!(far_ends(&script.get(&both).await), expected);
        let seen = script.get(&format!("{address}?targets={kind}")).await;
        let ids: Vec<_> = far_ends(&seen).into_iter().map(|(_, id)| id).collect();
        assert!(ids.contains(id), "{address}: {ids:?}");
        let event = site.last_event(EventKind::AssociationChange).await.unwrap();
        assert_eq!(event.target.unwrap().id, wiki);
        for _ in 0..2 {
            let done = script.post(&address, &operation("remove")).await;
            assert_eq!(done.status, 204, "{address}");
        }
        assert_eq!(script.get(&both).await, json!([]));
    }
}

/// Requirements K04, K05 and §5.4: each path is a grant that gives the access.
#[tokio::test]
async fn everybody_who_has_an_application_is_listed_with_every_way_to_it() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let application = site.application.to_string();
    let (runner, group) = (site.road_runner.to_string(), site.operations.to_string());
    let duck = site
        .add_user("daffy.duck@acme.com", "Daffy", "Duck")
        .await
        .to_string();
    for user in [&runner, &duck] {
        let add = json!({"op": "add", "type": "user", "id": user});
        let address = format!("/v2/applications/{application}/associations");
        assert_eq!(script.post(&address, &add).await.status, 204);
    }
    let users = format!("/v2/applications/{application}/users");
    let people = script.get(&users).await;
    let of = |list: &Value, id: &str| {
        let mut items = list.as_array().unwrap().iter();
        items.find(|one| one["id"] == id).unwrap()["paths"].clone()
    };
    assert_eq!(people.as_array().unwrap().len(), 2);
    assert_eq!(of(&people, &duck).as_array().unwrap().len(), 1);
    let ways = of(&people, &runner);
    assert_eq!(ways[0].as_array().unwrap().len(), 1, "alone");
    assert_eq!(
        ways[1][0]["to"]["id"],
        group.as_str(),
        "and through a group"
    );
    assert_eq!(ways[1][1]["to"]["id"], runner.as_str());
    let first = script.call("GET", &format!("{users}?limit=1"), None).await;
    let second = script
        .call("GET", &format!("{users}?limit=1&skip=1"), None)
        .await;
    assert!(first.header("link").contains("skip=1"));
    assert_eq!(second.header("link"), "");
    let ids = [
        first.json()[0]["id"].clone(),
        second.json()[0]["id"].clone(),
    ];
    assert_eq!(ids, [people[0]["id"].clone(), people[1]["id"].clone()]);
    assert_eq!(script.get(&format!("{users}?skip=2")).await, json!([]));

    let groups = script
        .get(&format!("/v2/applications/{application}/usergroups"))
        .await;
    assert_eq!(
        (&groups[0]["id"], &groups[0]["type"]),
        (&json!(group), &json!("user_group"))
    );
    let had = script
        .get(&format!("/v2/users/{runner}/applications"))
        .await;
    assert_eq!(of(&had, &application).as_array().unwrap().len(), 2);
    let had = script
        .get(&format!("/v2/usergroups/{group}/applications"))
        .await;
    assert_eq!(had[0]["id"], application.as_str());
}

type Refused = (&'static str, String, Option<Value>, u16);

async fn each_is_refused(script: &Script<'_>, cases: Vec<Refused>) {
    for (method, path, body, status) in cases {
        let answer = script.call(method, &path, body.as_ref()).await;
        assert_eq!(
            answer.status, status,
            "{method} {path} {body:?}: {}",
            answer.body
        );
        assert_eq!(answer.json()["code"], status);
        assert!(answer.json()["message"].is_string());
    }
}

fn operation(op: &str, kind: &str, id: &str) -> Value {
    json!({"op": op, "type": kind, "id": id})
}

/// No user, group or application.
const NOBODY: &str = "0123456789abcdef01234567";

#[tokio::test]
async fn an_association_that_cannot_be_is_refused_in_the_shape_of_the_api() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let (application, group) = (site.application.to_string(), site.operations.to_string());
    let ours = format!("/v2/applications/{application}/associations");
    let of_group = format!("/v2/usergroups/{group}/associations");
    let with = json!({"op": "add", "type": "user_group", "id": group, "attributes": {"a": 1}});
    let cases = vec![
        ("GET", ours.clone(), None, 400),
        ("GET", format!("{ours}?targets=system"), None, 400),
        (
            "GET",
            format!("{ours}?targets=user_group,system"),
            None,
            400,
        ),
        (
            "POST",
            ours.clone(),
            Some(operation("grant", "user", NOBODY)),
            400,
        ),
        (
            "POST",
            ours.clone(),
            Some(operation("add", "system", NOBODY)),
            400,
        ),
        (
            "POST",
            ours.clone(),
            Some(operation("add", "user", "x")),
            400,
        ),
        (
            "POST",
            ours.clone(),
            Some(operation("add", "user", NOBODY)),
            400,
        ),
        (
            "POST",
            ours.clone(),
            Some(operation("add", "user_group", NOBODY)),
            400,
        ),
        ("POST", ours.clone(), Some(with), 400),
        ("POST", ours.clone(), Some(json!({"op": "add"})), 400),
        (
            "POST",
            of_group.clone(),
            Some(operation("add", "application", NOBODY)),
            400,
        ),
        (
            "POST",
            of_group,
            Some(operation("add", "user", &application)),
            400,
        ),
    ];
    each_is_refused(&script, cases).await;
    let members = script.get(&format!("{ours}?targets=user_group,user")).await;
    let before = [("user_group".to_owned(), group)];
    assert_eq!(far_ends(&members), before, "as before");
}

#[tokio::test]
async fn what_is_not_there_has_no_associations() {
    let site = Site::start().await;
    let script = Script::new(&site).await;
    let (application, group) = (site.application.to_string(), site.operations.to_string());
    let of = |kind: &str, rest: &str| format!("/v2/{kind}/{NOBODY}/{rest}");
    let asked = "associations?targets=application";
    let cases = vec![
        (
            "GET",
            of("applications", "associations?targets=user"),
            None,
            404,
        ),
        (
            "POST",
            of("applications", "associations"),
            Some(operation("add", "user_group", &group)),
            404,
        ),
        ("GET", of("applications", "users"), None, 404),
        ("GET", "/v2/applications/x/usergroups".to_owned(), None, 404),
        ("GET", of("usergroups", asked), None, 404),
        (
            "POST",
            of("usergroups", "associations"),
            Some(operation("add", "application", &application)),
            404,
        ),
        ("GET", of("usergroups", "applications"), None, 404),
        ("GET", of("users", asked), None, 404),
        (
            "POST",
            of("users", "associations"),
            Some(operation("remove", "application", &application)),
            404,
        ),
        ("GET", of("users", "applications"), None, 404),
    ];
    each_is_refused(&script, cases).await;
}
