//! `/api/v1`: what programs do about people's way in, and the outbox.

use axum::body::Body;
use http::header::AUTHORIZATION;
use jetway_identity::{EventKind, Scope};
use serde_json::Value;

use crate::browser::Answer;
use crate::site::{PASSWORD, ROAD_RUNNER, Site};

async fn call(site: &Site, key: &str, method: &str, path: &str) -> Answer {
    let request = site
        .browser()
        .request(method, path)
        .header(AUTHORIZATION, format!("Bearer {key}"))
        .body(Body::empty())
        .unwrap();
    site.browser().send(request).await
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).expect(&answer.body)
}

#[tokio::test]
async fn a_program_invites_and_resets_and_reads_the_outbox() {
    let site = Site::start().await;
    let key = site.api_key(Scope::Full).await;
    let user = site
        .add_user_without_password("daffy@contractor.example")
        .await;
    let users = "/api/v1/users";
    let invited = call(&site, &key, "POST", &format!("{users}/{user}/invite")).await;
    assert_eq!(invited.status, 202, "{}", invited.body);
    let mail = json(&invited)["mail_id"].as_str().unwrap().to_owned();
    let path = site.mailed_path().await;

    let list = call(&site, &key, "GET", "/api/v1/mails?state=waiting&limit=1").await;
    let list_document = json(&list);
    assert_eq!(list_document["items"][0]["id"], mail.as_str());
    assert_eq!(list_document["items"][0]["state"], "waiting");
    assert!(!list.body.contains(&path), "no links in lists");
    let whole = call(&site, &key, "GET", &format!("/api/v1/mails/{mail}")).await;
    assert!(json(&whole)["text"].as_str().unwrap().contains(&path));
    assert_eq!(json(&whole)["link_is_live"], true);
    assert_eq!(site.count_events(EventKind::MailView).await, 1);
    let again = call(&site, &key, "POST", &format!("/api/v1/mails/{mail}/retry")).await;
    assert_eq!(again.status, 202);

    let reset = call(
        &site,
        &key,
        "POST",
        &format!("{users}/{user}/password-reset"),
    )
    .await;
    assert_eq!(reset.status, 409);
    assert_eq!(json(&reset)["type"], "urn:jetway:problem:no-password");
    let runner = site.road_runner;
    let invited = call(&site, &key, "POST", &format!("{users}/{runner}/invite")).await;
    assert_eq!(json(&invited)["type"], "urn:jetway:problem:has-password");
    let reset = call(
        &site,
        &key,
        "POST",
        &format!("{users}/{runner}/password-reset"),
    )
    .await;
    assert_eq!(reset.status, 202);
}

/// Security.md item 40.
#[tokio::test]
async fn a_program_lists_and_ends_sessions() {
    let site = Site::start().await;
    let key = site.api_key(Scope::Users).await;
    let mut browsers = [
        site.browser_of(ROAD_RUNNER).await,
        site.browser_of(ROAD_RUNNER).await,
    ];
    let base = format!("/api/v1/users/{}/sessions", site.road_runner);
    let list = json(&call(&site, &key, "GET", &base).await);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        (&items[0]["via"], &items[0]["ip"]),
        (&"browser".into(), &"192.0.2.7".into())
    );
    assert_eq!(items[0]["created_at"], "2026-03-02T09:00:00.000Z");
    let one = format!("{base}/{}", items[0]["id"].as_str().unwrap());
    assert_eq!(call(&site, &key, "DELETE", &one).await.status, 204);
    assert_eq!(call(&site, &key, "DELETE", &one).await.status, 404);
    let rest = call(&site, &key, "DELETE", &base).await;
    assert_eq!(json(&rest)["ended"], 1);
    for browser in &mut browsers {
        assert_eq!(browser.get("/").await.status, 303);
    }
    let change = format!("/api/v1/users/{}/require-password-change", site.road_runner);
    assert_eq!(call(&site, &key, "POST", &change).await.status, 204);
    let answer = browsers[0].sign_in(ROAD_RUNNER, PASSWORD).await;
    assert!(answer.location().starts_with("/login/expired/"));
    let unlock = format!("/api/v1/users/{}/unlock", site.road_runner);
    assert_eq!(call(&site, &key, "POST", &unlock).await.status, 204);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_odd_parameters_are_named() {
    let site = Site::start().await;
    let key = site.api_key(Scope::Full).await;
    for id in ["0123456789abcdef01234567", "x"] {
        for (method, rest) in [
            ("POST", "invite"),
            ("POST", "password-reset"),
            ("POST", "require-password-change"),
            ("POST", "unlock"),
            ("GET", "sessions"),
            ("DELETE", "sessions"),
            ("DELETE", "sessions/01912345-6789-7abc-8def-0123456789ab"),
        ] {
            let answer = call(&site, &key, method, &format!("/api/v1/users/{id}/{rest}")).await;
            assert_eq!(answer.status, 404, "{method} {id}/{rest}");
        }
    }
    for (query, field) in [
        ("state=x", "state"),
        ("cursor=eA", "cursor"),
        ("cursor=%ff", "cursor"),
        ("limit=0", "limit"),
        ("x=1", "x"),
    ] {
        let answer = call(&site, &key, "GET", &format!("/api/v1/mails?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(json(&answer)["errors"][0]["field"], field, "{query}");
    }
}
