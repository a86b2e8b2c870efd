//! Lists: filters, pages and cursors (identity-center.md §3.6).

use serde_json::{Value, json};

use super::world::{ENTERPRISE, GENERIC, Scim, encoded, text, user};

const UNFILTERED: &str = "";

async fn list(scim: &Scim, resource: &str, filter: &str) -> Vec<String> {
    let filter = encoded(filter);
    scim.get(&format!("/{resource}?filter={filter}"))
        .await
        .ids()
}

async fn refusal(scim: &Scim, resource: &str, filter: &str) -> (u16, String) {
    let filter = encoded(filter);
    scim.get(&format!("/{resource}?filter={filter}"))
        .await
        .error()
}

/// All ids of a list, page by page, and the sizes of the pages.
async fn by_cursor(
    scim: &Scim,
    resource: &str,
    filter: &str,
    count: usize,
) -> (Vec<String>, Vec<usize>) {
    let (mut ids, mut sizes) = (Vec::new(), Vec::new());
    let mut cursor = String::new();
    loop {
        let filter = match filter {
            UNFILTERED => String::new(),
            filter => format!("&filter={}", encoded(filter)),
        };
        let reply = scim
            .get(&format!(
                "/{resource}?cursor={cursor}&count={count}{filter}"
            ))
            .await;
        let page = reply.ids();
        let body = reply.json();
        assert_eq!(body["itemsPerPage"], page.len());
        assert!(body.get("totalResults").is_none() && body.get("startIndex").is_none());
        sizes.push(page.len());
        ids.extend(page);
        match body.get("nextCursor") {
            Some(next) => cursor = text(next),
            None => return (ids, sizes),
        }
    }
}

async fn users(scim: &Scim, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(scim.user(&format!("user-{number}")).await);
    }
    ids
}

#[tokio::test]
async fn users_are_found_by_each_filter_of_aws() {
    let scim = Scim::aws();
    let mut body = user("Ada@example.com");
    body["externalId"] = json!("E-1");
    body[ENTERPRISE] = json!({ "manager": { "value": "m-1" } });
    let ada = text(&scim.post("/Users", &body).await.json()["id"]);
    let grace = scim.user("grace").await;
    let group = scim.group("operations", &[&grace]).await;
    for (filter, expected) in [
        (r#"userName eq "ada@EXAMPLE.com""#.to_owned(), vec![&ada]),
        (r#"username EQ "grace""#.to_owned(), vec![&grace]),
        (r#"userName eq "nobody""#.to_owned(), vec![]),
        (r#"externalId eq "E-1""#.to_owned(), vec![&ada]),
        (r#"externalId eq "e-1""#.to_owned(), vec![]),
        (format!("groups.value eq \"{group}\""), vec![&grace]),
        (format!("groups.value eq \"{ada}\""), vec![]),
        (format!("id eq \"{ada}\""), vec![&ada]),
        (r#"id eq "nonsense""#.to_owned(), vec![]),
        (
            format!("id eq \"{ada}\" and manager eq \"m-1\""),
            vec![&ada],
        ),
        (format!("manager eq \"m-2\" and id eq \"{ada}\""), vec![]),
        (format!("id eq \"{grace}\" and manager eq \"m-1\""), vec![]),
    ] {
        let found = list(&scim, "Users", &filter).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
}

#[tokio::test]
async fn groups_are_found_by_each_filter_of_aws() {
    let scim = Scim::aws();
    let (ada, grace) = (scim.user("ada").await, scim.user("grace").await);
    let group = scim.group("Operations", &[&ada]).await;
    for (filter, expected) in [
        (r#"displayName eq "operations""#.to_owned(), vec![&group]),
        (r#"displayName eq "billing""#.to_owned(), vec![]),
        (r#"externalId eq "g-1""#.to_owned(), vec![]),
        (format!("members.value eq \"{ada}\""), vec![&group]),
        (format!("members.value eq \"{grace}\""), vec![]),
        (format!("id eq \"{group}\""), vec![&group]),
        (
            format!("id eq \"{group}\" and members eq \"{ada}\""),
            vec![&group],
        ),
        (
            format!("member eq \"{ada}\" and id eq \"{group}\""),
            vec![&group],
        ),
        (
            format!("id eq \"{group}\" and members eq \"{grace}\""),
            vec![],
        ),
    ] {
        let found = list(&scim, "Groups", &filter).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
}

#[tokio::test]
async fn an_unknown_member_in_a_filter_of_groups_is_404() {
    let scim = Scim::aws();
    let group = scim.group("operations", &[]).await;
    let expected = (404, "Specified user does not exist.".to_owned());
    for filter in [
        format!("members.value eq \"{group}\""),
        r#"members.value eq "nonsense""#.to_owned(),
        format!("id eq \"{group}\" and members eq \"{group}\""),
    ] {
        assert_eq!(
            refusal(&scim, "Groups", &filter).await,
            expected,
            "{filter}"
        );
    }
}

#[tokio::test]
async fn every_other_filter_is_refused() {
    let scim = Scim::aws();
    for (resource, filter) in [
        ("Users", r#"userName co "a""#),
        ("Users", "userName pr"),
        ("Users", r#"emails.value eq "a@example.com""#),
        ("Users", r#"userName eq "a" or userName eq "b""#),
        ("Groups", r#"displayName sw "a""#),
    ] {
        let expected = (400, "Invalid Filter format".to_owned());
        assert_eq!(refusal(&scim, resource, filter).await, expected, "{filter}");
    }
    let empty = r#"id eq "x" and members eq """#;
    assert_eq!(
        refusal(&scim, "Groups", empty).await,
        (400, GENERIC.to_owned())
    );
}

/// Without a cursor the list is cut, and says that this was all.
#[tokio::test]
async fn without_a_cursor_there_is_one_page() {
    let scim = Scim::aws();
    let ids = users(&scim, 3).await;
    let reply = scim
        .get("/Users?count=2&startIndex=3&attributes=userName")
        .await;
    assert_eq!(reply.ids(), ids[..2]);
    let body = reply.json();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "totalResults",
            "itemsPerPage",
            "startIndex",
            "schemas",
            "Resources"
        ]
    );
    assert_eq!(
        (
            &body["totalResults"],
            &body["itemsPerPage"],
            &body["startIndex"]
        ),
        (&json!(2), &json!(2), &json!(1))
    );
    assert_eq!(
        body["Resources"][0]["displayName"], "Person user-0",
        "attributes is ignored"
    );
}

#[tokio::test]
async fn cursors_lead_through_all_pages_in_the_order_of_creation() {
    let scim = Scim::aws();
    let ids = users(&scim, 6).await;
    for (count, sizes) in [
        (4, vec![4, 2]),
        (3, vec![3, 3]),
        (6, vec![6]),
        (100, vec![6]),
        (1, vec![1; 6]),
    ] {
        assert_eq!(
            by_cursor(&scim, "Users", UNFILTERED, count).await,
            (ids.clone(), sizes),
            "{count}"
        );
    }
    let empty = Scim::aws();
    assert_eq!(
        by_cursor(&empty, "Users", UNFILTERED, 2).await,
        (vec![], vec![0])
    );
}

/// The page after the first goes on where the first ended, whatever happened in between.
#[tokio::test]
async fn pages_neither_skip_nor_repeat_when_users_come_and_go() {
    let scim = Scim::aws();
    let ids = users(&scim, 5).await;
    let first = scim.get("/Users?cursor&count=2").await;
    assert_eq!(first.ids(), ids[..2]);
    let next = text(&first.json()["nextCursor"]);
    for gone in [&ids[0], &ids[1], &ids[2]] {
        scim.delete(&format!("/Users/{gone}")).await;
    }
    let late = scim.user("late").await;
    let second = scim.get(&format!("/Users?cursor={next}&count=2")).await;
    assert_eq!(second.ids(), ids[3..]);
    let next = text(&second.json()["nextCursor"]);
    let third = scim.get(&format!("/Users?cursor={next}&count=2")).await;
    assert_eq!(third.ids(), [late]);
}

#[tokio::test]
async fn the_members_of_a_large_group_are_read_page_by_page() {
    let scim = Scim::aws();
    let mut ids = users(&scim, 7).await;
    let members: Vec<&str> = ids.iter().map(String::as_str).collect();
    let group = scim.group("operations", &members).await;
    let filter = format!("groups.value eq \"{group}\"");
    let (mut found, sizes) = by_cursor(&scim, "Users", &filter, 3).await;
    found.sort();
    ids.sort();
    assert_eq!((found, sizes), (ids.clone(), vec![3, 3, 1]));
    let mut groups = vec![group];
    for number in 0..4 {
        groups.push(scim.group(&format!("group-{number}"), &[&ids[0]]).await);
    }
    let filter = format!("members.value eq \"{}\"", ids[0]);
    let (mut found, sizes) = by_cursor(&scim, "Groups", &filter, 2).await;
    found.sort();
    groups.sort();
    assert_eq!((found, sizes), (groups, vec![2, 2, 1]));
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let scim = Scim::aws();
    let ids = users(&scim, 3).await;
    let members: Vec<&str> = ids.iter().map(String::as_str).collect();
    let first = scim.group("first", &members).await;
    let second = scim.group("second", &members).await;
    let of = |group: &str| encoded(&format!("groups.value eq \"{group}\""));
    let page = scim
        .get(&format!("/Users?cursor&count=1&filter={}", of(&first)))
        .await;
    let cursor = text(&page.json()["nextCursor"]);
    assert!(
        cursor
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-+=/:_".contains(&byte))
    );
    let expected = (400, GENERIC.to_owned());
    for path in [
        format!("/Users?cursor={cursor}&filter={}", of(&second)),
        format!("/Users?cursor={cursor}"),
        format!("/Groups?cursor={cursor}"),
        format!("/Users?cursor=x{cursor}&filter={}", of(&first)),
        "/Users?cursor=nonsense".to_owned(),
        "/Users?cursor=%21".to_owned(),
    ] {
        assert_eq!(scim.get(&path).await.error(), expected, "{path}");
    }
    let next = scim
        .get(&format!("/Users?cursor={cursor}&filter={}", of(&first)))
        .await;
    assert_eq!(next.status, 200, "another count is no other list");
}

#[tokio::test]
async fn count_is_between_1_and_100() {
    let scim = Scim::aws();
    for count in ["0", "101", "-1", "many", ""] {
        let reply = scim.get(&format!("/Users?count={count}")).await;
        assert_eq!(reply.error(), (400, GENERIC.to_owned()), "{count}");
    }
    assert_eq!(scim.get("/Users?count=100").await.status, 200);
}

/// Until 2025 there were at most 50 results and no way to the others.
#[tokio::test]
async fn the_older_era_answers_fifty_and_knows_no_cursor() {
    let scim = Scim::of("aws-50");
    users(&scim, 51).await;
    for query in ["", "?count=100", "?cursor", "?startIndex=51"] {
        let reply = scim.get(&format!("/Users{query}")).await;
        assert_eq!(reply.ids().len(), 50, "{query}");
        let body = reply.json();
        assert_eq!(
            (&body["totalResults"], body.get("nextCursor")),
            (&json!(50), None::<&Value>)
        );
    }
    assert_eq!(
        list(&scim, "Users", r#"userName eq "user-50""#).await.len(),
        1
    );
    let now = Scim::aws();
    users(&now, 51).await;
    assert_eq!(now.get("/Users").await.ids().len(), 51);
}
