//! `/admin/applications`: the list, the general tab, deleting.

use jetway_identity::applications::{
    AccessChange, NewBookmark, change_access, create_bookmark, delete_applications,
};
use jetway_identity::{ApplicationId, EventKind, Role, all_applications};

use crate::admin_users::{act, assert_says, id_of};
use crate::site::{APPLICATION, COYOTE, LABEL, ROAD_RUNNER, Site};

const LIST: &str = "/admin/applications";
const WIKI: &str = "https://wiki.acme.com/";

async fn add_bookmark(site: &Site) -> ApplicationId {
    let new = NewBookmark {
        slug: "wiki".to_owned(),
        label: "Wiki".to_owned(),
        description: String::new(),
        color: "#2c6e2f".to_owned(),
        show_in_portal: true,
        url: WIKI.to_owned(),
    };
    let store = site.store.as_ref();
    let id = create_bookmark(&mut site.op(), store, new).await.unwrap();
    let change = AccessChange {
        grant_groups: vec![site.operations],
        ..AccessChange::default()
    };
    change_access(&mut site.op(), store, id, &change)
        .await
        .unwrap();
    id
}

async fn count(site: &Site) -> usize {
    all_applications(site.store.as_ref()).await.unwrap().len()
}

/// Requirements F01 and F02.
#[tokio::test]
async fn an_organisation_without_applications_is_told_how_to_get_started() {
    let site = Site::start().await;
    let ids = [site.application];
    delete_applications(&mut site.op(), site.store.as_ref(), &ids)
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get(LIST).await;
    assert_says(
        &page,
        &[
            "Export user identities from Jetway to external applications",
            "Add your first application",
            "Set up and manage single sign-on",
            "href=\"/admin/applications/new\">Get Started</a>",
            "Pro Tip",
        ],
    );
    let home = browser.get("/admin").await;
    assert_says(&home, &["Add the first application</a></li>"]);
    let mut reader = site.browser_of_administrator(Role::ReadOnly).await;
    let page = reader.get(LIST).await;
    assert_says(&page, &["Add your first application"]);
    assert!(!page.body.contains("Get Started"));
}

/// Requirements F01, F02, F03.
#[tokio::test]
async fn the_list_says_what_each_application_is_and_who_has_it() {
    let site = Site::start().await;
    site.add_assigned("billing", "Billing").await;
    let wiki = add_bookmark(&site).await;
    let change = AccessChange {
        grant_users: vec![site.road_runner, id_of(&site, COYOTE).await],
        ..AccessChange::default()
    };
    change_access(&mut site.op(), site.store.as_ref(), wiki, &change)
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let all = browser.get(LIST).await;
    let general = format!("href=\"{LIST}/{}/general\"", site.application);
    assert_says(
        &all,
        &[
            "+ Add New Application",
            "Configured Applications",
            LABEL,
            &general,
            "AWS IAM",
            "Certificate ends",
            "03-02-2031",
            "/saml2/billing",
            "operations",
            "Bookmark",
            WIKI,
            "and 2 people",
        ],
    );
    let some = browser.get("/admin/applications?q=BILL").await;
    assert!(some.body.contains("Billing") && !some.body.contains(LABEL));
    let by_address = browser.get("/admin/applications?q=wiki.acme").await;
    assert!(by_address.body.contains("Wiki") && !by_address.body.contains(LABEL));
    let none = browser.get("/admin/applications?q=nothing").await;
    assert_says(&none, &["No application matches"]);
    let mut reader = site.browser_of_administrator(Role::ReadOnly).await;
    let page = reader.get(LIST).await;
    assert!(!page.body.contains("Add New Application"));
    assert!(!page.body.contains("name=\"application\""));
}

/// Requirements G04 to G07, G10, H03, H05.
#[tokio::test]
async fn general_info_is_saved_and_the_idp_url_cannot_be_changed() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let address = format!("{LIST}/{}", site.application);
    let general = format!("{address}/general");
    assert_eq!(browser.get(&address).await.location(), general);
    let page = browser.get(&general).await;
    assert_says(
        &page,
        &[
            "General Info",
            "SSO",
            "Attributes",
            "User Groups",
            "IdP certificate",
            "http://localhost:8700/saml2/acme-prod-aws-admin",
            "It cannot be changed",
        ],
    );
    assert_eq!(page.input("label").as_deref(), Some(LABEL));
    assert_eq!(page.input("slug"), None);
    let typed = [
        ("label", "AWS Live"),
        ("description", "For real"),
        ("color", "#2c6e2f"),
        ("portal", "hide"),
        ("slug", "another"),
    ];
    let form = (general.as_str(), general.as_str());
    let saved = browser.fill_in(&page, form, &typed).await;
    assert_eq!(saved.location(), format!("{general}?done=saved"));
    let shown = browser.get(saved.location()).await;
    assert_says(
        &shown,
        &["The application is saved.", "Hidden in user portal"],
    );
    assert_eq!(shown.input("label").as_deref(), Some("AWS Live"));
    let stored = all_applications(site.store.as_ref()).await.unwrap();
    let stored = stored[0].application.as_ref();
    assert_eq!(stored.slug, APPLICATION);
    assert_eq!(stored.description, "For real");
    assert_eq!(stored.color, "#2c6e2f");
    assert!(!stored.show_in_portal);
    let mut person = site.browser_of(ROAD_RUNNER).await;
    assert!(person.get("/").await.tiles().is_empty());

    let typed = [("label", "Mine")];
    let stale = browser.fill_in(&page, form, &typed).await;
    assert_eq!(stale.status, 409);
    assert!(
        stale
            .body
            .contains("Somebody else changed this application")
    );
    assert!(stale.body.contains("AWS Live"));
    assert_eq!(stale.input("label").as_deref(), Some("Mine"));
    let kept = browser.fill_in(&stale, form, &[]).await;
    assert_eq!(kept.status, 303, "{}", kept.body);

    let page = browser.get(&general).await;
    let typed = [("label", " "), ("color", "own"), ("own_color", "red")];
    let wrong = browser.fill_in(&page, form, &typed).await;
    assert_eq!(wrong.status, 422);
    for words in ["The label must not be empty.", "#rrggbb"] {
        assert!(wrong.body.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_lesser_role_looks_at_an_application_and_changes_nothing() {
    let site = Site::start().await;
    let address = format!("{LIST}/{}", site.application);
    for role in [Role::HelpDesk, Role::ReadOnly] {
        let mut browser = site.browser_of_administrator(role).await;
        let general = browser.get(&format!("{address}/general")).await;
        assert_says(&general, &[LABEL, "disabled=\"disabled\""]);
        assert!(!general.body.contains(">save<"));
        for path in ["general", "groups", "people/add", "people/remove"] {
            let path = format!("{address}/{path}");
            let answer = act(&mut browser, &path, &[("version", "1")]).await;
            assert_eq!(answer.status, 403, "{role:?} {path}");
        }
    }
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for id in ["0123456789abcdef01234567", "x", "%00"] {
        for tab in ["general", "groups", "created", "bookmark/deactivate"] {
            let answer = browser.get(&format!("{LIST}/{id}/{tab}")).await;
            assert_eq!(answer.status, 404, "{id} {tab}");
        }
    }
}

/// Requirements L05, S01.
#[tokio::test]
async fn a_bookmark_is_changed_switched_off_and_on() {
    let site = Site::start().await;
    let id = add_bookmark(&site).await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let mut person = site.browser_of(ROAD_RUNNER).await;
    let general = format!("{LIST}/{id}/general");
    let page = browser.get(&general).await;
    assert_eq!(page.input("bookmark_url").as_deref(), Some(WIKI));
    assert!(!page.body.contains("IdP URL"));
    let form = (general.as_str(), general.as_str());
    let typed = [("bookmark_url", "https://docs.acme.com/")];
    let saved = browser.fill_in(&page, form, &typed).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let has_tile = |tiles: Vec<String>| tiles.contains(&"https://docs.acme.com/".to_owned());
    assert!(has_tile(person.get("/").await.tiles()));
    let page = browser.get(&general).await;
    let wrong = [("bookmark_url", "ftp://docs.acme.com/")];
    let wrong = browser.fill_in(&page, form, &wrong).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("https:// or http://"));

    let deactivate = format!("{LIST}/{id}/bookmark/deactivate");
    assert_says(&page, &["Deactivate Bookmark", &deactivate]);
    let asked = browser.get(&deactivate).await;
    assert_says(&asked, &["Deactivate the bookmark Wiki?", "Its tile goes"]);
    assert!(has_tile(person.get("/").await.tiles()), "nothing happened");
    let done = act(&mut browser, &deactivate, &[]).await;
    assert_eq!(
        done.location(),
        format!("{general}?done=bookmark-deactivated")
    );
    let page = browser.get(done.location()).await;
    assert_says(
        &page,
        &["The bookmark is deactivated.", "Activate Bookmark"],
    );
    assert!(!has_tile(person.get("/").await.tiles()));
    let done = act(&mut browser, &format!("{LIST}/{id}/bookmark/activate"), &[]).await;
    let page = browser.get(done.location()).await;
    assert_says(&page, &["The bookmark is activated."]);
    assert!(has_tile(person.get("/").await.tiles()));

    let other = format!("{LIST}/{}/bookmark/deactivate", site.application);
    assert_eq!(browser.get(&other).await.status, 404);
    assert_eq!(act(&mut browser, &other, &[]).await.status, 404);
}

/// Requirements S02 and S04.
#[tokio::test]
async fn an_application_is_deleted_once_the_number_is_typed() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let id = site.application.to_string();
    let delete = format!("{LIST}/delete");
    let asked = browser.get(&format!("{delete}?application={id}")).await;
    assert_says(
        &asked,
        &[
            "Delete Application?",
            "AWS Production · AWS IAM",
            "Access ends at once for 1 person; 1 group had it.",
            "The keys are destroyed.",
            "In AWS the SAML provider and its roles stay: remove them there.",
            "Type the number of applications to delete",
        ],
    );
    for wrong in ["", "2", "one"] {
        let fields = [("application", id.as_str()), ("typed", wrong)];
        let answer = act(&mut browser, &delete, &fields).await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.body.contains("That is not the number."));
    }
    assert_eq!(count(&site).await, 1);
    let fields = [("application", id.as_str()), ("typed", "1")];
    let deleted = act(&mut browser, &delete, &fields).await;
    assert_eq!(deleted.location(), "/admin/applications?done=deleted");
    assert_says(&browser.get(deleted.location()).await, &["Deleted."]);
    assert_eq!(count(&site).await, 0);
    let mut person = site.browser_of(ROAD_RUNNER).await;
    assert!(person.get("/").await.tiles().is_empty());
    assert_eq!(act(&mut browser, &delete, &fields).await.location(), LIST);
}

/// Requirement S03.
#[tokio::test]
async fn several_applications_are_deleted_at_once() {
    let site = Site::start().await;
    let mut ids = vec![site.application, add_bookmark(&site).await];
    for number in 0..40 {
        let (slug, label) = (format!("wiki-{number}"), format!("Wiki {number}"));
        let new = NewBookmark {
            slug,
            label,
            description: String::new(),
            color: "#2c6e2f".to_owned(),
            show_in_portal: true,
            url: WIKI.to_owned(),
        };
        let made = create_bookmark(&mut site.op(), site.store.as_ref(), new).await;
        ids.push(made.unwrap());
    }
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let query: Vec<String> = ids.iter().map(|id| format!("application={id}")).collect();
    let delete = format!("{LIST}/delete");
    let asked = browser.get(&format!("{delete}?{}", query.join("&"))).await;
    assert_says(
        &asked,
        &[
            "Delete 42 Applications?",
            "and 32 more",
            "1 person; 1 group",
        ],
    );
    let mut fields: Vec<_> = ids.iter().map(|id| ("application", id.as_str())).collect();
    fields.push(("typed", "42"));
    let deleted = act(&mut browser, &delete, &fields).await;
    assert_eq!(deleted.status, 303, "{}", deleted.body);
    assert_eq!(count(&site).await, 0);
    assert_eq!(site.count_events(EventKind::ApplicationDelete).await, 42);
    let not_one = browser.get(&format!("{delete}?application=x")).await;
    assert_eq!(not_one.status, 400);
    assert_eq!(browser.get(&delete).await.location(), LIST);
}
