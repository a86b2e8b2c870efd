//! `/admin/applications/{id}/groups`: who has an application.

use jetway_identity::applications::{Access, AccessChange, application_access, change_access};
use jetway_identity::{EventKind, GroupId, NewGroup, Role, applications_of_group, create_group};

use crate::admin_users::{act, assert_says, id_of};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

const LIST: &str = "/admin/applications";

async fn add_group(site: &Site, name: &str) -> GroupId {
    let new = NewGroup {
        name: name.to_owned(),
        ..NewGroup::default()
    };
    create_group(&mut site.op(), site.store.as_ref(), new)
        .await
        .unwrap()
}

async fn access(site: &Site) -> Access {
    application_access(site.store.as_ref(), site.application)
        .await
        .unwrap()
        .unwrap()
}

/// Requirements K02, K03 and K05.
#[tokio::test]
async fn a_ticked_group_has_the_application_on_both_sides() {
    let site = Site::start().await;
    let crew = add_group(&site, "ground crew").await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let groups = format!("{LIST}/{}/groups", site.application);
    let page = browser.get(&groups).await;
    assert_says(&page, &["ground crew", "Who has access", ROAD_RUNNER]);
    assert_eq!(page.input("before"), Some(site.operations.to_string()));
    let (old, new) = (site.operations.to_string(), crew.to_string());
    let fields = [("before", old.as_str()), ("group", new.as_str())];
    let saved = act(&mut browser, &groups, &fields).await;
    assert_eq!(saved.location(), format!("{groups}?done=access"));
    let page = browser.get(saved.location()).await;
    assert_says(
        &page,
        &[
            "Who has the application is saved.",
            "Nobody has access",
            "Users are implicitly denied access to applications.",
        ],
    );
    let has: Vec<_> = access(&site).await.groups;
    assert_eq!(has.iter().map(|one| one.id).collect::<Vec<_>>(), [crew]);
    let other_side = applications_of_group(site.store.as_ref(), crew).await;
    assert_eq!(other_side.unwrap()[0].id, site.application);
    let mut person = site.browser_of(ROAD_RUNNER).await;
    assert!(person.get("/").await.tiles().is_empty());
    let event = site.last_event(EventKind::AssociationChange).await;
    assert!(event.is_some());

    // What somebody else granted since the page was made stays.
    let nothing = [("before", ""), ("group", old.as_str())];
    act(&mut browser, &groups, &nothing).await;
    assert_eq!(access(&site).await.groups.len(), 2);
    let found = browser.get(&format!("{groups}?q=ground")).await;
    assert!(found.body.contains("ground crew"));
    assert_eq!(found.input("before"), Some(new.clone()));
    // Those that the search left out are not touched.
    let fields = [("before", new.as_str())];
    act(&mut browser, &groups, &fields).await;
    let has: Vec<_> = access(&site).await.groups;
    let ids: Vec<_> = has.iter().map(|one| one.id).collect();
    assert_eq!(ids, [site.operations]);
    let gone = [("before", ""), ("group", "0123456789abcdef01234567")];
    let answer = act(&mut browser, &groups, &gone).await;
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("One of the groups was deleted"));
    let no_id = [("before", "x")];
    assert_eq!(act(&mut browser, &groups, &no_id).await.status, 400);
}

/// Requirement K04.
#[tokio::test]
async fn a_single_person_is_found_added_and_removed() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let address = format!("{LIST}/{}", site.application);
    let found = browser.get(&format!("{address}/groups?add=coyote")).await;
    let id = found.attribute("button", Some("id"), "value").unwrap();
    assert_eq!(id, id_of(&site, COYOTE).await.to_string());
    let none = browser.get(&format!("{address}/groups?add=nobody")).await;
    assert_says(&none, &["Nobody matches"]);
    let added = act(
        &mut browser,
        &format!("{address}/people/add"),
        &[("id", &id)],
    )
    .await;
    assert_eq!(added.location(), format!("{address}/groups?done=access"));
    let page = browser.get(&format!("{address}/groups")).await;
    assert_says(&page, &["Remove Wile Coyote", "2 people", "alone"]);
    let again = browser.get(&format!("{address}/groups?add=coyote")).await;
    assert_says(&again, &["has it alone"]);
    let mut person = site.browser_of(COYOTE).await;
    assert_eq!(person.get("/").await.tiles().len(), 1);
    let remove = format!("{address}/people/remove");
    assert_eq!(act(&mut browser, &remove, &[("id", &id)]).await.status, 303);
    assert!(access(&site).await.users.is_empty());
    assert!(person.get("/").await.tiles().is_empty());
    let gone = [("id", "0123456789abcdef01234567")];
    let answer = act(&mut browser, &format!("{address}/people/add"), &gone).await;
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("One of these people was deleted"));
}

/// Requirement K05.
#[tokio::test]
async fn everybody_who_has_access_is_listed_page_by_page_with_the_reasons() {
    let site = Site::start().await;
    let mut people = Vec::new();
    for number in 0..55 {
        let email = format!("looney{number:02}@acme.com");
        people.push(site.add_user_without_password(&email).await);
    }
    people.push(site.road_runner);
    let change = AccessChange {
        grant_users: people,
        ..AccessChange::default()
    };
    let store = site.store.as_ref();
    change_access(&mut site.op(), store, site.application, &change)
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    let groups = format!("{LIST}/{}/groups", site.application);
    let first = browser.get(&groups).await;
    assert_says(&first, &["50 people"]);
    let start = first.body.find(&format!("{groups}?people=")).unwrap();
    let next = first.body[start..].split('"').next().unwrap();
    let second = browser.get(next).await;
    assert_says(&second, &["6 people", ROAD_RUNNER, "alone, <a"]);
}
