//! `/api/v1/settings` and `/api/v1/organisation`.

use jetway_identity::{EventKind, Scope};
use serde_json::json;

use crate::admin_home::mail_server;
use crate::api::{Api, fields_of, problem};
use crate::site::Site;

const SETTINGS: &str = "/api/v1/settings";

/// Requirement A12.
#[tokio::test]
async fn settings_are_read_with_their_version_and_changed_field_by_field() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Settings).await;
    let first = api.get(SETTINGS).await;
    assert_eq!(first.status, 200);
    let tag = first.header("etag").to_owned();
    let unchanged = api
        .call("GET", SETTINGS, &[("if-none-match", &tag)], None)
        .await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (304, ""));
    assert_eq!(unchanged.header("etag"), tag);

    let change = json!({"sessions": {"idle_minutes": 15}, "profile": {"name": "Acme"}});
    let changed = api
        .call("PATCH", SETTINGS, &[("if-match", &tag)], Some(&change))
        .await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let settings = changed.json();
    assert_eq!(settings["sessions"]["idle_minutes"], 15);
    assert_eq!(settings["sessions"]["absolute_minutes"], 1440, "stays");
    assert_ne!(changed.header("etag"), tag);
    let event = site
        .last_event(EventKind::OrganizationUpdate)
        .await
        .unwrap();
    assert_eq!(event.detail["changes"].as_array().unwrap().len(), 2);

    let back = json!({"sessions": {"idle_minutes": null}});
    let changed = api.patch(SETTINGS, &back).await;
    assert_eq!(changed.json()["sessions"]["idle_minutes"], 60);
    let organisation = api.get("/api/v1/organisation").await.json();
    assert_eq!(organisation["name"], "Acme");
    assert_eq!(organisation["id"].as_str().unwrap().len(), 24);
}

/// Two administrators with the same settings on their screens.
#[tokio::test]
async fn a_change_to_settings_that_somebody_else_changed_is_refused_with_the_new_version() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Settings).await;
    let tag = api.get(SETTINGS).await.header("etag").to_owned();
    let first = api
        .patch(SETTINGS, &json!({"lockout": {"attempts": 7}}))
        .await;
    let second = json!({"lockout": {"attempts": 9}});
    let refused = api
        .call("PATCH", SETTINGS, &[("if-match", &tag)], Some(&second))
        .await;
    assert_eq!(refused.status, 412);
    assert_eq!(refused.header("etag"), first.header("etag"));
    assert_eq!(problem(&refused)["current_etag"], first.header("etag"));
    assert_eq!(api.get(SETTINGS).await.json()["lockout"]["attempts"], 7);
}

#[tokio::test]
async fn settings_that_cannot_be_used_name_their_fields_and_change_nothing() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let before = api.get(SETTINGS).await;
    for (change, fields) in [
        (
            json!({"sessions": {"idle_minutes": 0}, "profile": {"name": " "}}),
            vec!["profile.name", "sessions.idle_minutes"],
        ),
        (json!({"colour": "red"}), vec!["colour"]),
        (json!({"profile": {"nam": "x"}}), vec!["profile.nam"]),
        (
            json!({"passwords": {"min_characters": "15"}}),
            vec!["passwords.min_characters"],
        ),
        (
            json!({"default_states": {"manual": "retired"}}),
            vec!["default_states.manual"],
        ),
        (json!({"mail": {"host": "localhost"}}), vec!["mail.port"]),
        (
            json!({"administrator_oidc": {"name": "x", "issuer": "no address", "client_id": "x"}}),
            vec!["administrator_oidc.issuer"],
        ),
    ] {
        let answer = api.patch(SETTINGS, &change).await;
        assert_eq!(answer.status, 422, "{change}: {}", answer.body);
        assert_eq!(fields_of(&answer), fields, "{change}");
    }
    for not_an_object in [json!([]), json!("x"), json!(null)] {
        assert_eq!(api.patch(SETTINGS, &not_an_object).await.status, 400);
    }
    let after = api.get(SETTINGS).await;
    assert_eq!(after.body, before.body);
    assert_eq!(after.header("etag"), before.header("etag"));
}

/// Requirement A11: who controls the mails or the provider of administrators becomes one.
#[tokio::test]
async fn sections_that_open_the_way_to_administrators_take_the_full_scope() {
    let site = Site::start().await;
    let mail = json!({"mail": {"host": "mail.example", "port": 465, "security": "tls",
                               "from": "id@the-acme-corporation.com"}});
    let provider = json!({"administrator_oidc": {"name": "Acme", "client_id": "x",
                                                 "issuer": "https://id.example/"}});
    for scope in [Scope::Read, Scope::Users, Scope::Groups, Scope::Settings] {
        let api = Api::new(&site, scope).await;
        for change in [&mail, &provider] {
            let refused = api.patch(SETTINGS, change).await;
            assert_eq!(refused.status, 403, "{scope:?}: {}", refused.body);
            let section = change.as_object().unwrap().keys().next().unwrap();
            let named = refused.body.contains(section.as_str());
            assert_eq!(named, scope == Scope::Settings, "{}", refused.body);
        }
    }
    let api = Api::new(&site, Scope::Full).await;
    for (change, section) in [(&mail, "mail"), (&provider, "administrator_oidc")] {
        let changed = api.patch(SETTINGS, change).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        // Taking it away is a change too; the rest of the settings is not.
        let settings = Api::new(&site, Scope::Settings).await;
        let removed = settings.patch(SETTINGS, &json!({section: null})).await;
        assert_eq!(removed.status, 403, "{}", removed.body);
        let other = settings
            .patch(SETTINGS, &json!({"lockout": {"attempts": 7}}))
            .await;
        assert_eq!(other.status, 200, "{}", other.body);
    }
}

#[tokio::test]
async fn secrets_of_the_settings_are_taken_and_never_shown() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let change = json!({
        "mail": {"host": "mail.example", "port": 465, "security": "tls", "username": "acme",
                 "password": "rosebud-rosebud", "from": "id@the-acme-corporation.com"},
        "administrator_oidc": {"name": "Acme", "issuer": "https://id.example/", "client_id": "x",
                               "client_secret": "birdseed-birdseed"},
    });
    let changed = api.patch(SETTINGS, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let event = site
        .last_event(EventKind::OrganizationUpdate)
        .await
        .unwrap();
    let read = api.get(SETTINGS).await;
    for text in [changed.body, read.body.clone(), event.detail.to_string()] {
        assert!(
            !text.contains("rosebud") && !text.contains("birdseed"),
            "{text}"
        );
    }
    assert_eq!(read.json()["mail"]["has_password"], true);
    let sections = site.store.read().await.unwrap().settings().await.unwrap();
    let kept = sections.sections.mail.unwrap().sealed_password.unwrap();
    // What was read can be sent back as it is: the secrets stay.
    let again = api.patch(SETTINGS, &read.json()).await;
    assert_eq!(again.status, 200, "{}", again.body);
    let sections = site.store.read().await.unwrap().settings().await.unwrap();
    assert_eq!(
        sections.sections.mail.unwrap().sealed_password.unwrap(),
        kept
    );
}

#[tokio::test]
async fn names_in_any_script_are_stored_and_shown_literally() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Settings).await;
    for name in [
        "<script>alert(1)</script>",
        "شركة أكمي",
        "🛩️ 航空",
        "O'Brien & \"Co\"",
    ] {
        let changed = api
            .patch(SETTINGS, &json!({"profile": {"name": name}}))
            .await;
        assert_eq!(changed.json()["profile"]["name"], name);
    }
    let null = api
        .patch(SETTINGS, &json!({"profile": {"name": "a\0b"}}))
        .await;
    assert_eq!(null.status, 400);
}

/// Requirement A07.
#[tokio::test]
async fn a_test_mail_goes_where_it_is_told_and_needs_a_mail_server() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let to = json!({"to": "road@acme.example"});
    let path = "/api/v1/settings/test-mail";
    let refused = api.post(path, &to).await;
    assert_eq!(
        problem(&refused)["type"],
        "urn:jetway:problem:no-mail-server"
    );
    site.change_settings(|sections| sections.mail = Some(mail_server()))
        .await;
    let wrong = api.post(path, &json!({"to": "nobody"})).await;
    assert_eq!(
        (wrong.status, fields_of(&wrong)),
        (422, vec!["to".to_owned()])
    );
    let sent = api.post(path, &to).await;
    assert_eq!(sent.status, 202, "{}", sent.body);
    let mail = format!("/api/v1/mails/{}", sent.json()["mail_id"].as_str().unwrap());
    assert_eq!(api.get(&mail).await.json()["to"], "road@acme.example");
}
