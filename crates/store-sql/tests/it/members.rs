//! Members of groups, chosen by hand or by a rule.

use jetway_identity::groups::{AddedByName, Combine, Condition, MAX_CONDITIONS, Operator};
use jetway_identity::{
    ChangeMembersError, CreateGroupError, EventFilter, EventKind, GroupChange, GroupId, GroupRule,
    Membership, NewGroup, NewUser, PreviewRuleError, Store, UpdateGroupError, UserId, add_member,
    add_members, add_members_by_name, change_members, create_group, ensure_everyone,
    find_candidates, list_events, members_page, preview_rule, remove_member, remove_members,
    rule_attributes, update_group,
};

use crate::bed::{Bed, EMAIL, custom, map, new_user, on_both};

on_both!(
    a_membership_is_added_once_and_removed_once,
    many_members_come_and_go_in_one_change,
    some_come_while_others_go,
    nobody_is_added_when_one_of_them_does_not_exist,
    members_are_listed_by_name_page_by_page,
    members_are_found_by_name_address_and_username,
    the_built_in_group_lists_everyone,
    a_rule_has_its_members_at_once,
    a_new_person_comes_into_the_groups_whose_rule_names_them,
    a_changed_rule_replaces_the_members,
    members_of_a_dynamic_group_cannot_be_edited_by_hand,
    a_preview_says_who_would_come_and_go_and_writes_nothing,
    a_rule_that_cannot_be_used_names_its_field,
    operators_compare_in_any_letter_case,
    all_or_any_of_the_conditions_must_hold,
    people_are_added_by_address_and_username,
    those_who_may_be_added_are_shown_with_whether_they_are_in_already,
    rules_may_look_at_the_custom_attributes_that_people_have,
);

/// A person without a password, which would take time to hash.
fn person(email: &str, department: &str) -> NewUser {
    NewUser {
        password: None,
        attributes: map(&[("department", department)]),
        ..new_user(email)
    }
}

async fn people(bed: &Bed, count: usize, department: &str) -> Vec<UserId> {
    let mut users = Vec::new();
    for number in 0..count {
        let new = person(
            &format!("{department}-{number:03}@acme.example"),
            department,
        );
        users.push(bed.user_with(new).await);
    }
    users
}

fn condition(attribute: &str, operator: Operator, value: &str) -> Condition {
    Condition {
        attribute: attribute.parse().unwrap(),
        operator,
        value: value.to_owned(),
    }
}

fn department(name: &str) -> GroupRule {
    GroupRule {
        combine: Combine::All,
        conditions: vec![condition("department", Operator::Equals, name)],
    }
}

async fn dynamic(bed: &Bed, name: &str, rule: GroupRule) -> GroupId {
    let new = NewGroup {
        name: name.to_owned(),
        rule: Some(rule),
        ..NewGroup::default()
    };
    create_group(&mut bed.op(), &bed.store, new).await.unwrap()
}

async fn members(bed: &Bed, group: GroupId) -> Vec<UserId> {
    let mut read = bed.store.read().await.unwrap();
    read.members(group).await.unwrap()
}

fn sorted(mut ids: Vec<UserId>) -> Vec<UserId> {
    ids.sort_unstable();
    ids
}

/// Requirements E02 and K05.
async fn a_membership_is_added_once_and_removed_once(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let group = bed.group("operations", &[]).await;
    let store = &bed.store;
    assert!(add_member(&mut bed.op(), store, group, user).await.unwrap());
    assert!(!add_member(&mut bed.op(), store, group, user).await.unwrap());
    assert_eq!(members(&bed, group).await, [user]);
    assert!(
        remove_member(&mut bed.op(), store, group, user)
            .await
            .unwrap()
    );
    assert!(
        !remove_member(&mut bed.op(), store, group, user)
            .await
            .unwrap()
    );
    let changes = bed.events(EventKind::AssociationChange).await;
    let ops: Vec<_> = changes
        .iter()
        .map(|event| event.detail["op"].as_str().unwrap())
        .collect();
    assert_eq!(ops, ["add", "remove"]);
}

async fn many_members_come_and_go_in_one_change(bed: Bed) {
    let users = people(&bed, 107, "sales").await;
    let group = bed.group("everyone of sales", &[]).await;
    let store = &bed.store;
    let few = add_members(&mut bed.op(), store, group, &users[..3]).await;
    assert_eq!(few.unwrap(), 3);
    // Each of a few has an event; many share one. Naming somebody twice does no harm.
    let mut twice = users.clone();
    twice.push(users[0]);
    let all = add_members(&mut bed.op(), store, group, &twice).await;
    assert_eq!(all.unwrap(), 104);
    assert_eq!(members(&bed, group).await, sorted(users.clone()));
    let gone = remove_members(&mut bed.op(), store, group, &users[1..]).await;
    assert_eq!(gone.unwrap(), 106);
    assert_eq!(members(&bed, group).await, users[..1]);
    let events = bed.events(EventKind::AssociationChange).await;
    assert_eq!(events.len(), 5);
    let other = &events[3].detail["association"]["connection"]["to"];
    assert_eq!(other.as_array().unwrap().len(), 104);
    assert_eq!(other[0]["object_id"], users[3].to_string());
    assert_eq!(events[4].detail["op"], "remove");
}

async fn some_come_while_others_go(bed: Bed) {
    let users = people(&bed, 4, "sales").await;
    let group = bed.group("operations", &[]).await;
    let store = &bed.store;
    add_members(&mut bed.op(), store, group, &users[..2])
        .await
        .unwrap();
    let (add, remove) = (&users[1..], &users[..1]);
    let changed = change_members(&mut bed.op(), store, group, add, remove).await;
    let changed = changed.unwrap();
    assert_eq!((changed.added, changed.removed), (2, 1));
    assert_eq!(members(&bed, group).await, sorted(users[1..].to_vec()));
    let changed = change_members(&mut bed.op(), store, group, &users, &users).await;
    assert_eq!(changed.unwrap().removed, 3);
    assert_eq!(members(&bed, group).await, []);
}

async fn nobody_is_added_when_one_of_them_does_not_exist(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let group = bed.group("operations", &[]).await;
    let nobody = UserId::random(&mut bed.op().rng);
    let added = add_members(&mut bed.op(), &bed.store, group, &[user, nobody]).await;
    assert!(matches!(added, Err(ChangeMembersError::NoSuchUser(id)) if id == nobody));
    assert_eq!(members(&bed, group).await, []);
    let nowhere = GroupId::random(&mut bed.op().rng);
    let added = add_member(&mut bed.op(), &bed.store, nowhere, user).await;
    assert!(matches!(added, Err(ChangeMembersError::NoSuchGroup)));
}

async fn named(bed: &Bed, group: GroupId, first: &str, last: &str, email: &str) {
    let new = NewUser {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        ..person(email, "zoo")
    };
    let user = bed.user_with(new).await;
    add_member(&mut bed.op(), &bed.store, group, user)
        .await
        .unwrap();
}

async fn listed(bed: &Bed, group: GroupId, text: &str, limit: u32) -> Vec<String> {
    let mut labels = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = members_page(&bed.store, group, text, after.as_deref(), limit)
            .await
            .unwrap()
            .unwrap();
        assert!(page.members.len() <= limit as usize);
        labels.extend(page.members.iter().map(jetway_identity::User::label));
        after = page.next;
        if after.is_none() {
            return labels;
        }
    }
}

async fn members_are_listed_by_name_page_by_page(bed: Bed) {
    let group = bed.group("zoo", &[]).await;
    named(&bed, group, "ann", "Lee", "z@acme.example").await;
    named(&bed, group, "Ann", "", "y@acme.example").await;
    named(&bed, group, "Zoë", "", "x@acme.example").await;
    named(&bed, group, "\u{1F980}", "", "w@acme.example").await;
    named(&bed, group, "Ann", "Lee", "b@acme.example").await;
    let expected = ["Ann", "Ann Lee", "ann Lee", "Zoë", "\u{1F980}"];
    for limit in 1..7 {
        assert_eq!(listed(&bed, group, "", limit).await, expected);
    }
    let nowhere = GroupId::random(&mut bed.op().rng);
    let page = members_page(&bed.store, nowhere, "", None, 10).await;
    assert_eq!(page.unwrap(), None);
    // What is no cursor is no error either.
    let page = members_page(&bed.store, group, "", Some("???"), 10).await;
    assert_eq!(page.unwrap().unwrap().members.len(), 5);
}

async fn members_are_found_by_name_address_and_username(bed: Bed) {
    let group = bed.group("zoo", &[]).await;
    named(&bed, group, "Zoë", "Quokka", "x@acme.example").await;
    named(&bed, group, "Ann", "Lee", "annie.lee@other.example").await;
    assert_eq!(listed(&bed, group, "zoË q", 10).await, ["Zoë Quokka"]);
    assert_eq!(listed(&bed, group, "OTHER", 10).await, ["Ann Lee"]);
    assert_eq!(listed(&bed, group, "annie.lee\t", 10).await, ["Ann Lee"]);
    assert_eq!(listed(&bed, group, "%", 10).await, [""; 0]);
}

/// Requirement E01.
async fn the_built_in_group_lists_everyone(bed: Bed) {
    let everyone = ensure_everyone(&mut bed.op(), &bed.store).await.unwrap();
    let group = bed.group("zoo", &[]).await;
    named(&bed, group, "Zoë", "Quokka", "x@acme.example").await;
    named(&bed, group, "Ann", "Lee", "annie.lee@other.example").await;
    bed.user(EMAIL).await;
    let expected = ["Ann Lee", "Road Runner", "Zoë Quokka"];
    assert_eq!(listed(&bed, everyone, "", 2).await, expected);
    assert_eq!(listed(&bed, everyone, "QUOK", 2).await, ["Zoë Quokka"]);
}

async fn a_rule_has_its_members_at_once(bed: Bed) {
    let sales = people(&bed, 3, "Sales").await;
    people(&bed, 2, "Legal").await;
    let group = dynamic(&bed, "sales", department("sales")).await;
    assert_eq!(members(&bed, group).await, sorted(sales));
    let events = bed.events(EventKind::AssociationChange).await;
    assert_eq!(events.len(), 3);
    assert_eq!(events[0].detail["by_rule"], true);
    let mut read = bed.store.read().await.unwrap();
    let kept = read.group(group).await.unwrap().unwrap();
    assert_eq!(kept.membership, Membership::Dynamic(department("sales")));
}

async fn a_new_person_comes_into_the_groups_whose_rule_names_them(bed: Bed) {
    let sales = dynamic(&bed, "sales", department("sales")).await;
    let legal = dynamic(&bed, "legal", department("legal")).await;
    let user = bed.user_with(person("a@acme.example", "Sales")).await;
    assert_eq!(members(&bed, sales).await, [user]);
    assert_eq!(members(&bed, legal).await, []);
}

async fn a_changed_rule_replaces_the_members(bed: Bed) {
    let sales = people(&bed, 3, "Sales").await;
    let legal = people(&bed, 2, "Legal").await;
    let group = bed.group("law", &[]).await;
    add_members(&mut bed.op(), &bed.store, group, &[sales[0], legal[0]])
        .await
        .unwrap();
    let change = |membership| GroupChange {
        membership: Some(membership),
        ..GroupChange::default()
    };
    let rule = Membership::Dynamic(department("LEGAL"));
    update_group(&mut bed.op(), &bed.store, group, None, change(rule))
        .await
        .unwrap();
    assert_eq!(members(&bed, group).await, sorted(legal.clone()));
    let events = list_events(&bed.store, &EventFilter::default(), None, 3)
        .await
        .unwrap();
    let kinds: Vec<_> = events
        .iter()
        .rev()
        .map(|event| event.kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        ["group_update", "association_change", "association_change"]
    );
    assert_eq!(events[2].detail["changes"][0]["field"], "rule");
    // Back to members chosen by hand: they stay as they are, and can be edited.
    update_group(
        &mut bed.op(),
        &bed.store,
        group,
        None,
        change(Membership::Static),
    )
    .await
    .unwrap();
    add_member(&mut bed.op(), &bed.store, group, sales[0])
        .await
        .unwrap();
    assert_eq!(members(&bed, group).await.len(), 3);
}

async fn members_of_a_dynamic_group_cannot_be_edited_by_hand(bed: Bed) {
    let user = bed.user_with(person("a@acme.example", "Sales")).await;
    let group = dynamic(&bed, "sales", department("sales")).await;
    let removed = remove_member(&mut bed.op(), &bed.store, group, user).await;
    assert!(matches!(removed, Err(ChangeMembersError::Dynamic)));
    let added = add_member(&mut bed.op(), &bed.store, group, user).await;
    assert!(matches!(added, Err(ChangeMembersError::Dynamic)));
}

async fn a_preview_says_who_would_come_and_go_and_writes_nothing(bed: Bed) {
    let sales = people(&bed, 23, "Sales").await;
    let legal = people(&bed, 2, "Legal").await;
    let group = bed.group("mixed", &[]).await;
    add_members(
        &mut bed.op(),
        &bed.store,
        group,
        &[sales[0], legal[0], legal[1]],
    )
    .await
    .unwrap();
    let before = list_events(&bed.store, &EventFilter::default(), None, 1)
        .await
        .unwrap();
    let rule = department("sales");
    let preview = preview_rule(&bed.store, Some(group), &rule).await.unwrap();
    assert_eq!((preview.adds.count, preview.adds.first.len()), (22, 20));
    assert_eq!((preview.removes.count, preview.matches), (2, 23));
    let leaving: Vec<_> = preview.removes.first.iter().map(|user| user.id).collect();
    assert_eq!(sorted(leaving), sorted(legal));
    assert_eq!(members(&bed, group).await.len(), 3);
    assert_eq!(
        list_events(&bed.store, &EventFilter::default(), None, 1)
            .await
            .unwrap(),
        before
    );
    let of_new = preview_rule(&bed.store, None, &rule).await.unwrap();
    assert_eq!((of_new.adds.count, of_new.removes.count), (23, 0));
}

async fn a_rule_that_cannot_be_used_names_its_field(bed: Bed) {
    let group = bed.group("law", &[]).await;
    let rule = |conditions| GroupRule {
        combine: Combine::Any,
        conditions,
    };
    let good = condition("email", Operator::IsSet, "");
    let blank = condition("email", Operator::Contains, " ");
    let commas = condition("email", Operator::OneOf, " , ,");
    let many = vec![good.clone(); MAX_CONDITIONS + 1];
    for (conditions, fields) in [
        (vec![], vec!["rule.conditions"]),
        (many, vec!["rule.conditions"]),
        (
            vec![blank, good, commas],
            vec!["rule.conditions.0.value", "rule.conditions.2.value"],
        ),
    ] {
        let change = GroupChange {
            membership: Some(Membership::Dynamic(rule(conditions.clone()))),
            ..GroupChange::default()
        };
        let refused = update_group(&mut bed.op(), &bed.store, group, None, change).await;
        let Err(UpdateGroupError::Invalid(problems)) = refused else {
            panic!("{refused:?}");
        };
        let named: Vec<_> = problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(named, fields);
        let preview = preview_rule(&bed.store, Some(group), &rule(conditions.clone())).await;
        assert!(matches!(preview, Err(PreviewRuleError::Invalid(_))));
        let new = NewGroup {
            name: "new".to_owned(),
            rule: Some(rule(conditions)),
            ..NewGroup::default()
        };
        let created = create_group(&mut bed.op(), &bed.store, new).await;
        assert!(matches!(created, Err(CreateGroupError::Invalid(_))));
    }
}

async fn matches(bed: &Bed, user: UserId, combine: Combine, conditions: Vec<Condition>) -> bool {
    let mut read = bed.store.read().await.unwrap();
    let user = read.user(user).await.unwrap().unwrap();
    let rule = GroupRule {
        combine,
        conditions,
    };
    rule.matches(&user)
}

async fn operators_compare_in_any_letter_case(bed: Bed) {
    use Operator as O;
    let user = bed.user_with(person("a@acme.example", "Engineering")).await;
    for (attribute, operator, value, expected) in [
        ("department", O::Equals, " ENGINEERING ", true),
        ("department", O::Equals, "Engineer", false),
        ("department", O::NotEquals, "Sales", true),
        ("department", O::NotEquals, "engineering", false),
        ("department", O::StartsWith, "eng", true),
        ("department", O::StartsWith, "ring", false),
        ("department", O::Contains, "GINE", true),
        ("department", O::Contains, "x", false),
        ("department", O::IsSet, "", true),
        ("department", O::IsNotSet, "", false),
        ("department", O::OneOf, "Sales, engineering", true),
        ("department", O::OneOf, "Sales,Legal", false),
        // Who has no value equals nothing and differs from everything.
        ("costCenter", O::Equals, "x", false),
        ("costCenter", O::NotEquals, "x", true),
        ("custom:Team", O::StartsWith, "x", false),
        ("custom:Team", O::Contains, "x", false),
        ("custom:Team", O::IsSet, "", false),
        ("custom:Team", O::IsNotSet, "", true),
        ("custom:Team", O::OneOf, "x", false),
    ] {
        let conditions = vec![condition(attribute, operator, value)];
        let holds = matches(&bed, user, Combine::All, conditions).await;
        assert_eq!(holds, expected, "{attribute} {operator:?} {value}");
    }
}

async fn all_or_any_of_the_conditions_must_hold(bed: Bed) {
    let user = bed.user_with(person("a@acme.example", "Sales")).await;
    let conditions = vec![
        condition("department", Operator::IsSet, ""),
        condition("department", Operator::IsNotSet, ""),
    ];
    assert!(matches(&bed, user, Combine::Any, conditions.clone()).await);
    assert!(!matches(&bed, user, Combine::All, conditions).await);
}

async fn people_are_added_by_address_and_username(bed: Bed) {
    let users = people(&bed, 3, "sales").await;
    let group = bed.group("operations", &[]).await;
    add_member(&mut bed.op(), &bed.store, group, users[2])
        .await
        .unwrap();
    let names = [
        "SALES-000@acme.example",
        "nobody@acme.example",
        "Sales-001",
        "sales-001@acme.example",
        "sales-002",
        "<script>",
    ];
    let added = add_members_by_name(&mut bed.op(), &bed.store, group, &names).await;
    let expected = AddedByName {
        added: 2,
        already: 1,
        unknown: vec![1, 5],
    };
    assert_eq!(added.unwrap(), expected);
    assert_eq!(members(&bed, group).await, sorted(users));
}

async fn those_who_may_be_added_are_shown_with_whether_they_are_in_already(bed: Bed) {
    let group = bed.group("zoo", &[]).await;
    named(&bed, group, "Zoë", "Quokka", "x@acme.example").await;
    bed.user_with(person("quokka@acme.example", "zoo")).await;
    let found = find_candidates(&bed.store, group, "quok", 10)
        .await
        .unwrap();
    let mut seen: Vec<_> = found
        .iter()
        .map(|(user, member)| (user.email.as_str(), *member))
        .collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [("quokka@acme.example", false), ("x@acme.example", true)]
    );
}

async fn rules_may_look_at_the_custom_attributes_that_people_have(bed: Bed) {
    for (email, attribute) in [("a@acme.example", "Team"), ("b@acme.example", "Area")] {
        let new = NewUser {
            custom_attributes: custom(&[(attribute, "x"), ("Team", "y")]),
            ..person(email, "zoo")
        };
        bed.user_with(new).await;
    }
    let offered = rule_attributes(&bed.store).await.unwrap();
    let names: Vec<_> = offered.iter().map(ToString::to_string).collect();
    assert_eq!(names[..3], ["email", "username", "firstname"]);
    assert!(names.contains(&"department".to_owned()));
    assert_eq!(names[names.len() - 2..], ["custom:Area", "custom:Team"]);
}
