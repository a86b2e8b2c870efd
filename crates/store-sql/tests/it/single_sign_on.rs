//! Who gets an assertion, and what is in it.

use jetway_identity::{
    Actor, AssertError, AssertRequest, AttributeSource, EventKind, Grant, MappedAttribute,
    NameIdFormat, NewApplication, NewUser, Store, UserState, application_metadata, applications,
    assert, ensure_everyone, list_tiles, remove_member, set_user_state, unassign_group,
};
use jetway_saml::{
    ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME,
    ATTRIBUTE_SESSION_DURATION, NAMEID_EMAIL, NAMEID_TRANSIENT, SignWhat,
};
use time::Duration;

use crate::bed::{Bed, EMAIL, PROVIDER, ROLE, map, new_application, new_user, on_both};

const SLUG: &str = "acme-prod-aws-admin";

on_both!(
    without_an_assignment_there_is_no_assertion_and_no_tile,
    an_assigned_person_gets_an_assertion_that_can_be_signed,
    access_ends_with_the_membership_the_assignment_and_the_activity,
    a_group_of_everyone_grants_to_everyone,
    nobody_without_a_live_session_gets_anything,
    a_hidden_application_has_no_tile_but_works,
    two_roles_are_two_values_of_one_attribute,
    a_value_of_the_person_takes_the_place_of_the_constant_session_name,
    the_persons_attribute_wins_over_the_groups_and_groups_go_by_name,
    an_absent_attribute_is_left_out,
    an_unusable_session_name_is_refused_with_its_source,
    the_session_duration_goes_along,
    a_transient_name_id_is_new_each_time,
    metadata_names_the_certificate_that_signs,
    every_response_has_ids_of_its_own_and_one_session_index,
);

async fn try_assert(bed: &Bed, token: &str, slug: &str) -> Result<Grant, AssertError> {
    let request = AssertRequest {
        session_token: token,
        slug,
        wish: None,
    };
    assert(&mut bed.stranger(), &bed.store, &bed.keys, request).await
}

/// A person in a group to which `new` is assigned, signed in.
async fn granted(bed: &Bed, new: NewApplication, user: NewUser) -> String {
    let user = bed.user_with(user).await;
    let group = bed.group_of(user, "operations", &[]).await;
    let application = bed.application(new).await;
    bed.assign(application, group).await;
    bed.signed_in(EMAIL).await
}

fn values<'a>(grant: &'a Grant, name: &str) -> Option<Vec<&'a str>> {
    let attributes = &grant.response.assertion.attributes;
    let mut of_this_name = attributes.iter().filter(|attribute| attribute.name == name);
    let values = of_this_name
        .next()?
        .values
        .iter()
        .map(String::as_str)
        .collect();
    assert!(of_this_name.next().is_none(), "each name appears once");
    Some(values)
}

fn custom(name: &str) -> AttributeSource {
    AttributeSource::Custom(name.to_owned())
}

fn mapped(name: &str, source: AttributeSource) -> MappedAttribute {
    MappedAttribute {
        name: name.to_owned(),
        source,
    }
}

/// Requirement K01.
async fn without_an_assignment_there_is_no_assertion_and_no_tile(bed: Bed) {
    let user = bed.user(EMAIL).await;
    bed.group_of(user, "developers", &[]).await;
    let application = bed.application(new_application(SLUG)).await;
    let other = bed.group("operations", &[]).await;
    bed.assign(application, other).await;
    let token = bed.signed_in(EMAIL).await;
    let refused = try_assert(&bed, &token, SLUG).await;
    let Err(AssertError::NotAssigned { label }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(label, format!("Label of {SLUG}"));
    let tiles = list_tiles(&bed.store, user).await.unwrap();
    assert!(tiles.is_empty());
    let event = bed.last_event(EventKind::SsoAuth).await;
    assert!(!event.success);
    assert_eq!(event.detail["reason"], "not_assigned");
    assert_eq!(
        event.actor,
        Actor::User {
            id: user,
            label: EMAIL.to_owned()
        }
    );
    let unknown = try_assert(&bed, &token, "no-such-application").await;
    assert!(matches!(unknown, Err(AssertError::NoSuchApplication)));
}

/// Requirements E08, J04, J17, K02, L01.
async fn an_assigned_person_gets_an_assertion_that_can_be_signed(bed: Bed) {
    let token = granted(&bed, new_application(SLUG), new_user(EMAIL)).await;
    let grant = try_assert(&bed, &token, SLUG).await.unwrap();
    assert_eq!(grant.acs_url, "https://signin.aws.amazon.com/saml");
    assert_eq!(grant.signed, SignWhat::Assertion);
    let response = &grant.response;
    assert_eq!(response.destination, grant.acs_url);
    assert_eq!(
        response.issuer,
        format!("http://localhost:8700/saml2/{SLUG}")
    );
    let assertion = &response.assertion;
    assert_eq!(assertion.recipient, grant.acs_url);
    assert_eq!(assertion.audience, "urn:amazon:webservices");
    assert_eq!(
        (
            assertion.name_id.format.as_str(),
            assertion.name_id.value.as_str()
        ),
        (NAMEID_EMAIL, EMAIL)
    );
    assert_eq!(assertion.issue_instant, bed.now);
    assert_eq!(
        assertion.not_on_or_after - assertion.issue_instant,
        Duration::minutes(5)
    );
    assert_eq!(
        assertion.confirmation_not_on_or_after,
        assertion.not_on_or_after
    );
    assert_eq!(
        assertion.issue_instant - assertion.not_before,
        Duration::minutes(1)
    );
    assert_eq!(
        values(&grant, ATTRIBUTE_ROLE_SESSION_NAME).unwrap(),
        [EMAIL]
    );
    assert_eq!(
        values(&grant, ATTRIBUTE_ROLE).unwrap(),
        [format!("{ROLE},{PROVIDER}")]
    );
    let signed = response.sign(&grant.key, grant.signed).unwrap();
    assert!(signed.as_xml().contains(EMAIL));
    let event = bed.last_event(EventKind::SsoAuth).await;
    assert!(event.success);
    assert_eq!(event.detail["idp_initiated"], true);
    assert_eq!(event.detail["application"]["slug"], SLUG);
}

/// Security.md item 44, requirement K05.
async fn access_ends_with_the_membership_the_assignment_and_the_activity(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let first = bed.group_of(user, "operations", &[]).await;
    let second = bed.group_of(user, "developers", &[]).await;
    let application = bed.application(new_application(SLUG)).await;
    bed.assign(application, first).await;
    bed.assign(application, second).await;
    let token = bed.signed_in(EMAIL).await;
    assert!(try_assert(&bed, &token, SLUG).await.is_ok());
    remove_member(&mut bed.op(), &bed.store, first, user)
        .await
        .unwrap();
    assert!(
        try_assert(&bed, &token, SLUG).await.is_ok(),
        "the other group still grants it"
    );
    applications::set_application_active(&mut bed.op(), &bed.store, application, false)
        .await
        .unwrap();
    let refused = try_assert(&bed, &token, SLUG).await;
    assert!(
        matches!(refused, Err(AssertError::Inactive { .. })),
        "{refused:?}"
    );
    assert!(list_tiles(&bed.store, user).await.unwrap().is_empty());
    applications::set_application_active(&mut bed.op(), &bed.store, application, true)
        .await
        .unwrap();
    assert!(try_assert(&bed, &token, SLUG).await.is_ok());
    unassign_group(&mut bed.op(), &bed.store, application, second)
        .await
        .unwrap();
    let refused = try_assert(&bed, &token, SLUG).await;
    assert!(
        matches!(refused, Err(AssertError::NotAssigned { .. })),
        "{refused:?}"
    );
}

/// Requirements E01 and E08.
async fn a_group_of_everyone_grants_to_everyone(bed: Bed) {
    let everyone = ensure_everyone(&mut bed.op(), &bed.store).await.unwrap();
    let application = bed.application(new_application(SLUG)).await;
    bed.assign(application, everyone).await;
    let user = bed.user(EMAIL).await;
    let token = bed.signed_in(EMAIL).await;
    assert!(try_assert(&bed, &token, SLUG).await.is_ok());
    assert_eq!(list_tiles(&bed.store, user).await.unwrap().len(), 1);
}

async fn nobody_without_a_live_session_gets_anything(mut bed: Bed) {
    let token = granted(&bed, new_application(SLUG), new_user(EMAIL)).await;
    for wrong in ["", "x", &"x".repeat(43)] {
        let refused = try_assert(&bed, wrong, SLUG).await;
        assert!(matches!(refused, Err(AssertError::NotSignedIn)));
    }
    let user = bed
        .store
        .read()
        .await
        .unwrap()
        .user_by_email(EMAIL)
        .await
        .unwrap()
        .unwrap();
    set_user_state(&mut bed.op(), &bed.store, user.id, UserState::Suspended)
        .await
        .unwrap();
    let refused = try_assert(&bed, &token, SLUG).await;
    assert!(matches!(refused, Err(AssertError::NotSignedIn)));
    assert!(list_tiles(&bed.store, user.id).await.unwrap().is_empty());
    set_user_state(&mut bed.op(), &bed.store, user.id, UserState::Active)
        .await
        .unwrap();
    let token = bed.signed_in(EMAIL).await;
    bed.pass(Duration::minutes(61));
    let refused = try_assert(&bed, &token, SLUG).await;
    assert!(matches!(refused, Err(AssertError::NotSignedIn)));
}

/// Requirement L04.
async fn a_hidden_application_has_no_tile_but_works(bed: Bed) {
    let hidden = NewApplication {
        show_in_portal: false,
        ..new_application(SLUG)
    };
    let token = granted(&bed, hidden, new_user(EMAIL)).await;
    let user = bed
        .store
        .read()
        .await
        .unwrap()
        .user_by_email(EMAIL)
        .await
        .unwrap()
        .unwrap();
    assert!(list_tiles(&bed.store, user.id).await.unwrap().is_empty());
    assert!(try_assert(&bed, &token, SLUG).await.is_ok());
}

/// Requirements J01, J14, J16.
async fn two_roles_are_two_values_of_one_attribute(bed: Bed) {
    let mut new = new_application(SLUG);
    let read_only = format!("{PROVIDER}, {ROLE}RO");
    new.saml
        .constant_attributes
        .push((ATTRIBUTE_ROLE.to_owned(), read_only));
    let token = granted(&bed, new, new_user(EMAIL)).await;
    let grant = try_assert(&bed, &token, SLUG).await.unwrap();
    let expected = [format!("{ROLE},{PROVIDER}"), format!("{ROLE}RO,{PROVIDER}")];
    assert_eq!(values(&grant, ATTRIBUTE_ROLE).unwrap(), expected);
}

/// Requirements J02 and J04.
async fn a_value_of_the_person_takes_the_place_of_the_constant_session_name(bed: Bed) {
    let mut new = new_application(SLUG);
    let constant = (
        ATTRIBUTE_ROLE_SESSION_NAME.to_owned(),
        "SSO-User".to_owned(),
    );
    new.saml.constant_attributes.push(constant);
    new.saml.user_attribute_mapping = vec![mapped(ATTRIBUTE_ROLE_SESSION_NAME, custom("aws-name"))];
    let token = granted(&bed, new, new_user(EMAIL)).await;
    let grant = try_assert(&bed, &token, SLUG).await.unwrap();
    assert_eq!(
        values(&grant, ATTRIBUTE_ROLE_SESSION_NAME).unwrap(),
        ["SSO-User"]
    );
    let user = bed
        .store
        .read()
        .await
        .unwrap()
        .user_by_email(EMAIL)
        .await
        .unwrap()
        .unwrap();
    bed.group_of(user.id, "named", &[("aws-name", "from-the-group")])
        .await;
    let grant = try_assert(&bed, &token, SLUG).await.unwrap();
    assert_eq!(
        values(&grant, ATTRIBUTE_ROLE_SESSION_NAME).unwrap(),
        ["from-the-group"]
    );
}

/// Requirements J03, J07, J08, J09 and gap X6.
async fn the_persons_attribute_wins_over_the_groups_and_groups_go_by_name(bed: Bed) {
    let tag = |key: &str| format!("{ATTRIBUTE_PRINCIPAL_TAG_PREFIX}{key}");
    let mut new = new_application(SLUG);
    new.saml.user_attribute_mapping.extend([
        mapped(&tag("Project"), custom("AWS-ABAC-Project")),
        mapped(&tag("Team"), custom("team")),
        mapped(&tag("Region"), "addresses.work.region".parse().unwrap()),
        mapped("givenName", AttributeSource::FirstName),
    ]);
    let user = NewUser {
        attributes: map(&[("addresses.work.region", "us-west-2")]),
        custom_attributes: crate::bed::custom(&[("AWS-ABAC-Project", "own")]),
        ..new_user(EMAIL)
    };
    let token = granted(&bed, new, user).await;
    let user = bed
        .store
        .read()
        .await
        .unwrap()
        .user_by_email(EMAIL)
        .await
        .unwrap()
        .unwrap();
    let both = |team| [("AWS-ABAC-Project", "of the group"), ("team", team)];
    bed.group_of(user.id, "b-team", &both("b")).await;
    bed.group_of(user.id, "A-Team", &both("a")).await;
    bed.group_of(user.id, "0 empty", &[("team", "")]).await;
    bed.group_of(user.id, "c-team", &[("addresses.work.region", "eu-west-1")])
        .await;
    let grant = try_assert(&bed, &token, SLUG).await.unwrap();
    assert_eq!(values(&grant, &tag("Project")).unwrap(), ["own"]);
    assert_eq!(values(&grant, &tag("Team")).unwrap(), ["a"]);
    assert_eq!(values(&grant, &tag("Region")).unwrap(), ["us-west-2"]);
    assert_eq!(values(&grant, "givenName").unwrap(), ["Road"]);
}

/// Gap X7, and requirement J11: names keep their letter case.
async fn an_absent_attribute_is_left_out(bed: Bed) {
    let mut new = new_application(SLUG);
    new.saml.user_attribute_mapping.extend([
        mapped("department", "department".parse().unwrap()),
        mapped("displayName", AttributeSource::DisplayName),
        mapped("project", custom("project")),
    ]);
    let token = granted(
        &bed,
        new,
        NewUser {
            attributes: map(&[("department", "")]),
            custom_attributes: crate::bed::custom(&[("Project", "another name")]),
            ..new_user(EMAIL)
        },
    )
    .await;
    let grant = try_assert(&bed, &token, SLUG).await.unwrap();
    for absent in ["department", "displayName", "project"] {
        assert_eq!(values(&grant, absent), None);
    }
}

/// Requirement J17.
async fn an_unusable_session_name_is_refused_with_its_source(bed: Bed) {
    let mut new = new_application(SLUG);
    new.saml.user_attribute_mapping = vec![mapped(ATTRIBUTE_ROLE_SESSION_NAME, custom("aws-name"))];
    let token = granted(
        &bed,
        new,
        NewUser {
            custom_attributes: crate::bed::custom(&[("aws-name", "Road Runner")]),
            ..new_user(EMAIL)
        },
    )
    .await;
    let refused = try_assert(&bed, &token, SLUG).await;
    let Err(AssertError::Misconfigured { admin, person }) = refused else {
        panic!("{refused:?}")
    };
    for part in [
        "RoleSessionName",
        "\"Road Runner\"",
        "custom:aws-name",
        EMAIL,
    ] {
        assert!(admin.contains(part), "{admin}");
    }
    assert!(
        !person.contains("RoleSessionName") && person.contains("administrator"),
        "{person}"
    );
    let event = bed.last_event(EventKind::SsoAuth).await;
    assert_eq!(
        (event.success, &event.detail["reason"]),
        (false, &"misconfigured".into())
    );
    assert_eq!(event.detail["error_message"], admin);
}

/// Requirement J13.
async fn the_session_duration_goes_along(bed: Bed) {
    let mut new = new_application(SLUG);
    let duration = (ATTRIBUTE_SESSION_DURATION.to_owned(), "28800".to_owned());
    new.saml.constant_attributes.push(duration);
    let token = granted(&bed, new, new_user(EMAIL)).await;
    let grant = try_assert(&bed, &token, SLUG).await.unwrap();
    assert_eq!(
        values(&grant, ATTRIBUTE_SESSION_DURATION).unwrap(),
        ["28800"]
    );
    assert_eq!(grant.response.assertion.session_not_on_or_after, None);
}

async fn a_transient_name_id_is_new_each_time(bed: Bed) {
    let mut new = new_application(SLUG);
    new.saml.name_id.format = NameIdFormat::Transient;
    let token = granted(&bed, new, new_user(EMAIL)).await;
    let first = try_assert(&bed, &token, SLUG)
        .await
        .unwrap()
        .response
        .assertion
        .name_id;
    let second = try_assert(&bed, &token, SLUG)
        .await
        .unwrap()
        .response
        .assertion
        .name_id;
    assert_eq!(first.format, NAMEID_TRANSIENT);
    assert_ne!(first.value, second.value);
}

/// Requirements H02 and I02.
async fn metadata_names_the_certificate_that_signs(bed: Bed) {
    let token = granted(&bed, new_application(SLUG), new_user(EMAIL)).await;
    let grant = try_assert(&bed, &token, SLUG).await.unwrap();
    let url = format!("http://localhost:8700/saml2/{SLUG}");
    let metadata = application_metadata(&bed.store, SLUG, &url)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(metadata.entity_id, grant.response.issuer);
    assert_eq!(metadata.certificates, [grant.key.certificate_der()]);
    assert_eq!(metadata.sso_redirect.as_deref(), Some(url.as_str()));
    let five_years = bed.now.replace_year(bed.now.year() + 5).unwrap();
    assert!((grant.key.not_after() - five_years).abs() < Duration::seconds(1));
    assert!(
        application_metadata(&bed.store, "unknown", &url)
            .await
            .unwrap()
            .is_none()
    );
}

/// Security.md item 17.
async fn every_response_has_ids_of_its_own_and_one_session_index(bed: Bed) {
    let token = granted(&bed, new_application(SLUG), new_user(EMAIL)).await;
    let (mut ids, mut indexes) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let response = try_assert(&bed, &token, SLUG).await.unwrap().response;
        ids.extend([response.id, response.assertion.id]);
        indexes.push(response.assertion.session_index);
    }
    for id in ids.iter().chain(&indexes) {
        assert!(id.starts_with('_') && id.len() == 33, "{id}");
        assert!(hex::decode(&id[1..]).is_ok());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 6);
    indexes.dedup();
    assert_eq!(indexes.len(), 1);
}
