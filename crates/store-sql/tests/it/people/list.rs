//! Lists: counters, order, pages, search.

use jetway_identity::{
    Matches, NewUser, Store, UserCounts, UserFilter, UserId, UserPage, UserSort, UserState,
    count_users, delete_user, list_users, set_user_state, update_user,
};

use sqlx::Connection;

use crate::bed::{Bed, custom, map, new_user, on_both};

on_both!(
    the_counters_follow_every_change_and_match_the_list,
    pages_show_everyone_once_in_every_order_and_direction,
    a_user_without_names_is_listed_by_username,
    words_are_found_by_their_beginning_in_any_field,
    a_column_filter_looks_at_its_field_alone,
    a_search_with_words_that_many_have_goes_page_by_page_too,
    names_that_look_like_patterns_or_markup_are_found_literally,
);

async fn person(bed: &Bed, name: &str, state: UserState) -> UserId {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let new = NewUser {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        state,
        password: None,
        ..new_user(&format!(
            "{}@acme.com",
            name.to_lowercase().replace(' ', ".")
        ))
    };
    bed.user_with(new).await
}

async fn list(bed: &Bed, filter: &UserFilter) -> UserPage {
    list_users(&bed.store, filter, UserSort::Name, false, None, 100)
        .await
        .unwrap()
}

fn text(text: &str) -> UserFilter {
    UserFilter {
        text: text.to_owned(),
        ..UserFilter::default()
    }
}

async fn found(bed: &Bed, filter: &UserFilter) -> Vec<String> {
    let page = list(bed, filter).await;
    assert_eq!(page.matches, Matches::Exactly(page.users.len() as u64));
    page.users
        .iter()
        .map(jetway_identity::User::label)
        .collect()
}

/// Requirement B02.
async fn the_counters_follow_every_change_and_match_the_list(bed: Bed) {
    let counts = |staged, active, suspended| UserCounts {
        staged,
        active,
        suspended,
    };
    assert_eq!(count_users(&bed.store).await.unwrap(), counts(0, 0, 0));
    let a = person(&bed, "A A", UserState::Staged).await;
    let b = person(&bed, "B B", UserState::Active).await;
    person(&bed, "C C", UserState::Suspended).await;
    person(&bed, "D D", UserState::Active).await;
    assert_eq!(count_users(&bed.store).await.unwrap(), counts(1, 2, 1));
    set_user_state(&mut bed.op(), &bed.store, a, UserState::Suspended)
        .await
        .unwrap();
    delete_user(&mut bed.op(), &bed.store, b, None)
        .await
        .unwrap();
    let now = count_users(&bed.store).await.unwrap();
    assert_eq!(now, counts(0, 1, 2));
    for state in [
        None,
        Some(UserState::Staged),
        Some(UserState::Active),
        Some(UserState::Suspended),
    ] {
        let filter = UserFilter {
            state,
            ..UserFilter::default()
        };
        let page = list(&bed, &filter).await;
        assert_eq!(page.matches, Matches::Exactly(now.of(state)));
        assert_eq!(page.users.len() as u64, now.of(state));
    }
}

/// Requirement B06: each column orders the list; pages continue where the last one ended, also
/// when people are added meanwhile.
async fn pages_show_everyone_once_in_every_order_and_direction(mut bed: Bed) {
    let names = [
        "eve x",
        "Adam",
        "ádám",
        "Zoë",
        "李 小龙",
        "adam",
        "b",
        "c",
        "d",
    ];
    let states = [UserState::Active, UserState::Staged, UserState::Suspended];
    for (index, name) in names.iter().enumerate() {
        bed.pass(time::Duration::milliseconds(7));
        let new = NewUser {
            email: format!("{}@acme.com", 9 - index),
            username: format!("u{}", (index * 5) % 9),
            display_name: (*name).to_owned(),
            state: states[index % 3],
            password: None,
            ..new_user("x@acme.com")
        };
        bed.user_with(new).await;
    }
    for state in [None, Some(UserState::Staged)] {
        for words in ["", "acme.com"] {
            for sort in [
                UserSort::Name,
                UserSort::Email,
                UserSort::Username,
                UserSort::State,
                UserSort::CreatedAt,
            ] {
                let filter = UserFilter {
                    state,
                    ..text(words)
                };
                let up = all_pages(&bed, &filter, sort, false).await;
                let mut down = all_pages(&bed, &filter, sort, true).await;
                down.reverse();
                if sort != UserSort::State {
                    assert_eq!(up, down, "{sort:?}");
                }
                assert_eq!(up.len(), if state.is_some() { 3 } else { 9 }, "{sort:?}");
                let mut once = up.clone();
                once.sort();
                once.dedup();
                assert_eq!(once.len(), up.len(), "{sort:?}");
            }
        }
    }
    let page = list(&bed, &UserFilter::default()).await;
    let labels: Vec<_> = page
        .users
        .iter()
        .map(jetway_identity::User::label)
        .collect();
    assert_eq!(
        labels[2..],
        ["b", "c", "d", "eve x", "Zoë", "ádám", "李 小龙"]
    );
}

async fn all_pages(
    bed: &Bed,
    filter: &UserFilter,
    sort: UserSort,
    descending: bool,
) -> Vec<UserId> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = list_users(&bed.store, filter, sort, descending, after.as_deref(), 2)
            .await
            .unwrap();
        assert!(page.users.len() <= 2);
        all.extend(page.users.iter().map(|user| user.id));
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

/// Requirement B10.
async fn a_user_without_names_is_listed_by_username(bed: Bed) {
    let new = NewUser {
        first_name: String::new(),
        last_name: String::new(),
        ..new_user("ghost@acme.com")
    };
    bed.user_with(new).await;
    person(&bed, "Zed Z", UserState::Active).await;
    assert_eq!(
        found(&bed, &UserFilter::default()).await,
        ["ghost", "Zed Z"]
    );
}

/// Requirement B03.
async fn words_are_found_by_their_beginning_in_any_field(bed: Bed) {
    let new = NewUser {
        attributes: map(&[
            ("department", "Rocket Science"),
            ("employeeIdentifier", "E-4711"),
        ]),
        custom_attributes: custom(&[("Project", "Giant Kite")]),
        ..new_user("wile.coyote@the-acme-corporation.com")
    };
    let wile = bed.user_with(new).await;
    let new = NewUser {
        first_name: "Daffy".to_owned(),
        last_name: "Müller".to_owned(),
        state: UserState::Staged,
        ..new_user("daffy@acme.com")
    };
    bed.user_with(new).await;
    for words in [
        "wile",
        "COYOTE",
        "the-acme",
        "corporation",
        "wile.coyote@the",
        "rock",
        "sci rocket",
        "e-4711",
        "4711",
        "kite",
        "road",
    ] {
        let page = list(&bed, &text(words)).await;
        assert_eq!(page.users.len(), 1, "{words}");
        assert_eq!(page.users[0].id, wile, "{words}");
    }
    assert_eq!(found(&bed, &text("MÜL")).await, ["Daffy Müller"]);
    assert!(found(&bed, &text("coyote daffy")).await.is_empty());
    assert!(found(&bed, &text("oyote")).await.is_empty());
    let staged = UserFilter {
        state: Some(UserState::Staged),
        ..text("wile")
    };
    assert!(found(&bed, &staged).await.is_empty());
    // What is changed is found by its new words, and no longer by the old ones.
    let change = jetway_identity::UserChange {
        attributes: [("department".to_owned(), Some("Catering".to_owned()))].into(),
        ..Default::default()
    };
    let sealing = bed.keys.sealing();
    update_user(&mut bed.op(), &bed.store, sealing, wile, None, change)
        .await
        .unwrap();
    assert!(found(&bed, &text("rocket")).await.is_empty());
    assert_eq!(list(&bed, &text("catering")).await.users.len(), 1);
}

/// Requirement B03 ("filter by").
async fn a_column_filter_looks_at_its_field_alone(bed: Bed) {
    for (email, department) in [("sales@acme.com", "Finance"), ("b@acme.com", "Sales")] {
        let new = NewUser {
            attributes: map(&[("department", department)]),
            first_name: String::new(),
            last_name: String::new(),
            ..new_user(email)
        };
        bed.user_with(new).await;
    }
    let by = |column: &str, text: &str| UserFilter {
        columns: vec![(column.parse().unwrap(), text.to_owned())],
        ..UserFilter::default()
    };
    assert_eq!(found(&bed, &by("department", "sal")).await, ["b"]);
    assert_eq!(found(&bed, &by("username", "sal")).await, ["sales"]);
    assert!(found(&bed, &by("jobTitle", "sal")).await.is_empty());
    assert!("planet".parse::<jetway_identity::UserColumn>().is_err());
}

async fn a_search_with_words_that_many_have_goes_page_by_page_too(bed: Bed) {
    bed.user("first@acme.com").await;
    let mut op = bed.op();
    let mut write = bed.store.write().await.unwrap();
    let sample = write
        .user_by_email("first@acme.com")
        .await
        .unwrap()
        .unwrap();
    // All ants come before all persons: who walks the list by name meets them first.
    for number in 0..2200 {
        let name = if number < 1100 { "Person" } else { "Ant" };
        let number = number % 1100;
        let user = jetway_identity::User {
            id: UserId::random(&mut op.rng),
            email: format!("{}{number:04}@acme.com", &name.to_lowercase()[..1]),
            username: format!("{}{number:04}", &name.to_lowercase()[..1]),
            display_name: format!("{name} {number:04}"),
            ..sample.clone()
        };
        write.insert_user(&user, None).await.unwrap();
    }
    write.commit().await.unwrap();
    let page = list(&bed, &text("acme person")).await;
    assert_eq!(page.matches, Matches::MoreThan(1000));
    assert_eq!(page.users[0].label(), "Person 0000");
    let sort = UserSort::Name;
    let after = page.next.as_deref();
    let next = list_users(&bed.store, &text("acme person"), sort, false, after, 100)
        .await
        .unwrap();
    assert_eq!(next.users[0].label(), "Person 0100");
    let last = list_users(&bed.store, &text("acme person"), sort, true, None, 100)
        .await
        .unwrap();
    assert_eq!(last.users[0].label(), "Person 1099");
    let ants = list(&bed, &text("ant acme")).await;
    assert_eq!(ants.users[0].label(), "Ant 0000");
    let few = list(&bed, &text("acme p0500")).await;
    assert_eq!(few.matches, Matches::Exactly(1));
    // The beginning of many words.
    let many = list(&bed, &text("acme p")).await;
    assert_eq!(many.users[0].label(), "Person 0000");
    // Who is called something else has another place.
    let mut renamed = page.users[0].clone();
    "Zoe Person".clone_into(&mut renamed.display_name);
    let mut write = bed.store.write().await.unwrap();
    write.update_user(&renamed).await.unwrap();
    write.commit().await.unwrap();
    let page = list(&bed, &text("acme person")).await;
    assert_eq!(page.users[0].label(), "Person 0001");
    let last = list_users(&bed.store, &text("acme person"), sort, true, None, 2)
        .await
        .unwrap();
    assert_eq!(last.users[0].label(), "Zoe Person");
    assert_eq!(last.users[1].label(), "Person 1099");
}

async fn names_that_look_like_patterns_or_markup_are_found_literally(bed: Bed) {
    for name in [
        "100% %_\\ Sure",
        "<script>alert(1)</script>",
        "'; DROP TABLE users; --",
    ] {
        let new = NewUser {
            email: format!("{}@acme.com", name.len()),
            username: format!("u{}", name.len()),
            display_name: name.to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            password: None,
            ..new_user("x@acme.com")
        };
        bed.user_with(new).await;
    }
    assert!(
        found(&bed, &text("%")).await.len() == 3,
        "no word: everyone"
    );
    assert_eq!(found(&bed, &text("100% Su")).await, ["100% %_\\ Sure"]);
    assert_eq!(
        found(&bed, &text("<script>")).await,
        ["<script>alert(1)</script>"]
    );
    assert_eq!(
        found(&bed, &text("drop")).await,
        ["'; DROP TABLE users; --"]
    );
}

/// An upgrade: rows that were written before there was a search, and before custom attributes had
/// a place of their own.
#[tokio::test]
async fn people_of_an_older_version_are_found_after_opening() {
    let folder = tempfile::tempdir().unwrap();
    let bed = Bed::sqlite_in(folder.path()).await;
    person(&bed, "Old Timer", UserState::Active).await;
    bed.store.close().await;
    drop(bed);
    let url = format!("sqlite://{}/jetway.db", folder.path().display());
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    for sql in [
        "DELETE FROM user_words",
        "UPDATE users SET indexed_by = 0, name_sort = '', email_sort = '', username_sort = '', \
         attributes = '{\"department\": \"Attic\", \"Team\": \"Blue\"}'",
    ] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let bed = Bed::sqlite_in(folder.path()).await;
    let page = list(&bed, &text("timer blue")).await;
    assert_eq!(page.users.len(), 1);
    let user = &page.users[0];
    assert_eq!(user.attributes, map(&[("department", "Attic")]));
    assert_eq!(user.custom_attributes, custom(&[("Team", "Blue")]));
    assert_eq!(count_users(&bed.store).await.unwrap().active, 1);
}
