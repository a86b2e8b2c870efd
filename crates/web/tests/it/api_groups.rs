//! `/api/v1/groups` and `/api/v1/applications`.

use jetway_identity::{EventKind, Scope, ensure_everyone};
use serde_json::{Value, json};

use crate::api::{Api, fields_of, problem};
use crate::site::{APPLICATION, LABEL, ROAD_RUNNER, Site};

/// Requirements E02, E03 and E05.
#[tokio::test]
async fn a_group_is_created_read_changed_and_deleted() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Groups).await;
    let body = json!({
        "name": "aws:admins",
        "description": "Zoë's \u{1F980}",
        "attributes": {"Project": "automation", "Level": 3, "On": true, "Areas": ["a", "b"]},
    });
    let created = api.post("/api/v1/groups", &body).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let address = created.header("location").to_owned();
    assert_eq!(created.header("etag"), "\"1\"");
    let read = api.get(&address).await;
    let group = read.json();
    assert_eq!(group, created.json());
    assert_eq!(
        address,
        format!("/api/v1/groups/{}", group["id"].as_str().unwrap())
    );
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&group[field], value, "{field}");
    }
    assert_eq!(group["membership"], "static");
    assert_eq!(group["will_not_sync_to_aws"], true);
    assert_eq!(
        (&group["member_count"], &group["application_count"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(group["created_at"], "2026-03-02T09:00:00.000Z");

    let change = json!({"name": "admins", "attributes": {"Project": "x"}});
    let tag = [("if-match", "\"1\"")];
    let changed = api.call("PATCH", &address, &tag, Some(&change)).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""));
    let group = changed.json();
    assert_eq!(group["attributes"], json!({"Project": "x"}));
    assert_eq!(group["description"], "Zoë's \u{1F980}", "absent: as it was");
    let stale = api.call("PATCH", &address, &tag, Some(&change)).await;
    assert_eq!(stale.status, 412);
    assert_eq!(problem(&stale)["current_etag"], "\"2\"");
    let stale = api.call("DELETE", &address, &tag, None).await;
    assert_eq!(stale.status, 412);
    assert_eq!(api.delete(&address).await.status, 204);
    assert_eq!(api.get(&address).await.status, 404);
    assert_eq!(api.delete(&address).await.status, 404);
}

#[tokio::test]
async fn what_cannot_be_kept_names_its_field() {
    let site = Site::start().await;
    let everyone = ensure_everyone(&mut site.op(), site.store.as_ref())
        .await
        .unwrap();
    let api = Api::new(&site, Scope::Full).await;
    let rule = |attribute: &str, value: &str| {
        json!({"match": "all", "conditions": [
            {"attribute": "email", "operator": "is_set"},
            {"attribute": attribute, "operator": "equals", "value": value},
        ]})
    };
    for (body, status, fields) in [
        (json!({}), 422, vec!["name"]),
        (json!({"name": " "}), 422, vec!["name"]),
        (json!({"name": "OPERATIONS"}), 409, vec!["name"]),
        (
            json!({"name": "a\nb", "description": "x".repeat(1025)}),
            422,
            vec!["name", "description"],
        ),
        (
            json!({"name": "a", "attributes": {"x": null}}),
            422,
            vec!["attributes.x"],
        ),
        (
            json!({"name": "a", "attributes": {"x": "y".repeat(1025)}}),
            422,
            vec!["attributes.x"],
        ),
        (json!({"name": "a", "members": []}), 422, vec!["members"]),
        (
            json!({"name": "a", "rule": rule("planet", "x")}),
            422,
            vec!["rule.conditions[1].attribute"],
        ),
        (
            json!({"name": "a", "rule": rule("email", " ")}),
            422,
            vec!["rule.conditions[1].value"],
        ),
        (
            json!({"name": "a", "rule": {"match": "all", "conditions": []}}),
            422,
            vec!["rule.conditions"],
        ),
        (
            json!({"name": "a", "rule": {"match": "some", "conditions": []}}),
            422,
            vec!["rule.match"],
        ),
    ] {
        let answer = api.post("/api/v1/groups", &body).await;
        assert_eq!(
            (answer.status, fields_of(&answer)),
            (status, to_owned(&fields)),
            "{body}"
        );
    }
    let built_in = format!("/api/v1/groups/{everyone}");
    for answer in [
        api.delete(&built_in).await,
        api.patch(&built_in, &json!({"name": "Some"})).await,
        api.patch(&built_in, &json!({"rule": rule("email", "x")}))
            .await,
        api.post(
            &format!("{built_in}/members"),
            &json!({"add": [site.road_runner.to_string()]}),
        )
        .await,
    ] {
        assert_eq!(answer.status, 409, "{}", answer.body);
        assert_eq!(
            problem(&answer)["type"],
            "urn:jetway:problem:built-in-group"
        );
    }
}

fn to_owned(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}

#[tokio::test]
async fn lists_are_searched_and_come_page_by_page() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Groups).await;
    for name in ["team b", "Team a", "team c"] {
        assert_eq!(
            api.post("/api/v1/groups", &json!({"name": name}))
                .await
                .status,
            201
        );
    }
    let mut names = Vec::new();
    let mut address = "/api/v1/groups?q=TEAM&limit=2".to_owned();
    loop {
        let page = api.get(&address).await.json();
        for group in page["items"].as_array().unwrap() {
            names.push(group["name"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        address = format!("/api/v1/groups?q=TEAM&limit=2&cursor={cursor}");
    }
    assert_eq!(names, ["Team a", "team b", "team c"]);
}

/// Requirement K05.
#[tokio::test]
async fn members_are_planned_changed_and_listed() {
    let site = Site::start().await;
    let other = site
        .add_user("other@acme.com", "Other", "One")
        .await
        .to_string();
    let api = Api::new(&site, Scope::Groups).await;
    let address = format!("/api/v1/groups/{}/members", site.operations);
    let runner = site.road_runner.to_string();
    let body = json!({"add": [other, runner], "remove": []});
    let plan = api.post(&format!("{address}?plan=true"), &body).await;
    assert_eq!(plan.json(), json!({"added": 1, "removed": 0}));
    let listed = api.get(&address).await.json();
    assert_eq!(
        listed["items"].as_array().unwrap().len(),
        1,
        "a plan changes nothing"
    );
    let before = site.count_events(EventKind::AssociationChange).await;
    let done = api.post(&address, &body).await;
    assert_eq!(done.json(), plan.json());
    assert_eq!(
        site.count_events(EventKind::AssociationChange).await,
        before + 1
    );
    let listed = api.get(&format!("{address}?limit=1&q=acme")).await.json();
    let member = &listed["items"][0];
    assert_eq!(
        (&member["id"], &member["name"]),
        (&json!(other), &json!("Other One"))
    );
    assert_eq!(
        (&member["email"], &member["state"]),
        (&json!("other@acme.com"), &json!("active"))
    );
    let gone = api
        .post(&address, &json!({"remove": [runner, other]}))
        .await;
    assert_eq!(gone.json(), json!({"added": 0, "removed": 2}));
    for (body, fields) in [
        (json!({"add": ["x"]}), vec!["add[0]"]),
        (json!({"add": ["0123456789abcdef01234567"]}), vec!["add"]),
        (json!({"remove": [1]}), vec!["remove[0]"]),
    ] {
        let answer = api.post(&address, &body).await;
        assert_eq!(
            (answer.status, fields_of(&answer)),
            (422, to_owned(&fields)),
            "{body}"
        );
    }
    let nowhere = "/api/v1/groups/0123456789abcdef01234567/members";
    assert_eq!(api.get(nowhere).await.status, 404);
    assert_eq!(api.post(nowhere, &json!({})).await.status, 404);
}

#[tokio::test]
async fn a_rule_is_previewed_followed_and_taken_away() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Groups).await;
    let rule = json!({"match": "any", "conditions": [
        {"attribute": "lastname", "operator": "one_of", "value": "coyote, nobody"},
    ]});
    let preview = api
        .post(
            "/api/v1/rule-previews",
            &json!({"rule": rule, "group": site.operations.to_string()}),
        )
        .await;
    let preview = preview.json();
    assert_eq!(
        (&preview["matches"], &preview["removes"]["count"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(preview["adds"]["first"][0]["name"], "Wile Coyote");
    let created = api
        .post("/api/v1/groups", &json!({"name": "c", "rule": rule}))
        .await;
    let address = created.header("location").to_owned();
    let group = created.json();
    assert_eq!(
        (&group["membership"], &group["member_count"]),
        (&json!("dynamic"), &json!(1))
    );
    assert_eq!(group["rule"], rule);
    let by_hand = json!({"add": [site.road_runner.to_string()]});
    let refused = api.post(&format!("{address}/members"), &by_hand).await;
    assert_eq!(
        problem(&refused)["type"],
        "urn:jetway:problem:dynamic-group"
    );
    let same = api
        .patch(&address, &json!({"description": "x"}))
        .await
        .json();
    assert_eq!(same["membership"], "dynamic");
    let fixed = api.patch(&address, &json!({"rule": null})).await.json();
    assert_eq!(
        (&fixed["membership"], &fixed["rule"]),
        (&json!("static"), &Value::Null)
    );
    assert_eq!(fixed["member_count"], 1);
    let added = api.post(&format!("{address}/members"), &by_hand).await;
    assert_eq!(added.json()["added"], 1);
}

/// Requirements E04, E08 and K03.
#[tokio::test]
async fn applications_are_granted_and_withdrawn_and_say_through_which_group() {
    let site = Site::start().await;
    let billing = site.add_assigned("billing", "Billing").await.to_string();
    let api = Api::new(&site, Scope::Full).await;
    let address = format!("/api/v1/groups/{}/applications", site.operations);
    let body = json!({"withdraw": [billing], "grant": [site.application.to_string()]});
    let plan = api.post(&format!("{address}?plan=true"), &body).await;
    assert_eq!(plan.json(), json!({"granted": 0, "withdrawn": 1}));
    assert_eq!(
        api.get(&address).await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(api.post(&address, &body).await.json(), plan.json());
    let left = api.get(&address).await.json();
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert_eq!(left["items"][0]["label"], LABEL);
    let of_user = format!("/api/v1/users/{}", site.road_runner);
    let has = api.get(&format!("{of_user}/applications")).await.json();
    assert_eq!(has["items"][0]["slug"], APPLICATION);
    assert_eq!(has["items"][0]["through"][0]["name"], "operations");
    let groups = api.get(&format!("{of_user}/groups")).await.json();
    assert_eq!(groups["items"][0]["id"], site.operations.to_string());
    let all = api.get("/api/v1/applications?limit=1").await.json();
    assert_eq!(all["items"][0]["slug"], APPLICATION);
    assert!(all["next_cursor"].is_string());
    let one = api
        .get(&format!("/api/v1/applications/{billing}"))
        .await
        .json();
    assert_eq!(
        (&one["label"], &one["groups"]),
        (&json!("Billing"), &json!([]))
    );
    let missing = "0123456789abcdef01234567";
    let wrong = api.post(&address, &json!({"grant": [missing]})).await;
    assert_eq!(
        (wrong.status, fields_of(&wrong)),
        (422, vec!["grant".to_owned()])
    );
    let none = "0123456789abcdef01234567";
    for address in [
        "applications/x".to_owned(),
        "users/x/groups".to_owned(),
        format!("users/{none}/groups"),
        format!("users/{none}/applications"),
        format!("groups/{none}/applications"),
    ] {
        let answer = api.get(&format!("/api/v1/{address}")).await;
        assert_eq!(answer.status, 404, "{address}");
    }
    // A key for groups does not give access to applications.
    let groups_only = Api::new(&site, Scope::Groups).await;
    let may = Scope::Groups.allows(jetway_identity::Permission::GrantApplications);
    let answer = groups_only.post(&address, &json!({})).await;
    assert_eq!(answer.status, if may { 200 } else { 403 });
    let mut person = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(person.get("/").await.tiles().len(), 1);
}
