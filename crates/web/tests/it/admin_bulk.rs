//! What is done to many people at once, and what is then said.

use jetway_identity::Role;

use crate::admin_home::mail_server;
use crate::admin_users::{act, assert_says, id_of};
use crate::site::{COYOTE, Site};

/// Requirements D04 and U02.
#[tokio::test]
async fn inviting_many_says_how_many_and_where_the_links_are() {
    let site = Site::start().await;
    let one = site.add_user_without_password("a@bulk.example").await;
    let other = site.add_user_without_password("b@bulk.example").await;
    let has_password = site.road_runner.to_string();
    let (one, other) = (one.to_string(), other.to_string());
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let invite = [
        ("id", one.as_str()),
        ("id", &other),
        ("id", &has_password),
        ("action", "invite"),
    ];
    let answer = act(&mut admin, "/admin/users/bulk", &invite).await;
    let page = admin.get(answer.location()).await;
    assert_says(
        &page,
        &["2 users: The activation links are made. There is no mail server"],
    );
    let nobody = [("id", has_password.as_str()), ("action", "invite")];
    let answer = act(&mut admin, "/admin/users/bulk", &nobody).await;
    let page = admin.get(answer.location()).await;
    assert_says(&page, &["Nobody was invited: all of them have a password"]);
    site.change_settings(|sections| sections.mail = Some(mail_server()))
        .await;
    let answer = act(&mut admin, "/admin/users/bulk", &invite).await;
    let page = admin.get(answer.location()).await;
    assert_says(&page, &["2 users: The activation mails are on their way."]);
}

#[tokio::test]
async fn a_new_password_is_required_of_one_and_of_many() {
    let site = Site::start().await;
    let id = site.road_runner.to_string();
    let mut admin = site.browser_of_administrator(Role::HelpDesk).await;
    let path = format!("/admin/users/{id}/require-password-change");
    let page = admin.get(&format!("/admin/users/{id}/highlights")).await;
    assert_says(&page, &[&path, "Require password change"]);
    assert_says(
        &admin.get("/admin/users").await,
        &["require-password-change"],
    );
    let coyote = id_of(&site, COYOTE).await.to_string();
    let pending = site.add_user_without_password("a@bulk.example").await;
    let pending = pending.to_string();
    let require = [
        ("id", id.as_str()),
        ("id", &coyote),
        ("id", &pending),
        ("action", "require-password-change"),
    ];
    let answer = act(&mut admin, "/admin/users/bulk", &require).await;
    let page = admin.get(answer.location()).await;
    assert_says(&page, &["2 users: Signed out everywhere. The next sign-in"]);
}

#[tokio::test]
async fn groups_say_for_how_many_something_changed() {
    let site = Site::start().await;
    let (group, coyote) = (site.operations.to_string(), id_of(&site, COYOTE).await);
    let (runner, coyote) = (site.road_runner.to_string(), coyote.to_string());
    let mut admin = site.browser_of_administrator(Role::Full).await;
    for (action, said) in [
        ("add-to-group", "1 user: Added to the group."),
        ("add-to-group", "Nobody was added: all of them are members"),
        ("remove-from-group", "2 users: Removed from the group."),
        ("remove-from-group", "Nobody was removed: none of them was"),
    ] {
        let form = [
            ("id", runner.as_str()),
            ("id", &coyote),
            ("group", &group),
            ("action", action),
        ];
        let answer = act(&mut admin, "/admin/users/bulk", &form).await;
        assert_says(&admin.get(answer.location()).await, &[said]);
    }
}
