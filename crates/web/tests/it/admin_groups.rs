//! `/admin/groups`.

use jetway_identity::{
    EventKind, GroupId, GroupSummary, Role, applications_of_group, ensure_everyone, list_groups,
    members_page,
};

use crate::browser::{Answer, Browser};
use crate::site::{APPLICATION, COYOTE, LABEL, ROAD_RUNNER, Site};

/// Posts a form of the admin portal with its token.
async fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let csrf = browser.admin_csrf().await;
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

async fn groups(site: &Site) -> Vec<GroupSummary> {
    let page = list_groups(site.store.as_ref(), "", None, 100).await;
    page.unwrap().groups
}

async fn emails(site: &Site, group: GroupId) -> Vec<String> {
    let page = members_page(site.store.as_ref(), group, "", None, 100).await;
    let members = page.unwrap().unwrap().members;
    members.into_iter().map(|user| user.email).collect()
}

/// Requirements E01, E02 and E05.
#[tokio::test]
async fn the_list_shows_every_group_and_finds_them() {
    let site = Site::start().await;
    ensure_everyone(&mut site.op(), site.store.as_ref())
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for name in ["aws:admins", "<script>alert(1)</script>"] {
        let answer = post(&mut browser, "/admin/groups/new", &[("name", name)]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    let list = browser.get("/admin/groups").await;
    assert_eq!(list.status, 200);
    for words in [
        "All Users",
        "built-in",
        "operations",
        "will not sync",
        "4 groups",
    ] {
        assert!(list.body.contains(words), "{words}");
    }
    assert!(!list.body.contains("<script>alert"));
    let found = browser.get("/admin/groups?q=OPER").await;
    assert!(found.body.contains("operations") && !found.body.contains("aws:admins"));
    assert!(found.body.contains("value=\"OPER\""));
    for odd in ["q=%00", "after=%00%F0%9F%A6%80", "q=%25"] {
        assert_eq!(
            browser.get(&format!("/admin/groups?{odd}")).await.status,
            200,
            "{odd}"
        );
    }
}

#[tokio::test]
async fn a_long_list_comes_page_by_page() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for number in 0..60 {
        let new = jetway_identity::NewGroup {
            name: format!("team {number:02}"),
            ..jetway_identity::NewGroup::default()
        };
        jetway_identity::create_group(&mut site.op(), site.store.as_ref(), new)
            .await
            .unwrap();
    }
    let first = browser.get("/admin/groups?q=team").await;
    assert!(first.body.contains("team 49") && !first.body.contains("team 50"));
    let start = first.body.find("/admin/groups?q=team&#38;after=").unwrap();
    let next = first.body[start..].split('"').next().unwrap();
    let second = browser.get(&next.replace("&#38;", "&")).await;
    assert!(second.body.contains("team 50") && second.body.contains("team 59"));
    assert!(!second.body.contains("team 49"));
}

#[tokio::test]
async fn a_group_that_cannot_be_created_comes_back_with_what_was_typed() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let fields = [
        ("name", "OPERATIONS"),
        ("description", "the \"<b>second</b>\""),
        ("membership", "dynamic"),
    ];
    let taken = post(&mut browser, "/admin/groups/new", &fields).await;
    assert_eq!(taken.status, 409);
    assert_eq!(taken.input("name").as_deref(), Some("OPERATIONS"));
    assert!(taken.body.contains("Another group has this name."));
    assert!(taken.body.contains("second") && !taken.body.contains("<b>second"));
    let empty = post(&mut browser, "/admin/groups/new", &[("name", " ")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("The group name must not be empty."));
    assert_eq!(groups(&site).await.len(), 1);
}

/// Requirements E03 and E06.
#[tokio::test]
async fn details_and_custom_attributes_are_saved_and_wrong_rows_are_marked() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let details = format!("/admin/groups/{}/details", site.operations);
    let page = browser.get(&details).await;
    assert_eq!(page.input("name").as_deref(), Some("operations"));
    let version = page.input("version").unwrap();
    let fields = |value: &'static str| {
        [
            ("name", "SRE"),
            ("description", "On call"),
            ("do", "save"),
            ("custom.name", "Project"),
            ("custom.type", "string"),
            ("custom.value", "automation"),
            ("custom.name", "Level"),
            ("custom.type", "number"),
            ("custom.value", value),
            ("custom.name", ""),
            ("custom.type", "string"),
            ("custom.value", ""),
        ]
    };
    let send = |value| {
        let mut fields = fields(value).to_vec();
        fields.push(("version", version.as_str()));
        fields
    };
    let wrong = post(&mut browser, &details, &send("three")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("is not a number."));
    assert_eq!(wrong.input("name").as_deref(), Some("SRE"), "typed is kept");
    let saved = post(&mut browser, &details, &send("3")).await;
    assert_eq!(saved.location(), format!("{details}?done=saved"));
    let page = browser.get(saved.location()).await;
    assert!(page.body.contains("The group is saved."));
    assert!(page.body.contains("Project") && page.body.contains("automation"));
    let event = site.last_event(EventKind::GroupUpdate).await.unwrap();
    assert_eq!(event.detail["changes"][0]["to"], "SRE");
    // The same version again: somebody was faster.
    let stale = post(&mut browser, &details, &send("4")).await;
    assert_eq!(stale.status, 409);
    assert!(stale.body.contains("Somebody else changed this group"));
    let version = stale.input("version").unwrap();
    let mut fields = fields("4").to_vec();
    fields.push(("version", &version));
    let kept = post(&mut browser, &details, &fields).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
}

#[tokio::test]
async fn people_are_added_from_a_search_and_from_a_list_and_removed() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let members = format!("/admin/groups/{}/members", site.operations);
    let page = browser.get(&members).await;
    assert!(page.body.contains(ROAD_RUNNER) && page.body.contains("1 of 1 member"));
    let found = browser.get(&format!("{members}?add=coyote")).await;
    let id = found.attribute("button", Some("id"), "value").unwrap();
    let added = post(&mut browser, &format!("{members}/add"), &[("id", &id)]).await;
    assert_eq!(added.location(), format!("{members}?done=added"));
    assert_eq!(emails(&site, site.operations).await.len(), 2);
    let removed = post(&mut browser, &format!("{members}/remove"), &[("id", &id)]).await;
    assert_eq!(removed.status, 303);
    assert_eq!(emails(&site, site.operations).await, [ROAD_RUNNER]);
    let list = format!("{ROAD_RUNNER}, nobody@acme.com\r\n\r\n{COYOTE};<script>");
    let pasted = post(
        &mut browser,
        &format!("{members}/paste"),
        &[("list", &list)],
    )
    .await;
    assert_eq!(pasted.status, 200);
    for words in [
        "1 person added, 1 was a member already.",
        "1: nobody@acme.com",
    ] {
        assert!(pasted.body.contains(words), "{words}");
    }
    assert!(pasted.body.contains("3: ") && !pasted.body.contains("<script>"));
    assert_eq!(emails(&site, site.operations).await.len(), 2);
}

/// Requirements E04, E08 and K03.
#[tokio::test]
async fn an_application_is_granted_and_withdrawn_from_the_page_of_the_group() {
    let site = Site::start().await;
    let second = site.add_assigned("billing", "Billing").await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page_of = format!("/admin/groups/{}/applications", site.operations);
    let page = browser.get(&page_of).await;
    assert!(page.body.contains(LABEL) && page.body.contains("/saml2/billing"));
    let before = page.input("before").unwrap();
    let first = site.application.to_string();
    let fields = [("application", first.as_str()), ("before", &before)];
    let saved = post(&mut browser, &page_of, &fields).await;
    assert_eq!(saved.location(), format!("{page_of}?done=granted"));
    let granted = || async {
        let granted = applications_of_group(site.store.as_ref(), site.operations).await;
        granted
            .unwrap()
            .into_iter()
            .map(|one| one.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(granted().await, [site.application]);
    let mut person = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(
        person.get("/").await.tiles(),
        [format!("/saml2/{APPLICATION}")]
    );
    // What somebody else granted since the page was made stays.
    let both = format!("{first},{second}");
    let stale = [("application", first.as_str()), ("before", &first)];
    post(
        &mut browser,
        &page_of,
        &[("application", &both[25..]), ("before", "")],
    )
    .await;
    post(&mut browser, &page_of, &stale).await;
    assert_eq!(granted().await.len(), 2);
    let mut help_desk = site.browser_of_administrator(Role::HelpDesk).await;
    let refused = post(&mut help_desk, &page_of, &[("before", &both)]).await;
    assert_eq!(refused.status, 403);
    assert_eq!(granted().await.len(), 2);
}

#[tokio::test]
async fn a_rule_is_previewed_then_saved_then_followed() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let fields = [("name", "Coyotes"), ("membership", "dynamic")];
    let created = post(&mut browser, "/admin/groups/new", &fields).await;
    let rule = created.location().split('?').next().unwrap().to_owned();
    let page = browser.get(created.location()).await;
    assert!(page.body.contains("The group is created."));
    let version = page.input("version").unwrap();
    let fields = |action: &'static str, value: &'static str| -> Vec<(&str, &str)> {
        vec![
            ("membership", "dynamic"),
            ("combine", "any"),
            ("attribute", "lastname"),
            ("operator", "equals"),
            ("value", value),
            ("attribute", ""),
            ("operator", "equals"),
            ("value", "ignored"),
            ("do", action),
        ]
    };
    let mut sent = fields("preview", "COYOTE");
    sent.push(("version", version.as_str()));
    let preview = post(&mut browser, &rule, &sent).await;
    assert_eq!(preview.status, 200);
    for words in ["+1", "−0", "1 person matches.", "Wile Coyote"] {
        assert!(preview.body.contains(words), "{words}");
    }
    assert_eq!(site.count_events(EventKind::GroupUpdate).await, 0);
    let mut sent = fields("save", " ");
    sent.push(("version", version.as_str()));
    let wrong = post(&mut browser, &rule, &sent).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("Give a value"));
    let mut sent = fields("save", "coyote");
    sent.push(("version", version.as_str()));
    let saved = post(&mut browser, &rule, &sent).await;
    assert!(
        saved.location().ends_with("/members?done=rule"),
        "{}",
        saved.body
    );
    let members = browser.get(saved.location()).await;
    assert!(members.body.contains(COYOTE) && members.body.contains("by the rule"));
    assert!(!members.body.contains("Add a person"));
    let group = saved.location().split('/').nth(3).unwrap().parse().unwrap();
    site.add_user("other@acme.com", "Other", "Coyote").await;
    assert_eq!(emails(&site, group).await.len(), 2);
    let add = saved.location().replace("?done=rule", "/add");
    let by_hand = post(&mut browser, &add, &[("id", &site.road_runner.to_string())]).await;
    assert_eq!(by_hand.status, 409);
    assert!(by_hand.body.contains("The rule of this group decides"));
}

#[tokio::test]
async fn a_group_is_deleted_once_its_name_is_typed() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let delete = format!("/admin/groups/{}/delete", site.operations);
    let page = browser.get(&delete).await;
    assert!(page.body.contains("Delete the group operations?") && page.body.contains(LABEL));
    for wrong in ["", "Operations", "operation"] {
        let answer = post(&mut browser, &delete, &[("typed", wrong)]).await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.body.contains("That is not the name."));
    }
    let deleted = post(&mut browser, &delete, &[("typed", "operations")]).await;
    assert_eq!(deleted.location(), "/admin/groups?done=deleted");
    assert!(groups(&site).await.is_empty());
    assert_eq!(browser.get(&delete).await.status, 404);
    let mut person = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(person.get("/").await.tiles().len(), 0);
}

/// Requirement E01.
#[tokio::test]
async fn the_built_in_group_can_be_looked_at_and_not_deleted() {
    let site = Site::start().await;
    let everyone = ensure_everyone(&mut site.op(), site.store.as_ref())
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let members = browser
        .get(&format!("/admin/groups/{everyone}/members"))
        .await;
    assert!(members.body.contains(ROAD_RUNNER) && members.body.contains(COYOTE));
    assert!(members.body.contains("Everyone is a member of this group"));
    for gone in ["rule", "delete"] {
        let address = format!("/admin/groups/{everyone}/{gone}");
        assert_eq!(browser.get(&address).await.status, 404, "{gone}");
        let answer = post(&mut browser, &address, &[("typed", "All Users")]).await;
        assert_eq!(answer.status, 404, "{gone}");
    }
    let details = format!("/admin/groups/{everyone}/details");
    let version = browser.get(&details).await.input("version").unwrap();
    let fields = [
        ("version", version.as_str()),
        ("do", "save"),
        ("name", "Some"),
    ];
    assert_eq!(post(&mut browser, &details, &fields).await.status, 409);
}

#[tokio::test]
async fn what_is_no_group_is_not_found() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    for id in ["0123456789abcdef01234567", "x", "%00", "..%2f"] {
        let answer = browser.get(&format!("/admin/groups/{id}/details")).await;
        assert_eq!(answer.status, 404, "{id}");
    }
    let open = browser
        .get(&format!("/admin/groups/{}", site.operations))
        .await;
    assert_eq!(
        open.location(),
        format!("/admin/groups/{}/details", site.operations)
    );
    assert_eq!(browser.get("/admin/groups/new").await.status, 403);
}
