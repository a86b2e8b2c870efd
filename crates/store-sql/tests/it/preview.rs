//! The preview of a sign-in: each thing that would make AWS refuse it is told before anyone fails.

use jetway_identity::applications::{
    AccessChange, ApplicationChange, RoleRule, SamlKind, SignatureDigest, change_access,
    update_application,
};
use jetway_identity::sso::{
    CheckPeopleError, Origin, Outcome, Preview, PreviewError, check_people, preview,
};
use jetway_identity::{
    ApplicationId, AssertRequest, AttributeSource, EventKind, MappedAttribute, NewApplication,
    NewUser, SamlSettings, UserId, UserState, assert, set_user_state,
};
use jetway_saml::{ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME};
use time::Duration;
use url::Url;

use crate::applications::{get, settings};
use crate::bed::{Bed, EMAIL, PROVIDER, ROLE, custom, new_application, new_user, on_both};

on_both!(
    a_good_preview_is_what_will_be_sent_with_the_origin_of_each_value,
    the_placeholder_of_the_template_is_found,
    a_session_name_with_a_space_or_of_65_characters_is_found,
    a_tag_of_257_characters_is_found,
    a_certificate_is_judged_by_its_end,
    an_acs_url_that_is_not_aws_s_is_found,
    a_user_without_any_role_is_found,
    whoever_may_not_sign_in_is_told_why,
    groups_that_disagree_are_shown_and_the_first_by_name_wins,
    role_rules_give_each_person_their_roles,
    people_for_whom_it_would_fail_are_counted_with_the_reason,
    a_stranger_sees_no_preview,
);

const SLUG: &str = "acme";

async fn grant(bed: &Bed, id: ApplicationId, user: UserId) {
    let change = AccessChange {
        grant_users: vec![user],
        ..AccessChange::default()
    };
    change_access(&mut bed.op(), &bed.store, id, &change)
        .await
        .unwrap();
}

/// An application and a person who has it.
async fn set_up(bed: &Bed, new: NewApplication, user: NewUser) -> (ApplicationId, UserId) {
    let user = bed.user_with(user).await;
    let id = bed.application(new).await;
    grant(bed, id, user).await;
    (id, user)
}

async fn look(bed: &Bed, (id, user): (ApplicationId, UserId)) -> Preview {
    preview(&mut bed.op(), &bed.store, id, user).await.unwrap()
}

fn bad(preview: &Preview) -> Vec<&str> {
    let bad = preview.checks.iter();
    bad.filter(|check| check.outcome == Outcome::Bad)
        .map(|check| check.text.as_str())
        .collect()
}

/// The only thing that is wrong.
fn only_problem(preview: &Preview) -> &str {
    let bad = bad(preview);
    assert_eq!(bad.len(), 1, "{:?}", preview.checks);
    assert_eq!(preview.checks[0].outcome, Outcome::Bad, "the worst first");
    bad[0]
}

async fn change(bed: &Bed, id: ApplicationId, change: impl FnOnce(&mut SamlSettings)) {
    let mut saml = settings(&*get(bed, id).await);
    change(&mut saml);
    let change = ApplicationChange {
        saml: Some(saml),
        active: Some(false),
        ..ApplicationChange::default()
    };
    update_application(&mut bed.op(), &bed.store, id, None, change)
        .await
        .unwrap();
}

fn mapped(name: &str, source: &str) -> MappedAttribute {
    MappedAttribute {
        name: name.to_owned(),
        source: source.parse().unwrap(),
    }
}

fn values<'a>(preview: &'a Preview, name: &str) -> Vec<(&'a str, &'a Origin)> {
    let found = preview.attributes.iter().find(|one| one.name == name);
    found.map_or(Vec::new(), |one| {
        one.values
            .iter()
            .map(|(value, from)| (value.as_str(), from))
            .collect()
    })
}

/// Requirements J01, J03, J09 and J17.
async fn a_good_preview_is_what_will_be_sent_with_the_origin_of_each_value(bed: Bed) {
    let mut new = new_application(SLUG);
    let tag = format!("{ATTRIBUTE_PRINCIPAL_TAG_PREFIX}Team");
    let mapping = &mut new.saml.user_attribute_mapping;
    mapping.push(mapped(&tag, "custom:team"));
    mapping.push(mapped("givenName", "firstname"));
    new.saml.digest = SignatureDigest::Sha512;
    let both = set_up(&bed, new, new_user(EMAIL)).await;
    let group = bed
        .group_of(both.1, "operations", &[("team", "desert")])
        .await;
    bed.assign(both.0, group).await;
    let seen = look(&bed, both).await;
    assert_eq!(bad(&seen), [""; 0]);
    assert_eq!(seen.user.email, EMAIL);
    assert_eq!(seen.through.len(), 1);
    assert_eq!(seen.name_id.as_ref().unwrap().1, EMAIL);
    let team: AttributeSource = "custom:team".parse().unwrap();
    assert_eq!(
        values(&seen, &tag),
        [("desert", &Origin::Group(team, "operations".to_owned()))]
    );
    assert_eq!(
        values(&seen, "givenName"),
        [("Road", &Origin::User(AttributeSource::FirstName))]
    );
    let pair = format!("{ROLE},{PROVIDER}");
    assert_eq!(
        values(&seen, ATTRIBUTE_ROLE),
        [(pair.as_str(), &Origin::Constant)]
    );
    let xml = seen.xml.as_deref().unwrap();
    assert!(
        xml.contains("desert") && !xml.contains("Signature"),
        "{xml}"
    );
    // The same attributes as in the assertion itself; and looking leaves no event.
    assert!(bed.events(EventKind::SsoAuth).await.is_empty());
    let token = bed.signed_in(EMAIL).await;
    let request = AssertRequest {
        session_token: &token,
        slug: SLUG,
        wish: None,
    };
    let sent = assert(&mut bed.stranger(), &bed.store, &bed.keys, request)
        .await
        .unwrap();
    let sent: Vec<_> = sent.response.assertion.attributes;
    let shown: Vec<_> = seen.attributes.iter().map(|one| one.name.clone()).collect();
    assert_eq!(
        sent.iter().map(|one| one.name.clone()).collect::<Vec<_>>(),
        shown
    );
}

/// Requirement J02.
async fn the_placeholder_of_the_template_is_found(bed: Bed) {
    let public = Url::parse("http://localhost:8700").unwrap();
    let new = NewApplication::aws_iam(SLUG, "AWS", &public);
    let seen = look(&bed, set_up(&bed, new, new_user(EMAIL)).await).await;
    assert!(
        bad(&seen)
            .iter()
            .any(|text| text.contains("YOUR_AWS_ACCOUNT_NUMBER")),
        "{:?}",
        seen.checks
    );
    assert!(
        bad(&seen).iter().any(|text| text.contains("switched off")),
        "{:?}",
        seen.checks
    );
    assert_eq!(seen.xml, None, "none would be made");
}

/// Requirement J17.
async fn a_session_name_with_a_space_or_of_65_characters_is_found(bed: Bed) {
    let mut new = new_application(SLUG);
    new.saml.user_attribute_mapping = vec![mapped(ATTRIBUTE_ROLE_SESSION_NAME, "custom:name")];
    let long = "x".repeat(65);
    let id = bed.application(new).await;
    for (email, name) in [("a@acme.com", "Road Runner"), ("b@acme.com", long.as_str())] {
        let user = NewUser {
            custom_attributes: custom(&[("name", name)]),
            ..new_user(email)
        };
        let user = bed.user_with(user).await;
        grant(&bed, id, user).await;
        let seen = look(&bed, (id, user)).await;
        let bad = bad(&seen);
        assert!(
            bad.iter().any(|text| text.contains("RoleSessionName")
                && text.contains(name)
                && text.contains("custom:name")
                && text.contains(email)),
            "{bad:?}"
        );
    }
}

async fn a_tag_of_257_characters_is_found(bed: Bed) {
    let mut new = new_application(SLUG);
    let tag = format!("{ATTRIBUTE_PRINCIPAL_TAG_PREFIX}Project");
    new.saml
        .user_attribute_mapping
        .push(mapped(&tag, "custom:project"));
    let user = NewUser {
        custom_attributes: custom(&[("project", &"x".repeat(257))]),
        ..new_user(EMAIL)
    };
    let seen = look(&bed, set_up(&bed, new, user).await).await;
    let problem = only_problem(&seen);
    assert!(
        problem.contains(&tag) && problem.contains("256"),
        "{problem}"
    );
}

/// Requirement H02.
async fn a_certificate_is_judged_by_its_end(mut bed: Bed) {
    let both = set_up(&bed, new_application(SLUG), new_user(EMAIL)).await;
    let end = bed.now.replace_year(bed.now.year() + 5).unwrap();
    let of_certificate = |seen: Preview| {
        let found = seen.checks.into_iter();
        let mut found = found.filter(|check| check.text.contains("certificate"));
        let check = found.next().unwrap();
        (check.outcome, check.text)
    };
    let (outcome, text) = of_certificate(look(&bed, both).await);
    assert_eq!(outcome, Outcome::Good);
    assert!(text.contains("2031-03-14"), "{text}");
    bed.now = end - Duration::days(59);
    assert_eq!(of_certificate(look(&bed, both).await).0, Outcome::Warning);
    bed.now = end;
    let seen = look(&bed, both).await;
    assert!(only_problem(&seen).contains("ended on 2031-03-14"));
}

async fn an_acs_url_that_is_not_aws_s_is_found(bed: Bed) {
    let both = set_up(&bed, new_application(SLUG), new_user(EMAIL)).await;
    for (url, outcome) in [
        ("https://signin.aws.amazon.com/saml", Outcome::Good),
        (
            "https://eu-central-1.signin.aws.amazon.com/saml",
            Outcome::Good,
        ),
        (
            "https://signin.aws.amazon.com/saml/acs/SAMLSPABCDEF",
            Outcome::Good,
        ),
        ("https://signin.amazonaws.cn/saml", Outcome::Good),
        ("http://localhost:4566/saml", Outcome::Warning),
        ("https://evilsignin.aws.amazon.com/saml", Outcome::Bad),
        (
            "https://signin.aws.amazon.com.evil.example/saml",
            Outcome::Bad,
        ),
        ("https://signin.aws.amazon.com/console", Outcome::Bad),
    ] {
        change(&bed, both.0, |saml| url.clone_into(&mut saml.acs_url)).await;
        let seen = look(&bed, both).await;
        let check = seen.checks.iter().find(|check| check.text.contains(url));
        assert_eq!(check.unwrap().outcome, outcome, "{url}");
    }
    let public = Url::parse("http://localhost:8700").unwrap();
    let center = NewApplication::of_kind(SamlKind::IdentityCenter, "center", "Center", &public);
    let center = bed.application(center).await;
    for (url, good) in [
        (
            "https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/a-b-c",
            true,
        ),
        ("https://signin.aws.amazon.com/saml", false),
    ] {
        change(&bed, center, |saml| {
            url.clone_into(&mut saml.acs_url);
            "urn:center".clone_into(&mut saml.audience);
        })
        .await;
        let seen = look(&bed, (center, both.1)).await;
        let found = bad(&seen).iter().any(|text| text.contains(url));
        assert_eq!(found, !good, "{url}: {:?}", seen.checks);
    }
}

/// Requirement J14.
async fn a_user_without_any_role_is_found(bed: Bed) {
    let mut new = new_application(SLUG);
    new.kind = SamlKind::AwsIamRoles;
    new.saml.constant_attributes.clear();
    new.saml.role_rules = vec![rule("ops", "012345678987", "Admin")];
    let both = set_up(&bed, new, new_user(EMAIL)).await;
    let seen = look(&bed, both).await;
    let problem = only_problem(&seen);
    assert!(
        problem.contains("Attributes/Role") && problem.contains(EMAIL),
        "{problem}"
    );
    assert_eq!(seen.xml, None);
    bed.group_of(both.1, "ops", &[]).await;
    assert_eq!(bad(&look(&bed, both).await), [""; 0]);
}

/// Requirements K01 and K05.
async fn whoever_may_not_sign_in_is_told_why(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let id = bed.application(new_application(SLUG)).await;
    let seen = look(&bed, (id, user)).await;
    assert!(only_problem(&seen).contains("does not have"));
    assert!(
        seen.xml.is_some(),
        "what would be sent is shown all the same"
    );
    grant(&bed, id, user).await;
    set_user_state(&mut bed.op(), &bed.store, user, UserState::Suspended)
        .await
        .unwrap();
    assert!(only_problem(&look(&bed, (id, user)).await).contains("suspended"));
}

/// Gap X6.
async fn groups_that_disagree_are_shown_and_the_first_by_name_wins(bed: Bed) {
    let mut new = new_application(SLUG);
    let tag = format!("{ATTRIBUTE_PRINCIPAL_TAG_PREFIX}Team");
    new.saml
        .user_attribute_mapping
        .push(mapped(&tag, "custom:team"));
    let both = set_up(&bed, new, new_user(EMAIL)).await;
    bed.group_of(both.1, "b-team", &[("team", "b")]).await;
    bed.group_of(both.1, "A-Team", &[("team", "a")]).await;
    let seen = look(&bed, both).await;
    let [conflict] = seen.conflicts.as_slice() else {
        panic!("{:?}", seen.conflicts)
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(conflict.values, [pair("A-Team", "a"), pair("b-team", "b")]);
    assert_eq!(values(&seen, &tag)[0].0, "a");
    assert_eq!(
        seen.checks[0].outcome,
        Outcome::Warning,
        "{:?}",
        seen.checks
    );
}

fn rule(group: &str, account: &str, role: &str) -> RoleRule {
    RoleRule {
        group: group.to_owned(),
        account: account.to_owned(),
        role: role.to_owned(),
        provider: "jetway".to_owned(),
    }
}

/// Requirements J14 and J15.
async fn role_rules_give_each_person_their_roles(bed: Bed) {
    let mut new = new_application(SLUG);
    new.kind = SamlKind::AwsIamRoles;
    new.saml.constant_attributes.clear();
    new.saml.role_rules = vec![
        rule("Operations", "012345678987", "Admin"),
        rule("aws-{account}-{role}", "{account}", "{role}"),
    ];
    let id = bed.application(new).await;
    let (both, one) = (bed.user("a@acme.com").await, bed.user("b@acme.com").await);
    let operations = bed.group_of(both, "operations", &[]).await;
    let pattern = bed.group_of(both, "aws-111111111111-ReadOnly", &[]).await;
    jetway_identity::add_member(&mut bed.op(), &bed.store, pattern, one)
        .await
        .unwrap();
    bed.assign(id, operations).await;
    bed.assign(id, pattern).await;
    let pair = |account: &str, role: &str| {
        format!("arn:aws:iam::{account}:role/{role},arn:aws:iam::{account}:saml-provider/jetway")
    };
    let (admin, read) = (
        pair("012345678987", "Admin"),
        pair("111111111111", "ReadOnly"),
    );
    for (email, expected) in [
        ("a@acme.com", vec![admin, read.clone()]),
        ("b@acme.com", vec![read]),
    ] {
        let token = bed.signed_in(email).await;
        let request = AssertRequest {
            session_token: &token,
            slug: SLUG,
            wish: None,
        };
        let sent = assert(&mut bed.stranger(), &bed.store, &bed.keys, request)
            .await
            .unwrap();
        let attributes = sent.response.assertion.attributes;
        let role = attributes.iter().find(|one| one.name == ATTRIBUTE_ROLE);
        assert_eq!(role.unwrap().values, expected, "{email}");
    }
    let seen = look(&bed, (id, both)).await;
    let origins: Vec<_> = values(&seen, ATTRIBUTE_ROLE)
        .into_iter()
        .map(|(_, origin)| origin.clone())
        .collect();
    let by_rule = |group: &str| Origin::RoleRule(group.to_owned());
    assert_eq!(
        origins,
        [by_rule("operations"), by_rule("aws-111111111111-ReadOnly")]
    );
}

async fn people_for_whom_it_would_fail_are_counted_with_the_reason(bed: Bed) {
    let mut new = new_application(SLUG);
    new.saml.user_attribute_mapping = vec![mapped(ATTRIBUTE_ROLE_SESSION_NAME, "custom:name")];
    let id = bed.application(new).await;
    for (email, name) in [
        ("a@acme.com", "a"),
        ("b@acme.com", "bb"),
        ("c@acme.com", "c c"),
    ] {
        let user = NewUser {
            custom_attributes: custom(&[("name", name)]),
            ..new_user(email)
        };
        let user = bed.user_with(user).await;
        grant(&bed, id, user).await;
    }
    bed.user(EMAIL).await;
    let found = check_people(&mut bed.op(), &bed.store, id).await.unwrap();
    assert_eq!((found.checked, found.failing, found.complete), (3, 2, true));
    let first: Vec<_> = found
        .first
        .iter()
        .map(|(user, _)| user.email.as_str())
        .collect();
    assert_eq!(first, ["a@acme.com", "c@acme.com"]);
    let reason = found.first[1].1.to_string();
    assert!(reason.contains("\"c c\""), "{reason}");
}

async fn a_stranger_sees_no_preview(bed: Bed) {
    let (id, user) = set_up(&bed, new_application(SLUG), new_user(EMAIL)).await;
    let seen = preview(&mut bed.stranger(), &bed.store, id, user).await;
    assert!(matches!(seen, Err(PreviewError::NotAllowed(_))));
    let checked = check_people(&mut bed.stranger(), &bed.store, id).await;
    assert!(matches!(checked, Err(CheckPeopleError::NotAllowed(_))));
}
