//! Files of people: looking at them, adding them, writing them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jetway_identity::users::transfer::{
    ConfirmImportError, ImportState, PreviewImportError, UserImport, cancel_import, confirm_import,
    export_users, import_problems, import_status, preview_import, run_import_step,
};
use jetway_identity::{
    Actor, AdministratorChange, AdministratorState, CreationMethod, CustomValue, EventKind,
    NewUser, Op, Role, Store, User, UserFilter, UserSort, UserState, add_member, change_settings,
    count_users, list_users, update_administrator,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::administrators::{ADMIN, add, op_of};
use crate::bed::{Bed, EMAIL, custom, map, new_user, on_both};

on_both!(
    nothing_is_written_before_the_preview_is_confirmed,
    rows_with_problems_are_reported_by_line_and_left_out,
    an_import_goes_on_where_it_stopped,
    who_may_not_change_groups_puts_nobody_into_one_by_a_file,
    an_import_ends_when_its_administrator_may_not_add_people_any_more,
    a_row_that_became_impossible_is_reported_and_the_rest_is_added,
    files_that_are_no_csv_of_people_are_refused_as_a_whole,
    what_was_exported_and_imported_is_the_same,
    an_export_can_be_of_some_people_only,
    ten_thousand_people_come_in_and_out_unchanged,
);

async fn preview(bed: &Bed, file: &str) -> Result<UserImport, PreviewImportError> {
    preview_import(
        &mut bed.op(),
        &bed.store,
        "people.csv",
        file.as_bytes(),
        None,
    )
    .await
}

async fn run(bed: &Bed, import: &UserImport) -> UserImport {
    confirm_import(&mut bed.op(), &bed.store, import.id)
        .await
        .unwrap();
    while run_import_step(&mut bed.op(), &bed.store).await.unwrap() {}
    let status = import_status(&bed.store, import.id).await.unwrap();
    status.unwrap()
}

async fn problems(bed: &Bed, import: &UserImport) -> Vec<(u64, String, String)> {
    let problems = import_problems(&bed.store, import.id, 100).await.unwrap();
    problems
        .into_iter()
        .map(|problem| (problem.line, problem.field, problem.reason))
        .collect()
}

async fn export(bed: &Bed, filter: UserFilter) -> String {
    let mut export = export_users(&mut bed.op(), &bed.store, filter)
        .await
        .unwrap();
    let mut file = Vec::new();
    while let Some(part) = export.next_part(&bed.store).await.unwrap() {
        file.extend(part);
    }
    String::from_utf8(file).unwrap()
}

/// Everybody without what an import makes anew.
async fn everybody(bed: &Bed) -> Vec<(User, BTreeSet<String>)> {
    let filter = UserFilter::default();
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = list_users(
            &bed.store,
            &filter,
            UserSort::Username,
            false,
            after.as_deref(),
            1000,
        )
        .await
        .unwrap();
        let mut read = bed.store.read().await.unwrap();
        for mut user in page.users {
            let groups = read.groups_of(user.id).await.unwrap();
            let names = groups.into_iter().map(|group| group.name).collect();
            user.id = jetway_identity::UserId::random(
                &mut Op::new(
                    bed.now,
                    rand::SeedableRng::seed_from_u64(1),
                    Actor::Anonymous,
                    String::new(),
                )
                .rng,
            );
            (user.version, user.created_at, user.updated_at) = (1, bed.now, bed.now);
            user.created_by = CreationMethod::Bulk;
            all.push((user, names));
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

/// Requirement D02: the rows that name no state take that of the settings.
async fn nothing_is_written_before_the_preview_is_confirmed(bed: Bed) {
    bed.group("operations", &[]).await;
    change_settings(&mut bed.op(), &bed.store, None, |sections| {
        sections.default_states.bulk = UserState::Active;
    })
    .await
    .unwrap();
    let file = "\u{FEFF}Username,EMAIL,firstname,state,department,custom:Team,groups\r\n\
                rr,rr@acme.com,Road,,Sales,Blue,Operations\r\n\
                wc,wc@acme.com,\"Wile \"\"E.\"\"\",SUSPENDED,,,\r\n";
    let import = preview(&bed, file).await.unwrap();
    assert_eq!(
        (import.total, import.refused, import.state),
        (2, 0, ImportState::Preview)
    );
    assert_eq!(count_users(&bed.store).await.unwrap().all(), 0);
    assert!(!run_import_step(&mut bed.op(), &bed.store).await.unwrap());
    let done = run(&bed, &import).await;
    assert_eq!(
        (done.state, done.added, done.failed),
        (ImportState::Done, 2, 0)
    );
    let mut read = bed.store.read().await.unwrap();
    let rr = read.user_by_email("rr@acme.com").await.unwrap().unwrap();
    assert_eq!(
        (rr.state, rr.created_by),
        (UserState::Active, CreationMethod::Bulk)
    );
    assert_eq!(rr.attributes, map(&[("department", "Sales")]));
    assert_eq!(rr.custom_attributes, custom(&[("Team", "Blue")]));
    assert_eq!(read.groups_of(rr.id).await.unwrap()[0].name, "operations");
    let wc = read.user_by_username("WC").await.unwrap().unwrap();
    assert_eq!(
        (wc.state, wc.first_name.as_str()),
        (UserState::Suspended, "Wile \"E.\"")
    );
    assert_eq!(wc.password_changed_at, None);
    drop(read);
    assert_eq!(bed.events(EventKind::UserCreate).await.len(), 2);
    let steps: Vec<_> = bed.events(EventKind::UserImport).await;
    let steps: Vec<_> = steps
        .iter()
        .map(|event| event.detail["step"].clone())
        .collect();
    assert_eq!(steps, ["preview", "begun", "done"]);
    // It cannot be begun or thrown away any more.
    let again = confirm_import(&mut bed.op(), &bed.store, import.id).await;
    assert!(again.is_err());
    assert!(
        cancel_import(&mut bed.op(), &bed.store, import.id)
            .await
            .is_err()
    );
}

async fn rows_with_problems_are_reported_by_line_and_left_out(bed: Bed) {
    bed.user(EMAIL).await;
    let file = format!(
        "email,username,state,custom:level:number,groups\n\
         good@acme.com,good,,7,\n\
         nobody,with space,,,\n\
         \"a@acme.com\",a,gone,four,\n\
         GOOD@acme.com,good2,,,\n\
         {EMAIL},rr2,,,\n\
         b@acme.com,b,,,nowhere\n"
    );
    let import = preview(&bed, &file).await.unwrap();
    assert_eq!((import.total, import.refused, import.accepted()), (6, 5, 1));
    let found = problems(&bed, &import).await;
    let places: Vec<_> = found
        .iter()
        .map(|(line, field, _)| (*line, &**field))
        .collect();
    assert_eq!(
        places,
        [
            (3, "email"),
            (3, "username"),
            (4, "state"),
            (4, "custom:level:number"),
            (5, "email"),
            (6, "email"),
            (7, "groups"),
        ]
    );
    assert_eq!(found[4].2, "line 2 has the same");
    assert!(found[6].2.contains("nowhere"));
    assert_eq!(run(&bed, &import).await.added, 1);
}

/// A restart in the middle of an import.
async fn an_import_goes_on_where_it_stopped(bed: Bed) {
    let mut file = "email,username\n".to_owned();
    for number in 0..250 {
        writeln!(file, "u{number}@acme.com,u{number}").unwrap();
    }
    let import = preview(&bed, &file).await.unwrap();
    confirm_import(&mut bed.op(), &bed.store, import.id)
        .await
        .unwrap();
    assert!(run_import_step(&mut bed.op(), &bed.store).await.unwrap());
    let status = import_status(&bed.store, import.id).await.unwrap().unwrap();
    assert_eq!((status.state, status.added), (ImportState::Running, 100));
    // All that is known is in the database, so whoever comes next goes on.
    while run_import_step(&mut bed.op(), &bed.store).await.unwrap() {}
    let status = import_status(&bed.store, import.id).await.unwrap().unwrap();
    assert_eq!((status.state, status.added), (ImportState::Done, 250));
    assert_eq!(count_users(&bed.store).await.unwrap().staged, 250);
}

/// Requirement A11: neither by an own file nor by that of a full administrator.
async fn who_may_not_change_groups_puts_nobody_into_one_by_a_file(bed: Bed) {
    bed.group("operations", &[]).await;
    let admin = add(&bed, ADMIN, Role::Full).await;
    let desk = add(&bed, "desk@acme.com", Role::HelpDesk).await;
    let mut as_desk = op_of(&bed, desk).await;
    let file = "email,username,groups\na@acme.com,a,operations\nb@acme.com,b,\n";
    let own = preview_import(&mut as_desk, &bed.store, "x", file.as_bytes(), None)
        .await
        .unwrap();
    let found = problems(&bed, &own).await;
    assert_eq!((found[0].0, &*found[0].1, own.accepted()), (2, "groups", 1));
    let mut as_admin = op_of(&bed, admin).await;
    let brought = preview_import(&mut as_admin, &bed.store, "x", file.as_bytes(), None)
        .await
        .unwrap();
    let refused = confirm_import(&mut as_desk, &bed.store, brought.id).await;
    assert!(matches!(refused, Err(ConfirmImportError::NeedsGroups)));
    confirm_import(&mut as_desk, &bed.store, own.id)
        .await
        .unwrap();
    while run_import_step(&mut bed.op(), &bed.store).await.unwrap() {}
    assert_eq!(count_users(&bed.store).await.unwrap().all(), 1);

    // A role that was taken away after the confirmation is gone too.
    let file = "email,username,groups\nc@acme.com,c,operations\nd@acme.com,d,\n";
    add(&bed, "third@acme.com", Role::Full).await;
    let last = preview(&bed, file).await.unwrap();
    confirm_import(&mut as_admin, &bed.store, last.id)
        .await
        .unwrap();
    let less = AdministratorChange {
        role: Some(Role::HelpDesk),
        ..AdministratorChange::default()
    };
    update_administrator(&mut bed.op(), &bed.store, admin, None, less)
        .await
        .unwrap();
    while run_import_step(&mut bed.op(), &bed.store).await.unwrap() {}
    let done = import_status(&bed.store, last.id).await.unwrap().unwrap();
    assert_eq!((done.added, done.failed), (1, 1));
    assert_eq!(problems(&bed, &last).await[0].1, "groups");
}

async fn an_import_ends_when_its_administrator_may_not_add_people_any_more(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    let second = add(&bed, "second@acme.com", Role::Full).await;
    let mut file = "email,username\n".to_owned();
    for number in 0..250 {
        writeln!(file, "u{number}@acme.com,u{number}").unwrap();
    }
    let import = preview(&bed, &file).await.unwrap();
    confirm_import(&mut op_of(&bed, second).await, &bed.store, import.id)
        .await
        .unwrap();
    assert!(run_import_step(&mut bed.op(), &bed.store).await.unwrap());
    let suspended = AdministratorChange {
        state: Some(AdministratorState::Suspended),
        ..AdministratorChange::default()
    };
    update_administrator(&mut bed.op(), &bed.store, second, None, suspended)
        .await
        .unwrap();
    while run_import_step(&mut bed.op(), &bed.store).await.unwrap() {}
    let done = import_status(&bed.store, import.id).await.unwrap().unwrap();
    assert_eq!(
        (done.state, done.added, done.failed),
        (ImportState::Done, 100, 150)
    );
    let found = import_problems(&bed.store, import.id, 100).await.unwrap();
    assert!(found[0].ended_the_import());
    assert!(found[0].reason.contains("second@acme.com") && found[0].reason.contains("line 102"));
    let event = bed.last_event(EventKind::UserImport).await;
    assert_eq!(event.detail["step"], "stopped");
}

async fn a_row_that_became_impossible_is_reported_and_the_rest_is_added(bed: Bed) {
    let file = "email,username\nrr@acme.com,rr\nwc@acme.com,wc\n";
    let import = preview(&bed, file).await.unwrap();
    bed.user_with(NewUser {
        username: "RR".to_owned(),
        ..new_user("other@acme.com")
    })
    .await;
    let done = run(&bed, &import).await;
    assert_eq!((done.added, done.failed), (1, 1));
    let found = problems(&bed, &import).await;
    assert_eq!((found[0].0, &*found[0].1), (2, "username"));
}

async fn files_that_are_no_csv_of_people_are_refused_as_a_whole(bed: Bed) {
    for (file, in_words) in [
        ("", "empty"),
        ("email\na@b", "no column \"username\""),
        ("email,username,planet\n", "\"planet\", which is not known"),
        ("email,username,EMAIL\n", "\"EMAIL\" twice"),
        (
            "email,username\na@b,c\nd,e,f\n",
            "line 3: this row has 3 cells",
        ),
    ] {
        let refused = preview(&bed, file).await.unwrap_err().to_string();
        assert!(refused.contains(in_words), "{refused}");
    }
    let wide: Vec<_> = (0..301).map(|it| format!("custom:a{it}")).collect();
    let refused = preview(&bed, &wide.join(",")).await.unwrap_err();
    assert!(matches!(refused, PreviewImportError::TooManyColumns));
    let names: Vec<_> = (0..1001).map(|it| format!("g{it}")).collect();
    let crowded = format!("email,username,groups\na@acme.com,a,{}\n", names.join(";"));
    let refused = preview(&bed, &crowded).await.unwrap_err();
    assert!(matches!(refused, PreviewImportError::TooManyGroups));
    let latin = b"email,username\nm\xFCller@acme.com,m\n";
    let refused = preview_import(&mut bed.op(), &bed.store, "x", latin, None).await;
    assert!(matches!(refused, Err(PreviewImportError::NotUtf8)));
    assert!(bed.events(EventKind::UserImport).await.is_empty());
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("=1+1".to_owned()),
        Just("'".to_owned()),
        Just("\"a\",;".to_owned()),
        Just("<script>".to_owned()),
        Just("שלום ‏👩‍🚀".to_owned()),
        "\\PC{0,12}",
    ];
    proptest::collection::vec(piece, 0..3).prop_map(|pieces| {
        let text: String = pieces.concat();
        text.chars()
            .filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
            .collect()
    })
}

fn filled(text: &str) -> bool {
    !text.trim().is_empty()
}

prop_compose! {
    fn people()(
        first in texts(), last in texts(), display in texts(), department in texts(),
        custom_name in texts().prop_filter("a name", |text| filled(text)),
        custom_text in texts(), number in any::<i32>(), flag in any::<bool>(),
        state in 0..3_usize, never in any::<bool>(), groups in 0..4_usize,
    ) -> (NewUser, usize) {
        let mut new = NewUser {
            first_name: first,
            last_name: last,
            display_name: display,
            state: [UserState::Staged, UserState::Active, UserState::Suspended][state],
            attributes: map(&[("department", &department)]),
            password: None,
            password_never_expires: never,
            created_by: CreationMethod::Bulk,
            ..new_user("x@acme.com")
        };
        let number = CustomValue::parse("number", &number.to_string()).unwrap();
        new.custom_attributes.insert("n".to_owned(), number);
        new.custom_attributes.insert("b".to_owned(), CustomValue::Boolean(flag));
        let json = serde_json::json!({"t": custom_text});
        new.custom_attributes.insert("j".to_owned(), CustomValue::Json(json));
        if !custom_text.is_empty() {
            new.custom_attributes.insert(custom_name, CustomValue::String(custom_text));
        }
        (new, groups)
    }
}

/// `import(export(x)) == x` for any Unicode.
async fn what_was_exported_and_imported_is_the_same(bed: Bed) {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let names = ["a;b", "c\\", "=d", "ünïcode <b>"];
    for name in names {
        bed.group(name, &[]).await;
    }
    for round in 0..40 {
        let (mut new, groups) = people().new_tree(&mut runner).unwrap().current();
        new.email = format!("p{round}@acme.com");
        new.username = format!("-p{round}");
        let id = bed.user_with(new).await;
        for name in &names[..groups] {
            let group = bed.store.read().await.unwrap().group_by_name(name).await;
            let group = group.unwrap().unwrap();
            add_member(&mut bed.op(), &bed.store, group.id, id)
                .await
                .unwrap();
        }
    }
    let before = everybody(&bed).await;
    let file = export(&bed, UserFilter::default()).await;
    let no_formula = |cell: &str| {
        !cell
            .trim_start_matches('"')
            .starts_with(['=', '+', '-', '@'])
    };
    assert!(file.lines().all(no_formula), "rows begin with an address");
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    for row in reader.records() {
        assert!(row.unwrap().iter().all(no_formula));
    }
    delete_everybody(&bed).await;
    let import = preview(&bed, &file).await.unwrap();
    assert_eq!(problems(&bed, &import).await, []);
    assert_eq!(run(&bed, &import).await.added, 40);
    assert_eq!(everybody(&bed).await, before);
    assert_eq!(export(&bed, UserFilter::default()).await, file);
}

async fn delete_everybody(bed: &Bed) {
    let all = jetway_identity::users::select_users(&bed.store, &UserFilter::default())
        .await
        .unwrap();
    jetway_identity::delete_users(&mut bed.op(), &bed.store, &all)
        .await
        .unwrap();
}

async fn an_export_can_be_of_some_people_only(bed: Bed) {
    bed.user("a@acme.com").await;
    bed.user("b@example.com").await;
    let filter = UserFilter {
        text: "example.com".to_owned(),
        ..UserFilter::default()
    };
    let file = export(&bed, filter).await;
    assert_eq!(file.lines().count(), 2);
    assert!(file.starts_with("email,username,firstname,lastname,displayname,state,"));
    assert!(file.contains("b@example.com"));
    let event = bed.last_event(EventKind::UserExport).await;
    assert_eq!(event.detail["search"], "example.com");
}

/// Done-when: 10,000 users from CSV and back.
async fn ten_thousand_people_come_in_and_out_unchanged(bed: Bed) {
    let mut file = "email,username,firstname,lastname,department\r\n".to_owned();
    for number in 0..10_000 {
        let (last, department) = (number % 977, number % 13);
        writeln!(
            file,
            "u{number:05}@acme.com,u{number:05},First{number},Last{last},Dept {department}\r"
        )
        .unwrap();
    }
    let import = preview(&bed, &file).await.unwrap();
    let done = run(&bed, &import).await;
    assert_eq!((done.added, done.failed), (10_000, 0));
    let exported = export(&bed, UserFilter::default()).await;
    let cut = |row: csv::StringRecord, places: [usize; 5]| {
        places.map(|place| row.get(place).unwrap().to_owned())
    };
    let mut reader = csv::Reader::from_reader(exported.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let department = headers
        .iter()
        .position(|name| name == "department")
        .unwrap();
    let after: Vec<_> = reader
        .records()
        .map(|row| cut(row.unwrap(), [0, 1, 2, 3, department]))
        .collect();
    let before: Vec<_> = csv::Reader::from_reader(file.as_bytes())
        .records()
        .map(|row| cut(row.unwrap(), [0, 1, 2, 3, 4]))
        .collect();
    assert_eq!(after, before);
}
