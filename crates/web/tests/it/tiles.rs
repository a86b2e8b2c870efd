//! `GET /`.

use jetway_identity::applications::{NewBookmark, create_bookmark};
use jetway_identity::{Scope, assign_group, remove_member, set_application_active};

use crate::api::Api;
use crate::site::{COYOTE, LABEL, ROAD_RUNNER, Site};

/// Requirements L01, L02, L03.
#[tokio::test]
async fn a_person_sees_the_applications_of_their_groups() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let portal = browser.get("/").await;
    assert_eq!(portal.tiles(), ["/saml2/acme-prod-aws-admin"]);
    assert!(portal.body.contains(LABEL));
    assert!(portal.body.contains("Account 012345678987"));
    assert_eq!(portal.header("cache-control"), "no-store");
    let launched = browser.get(&portal.tiles()[0]).await;
    assert!(launched.input("SAMLResponse").is_some());
}

/// Requirement K01.
#[tokio::test]
async fn a_person_without_a_group_sees_no_application() {
    let site = Site::start().await;
    let portal = site.browser_of(COYOTE).await.get("/").await;
    assert_eq!(portal.status, 200);
    assert_eq!(portal.tiles(), Vec::<String>::new());
    assert!(portal.body.contains("You have no applications yet"));
    assert!(!portal.body.contains(LABEL));
}

/// Requirement K05.
#[tokio::test]
async fn a_tile_goes_with_the_membership_and_with_the_application() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let (store, application) = (site.store.as_ref(), site.application);
    set_application_active(&mut site.op(), store, application, false)
        .await
        .unwrap();
    assert_eq!(browser.get("/").await.tiles().len(), 0);
    set_application_active(&mut site.op(), store, application, true)
        .await
        .unwrap();
    assert_eq!(browser.get("/").await.tiles().len(), 1);
    remove_member(&mut site.op(), store, site.operations, site.road_runner)
        .await
        .unwrap();
    assert_eq!(browser.get("/").await.tiles().len(), 0);
}

#[tokio::test]
async fn with_more_than_eight_applications_there_is_a_search() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(browser.get("/").await.input("q"), None);
    for number in 1..9 {
        site.add_assigned(&format!("billing-{number}"), &format!("Billing no{number}"))
            .await;
    }
    let all = browser.get("/").await;
    assert_eq!(
        (all.tiles().len(), all.input("q").as_deref()),
        (9, Some(""))
    );
    let found = browser.get("/?q=NO7+billing").await;
    assert_eq!(found.tiles(), ["/saml2/billing-7"]);
    let none = browser.get("/?q=%3Cscript%3E").await;
    assert_eq!(none.tiles().len(), 0);
    assert_eq!(none.input("q").unwrap(), "<script>");
    assert!(!none.body.contains("<script>"));
}

#[tokio::test]
async fn a_stranger_is_sent_to_the_sign_in() {
    let site = Site::start().await;
    let answer = site.browser().get("/").await;
    assert_eq!((answer.status, answer.location()), (303, "/login?next=%2F"));
    assert!(!answer.body.contains(LABEL));
}

/// Requirements L01 and L02.
#[tokio::test]
async fn what_was_used_last_comes_first() {
    let site = Site::start().await;
    site.add_assigned("a-billing", "A billing").await;
    site.add_assigned("b-tools", "B tools").await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let by_label = browser.get("/").await.tiles();
    let labels = ["a-billing", "acme-prod-aws-admin", "b-tools"];
    assert_eq!(by_label, labels.map(|slug| format!("/saml2/{slug}")));
    for launched in [&by_label[1], &by_label[2], &by_label[1]] {
        site.clock.advance(time::Duration::minutes(1));
        assert_eq!(browser.get(launched).await.status, 200);
    }
    let expected = [&by_label[1], &by_label[2], &by_label[0]];
    assert_eq!(
        browser.get("/").await.tiles().iter().collect::<Vec<_>>(),
        expected
    );
}

/// Requirement L04.
#[tokio::test]
async fn a_hidden_application_has_no_tile_and_is_reached_by_its_address() {
    let site = Site::start().await;
    site.add_hidden("quiet", "Quiet").await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(browser.get("/").await.tiles().len(), 1);
    let launched = browser.get("/saml2/quiet").await;
    assert!(launched.input("SAMLResponse").is_some());
}

/// Requirement L05.
#[tokio::test]
async fn a_bookmark_is_a_tile_that_opens_its_address_and_takes_no_assertion() {
    let site = Site::start().await;
    let new = NewBookmark {
        slug: "wiki".to_owned(),
        label: "Acme wiki".to_owned(),
        description: String::new(),
        color: "#336699".to_owned(),
        show_in_portal: true,
        url: "https://wiki.acme.com/?a=1&b=2".to_owned(),
    };
    let store = site.store.as_ref();
    let bookmark = create_bookmark(&mut site.op(), store, new).await.unwrap();
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(browser.get("/").await.tiles().len(), 1, "granted to nobody");
    assign_group(&mut site.op(), store, bookmark, site.operations)
        .await
        .unwrap();
    let portal = browser.get("/").await;
    assert_eq!(portal.tiles()[0], "https://wiki.acme.com/?a=1&b=2");
    assert!(portal.body.contains("rel=\"noopener noreferrer\""));
    for path in ["/saml2/wiki", "/saml2/wiki/metadata"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let api = Api::new(&site, Scope::Read).await;
    let list = api.get("/api/v1/applications").await.json();
    assert_eq!(list["items"][1]["kind"], "bookmark");
    set_application_active(&mut site.op(), store, bookmark, false)
        .await
        .unwrap();
    assert_eq!(browser.get("/").await.tiles().len(), 1);
}
