//! Roles are asked again in the use case: what the route allowed when the request came may have
//! been taken away since (requirement A11).

use jetway_identity::applications::{
    AccessChange, AddApplicationError, AddedApplication, ApplicationChange, ChangeAccessError,
    ChangeKeyError, DeleteApplicationsError, FillError, KeyChange, NewKey, UpdateApplicationError,
    add_application, add_key, catalogue_entry, change_access, change_key, delete_applications,
    fill_from_metadata, list_keys, set_application_image, update_application,
};
use jetway_identity::log_destinations::{
    ChangeLogDestinationError, CreateLogDestinationError, DestinationTarget, LogDestinationChange,
    NewLogDestination, change_log_destination, create_log_destination, delete_log_destination,
    rotate_signing_secret,
};
use jetway_identity::sign_in_policies::{
    ChangeSignInPolicyError, CreateSignInPolicyError, Direction, PolicyRule, SignInPolicyChange,
    change_sign_in_policy, create_sign_in_policy, delete_sign_in_policy, list_sign_in_policies,
    move_sign_in_policy,
};
use jetway_identity::{
    Actor, AssignGroupError, ChangeGrantsError, ChangeMembersError, ChangeSettingsError,
    CreateApplicationError, CreateGroupError, DeleteGroupError, EventFilter, GrantChange,
    GroupChange, NewApiKey, NewGroup, Op, Role, Scope, UnassignGroupError, UpdateGroupError,
    add_member, assign_group, change_grants, change_settings, create_api_key, create_group,
    delete_group, list_events, remove_member, unassign_group, update_group,
};
use serde_json::json;

use crate::administrators::{ADMIN, add, op_of};
use crate::bed::{Bed, EMAIL, new_application, on_both};

on_both!(
    who_may_not_change_groups_changes_none,
    who_may_not_change_applications_changes_none,
    who_may_not_grant_applications_grants_none,
    who_may_not_manage_the_log_sends_it_nowhere,
    who_may_not_change_settings_changes_none,
    who_may_not_change_settings_changes_no_policy,
);

const METADATA: &str = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
    entityID=\"urn:sp\"><SPSSODescriptor \
    protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><AssertionConsumerService \
    Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://x.example/acs\" \
    index=\"0\"/></SPSSODescriptor></EntityDescriptor>";

/// Operations of a help desk, of a key that may only read, and of nobody.
async fn strangers(bed: &Bed) -> Vec<Op> {
    let admin = add(bed, ADMIN, Role::Full).await;
    let desk = add(bed, "desk@acme.com", Role::HelpDesk).await;
    let new = NewApiKey {
        name: "reader".to_owned(),
        scopes: vec![Scope::Read],
        expires_at: None,
    };
    let key = create_api_key(&mut bed.op(), &bed.store, admin, new)
        .await
        .unwrap()
        .key;
    let actor = Actor::ApiKey {
        id: key.id,
        label: key.name,
    };
    let reader = Op { actor, ..bed.op() };
    vec![op_of(bed, desk).await, reader, bed.stranger()]
}

async fn events(bed: &Bed) -> usize {
    list_events(&bed.store, &EventFilter::default(), None, 1000)
        .await
        .unwrap()
        .len()
}

async fn who_may_not_change_groups_changes_none(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let group = bed.group("operations", &[]).await;
    let strangers = strangers(&bed).await;
    let before = events(&bed).await;
    for mut op in strangers {
        let new = NewGroup {
            name: "mine".to_owned(),
            ..NewGroup::default()
        };
        let made = create_group(&mut op, &bed.store, new).await;
        assert!(matches!(made, Err(CreateGroupError::NotAllowed(_))));
        let change = GroupChange::default();
        let changed = update_group(&mut op, &bed.store, group, None, change).await;
        assert!(matches!(changed, Err(UpdateGroupError::NotAllowed(_))));
        let added = add_member(&mut op, &bed.store, group, user).await;
        assert!(matches!(added, Err(ChangeMembersError::NotAllowed(_))));
        let removed = remove_member(&mut op, &bed.store, group, user).await;
        assert!(matches!(removed, Err(ChangeMembersError::NotAllowed(_))));
        let deleted = delete_group(&mut op, &bed.store, group, None).await;
        assert!(matches!(deleted, Err(DeleteGroupError::NotAllowed(_))));
    }
    assert_eq!(events(&bed).await, before);
}

/// Requirement A11.
async fn who_may_not_change_applications_changes_none(bed: Bed) {
    let (store, sealing) = (&bed.store, bed.keys.sealing());
    let id = bed.application(new_application("acme")).await;
    let keys = list_keys(store, id).await.unwrap().unwrap();
    let strangers = strangers(&bed).await;
    let before = events(&bed).await;
    for mut op in strangers {
        let new = AddedApplication {
            entry: catalogue_entry("aws-iam").unwrap(),
            slug: String::new(),
            label: "Mine".to_owned(),
            description: String::new(),
            color: "#000000".to_owned(),
            show_in_portal: true,
            bookmark: String::new(),
        };
        let public = "http://localhost:8700".parse().unwrap();
        let made = add_application(&mut op, store, sealing, &public, new).await;
        assert!(matches!(
            made,
            Err(AddApplicationError::Create(
                CreateApplicationError::NotAllowed(_)
            ))
        ));
        let off = ApplicationChange {
            active: Some(false),
            ..ApplicationChange::default()
        };
        let changed = update_application(&mut op, store, id, None, off).await;
        assert!(matches!(
            changed,
            Err(UpdateApplicationError::NotAllowed(_))
        ));
        let image = set_application_image(&mut op, store, id, None, None).await;
        assert!(matches!(image, Err(UpdateApplicationError::NotAllowed(_))));
        let filled = fill_from_metadata(&mut op, store, id, METADATA).await;
        assert!(matches!(
            filled,
            Err(FillError::Update(UpdateApplicationError::NotAllowed(_)))
        ));
        let added = add_key(&mut op, store, sealing, id, (NewKey::Generated, true)).await;
        let retired = change_key(&mut op, store, id, keys[0].id, KeyChange::Retire).await;
        for refused in [added.map(drop), retired] {
            assert!(matches!(refused, Err(ChangeKeyError::NotAllowed(_))));
        }
        let deleted = delete_applications(&mut op, store, &[id]).await;
        assert!(matches!(
            deleted,
            Err(DeleteApplicationsError::NotAllowed(_))
        ));
        let change = AccessChange::default();
        let granted = change_access(&mut op, store, id, &change).await;
        assert!(matches!(granted, Err(ChangeAccessError::NotAllowed(_))));
    }
    assert_eq!(events(&bed).await, before);
}

async fn who_may_not_grant_applications_grants_none(bed: Bed) {
    let group = bed.group("operations", &[]).await;
    let application = bed.application(new_application("acme")).await;
    for mut op in strangers(&bed).await {
        let granted = assign_group(&mut op, &bed.store, application, group).await;
        assert!(matches!(granted, Err(AssignGroupError::NotAllowed(_))));
        let withdrawn = unassign_group(&mut op, &bed.store, application, group).await;
        assert!(matches!(withdrawn, Err(UnassignGroupError::NotAllowed(_))));
        let change = GrantChange {
            grant: vec![application],
            ..GrantChange::default()
        };
        let changed = change_grants(&mut op, &bed.store, group, &change).await;
        assert!(matches!(changed, Err(ChangeGrantsError::NotAllowed(_))));
    }
}

async fn who_may_not_manage_the_log_sends_it_nowhere(bed: Bed) {
    let (store, sealing) = (&bed.store, bed.keys.sealing());
    let new = || NewLogDestination {
        name: "SIEM".to_owned(),
        target: DestinationTarget::Webhook {
            url: "https://siem.example/in".parse().unwrap(),
        },
        enabled: true,
        from_start: false,
    };
    let there = create_log_destination(&mut bed.op(), store, sealing, new())
        .await
        .unwrap();
    let id = there.destination.id;
    for mut op in strangers(&bed).await {
        let made = create_log_destination(&mut op, store, sealing, new()).await;
        assert!(matches!(
            made,
            Err(CreateLogDestinationError::NotAllowed(_))
        ));
        let change = LogDestinationChange::default();
        let changed = change_log_destination(&mut op, store, id, None, change).await;
        let rotated = rotate_signing_secret(&mut op, store, sealing, id).await;
        let deleted = delete_log_destination(&mut op, store, id, None).await;
        for refused in [changed.map(drop), rotated.map(drop), deleted] {
            assert!(matches!(
                refused,
                Err(ChangeLogDestinationError::NotAllowed(_))
            ));
        }
    }
}

async fn who_may_not_change_settings_changes_none(bed: Bed) {
    for mut op in strangers(&bed).await {
        let changed = change_settings(&mut op, &bed.store, None, |sections| {
            sections.lockout.attempts = 20;
        })
        .await;
        assert!(matches!(changed, Err(ChangeSettingsError::NotAllowed(_))));
    }
}

/// Requirement A11.
async fn who_may_not_change_settings_changes_no_policy(bed: Bed) {
    let rule: PolicyRule = serde_json::from_value(json!({
        "name": "Nobody from there",
        "enabled": true,
        "order": 1,
        "who": "everyone",
        "application": "any",
        "conditions": {"networks": {"inside": ["192.0.2.0/24"]}},
        "effect": "deny",
    }))
    .unwrap();
    let made = create_sign_in_policy(&mut bed.op(), &bed.store, rule.clone()).await;
    let made = made.unwrap();
    let id = made.policy.id;
    for mut op in strangers(&bed).await {
        let other = PolicyRule {
            name: "Mine".to_owned(),
            ..rule.clone()
        };
        let created = create_sign_in_policy(&mut op, &bed.store, other).await;
        assert!(matches!(
            created,
            Err(CreateSignInPolicyError::NotAllowed(_))
        ));
        let off = SignInPolicyChange {
            enabled: Some(false),
            ..SignInPolicyChange::default()
        };
        let changed = change_sign_in_policy(&mut op, &bed.store, id, None, off).await;
        let moved = move_sign_in_policy(&mut op, &bed.store, id, Direction::Up).await;
        let deleted = delete_sign_in_policy(&mut op, &bed.store, id, None).await;
        for refused in [changed.map(drop), moved, deleted] {
            assert!(matches!(
                refused,
                Err(ChangeSignInPolicyError::NotAllowed(_))
            ));
        }
    }
    assert_eq!(list_sign_in_policies(&bed.store).await.unwrap(), [made]);
}
