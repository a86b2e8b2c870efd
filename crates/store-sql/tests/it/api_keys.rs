//! API keys: shown once, hashed, scoped, expiring, worth no more than their owner.

use jetway_identity::{
    Actor, AdministratorChange, AdministratorState, ApiKeyOwner, CreateApiKeyError, CreatedApiKey,
    EventKind, NewApiKey, Op, Permission, Role, Scope, authenticate_api_key, create_api_key,
    delete_administrator, list_api_keys, revoke_api_key, update_administrator,
};
use secrecy::ExposeSecret;
use time::Duration;

use crate::administrators::{ADMIN, add, op_of};
use crate::bed::{Bed, on_both};

on_both!(
    a_key_is_shown_once_and_then_found_by_its_hash,
    a_key_expires,
    the_use_of_a_key_is_noted_every_five_minutes,
    a_key_has_its_scopes_as_far_as_the_role_of_its_owner_goes,
    a_key_dies_with_its_owner,
    nobody_makes_a_key_for_somebody_else_or_without_the_permission,
    a_revoked_key_opens_nothing,
);

fn key(scopes: &[Scope]) -> NewApiKey {
    NewApiKey {
        name: "deployment".to_owned(),
        scopes: scopes.to_vec(),
        expires_at: None,
    }
}

async fn find(bed: &Bed, created: &CreatedApiKey) -> Option<ApiKeyOwner> {
    let secret = created.secret.expose_secret();
    authenticate_api_key(&bed.op(), &bed.store, secret)
        .await
        .unwrap()
}

async fn a_key_is_shown_once_and_then_found_by_its_hash(bed: Bed) {
    let owner = add(&bed, ADMIN, Role::Full).await;
    let mut op = op_of(&bed, owner).await;
    let created = create_api_key(&mut op, &bed.store, owner, key(&[Scope::Read, Scope::Read]))
        .await
        .unwrap();
    assert_eq!(created.key.scopes, [Scope::Read]);
    let found = find(&bed, &created).await.unwrap();
    assert_eq!((found.key.id, found.owner.id), (created.key.id, owner));
    let listed = list_api_keys(&bed.store).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(!format!("{listed:?}").contains(created.secret.expose_secret()));
    let event = bed.last_event(EventKind::ApiKeyCreate).await;
    assert_eq!(event.detail["scopes"], serde_json::json!(["read"]));
    assert!(!format!("{event:?}").contains(created.secret.expose_secret()));
    let made_up = format!("jwk_{}", "A".repeat(43));
    for sent in ["", "jwk_", made_up.as_str(), "' OR 1=1 --"] {
        let found = authenticate_api_key(&bed.op(), &bed.store, sent).await;
        assert!(found.unwrap().is_none(), "{sent}");
    }
}

async fn a_key_expires(mut bed: Bed) {
    let owner = add(&bed, ADMIN, Role::Full).await;
    let new = NewApiKey {
        expires_at: Some(bed.now + Duration::hours(1)),
        ..key(&[Scope::Full])
    };
    let created = create_api_key(&mut bed.op(), &bed.store, owner, new)
        .await
        .unwrap();
    bed.pass(Duration::minutes(59));
    assert!(find(&bed, &created).await.is_some());
    bed.pass(Duration::minutes(1));
    assert!(find(&bed, &created).await.is_none());
    let past = NewApiKey {
        expires_at: Some(bed.now),
        ..key(&[Scope::Full])
    };
    let refused = create_api_key(&mut bed.op(), &bed.store, owner, past).await;
    assert!(matches!(refused, Err(CreateApiKeyError::Expired)));
}

async fn the_use_of_a_key_is_noted_every_five_minutes(mut bed: Bed) {
    let owner = add(&bed, ADMIN, Role::Full).await;
    let created = create_api_key(&mut bed.op(), &bed.store, owner, key(&[Scope::Read]))
        .await
        .unwrap();
    assert_eq!(created.key.last_used_at, None);
    let first = bed.now;
    for (minutes, expected) in [(0, first), (4, first), (1, first + Duration::minutes(5))] {
        bed.pass(Duration::minutes(minutes));
        find(&bed, &created).await.unwrap();
        let listed = list_api_keys(&bed.store).await.unwrap();
        assert_eq!(listed[0].0.last_used_at, Some(expected));
    }
}

async fn a_key_has_its_scopes_as_far_as_the_role_of_its_owner_goes(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let owner = add(&bed, "second@acme.com", Role::Full).await;
    let created = create_api_key(
        &mut bed.op(),
        &bed.store,
        owner,
        key(&[Scope::Users, Scope::Settings]),
    )
    .await
    .unwrap();
    let allowed = async |permission| {
        let found = find(&bed, &created).await.unwrap();
        found.key.allows(&found.owner, permission, bed.now)
    };
    assert!(allowed(Permission::DeleteUsers).await);
    assert!(allowed(Permission::WriteSettings).await);
    assert!(!allowed(Permission::WriteGroups).await, "no such scope");
    let help_desk = AdministratorChange {
        role: Some(Role::HelpDesk),
        ..AdministratorChange::default()
    };
    update_administrator(&mut bed.op(), &bed.store, owner, None, help_desk)
        .await
        .unwrap();
    assert!(allowed(Permission::WriteUsers).await);
    assert!(!allowed(Permission::DeleteUsers).await);
    assert!(!allowed(Permission::WriteSettings).await);
}

async fn a_key_dies_with_its_owner(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let owner = add(&bed, "second@acme.com", Role::Full).await;
    let created = create_api_key(&mut bed.op(), &bed.store, owner, key(&[Scope::Full]))
        .await
        .unwrap();
    for (state, lives) in [
        (AdministratorState::Suspended, false),
        (AdministratorState::Active, true),
    ] {
        let change = AdministratorChange {
            state: Some(state),
            ..AdministratorChange::default()
        };
        update_administrator(&mut bed.op(), &bed.store, owner, None, change)
            .await
            .unwrap();
        assert_eq!(find(&bed, &created).await.is_some(), lives);
    }
    delete_administrator(&mut bed.op(), &bed.store, owner)
        .await
        .unwrap();
    assert!(find(&bed, &created).await.is_none());
    assert!(list_api_keys(&bed.store).await.unwrap().is_empty());
}

async fn nobody_makes_a_key_for_somebody_else_or_without_the_permission(bed: Bed) {
    let boss = add(&bed, ADMIN, Role::Full).await;
    let other = add(&bed, "second@acme.com", Role::Full).await;
    let help = add(&bed, "help@acme.com", Role::HelpDesk).await;
    for (actor, owner) in [(boss, other), (help, help), (help, boss)] {
        let mut op = op_of(&bed, actor).await;
        let refused = create_api_key(&mut op, &bed.store, owner, key(&[Scope::Read])).await;
        assert!(matches!(refused, Err(CreateApiKeyError::NotAllowed(_))));
    }
    // A key of limited scope makes no key of a wider one.
    let limited = create_api_key(&mut bed.op(), &bed.store, boss, key(&[Scope::Users]))
        .await
        .unwrap();
    let mut op = Op {
        actor: Actor::ApiKey {
            id: limited.key.id,
            label: limited.key.name,
        },
        ..bed.op()
    };
    let refused = create_api_key(&mut op, &bed.store, boss, key(&[Scope::Full])).await;
    assert!(matches!(refused, Err(CreateApiKeyError::NotAllowed(_))));
    let none = create_api_key(&mut bed.op(), &bed.store, boss, key(&[])).await;
    assert!(matches!(none, Err(CreateApiKeyError::NoScope)));
}

async fn a_revoked_key_opens_nothing(bed: Bed) {
    let owner = add(&bed, ADMIN, Role::Full).await;
    let created = create_api_key(&mut bed.op(), &bed.store, owner, key(&[Scope::Read]))
        .await
        .unwrap();
    revoke_api_key(&mut op_of(&bed, owner).await, &bed.store, created.key.id)
        .await
        .unwrap();
    assert!(find(&bed, &created).await.is_none());
    let event = bed.last_event(EventKind::ApiKeyDelete).await;
    assert_eq!(event.target.unwrap().label, "deployment");
}
