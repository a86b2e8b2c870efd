//! The policies about sign-ins: kept, made, changed, and asked what would happen.

use jetway_identity::applications::delete_applications;
use jetway_identity::sign_in_policies::{
    Account, Applications, ChangeSignInPolicyError, Circumstances, Conditions,
    CreateSignInPolicyError, Decision, Device, Direction, Effect, FactorKind, Networks, PolicyRule,
    Proof, Proved, SavedSignInPolicy, SecondFactor, SignInPolicy, SignInPolicyChange,
    SimulateError, SimulatedPerson, SimulatedTarget, Subject, Target, WhatIf, Who, WithoutFactor,
    change_sign_in_policy, create_sign_in_policy, decide, delete_sign_in_policy, facts_about,
    list_sign_in_policies, move_sign_in_policy, simulate_sign_in,
};
use jetway_identity::{
    EventKind, Role, SignInPolicyId, Store, TargetKind, UserState, add_member, delete_group,
    ensure_everyone, set_user_state,
};
use serde_json::Value;
use time::Duration;

use crate::administrators::{ADMIN, add};
use crate::bed::{Bed, EMAIL, new_application, on_both};
use crate::second_factor::connect;

on_both!(
    a_policy_is_read_back_as_it_was_written_and_in_its_place,
    a_policy_is_made_changed_moved_and_deleted_and_each_leaves_an_event,
    policies_change_places_also_where_several_had_the_same,
    a_policy_that_cannot_work_is_refused_with_its_fields,
    a_deleted_group_or_application_leaves_the_policies_and_widens_none,
    a_policy_can_always_be_switched_off,
    the_facts_about_a_person_are_their_groups_and_what_they_can_prove,
    a_simulation_answers_for_people_there_are_and_writes_nothing,
);

async fn create(bed: &Bed, rule: PolicyRule) -> Result<SavedSignInPolicy, CreateSignInPolicyError> {
    create_sign_in_policy(&mut bed.op(), &bed.store, rule).await
}

async fn change(
    bed: &Bed,
    id: SignInPolicyId,
    expected: Option<i64>,
    change: SignInPolicyChange,
) -> Result<SavedSignInPolicy, ChangeSignInPolicyError> {
    change_sign_in_policy(&mut bed.op(), &bed.store, id, expected, change).await
}

/// The fields that an event says have changed.
fn fields(detail: &Value) -> Vec<String> {
    let changes = detail["changes"].as_array().unwrap();
    let name = |change: &Value| change["field"].as_str().unwrap().to_owned();
    changes.iter().map(name).collect()
}

/// Somebody opens the user portal with a fresh password.
fn portal(bed: &Bed) -> Circumstances {
    Circumstances {
        target: Target::UserPortal,
        address: None,
        now: bed.now,
        device_known: true,
        proofs: vec![Proof {
            what: Proved::Password,
            at: bed.now,
        }],
        requested: None,
        dev: false,
    }
}

/// Everybody away from the office needs an app or a key to open anything.
fn rule(name: &str, order: u16) -> PolicyRule {
    PolicyRule {
        name: name.to_owned(),
        enabled: true,
        order,
        who: Who::Everyone,
        application: Applications::Any,
        conditions: Conditions {
            networks: Networks {
                inside: Vec::new(),
                outside: vec!["192.0.2.0/24".parse().unwrap()],
            },
            ..Conditions::default()
        },
        effect: Effect::RequireSecondFactor(SecondFactor {
            kinds: [FactorKind::Totp, FactorKind::Webauthn].into(),
            max_age_minutes: Some(60),
            without_factor: WithoutFactor::Enrol,
        }),
    }
}

fn saved(bed: &Bed, rule: PolicyRule) -> SavedSignInPolicy {
    let mut op = bed.op();
    SavedSignInPolicy {
        policy: SignInPolicy {
            id: SignInPolicyId::new(op.now, &mut op.rng),
            rule,
        },
        version: 1,
        created_at: bed.now,
        changed_at: bed.now,
    }
}

/// Requirement M03.
async fn a_policy_is_read_back_as_it_was_written_and_in_its_place(bed: Bed) {
    let group = bed.group("operations", &[]).await;
    let second = saved(&bed, rule("Second", 2));
    let first = saved(
        &bed,
        PolicyRule {
            who: Who::Groups([group].into()),
            conditions: Conditions {
                device: Device::New,
                ..Conditions::default()
            },
            effect: Effect::Deny,
            ..rule("Erster “ö”", 1)
        },
    );
    let mut write = bed.store.write().await.unwrap();
    write.insert_sign_in_policy(&second).await.unwrap();
    write.insert_sign_in_policy(&first).await.unwrap();
    write.commit().await.unwrap();
    let mut read = bed.store.read().await.unwrap();
    let all = read.saved_sign_in_policies().await.unwrap();
    assert_eq!(all, [first.clone(), second.clone()]);
    let plain = read.sign_in_policies().await.unwrap();
    assert_eq!(plain, [first.policy.clone(), second.policy.clone()]);

    let mut changed = second.clone();
    changed.policy.rule.enabled = false;
    changed.policy.rule.order = 0;
    changed.version = 2;
    changed.changed_at = bed.now + Duration::hours(1);
    let mut write = bed.store.write().await.unwrap();
    write.put_sign_in_policy(&changed).await.unwrap();
    write.commit().await.unwrap();
    let all = read.saved_sign_in_policies().await.unwrap();
    assert_eq!(all, [changed, first.clone()]);

    let mut write = bed.store.write().await.unwrap();
    write.delete_sign_in_policy(second.policy.id).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(read.saved_sign_in_policies().await.unwrap(), [first]);
}

/// Requirement M03.
async fn a_policy_is_made_changed_moved_and_deleted_and_each_leaves_an_event(mut bed: Bed) {
    let office = create(&bed, rule(" Office ", 1)).await.unwrap();
    assert_eq!(
        (office.policy.rule.name.as_str(), office.version),
        ("Office", 1)
    );
    let made = bed.last_event(EventKind::SignInPolicyCreate).await;
    let target = made.target.unwrap();
    assert_eq!(target.kind, TargetKind::SignInPolicy);
    assert_eq!(target.label, "Office");
    let fields: Vec<_> = fields(&made.detail);
    assert!(fields.contains(&"effect".to_owned()), "{fields:?}");

    bed.pass(Duration::minutes(1));
    let id = office.policy.id;
    let off = SignInPolicyChange {
        enabled: Some(false),
        name: Some("Office hours".to_owned()),
        ..SignInPolicyChange::default()
    };
    let changed = change(&bed, id, Some(1), off.clone()).await.unwrap();
    assert_eq!((changed.version, changed.changed_at), (2, bed.now));
    assert!(!changed.policy.rule.enabled);
    let event = bed.last_event(EventKind::SignInPolicyUpdate).await;
    assert_eq!(self::fields(&event.detail), ["name", "enabled"]);
    // The same again changes nothing and is nobody's news.
    assert_eq!(
        change(&bed, id, Some(2), off.clone()).await.unwrap(),
        changed
    );
    assert_eq!(bed.events(EventKind::SignInPolicyUpdate).await.len(), 1);
    let stale = change(&bed, id, Some(1), off).await.unwrap_err();
    assert!(matches!(stale, ChangeSignInPolicyError::Stale(now) if *now == changed));

    let delete = delete_sign_in_policy(&mut bed.op(), &bed.store, id, Some(1)).await;
    assert!(matches!(delete, Err(ChangeSignInPolicyError::Stale(_))));
    let delete = delete_sign_in_policy(&mut bed.op(), &bed.store, id, Some(2)).await;
    delete.unwrap();
    let event = bed.last_event(EventKind::SignInPolicyDelete).await;
    assert_eq!(event.target.unwrap().label, "Office hours");
    assert!(list_sign_in_policies(&bed.store).await.unwrap().is_empty());
    let gone = delete_sign_in_policy(&mut bed.op(), &bed.store, id, None).await;
    assert!(matches!(gone, Err(ChangeSignInPolicyError::NoSuchPolicy)));
}

async fn policies_change_places_also_where_several_had_the_same(bed: Bed) {
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(create(&bed, rule(name, 5)).await.unwrap().policy.id);
    }
    let step = async |id, direction| {
        move_sign_in_policy(&mut bed.op(), &bed.store, id, direction)
            .await
            .unwrap();
        let all = list_sign_in_policies(&bed.store).await.unwrap();
        let names = all.iter().map(|saved| saved.policy.rule.name.as_str());
        names.collect::<String>()
    };
    assert_eq!(step(ids[2], Direction::Up).await, "acb");
    assert_eq!(step(ids[0], Direction::Down).await, "cab");
    assert_eq!(step(ids[2], Direction::Up).await, "cab");
    assert_eq!(step(ids[1], Direction::Down).await, "cab");
    let event = bed.last_event(EventKind::SignInPolicyUpdate).await;
    assert_eq!(fields(&event.detail), ["order"]);
}

/// A policy that was refused is not there, and the fields say why.
async fn a_policy_that_cannot_work_is_refused_with_its_fields(bed: Bed) {
    let unknown = "0123456789abcdef01234567";
    let wrong = PolicyRule {
        who: Who::Groups([unknown.parse().unwrap()].into()),
        application: Applications::Some([unknown.parse().unwrap()].into()),
        ..rule("Wrong", 1)
    };
    let Err(CreateSignInPolicyError::Invalid(invalid)) = create(&bed, wrong).await else {
        panic!("it was made");
    };
    let fields: Vec<_> = invalid.0.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["who.groups", "application.some"]);
    let nobody = PolicyRule {
        effect: Effect::Deny,
        conditions: Conditions::default(),
        ..rule("Nobody", 1)
    };
    let refused = create(&bed, nobody).await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("no administrator could ever sign in")
    );
    create(&bed, rule("Taken", 1)).await.unwrap();
    let twice = create(&bed, rule("TAKEN", 2)).await.unwrap_err();
    assert_eq!(twice.to_string(), "another policy has this name");
    assert_eq!(list_sign_in_policies(&bed.store).await.unwrap().len(), 1);
    assert_eq!(bed.events(EventKind::SignInPolicyCreate).await.len(), 1);
}

/// Requirement M03: what a policy named and is gone makes it narrower, never wider.
async fn a_deleted_group_or_application_leaves_the_policies_and_widens_none(bed: Bed) {
    let (operations, sales) = (
        bed.group("operations", &[]).await,
        bed.group("sales", &[]).await,
    );
    let wiki = bed.application(new_application("wiki")).await;
    let person = bed.user(EMAIL).await;
    let for_groups = PolicyRule {
        who: Who::Groups([operations, sales].into()),
        effect: Effect::Deny,
        conditions: Conditions::default(),
        ..rule("Groups", 1)
    };
    let for_groups = create(&bed, for_groups).await.unwrap().policy.id;
    let for_wiki = PolicyRule {
        application: Applications::Some([wiki].into()),
        effect: Effect::Deny,
        conditions: Conditions::default(),
        ..rule("Wiki", 2)
    };
    create(&bed, for_wiki).await.unwrap();

    delete_group(&mut bed.op(), &bed.store, operations, None)
        .await
        .unwrap();
    let left = &list_sign_in_policies(&bed.store).await.unwrap()[0];
    assert_eq!(left.policy.rule.who, Who::Groups([sales].into()));
    assert!(left.policy.rule.enabled);
    assert_eq!(left.version, 2);
    let event = bed.last_event(EventKind::SignInPolicyUpdate).await;
    assert_eq!(fields(&event.detail), ["who.groups"]);

    delete_group(&mut bed.op(), &bed.store, sales, None)
        .await
        .unwrap();
    delete_applications(&mut bed.op(), &bed.store, &[wiki])
        .await
        .unwrap();
    let all = list_sign_in_policies(&bed.store).await.unwrap();
    for saved in &all {
        assert!(saved.policy.is_about_nothing() && !saved.policy.rule.enabled);
    }
    // Switched on by force, it would still be about nobody.
    let mut policies: Vec<SignInPolicy> = all.into_iter().map(|saved| saved.policy).collect();
    for policy in &mut policies {
        policy.rule.enabled = true;
    }
    let mut read = bed.store.read().await.unwrap();
    let user = read.user(person).await.unwrap().unwrap();
    let facts = facts_about(read.as_mut(), Subject::User(&user), portal(&bed))
        .await
        .unwrap();
    assert!(decide(&policies, &facts).is_allow());
    let on = SignInPolicyChange {
        enabled: Some(true),
        ..SignInPolicyChange::default()
    };
    let refused = change(&bed, for_groups, None, on).await.unwrap_err();
    assert_eq!(refused.to_string(), "choose at least 1 of the groups");
}

/// Switching off is the way out of a policy, whatever else is wrong with it.
async fn a_policy_can_always_be_switched_off(bed: Bed) {
    let group = bed.group("operations", &[]).await;
    let new = PolicyRule {
        who: Who::Groups([group].into()),
        ..rule("Operations", 1)
    };
    let mut saved = create(&bed, new).await.unwrap();
    saved.policy.rule.who = Who::Groups([].into());
    let mut write = bed.store.write().await.unwrap();
    write.put_sign_in_policy(&saved).await.unwrap();
    write.commit().await.unwrap();
    let off = SignInPolicyChange {
        enabled: Some(false),
        ..SignInPolicyChange::default()
    };
    let off = change(&bed, saved.policy.id, None, off).await.unwrap();
    assert!(!off.policy.rule.enabled);
}

/// Requirements M01 and M03.
async fn the_facts_about_a_person_are_their_groups_and_what_they_can_prove(mut bed: Bed) {
    let (user, _, _) = connect(&mut bed).await;
    ensure_everyone(&mut bed.op(), &bed.store).await.unwrap();
    let group = bed.group("operations", &[]).await;
    bed.group("others", &[]).await;
    add_member(&mut bed.op(), &bed.store, group, user)
        .await
        .unwrap();
    let mut read = bed.store.read().await.unwrap();
    let everyone = read.everyone_group().await.unwrap().unwrap().id;
    let user = read.user(user).await.unwrap().unwrap();
    let circumstances = portal(&bed);
    let facts = facts_about(read.as_mut(), Subject::User(&user), circumstances).await;
    let facts = facts.unwrap();
    assert_eq!(facts.person.account, Account::User(user.id));
    assert_eq!(facts.person.groups, [group, everyone].into());
    let kinds = [FactorKind::Totp, FactorKind::RecoveryCode];
    assert_eq!(facts.person.enrolled, kinds.into());
    assert_eq!((facts.now, facts.target), (bed.now, Target::UserPortal));

    let admin = add(&bed, ADMIN, Role::Full).await;
    let admin = read.administrator(admin).await.unwrap().unwrap();
    let subject = Subject::Administrator(&admin);
    let facts = facts_about(read.as_mut(), subject, portal(&bed))
        .await
        .unwrap();
    let account = Account::Administrator {
        id: admin.id,
        break_glass: false,
    };
    assert_eq!(facts.person.account, account);
    assert!(facts.person.groups.is_empty());
}

/// Requirement M03.
async fn a_simulation_answers_for_people_there_are_and_writes_nothing(bed: Bed) {
    let wiki = bed.application(new_application("wiki")).await;
    let person = bed.user(EMAIL).await;
    let admin = add(&bed, ADMIN, Role::Full).await;
    create(&bed, rule("Away from the office", 1)).await.unwrap();
    let what_if = |address: &str| WhatIf {
        person: SimulatedPerson::User(person),
        target: SimulatedTarget::Application(wiki),
        address: Some(address.parse().unwrap()),
        at: bed.now,
        device_known: true,
        proofs: vec![Proof {
            what: Proved::Password,
            at: bed.now,
        }],
        requested: None,
        dev: false,
    };
    let before = bed
        .store
        .read()
        .await
        .unwrap()
        .saved_sign_in_policies()
        .await
        .unwrap();
    let away = simulate_sign_in(&bed.store, what_if("198.51.100.1"))
        .await
        .unwrap();
    assert!(matches!(
        away.explanation.decision,
        Decision::MustEnrol { .. }
    ));
    assert!(away.explanation.policies[0].matched);
    assert_eq!(away.besides.len(), 1, "{:?}", away.besides);
    assert!(away.besides[0].contains("is not granted to"));
    let office = simulate_sign_in(&bed.store, what_if("192.0.2.1"))
        .await
        .unwrap();
    assert!(office.explanation.decision.is_allow());

    let portal_of_others = WhatIf {
        target: SimulatedTarget::AdminPortal,
        ..what_if("192.0.2.1")
    };
    let refused = simulate_sign_in(&bed.store, portal_of_others.clone()).await;
    assert!(matches!(refused, Err(SimulateError::OtherPortal)));
    let administrator = WhatIf {
        person: SimulatedPerson::Administrator(admin),
        ..portal_of_others
    };
    let needs = simulate_sign_in(&bed.store, administrator).await.unwrap();
    assert!(!needs.explanation.decision.is_allow());
    assert_eq!(
        needs.explanation.built_in,
        ["Administrators always need a second factor."]
    );

    set_user_state(&mut bed.op(), &bed.store, person, UserState::Suspended)
        .await
        .unwrap();
    let suspended = simulate_sign_in(&bed.store, what_if("192.0.2.1"))
        .await
        .unwrap();
    assert!(suspended.besides[0].contains("is suspended and cannot sign in at all"));
    let after = bed
        .store
        .read()
        .await
        .unwrap()
        .saved_sign_in_policies()
        .await
        .unwrap();
    assert_eq!(before, after);
    assert!(bed.events(EventKind::SsoAuth).await.is_empty());
}
