//! The page where people from a file begin.

use jetway_identity::Role;

use crate::admin_users::{act, assert_says, upload};
use crate::site::Site;

/// Requirement A13.
#[tokio::test]
async fn the_example_can_be_imported_and_what_was_uploaded_is_listed() {
    let site = Site::start().await;
    let mut admin = site.browser_of_administrator(Role::HelpDesk).await;
    let page = admin.get("/admin/users/import").await;
    let link = "/static/import-example.csv";
    assert_says(&page, &[&format!("href=\"{link}\""), "Download an example"]);
    assert!(!page.body.contains("Recent imports"));
    let example = admin.get(link).await;
    assert_eq!(example.header("content-type"), "text/csv; charset=utf-8");
    let there = upload(&site, &mut admin, &example.body).await;
    assert_eq!(there.status, 303, "{}", there.body);
    let path = there.location().to_owned();
    assert_says(
        &admin.get(&path).await,
        &["<strong>2 users</strong> will be added."],
    );
    let listed = format!("href=\"{path}\"><bdi>people.csv</bdi>");
    let page = admin.get("/admin/users/import").await;
    assert_says(&page, &["Recent imports", &listed, "2 users can be added"]);
    act(&mut admin, &path, &[("action", "start")]).await;
    let page = admin.get("/admin/users/import").await;
    assert_says(&page, &[&listed, "0 users added so far"]);
}
