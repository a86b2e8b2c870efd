//! The search of the admin portal.

use jetway_identity::{NewGroup, Role, create_group};
use roxmltree::Document;

use crate::browser::Answer;
use crate::site::{APPLICATION, LABEL, Site};

/// Kind, words and address of each result, as the palette reads them.
fn results(page: &Answer) -> Vec<(String, String, String)> {
    let xml = page.body.strip_prefix("<!doctype html>\n").unwrap();
    let document = Document::parse(xml).unwrap();
    let found = document.descendants().filter_map(|node| {
        let kind = node.attribute("data-result")?.to_owned();
        let text: String = node
            .descendants()
            .filter(roxmltree::Node::is_text)
            .filter_map(|inner| inner.text())
            .collect();
        Some((kind, text, node.attribute("href")?.to_owned()))
    });
    found.collect()
}

/// Requirement A06: what is found is a link to its own address.
#[tokio::test]
async fn people_groups_and_applications_are_found_by_one_text() {
    let site = Site::start().await;
    let new = NewGroup {
        name: "Road crew <script>".to_owned(),
        ..NewGroup::default()
    };
    let group = create_group(&mut site.op(), site.store.as_ref(), new)
        .await
        .unwrap();
    let maps = site.add_assigned("road-maps", "Road maps").await;
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    let page = browser.get("/admin/search?q=road").await;
    let found = results(&page);
    let person = format!("/admin/users/{}", site.road_runner);
    for expected in [
        ("User", "Road Runner", person.as_str()),
        (
            "Group",
            "Road crew <script>",
            &format!("/admin/groups/{group}"),
        ),
        (
            "Application",
            "Road maps",
            &format!("/admin/applications/{maps}/general"),
        ),
    ] {
        let (kind, text, href) = expected;
        let expected = (kind.to_owned(), text.to_owned(), href.to_owned());
        assert!(found.contains(&expected), "{found:?}");
    }
    assert_eq!(found.len(), 3, "{found:?}");
    let page = browser.get(&format!("/admin/search?q={APPLICATION}")).await;
    assert_eq!(results(&page)[0].1, LABEL, "by its name in addresses");
}

#[tokio::test]
async fn a_kind_with_more_results_leads_to_its_list() {
    let site = Site::start().await;
    for number in 0..9 {
        let email = format!("looney{number}@acme.com");
        site.add_user_without_password(&email).await;
    }
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get("/admin/search?q=looney").await;
    assert_eq!(results(&page).len(), 8);
    assert!(page.body.contains("href=\"/admin/users?q=looney\""));
}

#[tokio::test]
async fn odd_texts_find_nothing_and_break_nothing() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let long = "x".repeat(3000);
    for text in ["", "%20", "%00", "%25%27%22%3Cb%3E", "%F0%9F%A6%85", &long] {
        let page = browser.get(&format!("/admin/search?q={text}")).await;
        assert_eq!(page.status, 200, "{text}");
        assert!(results(&page).is_empty(), "{text}");
    }
}

/// The palette asks the search page; nothing else of the policy is wider than elsewhere.
#[tokio::test]
async fn scripts_of_admin_pages_may_ask_this_site_and_no_other() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get("/admin").await;
    let admin = page.header("content-security-policy").to_owned();
    let page = browser.get("/login").await;
    let others = page.header("content-security-policy");
    assert_eq!(admin, format!("{others}; connect-src 'self'"));
}
