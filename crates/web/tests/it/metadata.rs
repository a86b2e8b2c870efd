//! `GET /saml2/{application}/metadata`.

use jetway_saml::TrustedIdp;

use crate::site::{LABEL, Site};

/// Requirements I02, I03, I07.
#[tokio::test]
async fn anyone_can_export_the_metadata_of_an_application() {
    let site = Site::start().await;
    let answer = site
        .browser()
        .get("/saml2/acme-prod-aws-admin/metadata")
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "application/samlmetadata+xml"
    );
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"jetway-acme-prod-aws-admin-metadata.xml\""
    );
    let idp = TrustedIdp::from_metadata(&answer.body).unwrap();
    assert_eq!(
        idp.entity_id,
        "http://localhost:8700/saml2/acme-prod-aws-admin"
    );
    assert_eq!(idp.keys.len(), 1);
    assert!(
        answer
            .body
            .contains("Location=\"http://localhost:8700/saml2/acme-prod-aws-admin\"")
    );
    assert!(answer.body.contains("bindings:HTTP-Redirect"));
    assert!(answer.body.contains("bindings:HTTP-POST"));
    assert!(
        !answer.body.contains(LABEL),
        "nothing but what the service provider needs"
    );
}

#[tokio::test]
async fn an_application_that_does_not_exist_has_no_metadata() {
    let site = Site::start().await;
    for slug in ["no-such-application", "%00", "A", "..", "%2e%2e"] {
        let answer = site.browser().get(&format!("/saml2/{slug}/metadata")).await;
        assert_eq!(answer.status, 404, "{slug}");
    }
}

#[tokio::test]
async fn two_applications_have_two_keys() {
    let site = Site::start().await;
    site.add_assigned("aws-b", "AWS B").await;
    let mut browser = site.browser();
    let first = browser
        .get("/saml2/acme-prod-aws-admin/metadata")
        .await
        .body;
    let second = browser.get("/saml2/aws-b/metadata").await.body;
    let certificate = |xml: &str| {
        let start = xml.find("X509Certificate>").unwrap();
        xml[start..].split('<').next().unwrap().to_owned()
    };
    assert_ne!(certificate(&first), certificate(&second));
}
