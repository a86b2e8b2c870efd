//! `POST /api/v1/users/bulk`

use jetway_identity::{EventKind, Scope, UserId};
use serde_json::{Value, json};

use crate::api::{Api, fields_of};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

const BULK: &str = "/api/v1/users/bulk";
const NOBODY: &str = "0123456789abcdef01234567";

async fn everyone(api: &Api<'_>) -> Vec<Value> {
    let list = api.get("/api/v1/users?sort=email").await.json();
    list["items"].as_array().unwrap().clone()
}

fn counts(result: &Value) -> [u64; 4] {
    ["done", "unchanged", "refused", "not_found"].map(|name| result[name].as_u64().unwrap())
}

async fn id_of(api: &Api<'_>, email: &str) -> String {
    let people = everyone(api).await;
    let found = people.iter().find(|user| user["email"] == email).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// Requirements B05 and D04: a plan says what then happens.
#[tokio::test]
async fn a_plan_changes_nobody_and_the_change_does_what_it_said() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let (coyote, runner) = (id_of(&api, COYOTE).await, site.road_runner.to_string());
    let change = json!({"action": "change_state", "state": "suspended",
                        "ids": [coyote, NOBODY, runner, coyote]});
    let before = everyone(&api).await;
    let events = site.count_events(EventKind::UserSuspended).await;
    let planned = api.post(&format!("{BULK}?plan=true"), &change).await;
    assert_eq!(planned.status, 200, "{}", planned.body);
    let planned = planned.json();
    assert_eq!(planned["planned"], true);
    assert_eq!(counts(&planned), [2, 0, 0, 1]);
    let outcome = |id: &str, outcome: &str| json!({"id": id, "outcome": outcome});
    let expected = json!([
        outcome(&coyote, "done"),
        outcome(NOBODY, "not_found"),
        outcome(&runner, "done")
    ]);
    assert_eq!(planned["results"], expected, "each person once");
    assert_eq!(everyone(&api).await, before);
    assert_eq!(site.count_events(EventKind::UserSuspended).await, events);

    let done = api.post(BULK, &change).await.json();
    assert_eq!(done["planned"], false);
    assert_eq!(done["results"], planned["results"]);
    assert!(
        everyone(&api)
            .await
            .iter()
            .all(|user| user["state"] == "suspended")
    );
    assert_eq!(
        site.count_events(EventKind::UserSuspended).await,
        events + 2
    );
    assert_eq!(counts(&api.post(BULK, &change).await.json()), [0, 2, 0, 1]);
}

/// Requirement S05.
#[tokio::test]
async fn people_are_chosen_by_a_filter_and_deleted() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let delete = json!({"action": "delete", "filter": {"columns": {"email": "wile"}}});
    let planned = api.post(&format!("{BULK}?plan=true"), &delete).await.json();
    assert_eq!(counts(&planned), [1, 0, 0, 0]);
    assert_eq!(everyone(&api).await.len(), 2);
    assert_eq!(counts(&api.post(BULK, &delete).await.json()), [1, 0, 0, 0]);
    let left = everyone(&api).await;
    assert_eq!((left.len(), &left[0]["email"]), (1, &json!(ROAD_RUNNER)));
    assert_eq!(counts(&api.post(BULK, &delete).await.json()), [0, 0, 0, 0]);
}

#[tokio::test]
async fn people_are_put_into_a_group_and_taken_out() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let (coyote, runner) = (id_of(&api, COYOTE).await, site.road_runner.to_string());
    let group = site.operations.to_string();
    let mut change = json!({"action": "add_to_group", "group": group,
                            "ids": [coyote, runner, NOBODY]});
    let planned = api.post(&format!("{BULK}?plan=true"), &change).await.json();
    assert_eq!(counts(&planned), [1, 1, 0, 1]);
    let done = api.post(BULK, &change).await.json();
    assert_eq!(done["results"], planned["results"]);
    assert_eq!(counts(&api.post(BULK, &change).await.json()), [0, 2, 0, 1]);
    change["action"] = json!("remove_from_group");
    assert_eq!(counts(&api.post(BULK, &change).await.json()), [2, 0, 0, 1]);
    change["group"] = json!(NOBODY);
    let answer = api.post(BULK, &change).await;
    assert_eq!(
        (answer.status, fields_of(&answer)),
        (422, vec!["group".to_owned()])
    );
}

#[tokio::test]
async fn people_are_invited_and_signed_out_and_who_cannot_be_is_named_with_the_reason() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let daffy: UserId = site.add_user_without_password("daffy@acme.example").await;
    let ids = json!([daffy.to_string(), site.road_runner.to_string()]);
    let mut change = json!({"action": "invite", "ids": ids});
    assert_eq!(
        counts(&api.post(&format!("{BULK}?plan=true"), &change).await.json()),
        [1, 0, 1, 0]
    );
    assert_eq!(site.mails().await, 0);
    let invited = api.post(BULK, &change).await.json();
    assert_eq!(site.mails().await, 1);
    let reason = invited["results"][1]["reason"].as_str().unwrap();
    assert!(reason.contains("already has a password"), "{reason}");
    site.browser_of(ROAD_RUNNER).await;
    change["action"] = json!("end_sessions");
    assert_eq!(counts(&api.post(BULK, &change).await.json()), [1, 1, 0, 0]);
    change["action"] = json!("require_password_change");
    assert_eq!(counts(&api.post(BULK, &change).await.json()), [1, 0, 1, 0]);
}

#[tokio::test]
async fn a_wrong_bulk_change_is_refused_by_the_name_of_its_field() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let ids = json!([NOBODY]);
    let many: Vec<_> = (0..10_001).map(|_| NOBODY).collect();
    for (wrong, field) in [
        (json!({"ids": ids}), "action"),
        (json!({"action": "promote", "ids": ids}), "action"),
        (json!({"action": "change_state", "ids": ids}), "state"),
        (
            json!({"action": "delete", "state": "active", "ids": ids}),
            "state",
        ),
        (
            json!({"action": "delete", "group": NOBODY, "ids": ids}),
            "group",
        ),
        (json!({"action": "add_to_group", "ids": ids}), "group"),
        (
            json!({"action": "add_to_group", "group": "x", "ids": ids}),
            "group",
        ),
        (json!({"action": "delete"}), "ids"),
        (json!({"action": "delete", "ids": []}), "ids"),
        (json!({"action": "delete", "ids": many}), "ids"),
        (json!({"action": "delete", "ids": [NOBODY, "x"]}), "ids[1]"),
        (json!({"action": "delete", "ids": [7]}), "ids[0]"),
        (
            json!({"action": "delete", "ids": ids, "filter": {}}),
            "filter",
        ),
        (
            json!({"action": "delete", "filter": {"shoe": 9}}),
            "filter.shoe",
        ),
        (
            json!({"action": "delete", "filter": {"state": "x"}}),
            "filter.state",
        ),
        (
            json!({"action": "delete", "filter": {"columns": {"x": "y"}}}),
            "filter.columns.x",
        ),
    ] {
        let answer = api.post(BULK, &wrong).await;
        assert_eq!(
            (answer.status, fields_of(&answer)),
            (422, vec![field.to_owned()]),
            "{}",
            answer.body
        );
    }
    let answer = api
        .post(&format!("{BULK}?plan=maybe"), &json!({"action": "delete"}))
        .await;
    assert_eq!(
        (answer.status, fields_of(&answer)),
        (400, vec!["plan".to_owned()])
    );
    assert_eq!(everyone(&api).await.len(), 2);
}

#[tokio::test]
async fn a_key_for_people_changes_no_groups() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let change = json!({"action": "add_to_group", "group": site.operations.to_string(),
                        "ids": [NOBODY]});
    assert_eq!(api.post(BULK, &change).await.status, 403);
}
