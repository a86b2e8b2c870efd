//! "To configure AWS IAM Identity Center 1 and 2", "Configuring the Identity Management
//! Integration" and "To enable ABAC" of the integration guide.

use super::Visitor;
use crate::support::idp::Idp;

const SETTINGS: &str = "/settings/identity-source";
const IDP: &str = "https://idp.example/metadata";

impl Visitor {
    /// Changes the identity source to an external identity provider.
    pub(crate) async fn with_identity_provider() -> (Self, Idp) {
        let visitor = Self::with_instance().await;
        let idp = Idp::new(IDP);
        visitor.change_source(&idp).await;
        (visitor, idp)
    }

    async fn change_source(&self, idp: &Idp) {
        let configure = format!("{SETTINGS}/change");
        let fields = [("source", "external"), ("metadata", &*idp.metadata())];
        let review = self
            .send(&configure, &format!("{SETTINGS}/review"), &fields)
            .await;
        review.assert_ok();
        review
            .shows("Review and confirm")
            .shows(IDP)
            .shows("Type ACCEPT to change your identity source");
        let sealed = review.field("sealed");
        self.press(
            &configure,
            &configure,
            &[("sealed", &sealed), ("typed", "ACCEPT")],
        )
        .await
        .shows("The identity source is changed.");
    }
}

/// Seed 002, "To configure AWS IAM Identity Center 1".
#[tokio::test]
async fn an_organization_is_created_and_identity_center_is_enabled() {
    let visitor = Visitor::new().await;
    visitor
        .open("")
        .await
        .shows("Create AWS organization")
        .shows("Enable IAM Identity Center")
        .shows("Create the organization first.");
    visitor
        .press("", "/organization", &[])
        .await
        .shows("The AWS organization is created.");
    visitor
        .press("", "/enable", &[])
        .await
        .shows("IAM Identity Center is enabled.")
        .shows("Recommended setup steps")
        .shows("Choose your identity source");
    visitor
        .open(SETTINGS)
        .await
        .shows(">Change</a>")
        .shows("Identity Center directory");
    visitor
        .open(&format!("{SETTINGS}/change"))
        .await
        .shows("External identity provider")
        .shows("Service provider metadata")
        .shows("download metadata file")
        .shows("/platform/saml/acs/");
    visitor
        .open("/accounts")
        .await
        .shows("production")
        .lacks("staging")
        .shows("management account");
}

/// Seed 002, "To configure AWS IAM Identity Center 2".
#[tokio::test]
async fn the_identity_source_changes_only_when_accept_is_typed() {
    let visitor = Visitor::with_instance().await;
    let idp = Idp::new(IDP);
    let configure = format!("{SETTINGS}/change");
    let fields = [("source", "external"), ("metadata", &*idp.metadata())];
    let review = visitor
        .send(&configure, &format!("{SETTINGS}/review"), &fields)
        .await;
    let sealed = review.field("sealed");
    for typed in ["", "accept"] {
        let again = visitor
            .send(
                &configure,
                &configure,
                &[("sealed", &sealed), ("typed", typed)],
            )
            .await;
        assert_eq!(again.status, 400);
        again.shows("Type ACCEPT, in capital letters.");
    }
    visitor.open(SETTINGS).await.lacks(IDP);
    visitor.change_source(&idp).await;
    visitor
        .open(SETTINGS)
        .await
        .shows(IDP)
        .shows("External identity provider");
}

#[tokio::test]
async fn what_is_no_metadata_is_told_beside_what_was_typed() {
    let visitor = Visitor::with_instance().await;
    let configure = format!("{SETTINGS}/change");
    let review = format!("{SETTINGS}/review");
    let nothing = visitor
        .send(&configure, &review, &[("source", "external")])
        .await;
    assert_eq!(nothing.status, 400);
    nothing.shows("Choose the metadata file of the identity provider");
    let fields = [("source", "external"), ("metadata", "<html/>")];
    assert_eq!(visitor.send(&configure, &review, &fields).await.status, 400);
    let by_hand = [
        ("source", "external"),
        ("entity_id", "https://other.example/"),
        ("certificate", "no certificate"),
    ];
    let page = visitor.send(&configure, &review, &by_hand).await;
    assert_eq!(page.status, 400);
    page.shows("this is not one certificate in PEM")
        .shows("https://other.example/");
}

#[tokio::test]
async fn the_last_certificate_cannot_be_deleted() {
    let (visitor, _) = Visitor::with_identity_provider().await;
    let page = format!("{SETTINGS}/certificates");
    visitor
        .open(&page)
        .await
        .shows("At least one certificate has to remain")
        .lacks("Delete certificate");
    let wrong = visitor.send(&page, &page, &[("certificate", "x")]).await;
    assert_eq!(wrong.status, 400);
    wrong.shows("this is not one certificate in PEM");
}

/// identity-center.md §4.5: two at a time, so that the identity provider can change its key.
#[tokio::test]
async fn certificates_rotate_without_a_gap() {
    let (visitor, idp) = Visitor::with_identity_provider().await;
    let page = format!("{SETTINGS}/certificates");
    let next = certificate_of(&idp.impostor());
    visitor
        .press(&page, &page, &[("certificate", &next)])
        .await
        .shows("The certificate is imported.")
        .shows("Two certificates are the most.");
    let old = visitor.open(&page).await.field("id");
    visitor
        .press(&page, &format!("{page}/delete"), &[("id", &old)])
        .await
        .shows("The certificate is deleted.")
        .shows("At least one certificate has to remain");
    let again = visitor.send(&page, &page, &[("certificate", &next)]).await;
    assert_eq!(again.status, 400);
    again.shows("this certificate is imported already");
}

/// The signing certificate in the metadata, PEM.
fn certificate_of(idp: &Idp) -> String {
    let metadata = idp.metadata();
    let (_, rest) = metadata.split_once("X509Certificate>").unwrap();
    let base64 = rest.split_once("</").unwrap().0.trim();
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
}

/// Seed 002, "Configuring the Identity Management Integration", steps 7 to 10.
#[tokio::test]
async fn the_token_of_automatic_provisioning_is_shown_once() {
    let (visitor, _) = Visitor::with_identity_provider().await;
    let page = "/settings/provisioning";
    let enabled = visitor
        .send(page, "/settings/provisioning/enable", &[])
        .await;
    enabled.assert_ok();
    enabled
        .shows("Inbound automatic provisioning")
        .shows("SCIM endpoint")
        .shows("/scim/v2/")
        .shows("Show token");
    let token = enabled
        .text
        .split_once("id=\"access-token\"")
        .and_then(|(_, rest)| rest.split_once('>'))
        .and_then(|(_, rest)| rest.split_once('<'))
        .unwrap()
        .0
        .to_owned();
    assert!((500..=620).contains(&token.len()), "{token}");
    let later = visitor.open(page).await;
    later
        .lacks(&token)
        .lacks("Show token")
        .shows("Generate token");
    visitor
        .send(page, "/settings/provisioning/tokens", &[])
        .await
        .shows("Two tokens are the most");
    let third = visitor
        .send(page, "/settings/provisioning/tokens", &[])
        .await;
    assert_eq!(third.status, 400);
    third.shows("there are two access tokens already");
}

#[tokio::test]
async fn automatic_provisioning_ends_after_its_tokens() {
    let (visitor, _) = Visitor::with_identity_provider().await;
    let page = "/settings/provisioning";
    let enabled = visitor
        .send(page, "/settings/provisioning/enable", &[])
        .await;
    enabled
        .lacks(">Disable</a>")
        .shows("Delete all access tokens first.");
    let refused = visitor
        .send(page, "/settings/provisioning/disable", &[])
        .await;
    assert_eq!(refused.status, 400);
    let id = enabled.text.split_once("/tokens/").unwrap().1;
    let id = id.split_once("/delete").unwrap().0;
    let delete = format!("{page}/tokens/{id}/delete");
    visitor
        .press(&delete, &delete, &[])
        .await
        .shows("The access token is deleted.");
    visitor
        .press(
            "/settings/provisioning/disable",
            "/settings/provisioning/disable",
            &[],
        )
        .await
        .shows("Enable automatic provisioning");
}

#[tokio::test]
async fn automatic_provisioning_needs_an_external_identity_provider() {
    let visitor = Visitor::with_instance().await;
    visitor
        .open("/settings/provisioning")
        .await
        .shows("Change it to an external identity provider first.")
        .lacks(">Enable automatic provisioning</button>");
}

/// Seed 002, "To enable ABAC" and "To configure ABAC Using SCIM User Attributes".
#[tokio::test]
async fn attributes_for_access_control_are_enabled_set_and_disabled() {
    let visitor = Visitor::with_instance().await;
    let page = "/settings/access-control";
    visitor
        .press(page, "/settings/access-control/enable", &[])
        .await
        .shows("Attributes for access control are enabled.");
    let rows = [
        ("key", "CostCenter"),
        ("source", "${path:enterprise.costCenter}"),
        ("key", ""),
        ("source", ""),
    ];
    let mut added = rows.to_vec();
    added.push(("do", "add-row"));
    visitor
        .send(page, page, &added)
        .await
        .shows("value=\"CostCenter\"");
    visitor.open(page).await.lacks("value=\"CostCenter\"");
    let mut saved = rows.to_vec();
    saved.push(("do", "save"));
    visitor
        .press(page, page, &saved)
        .await
        .shows("The changes are saved.")
        .shows("value=\"CostCenter\"");
    visitor
        .press(
            "/settings/access-control/disable",
            "/settings/access-control/disable",
            &[],
        )
        .await
        .shows("Attributes for access control are disabled.");
    visitor.open(page).await.lacks("value=\"CostCenter\"");
}

#[tokio::test]
async fn the_portals_session_lasts_as_long_as_was_typed() {
    let visitor = Visitor::with_instance().await;
    let action = "/settings/portal-session";
    visitor
        .press("/settings", action, &[("portal_session_hours", "12")])
        .await
        .shows("value=\"12\"");
    for wrong in ["0", "2161", "x", ""] {
        let reply = visitor
            .send("/settings", action, &[("portal_session_hours", wrong)])
            .await;
        assert_eq!(reply.status, 400, "{wrong}");
        reply.shows("Give a whole number from 1 to 2160.");
    }
}
