//! The first page of the admin portal, and what its header tells.

use jetway_identity::settings::{MailSecurity, MailServer};
use jetway_identity::{Role, Scope, UserState};

use crate::site::{COYOTE, Site};

pub(crate) fn mail_server() -> MailServer {
    MailServer {
        host: "smtp.example.com".to_owned(),
        port: 465,
        security: MailSecurity::Tls,
        username: String::new(),
        sealed_password: None,
        from: "jetway@the-acme-corporation.com".to_owned(),
    }
}

/// Requirement A08: the set-up list is worked out from what there is, and ends.
#[tokio::test]
async fn the_set_up_shows_what_is_left_until_nothing_is() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get("/admin").await;
    assert!(page.body.contains("<span class=\"chip-count\">4/6</span>"));
    for step in [
        "Set up the mail server",
        "Add a second administrator or an API key",
    ] {
        assert!(page.body.contains(&format!("{step}</a></li>")), "{step}");
    }
    for step in [
        "Name the organisation",
        "Add the first group",
        "Add the first application",
    ] {
        assert!(page.body.contains(&format!("{step}</a> <span")), "{step}");
    }
    site.change_settings(|sections| sections.mail = Some(mail_server()))
        .await;
    let page = browser.get("/admin/settings/mail").await;
    assert!(page.body.contains("5/6"), "on every page");
    site.api_key(Scope::Read).await;
    let page = browser.get("/admin").await;
    assert!(!page.body.contains("/6<"), "{}", page.body);
    assert!(!page.body.contains("Set-up"));
}

/// Requirement B02: the numbers are those of the list.
#[tokio::test]
async fn the_numbers_and_tasks_are_those_of_now() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let figure = |state: &str, number: u64| {
        format!("<a href=\"/admin/users?state={state}\"><strong>{number}</strong>")
    };
    let page = browser.get("/admin").await;
    assert!(page.body.contains(&figure("active", 2)));
    assert!(page.body.contains(&figure("staged", 0)));
    assert!(!page.body.contains("staged and cannot sign in"));

    site.browser_of(COYOTE).await;
    site.add_user_in_state("daffy@acme.com", UserState::Staged)
        .await;
    let new = site.add_user_without_password("bugs@acme.com").await;
    site.invite(new).await;
    let page = browser.get("/admin").await;
    assert!(page.body.contains("1 mail to hand over yourself"));
    let waiting = "1 user is staged and cannot sign in";
    for words in [figure("staged", 1), waiting.to_owned()] {
        assert!(page.body.contains(&words), "{words}");
    }
    for words in [
        "<strong>1</strong> <span>Sign-ins today",
        "user_activation_email",
        "bugs@acme.com",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
}

/// Requirement A11: nothing that the role could not read elsewhere, nothing that it cannot do.
#[tokio::test]
async fn a_lesser_role_sees_neither_the_outbox_nor_the_set_up() {
    let site = Site::start().await;
    let new = site.add_user_without_password("bugs@acme.com").await;
    site.invite(new).await;
    for role in [Role::HelpDesk, Role::ReadOnly] {
        let mut browser = site.browser_of_administrator(role).await;
        let page = browser.get("/admin").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Staged users"));
        assert!(page.body.contains("admin_login_attempt"));
        assert!(!page.body.contains("/admin/outbox"), "{role:?}");
        assert!(!page.body.contains("Set-up"), "{role:?}");
    }
}
