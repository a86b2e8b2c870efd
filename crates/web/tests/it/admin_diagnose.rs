//! `/admin/diagnose`.

use jetway_identity::{EventFilter, Role, list_events};

use crate::browser::{Answer, Browser};
use crate::site::{LABEL, ROAD_RUNNER, Site};

const DIAGNOSE: &str = "/admin/diagnose";
/// What AWS shows when the trust policy lets nobody in by SAML.
const REFUSED: &str = "An error occurred (AccessDenied) when calling the AssumeRoleWithSAML \
     operation: Not authorized to perform sts:AssumeRoleWithSAML";

async fn ask(browser: &mut Browser<'_>, pasted: &str, application: &str) -> Answer {
    let csrf = browser.admin_csrf().await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("pasted", pasted),
        ("application", application),
    ];
    browser.post(DIAGNOSE, &fields).await
}

/// A real response, as the person's browser carries it.
async fn response(site: &Site) -> String {
    let mut person = site.browser_of(ROAD_RUNNER).await;
    let page = person.get("/saml2/acme-prod-aws-admin").await;
    page.input("SAMLResponse").unwrap()
}

/// Requirement W05.
#[tokio::test]
async fn an_error_of_aws_is_explained_with_what_to_change() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    let form = browser.get(DIAGNOSE).await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains("It is not kept, not logged"));
    let answer = ask(&mut browser, REFUSED, "").await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("This is an error of AWS"));
    assert!(answer.body.contains("AWS refuses") && answer.body.contains("trust policy"));
    let unknown = ask(&mut browser, "it does not work", "").await;
    assert!(unknown.body.contains("This is not known"));
}

/// Requirement W05: the settings of the application say what a response should have.
#[tokio::test]
async fn a_response_is_compared_with_the_settings_of_the_application() {
    let site = Site::start().await;
    let second = site.add_assigned("billing", "Billing").await.to_string();
    let response = response(&site).await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let address = format!("{DIAGNOSE}?application={}", site.application);
    let form = browser.get(&address).await;
    assert!(form.body.contains(&format!(
        "value=\"{}\" selected=\"selected\">{LABEL}",
        site.application
    )));
    let own = ask(&mut browser, &response, &site.application.to_string()).await;
    assert!(own.body.contains("This is a SAML response"));
    let other = ask(&mut browser, &response, &second).await;
    let wrong_issuer = |page: &Answer| page.body.to_lowercase().contains("issuer");
    assert!(!wrong_issuer(&own), "{}", own.body);
    assert!(wrong_issuer(&other), "{}", other.body);
}

#[tokio::test]
async fn what_was_pasted_is_on_no_page_and_in_no_log() {
    let site = Site::start().await;
    let response = response(&site).await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let before = list_events(site.store.as_ref(), &EventFilter::default(), None, 1000)
        .await
        .unwrap()
        .len();
    let answer = ask(&mut browser, &response, "").await;
    assert_eq!((answer.status, answer.location()), (200, ""));
    assert!(!answer.body.contains(&response[100..200]));
    assert_eq!(answer.header("cache-control"), "no-store");
    let after = list_events(site.store.as_ref(), &EventFilter::default(), None, 1000)
        .await
        .unwrap()
        .len();
    assert_eq!(before, after);
}

#[tokio::test]
async fn nothing_and_too_much_are_refused_and_what_fits_is_taken_however_it_is_written() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let empty = ask(&mut browser, " ", "").await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("Paste the error text of AWS"));
    // Each of these becomes three in the form.
    let full = "<".repeat(200 << 10);
    assert_eq!(ask(&mut browser, &full, "").await.status, 200);
    let over = format!("{full}<");
    let refused = ask(&mut browser, &over, "").await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("paste at most 204800"));
    assert_eq!(ask(&mut browser, &full.repeat(2), "").await.status, 413);
    for odd in [
        "\0\u{1}",
        "<script>alert(1)</script>",
        "SAMLResponse=%ff%00",
    ] {
        let answer = ask(&mut browser, odd, "x").await;
        assert_eq!(answer.status, 200, "{odd}");
        assert!(!answer.body.contains("<script>alert"));
    }
}
