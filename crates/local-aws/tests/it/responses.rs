//! What AWS checks of a response and what it does not: the rows of aws-iam-sts.md §1.5.

use time::Duration;

use crate::support::{
    World,
    idp::{Draft, Idp, Signed, text},
};

async fn accepted(name: &str, make: impl FnOnce(&Idp) -> Draft) {
    let (world, idp) = World::federated();
    let reply = world.redeem("Engineer", &idp.sign(&make(&idp))).await;
    assert_eq!(reply.status, 200, "{name}: {}", reply.text);
}

async fn invalid(name: &str, make: impl FnOnce(&Idp) -> Draft) {
    let (world, idp) = World::federated();
    let reply = world.redeem("Engineer", &idp.sign(&make(&idp))).await;
    assert_eq!(reply.status, 400, "{name}: {}", reply.text);
    assert!(
        reply.message().starts_with("Invalid base64 SAMLResponse ("),
        "{name}: {}",
        reply.text
    );
}

#[tokio::test]
async fn both_signatures_are_fine() {
    accepted("both", |idp| Draft {
        signed: Signed::Both,
        ..idp.draft()
    })
    .await;
}

/// The provider's certificate in these tests expired in 2016.
#[tokio::test]
async fn an_expired_signing_certificate_does_not_matter() {
    accepted("expired certificate", Idp::draft).await;
}

#[tokio::test]
async fn the_issuer_of_the_response_does_not_matter() {
    accepted("response issuer", |idp| Draft {
        response_issuer: "https://someone.else.example".into(),
        ..idp.draft()
    })
    .await;
}

#[tokio::test]
async fn not_before_in_the_future_does_not_matter_at_sts() {
    for seconds in [60, 86_400] {
        accepted("Conditions/@NotBefore", |idp| {
            let draft = idp.draft();
            Draft {
                not_before: draft.issue_instant + Duration::seconds(seconds),
                not_on_or_after: draft.issue_instant + Duration::days(2),
                ..draft
            }
        })
        .await;
    }
    accepted("SubjectConfirmationData/@NotBefore", |idp| {
        let draft = idp.draft();
        let later = text(draft.issue_instant + Duration::hours(1));
        draft.edit(
            "<saml:SubjectConfirmationData NotOnOrAfter",
            &format!("<saml:SubjectConfirmationData NotBefore=\"{later}\" NotOnOrAfter"),
        )
    })
    .await;
}

#[tokio::test]
async fn the_audience_does_not_matter_at_sts() {
    accepted("wrong audience", |idp| Draft {
        audience: Some("urn:example:somebody".into()),
        ..idp.draft()
    })
    .await;
    accepted("no audience restriction", |idp| Draft {
        audience: None,
        ..idp.draft()
    })
    .await;
}

#[tokio::test]
async fn any_recipient_is_accepted_and_comes_back_as_audience() {
    let (world, idp) = World::federated();
    for recipient in [
        "https://elsewhere.example/acs",
        "https://signin.aws.amazon.com/saml/acs/SAMLSPWRONG",
    ] {
        let draft = Draft {
            recipient: recipient.into(),
            ..idp.draft()
        };
        let reply = world.redeem("Engineer", &idp.sign(&draft)).await;
        assert_eq!(reply.assert_ok().value("Audience"), recipient);
    }
}

#[tokio::test]
async fn the_name_format_may_be_any_uri() {
    accepted("format", |idp| Draft {
        name_id_format: "urn:example:format".into(),
        ..idp.draft()
    })
    .await;
}

#[tokio::test]
async fn the_end_of_the_conditions_is_optional() {
    accepted("Conditions/@NotOnOrAfter", |idp| {
        let draft = idp.draft();
        let (from, until) = (text(draft.not_before), text(draft.not_on_or_after));
        draft.edit(
            &format!("<saml:Conditions NotBefore=\"{from}\" NotOnOrAfter=\"{until}\">"),
            &format!("<saml:Conditions NotBefore=\"{from}\">"),
        )
    })
    .await;
}

#[tokio::test]
async fn one_time_use_and_proxy_restriction_are_accepted() {
    for condition in [
        "<saml:OneTimeUse></saml:OneTimeUse>",
        "<saml:ProxyRestriction></saml:ProxyRestriction>",
    ] {
        accepted(condition, |idp| {
            idp.draft().edit(
                "</saml:Conditions>",
                &format!("{condition}</saml:Conditions>"),
            )
        })
        .await;
    }
}

#[tokio::test]
async fn the_conditions_element_is_required_and_readable() {
    invalid("no Conditions", |idp| {
        let draft = Draft {
            audience: None,
            ..idp.draft()
        };
        let (from, until) = (text(draft.not_before), text(draft.not_on_or_after));
        draft.edit(
            &format!(
                "<saml:Conditions NotBefore=\"{from}\" NotOnOrAfter=\"{until}\"></saml:Conditions>"
            ),
            "",
        )
    })
    .await;
    invalid("unparsable NotBefore", |idp| {
        let draft = idp.draft();
        let from = text(draft.not_before);
        draft.edit(&format!("NotBefore=\"{from}\""), "NotBefore=\"yesterday\"")
    })
    .await;
}

#[tokio::test]
async fn the_confirmation_is_required_in_full_and_once() {
    invalid("no Recipient", |idp| {
        idp.draft()
            .edit(" Recipient=\"https://signin.aws.amazon.com/saml\"", "")
    })
    .await;
    invalid("no NotOnOrAfter", |idp| {
        let draft = idp.draft();
        let until = text(draft.not_on_or_after);
        draft.edit(
            &format!("<saml:SubjectConfirmationData NotOnOrAfter=\"{until}\" "),
            "<saml:SubjectConfirmationData ",
        )
    })
    .await;
    invalid("two confirmations", |idp| {
        let draft = idp.draft();
        let until = text(draft.not_on_or_after);
        let second = format!("<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData NotOnOrAfter=\"{until}\" Recipient=\"https://signin.aws.amazon.com/saml\"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>");
        draft.edit("</saml:Subject>", &second)
    })
    .await;
}

#[tokio::test]
async fn a_name_without_format_and_a_missing_authentication_statement_are_refused() {
    invalid("NameID without Format", |idp| {
        idp.draft().edit(
            " Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"",
            "",
        )
    })
    .await;
    invalid("no AuthnStatement", |idp| {
        let draft = idp.draft();
        let issued = text(draft.issue_instant);
        draft.edit(&format!("<saml:AuthnStatement AuthnInstant=\"{issued}\" SessionIndex=\"_session1\"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"), "")
    })
    .await;
}
