//! The list of people: its columns, its notes, and the way back to it.

use jetway_identity::users::schedule_state;
use jetway_identity::{NewGroup, Role, UserState, create_group};
use time::Duration;

use crate::admin_users::{act, assert_says, id_of};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

/// Requirement B09.
#[tokio::test]
async fn the_pages_of_a_person_lead_back_to_the_place_in_the_list() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let person = format!("/admin/users/{}", site.road_runner);
    let back = |address: &str| format!("<a href=\"{address}\">Users</a>");
    let details = admin.get(&format!("{person}/details")).await;
    assert_says(&details, &[&back("/admin/users")]);
    let list = "/admin/users?state=active&q=r%C3%B6ad&sort=-email&rows=100";
    admin.get(&format!("{list}&done=saved&unknown=1")).await;
    for tab in ["highlights", "details", "groups", "devices", "activity"] {
        let page = admin.get(&format!("{person}/{tab}")).await;
        assert_says(&page, &[&back(&list.replace('&', "&#38;"))]);
    }
    admin.get("/admin/users").await;
    let details = admin.get(&format!("{person}/details")).await;
    assert_says(&details, &[&back("/admin/users")]);
    // Whatever the cookie says, it leads to the list.
    for planted in ["Ly9ldmlsLmV4YW1wbGU", "%%%", "cT1hJnE9Yg"] {
        admin
            .cookies
            .insert("jetway_place".to_owned(), planted.to_owned());
        let details = admin.get(&format!("{person}/details")).await;
        assert_says(&details, &[&back("/admin/users")]);
    }
}

/// Requirement B06.
#[tokio::test]
async fn columns_are_chosen_kept_and_set_back() {
    let site = Site::start().await;
    site.browser_of(ROAD_RUNNER).await;
    let mut admin = site.browser_of_administrator(Role::ReadOnly).await;
    let usual = admin.get("/admin/users?q=road").await;
    assert_says(
        &usual,
        &["Password Status</th>", "MFA: TOTP</th>", "Email</a></th>"],
    );
    assert!(!usual.body.contains("Last sign-in</th>"));
    let chosen = [
        ("q", "road"),
        ("column", "username"),
        ("column", "last-sign-in"),
        ("column", "nonsense"),
    ];
    let answer = act(&mut admin, "/admin/users/columns", &chosen).await;
    assert_eq!(answer.location(), "/admin/users?q=road");
    let page = admin.get(answer.location()).await;
    let expected = ["Username</a></th>", "Last sign-in</th>", "2026-03-02"];
    assert_says(&page, &expected);
    assert!(!page.body.contains("Email</a></th>"));
    let answer = act(&mut admin, "/admin/users/columns", &[("do", "default")]).await;
    let page = admin.get(answer.location()).await;
    assert_says(&page, &["Password Status</th>", "Email</a></th>"]);
}

/// Requirements D01 and D02.
#[tokio::test]
async fn a_row_says_who_is_locked_out_and_who_will_be_suspended() {
    let site = Site::start().await;
    let coyote = id_of(&site, COYOTE).await;
    let mut op = site.op();
    let due = op.now + Duration::days(3);
    schedule_state(
        &mut op,
        site.store.as_ref(),
        coyote,
        UserState::Suspended,
        due,
    )
    .await
    .unwrap();
    for _ in 0..5 {
        site.browser().sign_in(ROAD_RUNNER, "wrong").await;
    }
    let mut admin = site.browser_of_administrator(Role::ReadOnly).await;
    let page = admin.get("/admin/users").await;
    assert_says(&page, &[">locked</span>", ">suspended in 3 days</span>"]);
}

/// Requirement E05.
#[tokio::test]
async fn a_group_that_aws_does_not_take_says_so_where_applications_are_given_to_it() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    for (name, warned) in [("prod:admins", true), ("admins", false)] {
        let new = NewGroup {
            name: name.to_owned(),
            ..NewGroup::default()
        };
        let group = create_group(&mut site.op(), site.store.as_ref(), new).await;
        let path = format!("/admin/groups/{}/applications", group.unwrap());
        let page = admin.get(&path).await;
        let says = page.body.contains("AWS does not take names with a colon");
        assert_eq!(says, warned, "{}", page.body);
    }
}
