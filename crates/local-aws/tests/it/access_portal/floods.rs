//! What strangers can make the local AWS remember has an end (identity-center.md §1.6, §4.3).

use axum::{body::Body, http::Request};
use redb::{Database, ReadableDatabase as _, ReadableTableMetadata as _, TableDefinition};
use serde_json::json;

use super::world::{Center, parameter};
use url::Url;

const MOST: u64 = 10_000;

fn table(name: &str) -> TableDefinition<'_, &'static str, &'static str> {
    TableDefinition::new(name)
}

impl Center {
    /// Restarts with a table that is full until `expires_at`.
    fn filled(self, name: &str, expires_at: i64) -> Self {
        let fill = |path: &std::path::Path| {
            let database = Database::open(path).unwrap();
            let transaction = database.begin_write().unwrap();
            {
                let mut open = transaction.open_table(table(name)).unwrap();
                let record = json!({ "expires_at": expires_at }).to_string();
                for number in 0..MOST {
                    let key = format!("filler{number}");
                    open.insert(key.as_str(), record.as_str()).unwrap();
                }
            }
            transaction.commit().unwrap();
        };
        let mut center = self;
        center.world = center.world.restart_after(fill);
        center
    }

    /// How many records a table holds.
    fn records(self, name: &str) -> (Self, u64) {
        let mut count = 0;
        let look = |path: &std::path::Path| {
            let database = Database::open(path).unwrap();
            let transaction = database.begin_read().unwrap();
            count = transaction.open_table(table(name)).unwrap().len().unwrap();
        };
        let mut center = self;
        center.world = center.world.restart_after(look);
        (center, count)
    }
}

#[tokio::test]
async fn sign_ins_that_wait_have_an_end_and_make_room_again() {
    let center = Center::new().await;
    let until = center.world.now().unix_timestamp() + 60;
    let center = center.filled("sign_in_requests", until);
    for _ in 0..2 {
        let refused = center.world.get("/start", "").await;
        assert_eq!((refused.status, refused.header("location")), (429, ""));
        assert!(refused.text.contains("Try again in a few minutes"));
    }
    center.world.advance(60);
    assert_eq!(center.world.get("/start", "").await.status, 303);
    let (_, left) = center.records("sign_in_requests");
    assert_eq!(left, 1);
}

#[tokio::test]
async fn device_codes_that_wait_have_an_end() {
    let center = Center::new().await;
    let until = center.world.now().unix_timestamp() + 60;
    let center = center.filled("grants", until);
    let client = center.device_client(&[]).await;
    let request = json!({
        "clientId": client["clientId"],
        "clientSecret": client["clientSecret"],
        "startUrl": center.instance().start_url(),
    });
    let refused = center.json("/device_authorization", &request).await;
    assert_eq!(
        refused.oidc_error(),
        (400, "SlowDownException", "slow_down")
    );
    center.world.advance(60);
    center.json("/device_authorization", &request).await.ok();
}

/// Whoever looks at the head alone has not begun to sign in.
#[tokio::test]
async fn nothing_is_remembered_of_a_head_request() {
    let center = Center::new().await;
    let head = Request::head("/device")
        .header("host", "localhost:4566")
        .body(Body::empty())
        .unwrap();
    let reply = center.world.send(head).await;
    assert_eq!(reply.status, 303);
    let location = Url::parse(reply.header("location")).unwrap();
    assert!(parameter(&location, "SAMLRequest").is_some());
    let (_, left) = center.records("sign_in_requests");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_way_back_is_no_longer_than_two_kilobytes() {
    let center = Center::new().await;
    let path = |length: usize| format!("/device?user_code={}", "B".repeat(length));
    assert_eq!(center.world.get(&path(1900), "").await.status, 303);
    assert_eq!(center.world.get(&path(2100), "").await.status, 414);
}
