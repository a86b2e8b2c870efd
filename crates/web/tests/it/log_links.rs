//! The ways from the pages of the admin portal into the activity log.

use jetway_identity::{EventKind, Role};

use crate::admin_users::{act, assert_says};
use crate::site::{COYOTE, LABEL, ROAD_RUNNER, Site, administrator_email};

/// Requirements C11 and U01: what the pages say happened can be looked up, also what happened to
/// the groups of a person and the applications of a group.
#[tokio::test]
async fn links_lead_into_the_log_of_the_person_the_group_and_the_application() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    site.browser_of(ROAD_RUNNER).await;
    let (id, group) = (site.road_runner, site.operations);
    let log = |id: &str| format!("/admin/activity?range=year&user={id}");
    for (page, id, words) in [
        (
            format!("/admin/users/{id}/activity"),
            id.to_string(),
            &["user_create", "association_change", "added road.runner@"][..],
        ),
        (
            format!("/admin/groups/{group}/details"),
            group.to_string(),
            &[
                "group_create",
                "added road.runner@",
                LABEL,
                "added operations",
            ],
        ),
        (
            format!("/admin/applications/{}/general", site.application),
            site.application.to_string(),
            &["application_create", "added operations"],
        ),
    ] {
        let shown = admin.get(&page).await;
        let shown = shown.body.replace("&#38;", "&").replace("&amp;", "&");
        assert!(shown.contains(&log(&id)), "{page}\n{shown}");
        let found = admin.get(&log(&id)).await;
        assert_says(&found, words);
        assert!(!found.body.contains("<code>admin_create</code>"));
    }
    let highlights = admin.get(&format!("/admin/users/{id}/highlights")).await;
    let sign_in = site.last_event(EventKind::UserLoginAttempt).await;
    let sign_in = format!("/admin/activity/{}", sign_in.unwrap().id);
    assert_says(&highlights, &[&sign_in]);
    assert_says(
        &highlights,
        &["Association change", "<bdi>added to operations</bdi>"],
    );
    let home = admin.get("/admin").await;
    let today = "/admin/activity?type=user_login_attempt&result=success&from=2026-03-02";
    assert!(
        home.body.replace("&#38;", "&").contains(today),
        "{}",
        home.body
    );
    let found = admin.get(today).await;
    assert_says(&found, &["1 event in this time", ROAD_RUNNER]);
}

#[tokio::test]
async fn the_pages_of_a_group_say_who_changed_it_last() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::Full).await;
    let path = format!("/admin/groups/{}", site.operations);
    let add = [("list", COYOTE)];
    let added = act(&mut admin, &format!("{path}/members/paste"), &add).await;
    assert!(added.status < 400, "{}", added.body);
    for tab in ["details", "members", "applications", "rule", "delete"] {
        let page = admin.get(&format!("{path}/{tab}")).await;
        let by = format!("by <bdi>{}</bdi>", administrator_email(Role::Full));
        if tab != "delete" {
            assert_says(&page, &["changed ", &by]);
        }
    }
}
