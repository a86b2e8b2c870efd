//! Administrators: who may sign in to the admin portal, and what the rules about them hold.

use std::sync::Arc;

use jetway_identity::{
    Actor, Administrator, AdministratorChange, AdministratorId, AdministratorSignIn,
    AdministratorSignInError, AdministratorState, CreateAdministratorError,
    DeleteAdministratorError, EventKind, NewAdministrator, Op, Role, SignedInAs, StoreError,
    Unique, UpdateAdministratorError, administrator, change_settings, create_administrator,
    current_administrator, current_session, delete_administrator, list_administrator_sessions,
    list_administrators, revoke_administrator_session, revoke_administrator_sessions,
    set_administrator_password, set_user_state, sign_in_administrator, sign_out_administrator,
    update_administrator,
};
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

use crate::bed::{Bed, EMAIL, PASSWORD, hashers, on_both};

on_both!(
    an_administrator_signs_in_to_the_admin_portal_and_to_nothing_else,
    a_user_cannot_sign_in_as_an_administrator,
    an_administrator_may_have_the_address_of_a_user_and_both_stay_apart,
    the_address_of_an_administrator_is_unique_in_any_spelling,
    the_fifth_wrong_password_locks_the_admin_portal_and_not_the_user_portal,
    an_unknown_administrator_is_refused_and_locked_like_a_known_one,
    sessions_end_by_the_limits_of_the_settings,
    a_suspended_administrator_loses_all_sessions_at_once,
    another_role_ends_the_sessions_and_is_logged_from_to,
    the_last_full_administrator_stays_full_active_and_there,
    an_invited_administrator_who_never_came_does_not_count_as_the_last,
    twenty_demotions_at_once_leave_one_full_administrator,
    only_a_full_administrator_changes_administrators,
    a_role_that_was_taken_away_counts_for_requests_under_way,
    a_new_password_lifts_the_lock_and_ends_the_sessions,
    sessions_are_listed_and_ended_by_their_owner_alone,
);

pub(crate) const ADMIN: &str = "admin@the-acme-corporation.com";

pub(crate) async fn add(bed: &Bed, email: &str, role: Role) -> AdministratorId {
    let new = NewAdministrator {
        email: email.to_owned(),
        name: String::new(),
        role,
        password: Some(SecretString::from(PASSWORD)),
    };
    create_administrator(&mut bed.op(), &bed.store, hashers(), new)
        .await
        .unwrap()
}

pub(crate) async fn sign_in(
    bed: &Bed,
    email: &str,
    password: &str,
) -> Result<SignedInAs, AdministratorSignInError> {
    let attempt = AdministratorSignIn {
        email: email.to_owned(),
        password: SecretString::from(password),
        device: None,
        dev: true,
    };
    sign_in_administrator(&mut bed.stranger(), &bed.store, bed.tools(), attempt).await
}

/// An operation of this administrator.
pub(crate) async fn op_of(bed: &Bed, id: AdministratorId) -> Op {
    let known = administrator(&bed.store, id).await.unwrap().unwrap();
    Op {
        actor: Actor::Administrator {
            id,
            label: known.email,
        },
        ..bed.op()
    }
}

async fn present(bed: &Bed, signed_in: &SignedInAs) -> Option<Administrator> {
    let token = signed_in.token.expose_secret();
    let found = current_administrator(&bed.op(), &bed.store, token).await;
    found.unwrap().map(|present| present.administrator)
}

fn role(role: Role) -> AdministratorChange {
    AdministratorChange {
        role: Some(role),
        ..AdministratorChange::default()
    }
}

fn suspended() -> AdministratorChange {
    AdministratorChange {
        state: Some(AdministratorState::Suspended),
        ..AdministratorChange::default()
    }
}

/// Requirement A01.
async fn an_administrator_signs_in_to_the_admin_portal_and_to_nothing_else(bed: Bed) {
    let id = add(&bed, ADMIN, Role::Full).await;
    assert!(bed.try_sign_in(ADMIN, PASSWORD).await.is_err());
    let signed_in = sign_in(&bed, " Admin@The-Acme-Corporation.com", PASSWORD)
        .await
        .unwrap();
    assert_eq!(present(&bed, &signed_in).await.unwrap().id, id);
    let token = signed_in.token.expose_secret();
    assert!(
        current_session(&mut bed.op(), &bed.store, token)
            .await
            .unwrap()
            .is_none()
    );
    let event = bed.last_event(EventKind::AdminLoginAttempt).await;
    assert!(event.success);
    assert_eq!(event.detail["auth_method"], "password");
    assert!(matches!(event.actor, Actor::Administrator { .. }));
    sign_out_administrator(&mut bed.stranger(), &bed.store, token)
        .await
        .unwrap();
    assert_eq!(present(&bed, &signed_in).await, None);
    bed.last_event(EventKind::AdminLogout).await;
}

/// Requirement A01.
async fn a_user_cannot_sign_in_as_an_administrator(bed: Bed) {
    bed.user(EMAIL).await;
    assert!(matches!(
        sign_in(&bed, EMAIL, PASSWORD).await,
        Err(AdministratorSignInError::Refused)
    ));
    let token = bed.signed_in(EMAIL).await;
    let found = current_administrator(&bed.op(), &bed.store, &token).await;
    assert!(found.unwrap().is_none());
    let event = bed.last_event(EventKind::AdminLoginAttempt).await;
    assert_eq!(event.detail["reason"], "unknown_administrator");
}

async fn an_administrator_may_have_the_address_of_a_user_and_both_stay_apart(bed: Bed) {
    let user = bed.user(EMAIL).await;
    add(&bed, EMAIL, Role::Full).await;
    let (as_user, as_admin) = (
        bed.signed_in(EMAIL).await,
        sign_in(&bed, EMAIL, PASSWORD).await.unwrap(),
    );
    let state = jetway_identity::UserState::Suspended;
    set_user_state(&mut bed.op(), &bed.store, user, state)
        .await
        .unwrap();
    assert!(
        current_session(&mut bed.op(), &bed.store, &as_user)
            .await
            .unwrap()
            .is_none()
    );
    assert!(present(&bed, &as_admin).await.is_some());
}

async fn the_address_of_an_administrator_is_unique_in_any_spelling(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let new = NewAdministrator {
        email: ADMIN.to_uppercase(),
        name: "Another".to_owned(),
        role: Role::ReadOnly,
        password: None,
    };
    let refused = create_administrator(&mut bed.op(), &bed.store, hashers(), new).await;
    assert!(matches!(
        refused,
        Err(CreateAdministratorError::Store(StoreError::Taken(
            Unique::Email
        )))
    ));
    assert_eq!(list_administrators(&bed.store).await.unwrap().len(), 1);
}

/// security.md item 26.
async fn the_fifth_wrong_password_locks_the_admin_portal_and_not_the_user_portal(bed: Bed) {
    add(&bed, EMAIL, Role::Full).await;
    bed.user(EMAIL).await;
    for _ in 0..5 {
        assert!(matches!(
            sign_in(&bed, EMAIL, "wrong").await,
            Err(AdministratorSignInError::Refused)
        ));
    }
    assert!(matches!(
        sign_in(&bed, EMAIL, PASSWORD).await,
        Err(AdministratorSignInError::LockedOut { .. })
    ));
    assert_eq!(
        bed.last_event(EventKind::AdminLockout).await.detail["failures"],
        5
    );
    bed.signed_in(EMAIL).await;
}

/// security.md item 27.
async fn an_unknown_administrator_is_refused_and_locked_like_a_known_one(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    for email in [ADMIN, "nobody@acme.com"] {
        for _ in 0..5 {
            assert!(matches!(
                sign_in(&bed, email, "wrong").await,
                Err(AdministratorSignInError::Refused)
            ));
        }
        assert!(matches!(
            sign_in(&bed, email, "wrong").await,
            Err(AdministratorSignInError::LockedOut { .. })
        ));
    }
}

/// security.md item 38.
async fn sessions_end_by_the_limits_of_the_settings(mut bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    change_settings(&mut bed.op(), &bed.store, None, |sections| {
        sections.sessions.administrator_idle_minutes = 10;
        sections.sessions.administrator_absolute_minutes = 25;
    })
    .await
    .unwrap();
    let idle = sign_in(&bed, ADMIN, PASSWORD).await.unwrap();
    let used = sign_in(&bed, ADMIN, PASSWORD).await.unwrap();
    for _ in 0..2 {
        bed.pass(Duration::minutes(9));
        assert!(present(&bed, &used).await.is_some());
    }
    assert_eq!(present(&bed, &idle).await, None, "idle for 18 minutes");
    bed.pass(Duration::minutes(7));
    assert_eq!(present(&bed, &used).await, None, "25 minutes old");
    bed.pass(Duration::minutes(-20));
    assert_eq!(present(&bed, &used).await, None, "ended is ended");
}

/// security.md item 39.
async fn a_suspended_administrator_loses_all_sessions_at_once(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let id = add(&bed, "help@acme.com", Role::HelpDesk).await;
    let signed_in = sign_in(&bed, "help@acme.com", PASSWORD).await.unwrap();
    update_administrator(&mut bed.op(), &bed.store, id, None, suspended())
        .await
        .unwrap();
    assert_eq!(present(&bed, &signed_in).await, None);
    assert!(matches!(
        sign_in(&bed, "help@acme.com", PASSWORD).await,
        Err(AdministratorSignInError::Refused)
    ));
    let event = bed.last_event(EventKind::AdminLoginAttempt).await;
    assert_eq!(event.detail["reason"], "suspended");
}

/// security.md item 37.
async fn another_role_ends_the_sessions_and_is_logged_from_to(bed: Bed) {
    let boss = add(&bed, ADMIN, Role::Full).await;
    let id = add(&bed, "help@acme.com", Role::HelpDesk).await;
    let signed_in = sign_in(&bed, "help@acme.com", PASSWORD).await.unwrap();
    let mut op = op_of(&bed, boss).await;
    let changed = update_administrator(&mut op, &bed.store, id, Some(1), role(Role::ReadOnly))
        .await
        .unwrap();
    assert_eq!((changed.role, changed.version), (Role::ReadOnly, 2));
    assert_eq!(present(&bed, &signed_in).await, None);
    let event = bed.last_event(EventKind::AdminUpdate).await;
    assert_eq!(
        event.detail["changes"],
        serde_json::json!([{"field": "role", "from": "help_desk", "to": "read_only"}])
    );
    let stale = update_administrator(&mut op, &bed.store, id, Some(1), role(Role::Full)).await;
    assert!(matches!(stale, Err(UpdateAdministratorError::Stale(now)) if now.version == 2));
}

/// Requirement A11, security.md item 43.
async fn the_last_full_administrator_stays_full_active_and_there(bed: Bed) {
    let last = add(&bed, ADMIN, Role::Full).await;
    add(&bed, "help@acme.com", Role::HelpDesk).await;
    for change in [role(Role::HelpDesk), suspended()] {
        let mut op = op_of(&bed, last).await;
        let refused = update_administrator(&mut op, &bed.store, last, None, change).await;
        assert!(matches!(refused, Err(UpdateAdministratorError::LastFull)));
    }
    let refused = delete_administrator(&mut bed.op(), &bed.store, last).await;
    assert!(matches!(refused, Err(DeleteAdministratorError::LastFull)));
    add(&bed, "second@acme.com", Role::Full).await;
    delete_administrator(&mut bed.op(), &bed.store, last)
        .await
        .unwrap();
    assert_eq!(
        bed.last_event(EventKind::AdminDelete)
            .await
            .target
            .unwrap()
            .label,
        ADMIN
    );
}

async fn an_invited_administrator_who_never_came_does_not_count_as_the_last(bed: Bed) {
    let only = add(&bed, ADMIN, Role::Full).await;
    let new = NewAdministrator {
        email: "invited@acme.com".to_owned(),
        name: String::new(),
        role: Role::Full,
        password: None,
    };
    create_administrator(&mut bed.op(), &bed.store, hashers(), new)
        .await
        .unwrap();
    let refused = delete_administrator(&mut bed.op(), &bed.store, only).await;
    assert!(matches!(refused, Err(DeleteAdministratorError::LastFull)));
}

/// security.md item 43.
async fn twenty_demotions_at_once_leave_one_full_administrator(bed: Bed) {
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(add(&bed, &format!("admin{number}@acme.com"), Role::Full).await);
    }
    let bed = Arc::new(bed);
    let tasks: Vec<_> = ids
        .into_iter()
        .map(|id| {
            let bed = Arc::clone(&bed);
            tokio::spawn(async move {
                loop {
                    let change = role(Role::ReadOnly);
                    let mut op = bed.op();
                    match update_administrator(&mut op, &bed.store, id, None, change).await {
                        Ok(_) => return true,
                        Err(UpdateAdministratorError::LastFull) => return false,
                        // A busy machine: the turn to write did not come in time.
                        Err(UpdateAdministratorError::Store(StoreError::Unavailable(_))) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                }
            })
        })
        .collect();
    let mut demoted = 0;
    for task in tasks {
        demoted += usize::from(task.await.unwrap());
    }
    assert_eq!(demoted, 19);
    let all = list_administrators(&bed.store).await.unwrap();
    assert_eq!(all.iter().filter(|one| one.role == Role::Full).count(), 1);
}

/// security.md item 43: nobody raises themselves.
async fn only_a_full_administrator_changes_administrators(bed: Bed) {
    let boss = add(&bed, ADMIN, Role::Full).await;
    for lesser in [Role::HelpDesk, Role::ReadOnly] {
        let id = add(&bed, &format!("{}@acme.com", lesser.as_str()), lesser).await;
        let mut op = op_of(&bed, id).await;
        for target in [id, boss] {
            let refused =
                update_administrator(&mut op, &bed.store, target, None, role(Role::Full)).await;
            assert!(matches!(
                refused,
                Err(UpdateAdministratorError::NotAllowed(_))
            ));
            let refused = set_administrator_password(
                &mut op,
                &bed.store,
                hashers(),
                target,
                SecretString::from("another-password-entirely"),
            )
            .await;
            assert!(refused.is_err());
            let refused = delete_administrator(&mut op, &bed.store, target).await;
            assert!(matches!(
                refused,
                Err(DeleteAdministratorError::NotAllowed(_))
            ));
        }
    }
    sign_in(&bed, ADMIN, PASSWORD).await.unwrap();
}

async fn a_role_that_was_taken_away_counts_for_requests_under_way(bed: Bed) {
    let boss = add(&bed, ADMIN, Role::Full).await;
    let other = add(&bed, "second@acme.com", Role::Full).await;
    let mut under_way = op_of(&bed, other).await;
    update_administrator(&mut bed.op(), &bed.store, other, None, role(Role::HelpDesk))
        .await
        .unwrap();
    let refused =
        update_administrator(&mut under_way, &bed.store, boss, None, role(Role::ReadOnly)).await;
    assert!(matches!(
        refused,
        Err(UpdateAdministratorError::NotAllowed(_))
    ));
}

/// Requirement A05.
async fn a_new_password_lifts_the_lock_and_ends_the_sessions(bed: Bed) {
    let id = add(&bed, ADMIN, Role::Full).await;
    let before = sign_in(&bed, ADMIN, PASSWORD).await.unwrap();
    for _ in 0..5 {
        let _ = sign_in(&bed, ADMIN, "wrong").await;
    }
    let password = SecretString::from("a brand new pass phrase");
    set_administrator_password(&mut bed.op(), &bed.store, hashers(), id, password)
        .await
        .unwrap();
    assert_eq!(present(&bed, &before).await, None);
    assert!(sign_in(&bed, ADMIN, PASSWORD).await.is_err());
    sign_in(&bed, ADMIN, "a brand new pass phrase")
        .await
        .unwrap();
    bed.last_event(EventKind::AdminPasswordChange).await;
}

/// security.md item 40.
async fn sessions_are_listed_and_ended_by_their_owner_alone(bed: Bed) {
    let id = add(&bed, ADMIN, Role::Full).await;
    add(&bed, "help@acme.com", Role::HelpDesk).await;
    let (first, second) = (
        sign_in(&bed, ADMIN, PASSWORD).await.unwrap(),
        sign_in(&bed, ADMIN, PASSWORD).await.unwrap(),
    );
    let theirs = sign_in(&bed, "help@acme.com", PASSWORD).await.unwrap();
    let listed = list_administrator_sessions(&bed.op(), &bed.store, id)
        .await
        .unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].user_agent.as_deref(), Some("test/1"));
    let mut op = op_of(&bed, id).await;
    let me = &first.administrator;
    let foreign = revoke_administrator_session(&mut op, &bed.store, me, theirs.session.id).await;
    assert!(!foreign.unwrap());
    assert!(present(&bed, &theirs).await.is_some());
    let own = revoke_administrator_session(&mut op, &bed.store, me, second.session.id).await;
    assert!(own.unwrap());
    assert_eq!(present(&bed, &second).await, None);
    sign_in(&bed, ADMIN, PASSWORD).await.unwrap();
    let ended =
        revoke_administrator_sessions(&mut op, &bed.store, me, Some(first.session.id)).await;
    assert_eq!(ended.unwrap(), 1);
    assert!(present(&bed, &first).await.is_some());
    let event = bed.last_event(EventKind::AdminSessionsRevoke).await;
    assert_eq!(event.detail["sessions_ended"], 1);
}
