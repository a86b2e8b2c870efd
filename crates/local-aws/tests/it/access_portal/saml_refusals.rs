//! Responses that sign nobody in: what the person sees, and what is wrong (identity-center.md §4.4).

use time::Duration;

use super::world::{ADA, Center};
use crate::support::idp::{Draft, Signed};

const UNEXPECTED: &str = "An unexpected error has occurred";
const NOT_YOU: &str = "It&#39;s not you, it is us";
const NOBODY: &str = "Invalid MFA credentials";
const LATER: &str = "We couldn&#39;t complete your request right now. Please try again later.";

/// Posts what `change` makes of a good response; it must fail with AWS's text, the diagnosis and
/// nobody signed in.
async fn refused(change: impl FnOnce(&Center, Draft) -> Draft, text: &str, diagnosis: &str) {
    let center = Center::new().await;
    let draft = change(&center, center.draft());
    let reply = center.post_draft(&draft).await;
    assert!((400..404).contains(&reply.status), "{}", reply.text);
    assert!(reply.text.contains(text), "{text} not in {}", reply.text);
    assert!(
        reply.text.contains(diagnosis),
        "{diagnosis} not in {}",
        reply.text
    );
    assert!(reply.headers.get("set-cookie").is_none());
    // The good one works, so it is the change that matters.
    let good = center.post_draft(&center.draft()).await;
    assert_eq!(good.status, 303, "{}", good.text);
}

fn sets(change: impl FnOnce(&mut Draft)) -> impl FnOnce(&Center, Draft) -> Draft {
    |_, mut draft| {
        change(&mut draft);
        draft
    }
}

/// M05: the text that AWS shows for it.
#[tokio::test]
async fn a_name_that_nobody_has() {
    let change = sets(|draft| draft.name_id = "nobody@example.com".into());
    refused(
        change,
        NOBODY,
        "There is no user with the userName nobody@example.com.",
    )
    .await;
}

/// Nobody is created by signing in.
#[tokio::test]
async fn signing_in_creates_nobody() {
    let center = Center::new().await;
    let mut draft = center.draft();
    draft.name_id = "new@example.com".into();
    assert_eq!(center.post_draft(&draft).await.status, 403);
    assert_eq!(center.world.aws.state().directory.users.len(), 1);
}

/// The e-mail address is not looked at.
#[tokio::test]
async fn an_address_that_is_not_the_user_name() {
    let change = sets(|draft| draft.name_id = format!("mail.{ADA}"));
    refused(change, UNEXPECTED, &format!("but the userName is {ADA}.")).await;
}

#[tokio::test]
async fn a_name_in_another_case() {
    let change = sets(|draft| draft.name_id = ADA.to_uppercase());
    refused(change, UNEXPECTED, &format!("but the userName is {ADA}.")).await;
}

#[tokio::test]
async fn a_disabled_user() {
    let center = Center::new().await;
    center.disable(&center.ada).await;
    let reply = center.post_draft(&center.draft()).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text.contains(NOBODY) && reply.text.contains("is disabled."));
}

#[tokio::test]
async fn a_name_of_another_format() {
    let format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let change = sets(|draft| draft.name_id_format = format.into());
    refused(
        change,
        UNEXPECTED,
        "nameid-format:persistent, but must have",
    )
    .await;
}

#[tokio::test]
async fn another_audience() {
    let change = sets(|draft| draft.audience = Some("urn:amazon:webservices".into()));
    refused(change, UNEXPECTED, "urn:amazon:webservices").await;
}

#[tokio::test]
async fn no_audience() {
    refused(sets(|draft| draft.audience = None), UNEXPECTED, "audience").await;
}

#[tokio::test]
async fn another_recipient() {
    let change = sets(|draft| draft.recipient = "https://signin.aws.amazon.com/saml".into());
    refused(
        change,
        UNEXPECTED,
        "The Recipient is https://signin.aws.amazon.com/saml",
    )
    .await;
}

#[tokio::test]
async fn another_destination() {
    let change = sets(|draft| draft.destination = "http://localhost:4566/saml".into());
    refused(
        change,
        UNEXPECTED,
        "The Destination is http://localhost:4566/saml",
    )
    .await;
}

/// The names of AWS's own assertion consumer service mean this one.
#[tokio::test]
async fn the_addresses_of_aws_are_the_same_place() {
    for host in ["signin.aws", "sso.signin.aws", "signin.aws.amazon.com"] {
        let center = Center::in_region("eu-west-1").await;
        let tenant = center.instance().saml_tenant;
        let mut draft = center.draft();
        draft.recipient = format!("https://eu-west-1.{host}/platform/saml/acs/{tenant}");
        draft.destination.clone_from(&draft.recipient);
        assert_eq!(center.post_draft(&draft).await.status, 303, "{host}");
    }
}

#[tokio::test]
async fn another_tenant() {
    let center = Center::new().await;
    let response = center.idp.sign(&center.draft());
    let fields = [("SAMLResponse", response.as_str())];
    let reply = center
        .world
        .post("/platform/saml/acs/0011223344556677-nobody", &fields, "")
        .await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains(UNEXPECTED) && reply.text.contains("was sent to the tenant"));
}

#[tokio::test]
async fn another_issuer() {
    let change = sets(|draft| draft.issuer = "https://evil.example/".into());
    refused(change, UNEXPECTED, "was issued by https://evil.example/").await;
    let change = sets(|draft| draft.response_issuer = "https://evil.example/".into());
    refused(change, UNEXPECTED, "was issued by https://evil.example/").await;
}

/// §8.8, clock skew: a minute is let pass, more is not.
#[tokio::test]
async fn clocks_that_differ() {
    let late = |center: &Center, mut draft: Draft| {
        draft.not_on_or_after = center.world.now() - Duration::minutes(1);
        draft
    };
    refused(late, NOT_YOU, "The assertion was valid until").await;
    let early = |center: &Center, mut draft: Draft| {
        draft.not_before = center.world.now() + Duration::seconds(61);
        draft
    };
    refused(early, NOT_YOU, "The assertion is valid from").await;
    let ended = |center: &Center, mut draft: Draft| {
        draft.session_not_on_or_after = Some(center.world.now());
        draft
    };
    refused(ended, NOT_YOU, "The assertion was valid until").await;

    let center = Center::new().await;
    let mut draft = center.draft();
    draft.not_before = center.world.now() + Duration::seconds(60);
    draft.issue_instant = draft.not_before;
    assert_eq!(center.post_draft(&draft).await.status, 303);
    draft.id = "_late00112233445566778899".into();
    draft.not_before = center.world.now() - Duration::minutes(5);
    draft.issue_instant = draft.not_before;
    draft.not_on_or_after = center.world.now() - Duration::seconds(59);
    assert_eq!(center.post_draft(&draft).await.status, 303);
}

#[tokio::test]
async fn no_signature_or_only_one_on_the_response() {
    let change = sets(|draft| draft.signed = Signed::Neither);
    refused(change, NOT_YOU, "not signed").await;
    let change = sets(|draft| draft.signed = Signed::Response);
    refused(change, NOT_YOU, "not signed").await;
}

#[tokio::test]
async fn a_name_that_was_changed_after_signing() {
    let change = |_: &Center, draft: Draft| draft.tamper(ADA, "eve@example.com");
    refused(change, NOT_YOU, "The response is not believed").await;
}

#[tokio::test]
async fn a_key_that_is_not_the_identity_providers() {
    let center = Center::new().await;
    let other = center.idp.successor();
    let reply = center.post_response(&other.sign(&center.draft()), "").await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains(NOT_YOU) && reply.text.contains("Import the certificate"));
}

#[tokio::test]
async fn more_than_one_assertion() {
    let change = |_: &Center, draft: Draft| {
        draft.tamper(
            "</samlp:Response>",
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:Assertion></samlp:Response>",
        )
    };
    refused(change, UNEXPECTED, "more than one Assertion").await;
}

#[tokio::test]
async fn an_encrypted_assertion() {
    let change = |_: &Center, draft: Draft| {
        draft.tamper(
            "</samlp:Response>",
            "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:EncryptedAssertion></samlp:Response>",
        )
    };
    refused(change, UNEXPECTED, "is encrypted").await;
}

/// An identity provider that cannot give the format of name answers with a status.
#[tokio::test]
async fn a_status_that_is_no_success() {
    let change = |_: &Center, draft: Draft| draft.tamper("status:Success", "status:Requester");
    refused(change, LATER, "status:Requester").await;
}

#[tokio::test]
async fn what_is_no_response_at_all() {
    let center = Center::new().await;
    let reply = center.post_response("bm90IFNBTUw=", "").await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains(UNEXPECTED));
    let path = center.acs().replace("http://localhost:4566", "");
    let reply = center.world.post(&path, &[], "").await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("The form has no field SAMLResponse."));
}
