//! What administrators do about people's way in, and the outbox.

use jetway_identity::settings::{MailSecurity, MailServer};
use jetway_identity::{EventKind, Role, UserState};

use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, ROAD_RUNNER, Site};

async fn act(browser: &mut Browser<'_>, path: &str, more: &[(&str, &str)]) -> Answer {
    let csrf = browser.admin_csrf().await;
    let mut fields = vec![("csrf", csrf.as_str())];
    fields.extend(more);
    browser.post(path, &fields).await
}

fn server() -> MailServer {
    MailServer {
        host: "localhost".to_owned(),
        port: 2525,
        security: MailSecurity::None,
        username: String::new(),
        sealed_password: None,
        from: "jetway@acme.com".to_owned(),
    }
}

/// Requirement A13, without a mail server: the administrator hands the link over.
#[tokio::test]
async fn without_a_mail_server_the_link_is_shown_to_the_administrator() {
    let site = Site::start().await;
    let user = site
        .add_user_without_password("daffy@contractor.example")
        .await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let answer = act(&mut admin, &format!("/admin/users/{user}/invite"), &[]).await;
    assert_eq!(answer.status, 303);
    let outbox = answer.location().to_owned();
    assert!(outbox.starts_with("/admin/outbox/"), "{outbox}");
    let page = admin.get(&outbox).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let path = site.mailed_path().await;
    assert!(page.body.contains(&path), "the link is there");
    let seen = site.last_event(EventKind::MailView).await.unwrap();
    assert_eq!(seen.target.unwrap().label, "daffy@contractor.example");
    let list = admin.get("/admin/outbox").await;
    assert!(list.body.contains("daffy@contractor.example"));
    assert!(list.body.contains("No mail server"));
    assert!(!list.body.contains(&path), "not in the list");
    // The help desk invites and does not see links, which could be those of administrators.
    let mut desk = site.browser_of_administrator(Role::HelpDesk).await;
    let answer = act(&mut desk, &format!("/admin/users/{user}/invite"), &[]).await;
    assert_eq!(
        answer.location(),
        format!("/admin/users/{user}/highlights?done=link-waits")
    );
    assert_eq!(desk.get(&outbox).await.status, 403);
}

#[tokio::test]
async fn an_administrator_resets_unlocks_and_signs_out_a_person() {
    let site = Site::start().await;
    site.change_settings(|settings| settings.mail = Some(server()))
        .await;
    let user = site.road_runner;
    let mut admin = site.browser_of_administrator(Role::HelpDesk).await;
    let base = format!("/admin/users/{user}");
    let done = |code: &str| format!("{base}/highlights?done={code}");

    let answer = act(&mut admin, &format!("{base}/reset-password"), &[]).await;
    assert_eq!(answer.location(), done("reset-sent"));
    assert!(site.mailed_path().await.starts_with("/login/reset/"));
    let answer = act(&mut admin, &format!("{base}/invite"), &[]).await;
    assert_eq!(answer.location(), done("has-password"));

    let mut person = site.browser_of(ROAD_RUNNER).await;
    let answer = act(&mut admin, &format!("{base}/sign-out-everywhere"), &[]).await;
    assert_eq!(answer.location(), done("signed-out-everywhere"));
    assert_eq!(person.get("/").await.status, 303);
    let answer = act(&mut admin, &format!("{base}/sign-out-everywhere"), &[]).await;
    assert_eq!(answer.location(), done("nothing-to-sign-out"));

    for _ in 0..5 {
        person.sign_in(ROAD_RUNNER, "wrong").await;
    }
    assert_eq!(person.sign_in(ROAD_RUNNER, PASSWORD).await.status, 429);
    let answer = act(&mut admin, &format!("{base}/unlock"), &[]).await;
    assert_eq!(answer.location(), done("unlocked"));
    let answer = act(&mut admin, &format!("{base}/unlock"), &[]).await;
    assert_eq!(answer.location(), done("not-locked"));
    assert_eq!(person.sign_in(ROAD_RUNNER, PASSWORD).await.status, 303);

    let answer = act(&mut admin, &format!("{base}/require-password-change"), &[]).await;
    assert_eq!(answer.location(), done("change-required"));
    assert_eq!(person.get("/").await.status, 303);
    let answer = person.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert!(answer.location().starts_with("/login/expired/"));
}

#[tokio::test]
async fn one_session_of_a_person_is_ended_from_their_devices() {
    let site = Site::start().await;
    let mut person = site.browser_of(ROAD_RUNNER).await;
    let mut other = site.browser_of(ROAD_RUNNER).await;
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    let session = event.detail["session"].as_str().unwrap().to_owned();
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let user = site.road_runner;
    let path = format!("/admin/users/{user}/devices/{session}/sign-out");
    for expected in ["signed-out", "session-over"] {
        let answer = act(&mut admin, &path, &[]).await;
        let devices = format!("/admin/users/{user}/devices?done={expected}");
        assert_eq!(answer.location(), devices);
    }
    assert_eq!(other.get("/").await.status, 303);
    assert_eq!(person.get("/").await.status, 200);
}

#[tokio::test]
async fn people_who_are_not_there_are_not_found() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    for id in ["0123456789abcdef01234567", "x", "%00"] {
        for action in [
            "invite",
            "reset-password",
            "require-password-change",
            "sign-out-everywhere",
            "unlock",
        ] {
            let answer = act(&mut admin, &format!("/admin/users/{id}/{action}"), &[]).await;
            assert_eq!(answer.status, 404, "{id} {action}");
        }
    }
    for id in ["x", "01912345-6789-7abc-8def-0123456789ab"] {
        assert_eq!(admin.get(&format!("/admin/outbox/{id}")).await.status, 404);
        let path = format!("/admin/outbox/{id}");
        let answer = act(&mut admin, &path, &[("do", "again")]).await;
        assert_eq!(answer.status, 404);
    }
    let path = "/admin/outbox/01912345-6789-7abc-8def-0123456789ab";
    assert_eq!(act(&mut admin, path, &[("do", "burn")]).await.status, 400);
}

#[tokio::test]
async fn suspended_people_get_neither_invitation_nor_reset() {
    let site = Site::start().await;
    let email = "suspended@acme.com";
    let user = site.add_user_in_state(email, UserState::Suspended).await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let path = format!("/admin/users/{user}/reset-password");
    let answer = act(&mut admin, &path, &[]).await;
    assert!(answer.location().ends_with("?done=not-active"));
    assert_eq!(site.mails().await, 0);
}

#[tokio::test]
async fn the_outbox_is_filtered_and_paged_and_sends_again() {
    let site = Site::start().await;
    site.change_settings(|settings| settings.mail = Some(server()))
        .await;
    let user = site
        .add_user_without_password("daffy@contractor.example")
        .await;
    for _ in 0..51 {
        site.invite(user).await;
    }
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let page = admin.get("/admin/outbox").await;
    assert_eq!(page.body.matches("/admin/outbox/").count(), 50);
    let next = page.body.split("?before=").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let page = admin.get(&format!("/admin/outbox?before={next}")).await;
    assert_eq!(page.body.matches("/admin/outbox/").count(), 1);
    let sent = admin.get("/admin/outbox?state=sent").await;
    assert!(sent.body.contains("No mail matches"));
    let odd = admin.get("/admin/outbox?state=%00&before=x").await;
    assert_eq!(odd.status, 200);

    let id = page.body.split("/admin/outbox/").nth(1).unwrap();
    let path = format!("/admin/outbox/{}", id.split('"').next().unwrap());
    let answer = act(&mut admin, &path, &[("do", "again")]).await;
    assert_eq!(answer.location(), format!("{path}?done=again"));
    let page = admin.get(answer.location()).await;
    assert!(page.body.contains("handed over again"));
    // A newer invitation has taken the place of this one: its link is not offered.
    assert!(!page.body.contains("The link in it"), "{}", page.body);
}
