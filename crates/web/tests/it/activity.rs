//! The activity log, its destinations and alerts: pages, API, and the form of JumpCloud's.

use axum::body::Body;
use http::header::CONTENT_TYPE;
use jetway_identity::alerts::{AlertKind, NewAlert, Severity, raise};
use jetway_identity::events::seal_events;
use jetway_identity::{Actor, EventKind, NewGroup, Role, Scope, Target, create_group};
use serde_json::{Value, json};

use crate::api::fields_of;
use crate::browser::{Answer, Browser};
use crate::site::{COYOTE, PASSWORD, ROAD_RUNNER, Site};

/// Posts a form of the admin portal with its token.
async fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let csrf = browser.admin_csrf().await;
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

async fn call(site: &Site, scope: Scope, method: &str, path: &str, body: Option<Value>) -> Answer {
    let key = site.api_key(scope).await;
    let mut browser = site.browser();
    let request = browser
        .request(method, path)
        .header("x-api-key", key)
        .header(CONTENT_TYPE, "application/json")
        .body(body.map_or(Body::empty(), |body| Body::from(body.to_string())))
        .unwrap();
    browser.send(request).await
}

async fn make_group(site: &Site, name: &str) {
    let new = NewGroup {
        name: name.to_owned(),
        ..NewGroup::default()
    };
    create_group(&mut site.op(), site.store.as_ref(), new)
        .await
        .unwrap();
}

/// Requirement U01.
#[tokio::test]
async fn the_log_shows_who_did_what_and_leads_to_each_event() {
    let site = Site::start().await;
    make_group(&site, "<script>alert(1)</script> \u{5d0}\u{5d1}").await;
    site.browser()
        .sign_in(ROAD_RUNNER, "wrong-password-of-somebody")
        .await;
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    let page = browser.get("/admin/activity").await;
    assert_eq!(page.status, 200);
    for words in [
        "group_create",
        "user_login_attempt",
        "wrong password",
        "<svg",
        "in this time",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(!page.body.contains("<script>alert"));
    assert!(
        !page.body.contains("Destinations"),
        "a reader cannot send the log away"
    );
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    let entry = browser.get(&format!("/admin/activity/{}", event.id)).await;
    assert_eq!(entry.status, 200);
    for words in [
        ROAD_RUNNER,
        "wrong password",
        &event.request_id,
        "event_type",
        "Earlier",
    ] {
        assert!(entry.body.contains(words), "{words}");
    }
    assert_eq!(browser.get("/admin/activity/nonsense").await.status, 404);
}

/// Requirements U01 and C10: the log of one person is the log filtered by the person's id.
#[tokio::test]
async fn filters_narrow_the_log_and_stay_in_the_form() {
    let site = Site::start().await;
    site.browser_of(ROAD_RUNNER).await;
    site.browser_of(COYOTE).await;
    make_group(&site, "payroll").await;
    seal_events(&mut site.op(), site.store.as_ref(), site.keys().sealing())
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for (query, there, not_there) in [
        (
            format!("user={}", site.road_runner),
            "user_login_attempt",
            "payroll",
        ),
        (
            "user=payroll".to_owned(),
            "group_create",
            "<code>user_login_attempt",
        ),
        (
            "type=group_create".to_owned(),
            "payroll",
            "<code>user_login_attempt</code>",
        ),
        ("service=sso".to_owned(), "Nothing in this time", "payroll"),
        (
            "result=failed".to_owned(),
            "Nothing in this time",
            "payroll",
        ),
        (
            "range=between&from=2020-01-01&to=2020-01-02".to_owned(),
            "Nothing in this time",
            "payroll",
        ),
        (
            "range=between&from=2026-02-31".to_owned(),
            "Write a day as",
            "Internal",
        ),
        (
            "user=%F0%9F%A6%80%25_%27&after=zzz&range=nonsense&type=nonsense".to_owned(),
            "Nothing in this time",
            "payroll",
        ),
    ] {
        let page = browser.get(&format!("/admin/activity?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(page.body.contains(there), "{query}");
        assert!(!page.body.contains(not_there), "{query}: {}", page.body);
    }
    let person = browser
        .get(&format!("/admin/activity?user={}", site.road_runner))
        .await;
    assert!(!person.body.contains(COYOTE));
    assert_eq!(
        browser.get("/admin/activity?user=a&user=b").await.status,
        400
    );
}

#[tokio::test]
async fn a_long_log_comes_page_by_page_and_is_exported_whole() {
    let site = Site::start().await;
    for number in 0..60 {
        make_group(&site, &format!("team {number:02}")).await;
    }
    let mut browser = site.browser_of_administrator(Role::HelpDesk).await;
    let first = browser.get("/admin/activity?type=group_create").await;
    assert!(first.body.contains("team 59") && !first.body.contains("team 05"));
    let next = first
        .body
        .split('"')
        .find(|text| text.contains("after="))
        .unwrap();
    let next = next.replace("&#38;", "&");
    let second = browser.get(&next).await;
    assert!(second.body.contains("team 05") && !second.body.contains("team 59"));
    let csv = browser
        .get("/admin/activity/export.csv?type=group_create")
        .await;
    assert_eq!(csv.status, 200);
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.header("content-disposition").contains("activity.csv"));
    assert_eq!(csv.body.matches("group_create").count(), 61);
    let lines = browser
        .get("/admin/activity/export.json?type=group_create")
        .await;
    for line in lines.body.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["event_type"], "group_create");
    }
    assert_eq!(lines.body.lines().count(), 61);
    assert_eq!(site.count_events(EventKind::LogExport).await, 2);
}

/// Requirement U03.
#[tokio::test]
async fn alerts_are_counted_at_the_bell_and_dismissed_by_those_who_may() {
    let site = Site::start().await;
    for text in ["The <b>receiver</b> fails.", "Another thing."] {
        let alert = NewAlert {
            kind: AlertKind::LogDestinationFailing,
            severity: Severity::Warning,
            text: text.to_owned(),
            link: "/admin/activity/destinations".to_owned(),
            dedupe_key: text.to_owned(),
        };
        for _ in 0..2 {
            raise(
                &mut site.op(),
                site.store.as_ref(),
                site.keys().sealing(),
                alert.clone(),
            )
            .await
            .unwrap();
        }
    }
    let mut reader = site.browser_of_administrator(Role::ReadOnly).await;
    let page = reader.get("/admin/alerts").await;
    assert!(page.body.contains("Another thing.") && page.body.contains("&#60;b&#62;receiver"));
    assert!(page.body.contains("Alerts, 2 unread"), "{}", page.body);
    assert!(
        !page.body.contains("type=\"submit\" name=\"id\"") && !page.body.contains("Dismiss all")
    );
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let answer = call(&site, Scope::Read, "GET", "/api/v1/alerts", None).await;
    let id = answer.json()["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.json()["items"][0]["times"], 2);
    let answer = post(&mut browser, "/admin/alerts/dismiss", &[("id", &id)]).await;
    assert_eq!(answer.location(), "/admin/alerts?done=dismissed");
    assert!(browser.get("/admin/alerts").await.body.contains("1 alert"));
    post(&mut browser, "/admin/alerts/dismiss", &[("all", "on")]).await;
    assert!(
        browser
            .get("/admin/alerts")
            .await
            .body
            .contains("Nothing needs you")
    );
    let closed = call(&site, Scope::Read, "GET", "/api/v1/alerts?open=false", None).await;
    assert_eq!(closed.json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(site.count_events(EventKind::AlertDismiss).await, 2);
    assert_eq!(
        post(&mut browser, "/admin/alerts/dismiss", &[("id", "x")])
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_destination_is_added_changed_and_removed_and_its_secret_is_shown_once() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let list = "/admin/activity/destinations";
    assert!(
        browser
            .get(list)
            .await
            .body
            .contains("Nothing is sent anywhere")
    );
    let new = format!("{list}/new");
    let mut form = [
        ("kind", "webhook"),
        ("name", "SIEM"),
        ("target", "http://siem.example.com/"),
        ("active", "on"),
    ];
    let refused = post(&mut browser, &new, &form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("https://") && refused.body.contains("value=\"SIEM\""));
    form[2].1 = "https://siem.example.com/in";
    let created = post(&mut browser, &new, &form).await;
    assert_eq!(created.status, 200);
    let secret = created.body.split("jwwh_").nth(1).unwrap();
    let secret = format!("jwwh_{}", &secret[..43]);
    assert!(
        browser
            .get(list)
            .await
            .body
            .contains("https://siem.example.com/in")
    );
    let again = post(&mut browser, &new, &form).await;
    assert!(again.status == 422 && again.body.contains("Another destination has this name"));

    let all = call(&site, Scope::Full, "GET", "/api/v1/log-destinations", None).await;
    let id = all.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let page = browser.get(&format!("{list}/{id}")).await;
    assert!(page.status == 200 && !page.body.contains(&secret));
    let rotate = format!("/api/v1/log-destinations/{id}/rotate-secret");
    let rotated = call(&site, Scope::Full, "POST", &rotate, None).await.json();
    let by_api = rotated["secret"].as_str().unwrap();
    assert!(by_api.starts_with("jwwh_") && by_api != secret);
    let rotated = post(&mut browser, &format!("{list}/{id}"), &[("do", "rotate")]).await;
    assert!(rotated.body.contains("jwwh_") && !rotated.body.contains(&secret));
    let version = browser
        .get(&format!("{list}/{id}"))
        .await
        .input("version")
        .unwrap();
    let off = [
        ("name", "SIEM"),
        ("target", "https://siem.example.com/in"),
        ("version", &version),
    ];
    let saved = post(&mut browser, &format!("{list}/{id}"), &off).await;
    assert_eq!(saved.location(), "/admin/activity/destinations?done=saved");
    assert!(browser.get(list).await.body.contains("switched off"));
    let event = site
        .last_event(EventKind::LogDestinationUpdate)
        .await
        .unwrap();
    assert_eq!(
        event.detail["changes"],
        json!([{"field": "enabled", "from": true, "to": false}])
    );
    let delete = format!("{list}/{id}/delete");
    assert!(browser.get(&delete).await.body.contains("SIEM"));
    assert_eq!(post(&mut browser, &delete, &[]).await.status, 303);
    assert_eq!(browser.get(&format!("{list}/{id}")).await.status, 404);
    let everything = call(&site, Scope::Full, "GET", "/api/v1/events?limit=200", None).await;
    assert!(!everything.body.contains("jwwh_"), "no secret in the log");
}

/// Two administrators with the same destination on their screens.
#[tokio::test]
async fn a_destination_that_somebody_else_changed_is_not_overwritten_unseen() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let list = "/admin/activity/destinations";
    let target = ("target", "https://siem.example.com/in?token=rosebud");
    let new = [("kind", "webhook"), ("name", "SIEM"), target];
    post(&mut browser, &format!("{list}/new"), &new).await;
    let all = call(&site, Scope::Full, "GET", "/api/v1/log-destinations", None).await;
    let id = all.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("{list}/{id}");
    let seen = browser.get(&path).await.input("version").unwrap();
    let first = [("name", "Vault"), target, ("version", &*seen)];
    assert_eq!(post(&mut browser, &path, &first).await.status, 303);
    let second = [("name", "Safe"), target, ("version", &*seen)];
    let refused = post(&mut browser, &path, &second).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.input("name").unwrap(), "Safe");
    let told = "full@the-acme-corporation.com changed name.";
    assert!(refused.body.contains(told), "{}", refused.body);
    let now = refused.input("version").unwrap();
    let again = [("name", "Safe"), target, ("version", &*now)];
    assert_eq!(post(&mut browser, &path, &again).await.status, 303);
    let unversioned = post(&mut browser, &path, &[("name", "Safe"), target]).await;
    assert_eq!(unversioned.status, 400);

    // The address of a webhook may hold a token: the log shows where it leads and no more.
    let other = ("target", "https://siem.example.com/other?token=kane");
    let version = browser.get(&path).await.input("version").unwrap();
    let moved = [("name", "Safe"), other, ("version", &*version)];
    assert_eq!(post(&mut browser, &path, &moved).await.status, 303);
    let event = site
        .last_event(EventKind::LogDestinationUpdate)
        .await
        .unwrap();
    assert_eq!(
        event.detail["changes"],
        json!([{"field": "target.url", "from": "https://siem.example.com/…",
                "to": "https://siem.example.com/… (another path)"}])
    );
    let log = call(&site, Scope::Full, "GET", "/api/v1/events?limit=200", None).await;
    assert!(!log.body.contains("rosebud") && !log.body.contains("kane"));
}

/// Instants whose year in UTC has five digits cannot be written.
#[tokio::test]
async fn times_that_utc_cannot_write_are_refused_everywhere() {
    let site = Site::start().await;
    let late = "9999-12-31T23:59:59-01:00";
    let key = json!({"name": "x", "scopes": ["read"], "expires_at": late});
    let path = "/api/v1/api-keys";
    let answer = call(&site, Scope::Full, "POST", path, Some(key)).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert_eq!(fields_of(&answer), ["expires_at"]);
    let path = "/insights/directory/v1/events";
    let asked = json!({"service": ["all"], "start_time": late});
    let answer = call(&site, Scope::Read, "POST", path, Some(asked)).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let path = "/api/v1/events?to=9999-12-31T23:59:59-01:00";
    let answer = call(&site, Scope::Read, "GET", path, None).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    for path in ["/admin/activity", "/admin/activity/export.csv"] {
        for (name, at) in [("to", late), ("from", "0000-01-01T00:00:00%2B01:00")] {
            let answer = browser.get(&format!("{path}?{name}={at}")).await;
            assert!(answer.status < 500, "{path} {name}: {}", answer.status);
        }
    }
    let page = browser.get(&format!("/admin/activity?to={late}")).await;
    assert!(page.body.contains("Write a day as 2026-03-01."));
}

#[tokio::test]
async fn the_api_lists_filters_and_counts_events() {
    let site = Site::start().await;
    for number in 0..5 {
        make_group(&site, &format!("team {number}")).await;
    }
    let path = "/api/v1/events?type=group_create,group_delete&limit=4&sort=oldest_first";
    let first = call(&site, Scope::Read, "GET", path, None).await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 4);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = call(
        &site,
        Scope::Read,
        "GET",
        &format!("{path}&cursor={cursor}"),
        None,
    )
    .await;
    assert_eq!(second.json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(second.json()["next_cursor"], Value::Null);
    let event = &first["items"][3];
    assert_eq!(event["resource"]["type"], "user_group");
    let id = event["id"].as_str().unwrap();
    let one = call(
        &site,
        Scope::Read,
        "GET",
        &format!("/api/v1/events/{id}"),
        None,
    )
    .await;
    assert_eq!(one.json(), *event);
    let count = call(
        &site,
        Scope::Read,
        "GET",
        "/api/v1/events/count?type=group_create",
        None,
    )
    .await;
    assert_eq!(count.json(), json!({"count": 6, "at_least": false}));
    for (query, field) in [
        ("type=nonsense", "type"),
        ("from=yesterday", "from"),
        ("nonsense=1", "nonsense"),
        ("cursor=AAAA", "cursor"),
        ("sort=up", "sort"),
    ] {
        let refused = call(
            &site,
            Scope::Read,
            "GET",
            &format!("/api/v1/events?{query}"),
            None,
        )
        .await;
        assert_eq!(refused.status, 400, "{query}");
        assert!(
            refused.body.contains(&format!("\"field\":\"{field}\"")),
            "{}",
            refused.body
        );
    }
}

/// Requirements §5.4 and §5.6.
#[tokio::test]
async fn scripts_for_directory_insights_work_with_the_host_changed() {
    let site = Site::start().await;
    make_group(&site, "payroll").await;
    site.browser()
        .sign_in(COYOTE, "wrong-password-of-somebody")
        .await;
    let path = "/insights/directory/v1/events";
    let ask = |rest: Value| {
        let mut body = json!({"service": ["all"], "start_time": "2020-01-01T00:00:00Z"});
        body.as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        body
    };
    let body = ask(
        json!({"limit": 1, "sort": "DESC", "search_term": {"and": [{"event_type": "user_login_attempt"}, {"success": false}]}}),
    );
    let answer = call(&site, Scope::Read, "POST", path, Some(body)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("x-result-count"), "1");
    assert_eq!(answer.header("x-limit"), "1");
    assert_eq!(answer.json()[0]["error_message"], "wrong_password");
    let after: Value = serde_json::from_str(answer.header("x-search_after")).unwrap();
    let body = ask(
        json!({"limit": 1, "sort": "DESC", "search_after": after, "search_term": {"and": [{"event_type": "user_login_attempt"}, {"success": false}]}}),
    );
    let answer = call(&site, Scope::Read, "POST", path, Some(body)).await;
    assert_eq!(answer.json(), json!([]));
    let body = ask(
        json!({"search_term": {"or": [{"event_type": "group_create"}, {"event_type": "group_delete"}]}}),
    );
    let answer = call(
        &site,
        Scope::Read,
        "POST",
        "/insights/directory/v1/events/count",
        Some(body),
    )
    .await;
    assert_eq!(answer.json(), json!({"count": 2}));
    // What is not single sign-on is not made so by being asked for twice.
    let body =
        ask(json!({"service": vec!["directory"; 3], "search_term": {"event_type": "sso_auth"}}));
    let answer = call(&site, Scope::Read, "POST", path, Some(body)).await;
    assert_eq!(answer.json(), json!([]));
    for wrong in [
        json!({"search_term": {"not": {"success": true}}}),
        json!({"service": ["radius"]}),
        json!({"search_term": {"event_type": vec!["group_create"; 201]}}),
        json!({"nonsense": 1}),
    ] {
        let answer = call(&site, Scope::Read, "POST", path, Some(ask(wrong))).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
    }
}

/// Security.md item 57: who, what, when, where and with which outcome.
#[tokio::test]
async fn every_event_of_a_request_says_who_what_where_and_how_it_ended() {
    let site = Site::start().await;
    let mut person = site.browser_of(ROAD_RUNNER).await;
    person.get("/saml2/acme-prod-aws-admin").await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    post(&mut browser, "/admin/groups/new", &[("name", "payroll")]).await;
    for kind in [
        EventKind::UserLoginAttempt,
        EventKind::SsoAuth,
        EventKind::AdminLoginAttempt,
        EventKind::GroupCreate,
    ] {
        let event = site.last_event(kind).await.unwrap();
        assert!(event.success, "{kind:?}");
        assert!(
            matches!(
                event.actor,
                Actor::User { .. } | Actor::Administrator { .. }
            ),
            "{kind:?}: {:?}",
            event.actor
        );
        assert!(
            matches!(&event.target, Some(Target { id, label, .. }) if !id.is_empty() && !label.is_empty()),
            "{kind:?}"
        );
        assert!(event.ip.is_some(), "{kind:?}");
        assert!(!event.request_id.is_empty());
        assert!(!event.detail.to_string().contains(PASSWORD), "{kind:?}");
    }
}
