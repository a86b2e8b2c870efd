//! `/admin/applications/{id}/preview`, and a sign-in that is held to be looked at.

use jetway_identity::applications::{
    ApplicationChange, CIPHERS, EncryptionSettings, NewBookmark, application, create_bookmark,
    list_keys, update_application,
};
use jetway_identity::{EventKind, Role, UserState};
use jetway_saml::{ReceivedResponse, TrustedIdp, Unverified};
use time::Duration;

use crate::browser::{Answer, Browser};
use crate::site::{ACS_URL, COYOTE, LABEL, PASSWORD, ROAD_RUNNER, ROLE, Site};

const SIGN_IN: &str = "/saml2/acme-prod-aws-admin";

fn preview(site: &Site) -> String {
    format!("/admin/applications/{}/preview", site.application)
}

async fn hold(site: &Site, browser: &mut Browser<'_>) -> Answer {
    let csrf = browser.admin_csrf().await;
    let path = format!("{}/hold", preview(site));
    browser.post(&path, &[("csrf", &csrf)]).await
}

/// A browser in which an administrator and a person are signed in.
async fn browser_of_both(site: &Site) -> Browser<'_> {
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let answer = browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(answer.status, 303);
    browser
}

/// Requirement W05: what is sent, where each value comes from, and through which group.
#[tokio::test]
async fn a_person_is_found_and_what_would_be_sent_is_shown_with_where_it_comes_from() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    let found = browser.get(&format!("{}?q=road", preview(&site))).await;
    assert_eq!(found.status, 200);
    let link = format!("{}?user={}", preview(&site), site.road_runner);
    assert!(found.body.contains(&format!("href=\"{link}\"")));
    let page = browser.get(&link).await;
    for words in [
        ROAD_RUNNER,
        ROLE,
        "constant attribute",
        "email of the user",
        "operations",
        "nameid-format:emailAddress",
        "The user is active.",
        "Single sign-on is switched on.",
        "One role: AWS opens the console at once.",
        "It is not signed",
        "&#60;saml:Issuer&#62;",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    // Nothing was signed, so nothing can be replayed, and nobody signed in.
    assert!(!page.body.contains("SignatureValue"));
    assert_eq!(site.count_events(EventKind::SsoAuth).await, 0);
    let nobody = browser.get(&format!("{}?q=zzz", preview(&site))).await;
    assert!(nobody.body.contains("Nobody matches"));
}

/// Requirement W05: the worst comes first, in words.
#[tokio::test]
async fn what_would_keep_a_person_out_is_said_first() {
    let site = Site::start().await;
    let staged = site
        .add_user_in_state("new@acme.com", UserState::Staged)
        .await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser
        .get(&format!("{}?user={staged}", preview(&site)))
        .await;
    let staged = page
        .body
        .find("The user is staged and cannot sign in")
        .unwrap();
    let good = page.body.find("Single sign-on is switched on.").unwrap();
    assert!(staged < good);
    assert!(
        page.body
            .contains(&format!("The user does not have {LABEL}"))
    );
}

#[tokio::test]
async fn everyone_who_has_it_is_checked_at_once() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let all = format!("{}?everyone=1", preview(&site));
    let good = browser.get(&all).await;
    assert!(
        good.body
            .contains("Looked at everyone who has it: 1 person. It would work for each of them."),
    );
    let long = format!("{}@acme.com", "x".repeat(60));
    let id = site.add_user(&long, "Long", "Name").await;
    let mut op = site.op();
    jetway_identity::add_member(&mut op, site.store.as_ref(), site.operations, id)
        .await
        .unwrap();
    let bad = browser.get(&all).await;
    assert!(bad.body.contains("It would not work for 1 of them."));
    assert!(
        bad.body
            .contains("RoleSessionName must be 2 to 64 characters")
    );
    assert!(bad.body.contains(&format!("?user={id}")));
}

#[tokio::test]
async fn what_cannot_be_previewed_is_not_found() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for query in ["user=x", "user=0123456789abcdef01234567"] {
        let answer = browser.get(&format!("{}?{query}", preview(&site))).await;
        assert_eq!(answer.status, 404, "{query}");
    }
    let bookmark = NewBookmark {
        slug: "wiki".to_owned(),
        label: "Wiki".to_owned(),
        description: String::new(),
        color: "#4a5568".to_owned(),
        show_in_portal: true,
        url: "https://wiki.example.com".to_owned(),
    };
    let id = create_bookmark(&mut site.op(), site.store.as_ref(), bookmark)
        .await
        .unwrap();
    let address = format!("/admin/applications/{id}/preview");
    assert_eq!(browser.get(&address).await.status, 404);
}

/// Requirements N01 and W05: the same response as ever, looked at before it goes, once.
#[tokio::test]
async fn the_next_sign_in_is_held_once_in_the_browser_that_asked() {
    let site = Site::start().await;
    let mut browser = browser_of_both(&site).await;
    let asked = hold(&site, &mut browser).await;
    assert_eq!(
        asked.location(),
        format!("{}?done=held", preview(&site)),
        "{}",
        asked.body
    );
    let told = browser.get(asked.location()).await;
    assert!(told.body.contains("Your next sign-in to it is held."));

    let other = site.browser_of(ROAD_RUNNER).await.get(SIGN_IN).await;
    assert!(other.body.contains("auto-submit.js"), "another browser");

    let page = browser.get(SIGN_IN).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script"), "{}", page.body);
    for words in [
        &format!("Send to {LABEL}"),
        ROLE,
        ROAD_RUNNER,
        "RoleSessionName",
        "SignatureValue",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert_eq!(page.attribute("form", None, "action").unwrap(), ACS_URL);
    assert_eq!(page.body.matches("<form").count(), 1);
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("form-action 'self' http://localhost:4566"));
    assert_eq!(page.header("cache-control"), "no-store");
    let metadata = browser.get(&format!("{SIGN_IN}/metadata")).await;
    let idp = TrustedIdp::from_metadata(&metadata.body).unwrap();
    let response: Unverified<ReceivedResponse> =
        Unverified::from_base64(&page.input("SAMLResponse").unwrap()).unwrap();
    let response = response.verify(&idp.keys).unwrap();
    assert_eq!(response.assertion.name_id.value, ROAD_RUNNER);

    let again = browser.get(SIGN_IN).await;
    assert!(again.body.contains("auto-submit.js"), "only once");
}

#[tokio::test]
async fn a_hold_is_for_one_application_and_ten_minutes_and_cannot_be_made_up() {
    let site = Site::start().await;
    site.add_assigned("billing", "Billing").await;
    let mut browser = browser_of_both(&site).await;
    hold(&site, &mut browser).await;
    let other = browser.get("/saml2/billing").await;
    assert!(other.body.contains("auto-submit.js"));
    let sealed = browser.cookies["jetway_trace"].clone();
    let tampered = crate::browser::tampered(&sealed);
    for made_up in ["x", tampered.as_str()] {
        browser
            .cookies
            .insert("jetway_trace".to_owned(), made_up.to_owned());
        let page = browser.get(SIGN_IN).await;
        assert!(page.body.contains("auto-submit.js"), "{made_up}");
    }
    browser.cookies.insert("jetway_trace".to_owned(), sealed);
    site.clock.advance(Duration::minutes(10));
    let late = browser.get(SIGN_IN).await;
    assert!(late.body.contains("auto-submit.js"));
}

/// A hold gives nobody a sign-in that they would not have had.
#[tokio::test]
async fn a_held_sign_in_is_refused_as_any_other() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    hold(&site, &mut browser).await;
    let stranger = browser.get(SIGN_IN).await;
    assert!(stranger.location().starts_with("/login"));
    browser.sign_in(COYOTE, PASSWORD).await;
    assert_eq!(browser.get(SIGN_IN).await.status, 403);
}

/// Service providers other than AWS: what is encrypted cannot be shown, and the page says so.
#[tokio::test]
async fn an_encrypted_assertion_is_held_without_a_look_into_it() {
    let site = Site::start().await;
    let (store, id) = (site.store.as_ref(), site.application);
    let keys = list_keys(store, id).await.unwrap().unwrap();
    let present = application(store, id).await.unwrap().unwrap();
    let mut settings = present.sign_on.saml().unwrap().settings.clone();
    settings.encryption = Some(EncryptionSettings {
        certificate: keys[0].certificate_der.clone(),
        cipher: CIPHERS[0].uri().to_owned(),
    });
    let change = ApplicationChange {
        saml: Some(settings),
        ..ApplicationChange::default()
    };
    update_application(&mut site.op(), store, id, None, change)
        .await
        .unwrap();
    let mut browser = browser_of_both(&site).await;
    let tab = browser.get(&preview(&site)).await;
    assert!(
        tab.body
            .contains("Assertions of this application are encrypted")
    );
    hold(&site, &mut browser).await;
    let page = browser.get(SIGN_IN).await;
    assert!(page.body.contains("so this page cannot show what is in it"));
    assert!(!page.body.contains(ROLE));
}
