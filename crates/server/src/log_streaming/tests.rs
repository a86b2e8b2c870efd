//! Against real receivers on loopback: an HTTP server, syslog sockets, files.

use std::io::Read as _;
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jetway_identity::alerts::list_alerts;
use jetway_identity::events::{EventFilter, LogHead, seal_events, verify_log};
use jetway_identity::log_destinations::{
    DestinationTarget, LogDestination, NewLogDestination, SyslogTransport, create_log_destination,
    find_log_destination,
};
use jetway_identity::{
    KeyRing, LogDestinationId, NewGroup, SealingKey, Store, create_group, list_events,
};
use jetway_store_sql::SqlStore;
use secrecy::ExposeSecret;
use serde_json::Value;
use tempfile::TempDir;
use time::OffsetDateTime;
use url::Url;

use super::{LogStreaming, operation};

struct Bench {
    log: LogStreaming,
    store: Arc<dyn Store>,
    folder: TempDir,
}

impl Bench {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqlStore::open_folder(folder.path()).await.unwrap());
        let keys = Arc::new(KeyRing::new(SealingKey::from_bytes(&[7; 32])));
        let log = LogStreaming::new(Arc::clone(&store), keys, folder.path().to_owned());
        Self { log, store, folder }
    }

    fn sealing(&self) -> &SealingKey {
        self.log.keys.sealing()
    }

    /// Something happens, and is sealed.
    async fn happen(&self, name: &str) {
        let new = NewGroup {
            name: name.to_owned(),
            ..NewGroup::default()
        };
        create_group(&mut operation(), self.store.as_ref(), new)
            .await
            .unwrap();
        self.seal().await;
    }

    async fn seal(&self) -> Option<LogHead> {
        seal_events(&mut operation(), self.store.as_ref(), self.sealing())
            .await
            .unwrap()
    }

    async fn destination(&self, target: DestinationTarget) -> (LogDestinationId, Option<String>) {
        let new = NewLogDestination {
            name: target.kind().to_owned(),
            target,
            enabled: true,
            from_start: true,
        };
        let created =
            create_log_destination(&mut operation(), self.store.as_ref(), self.sealing(), new)
                .await
                .unwrap();
        let secret = created.secret;
        (
            created.destination.id,
            secret.map(|secret| secret.expose_secret().to_owned()),
        )
    }

    async fn find(&self, id: LogDestinationId) -> LogDestination {
        find_log_destination(self.store.as_ref(), id)
            .await
            .unwrap()
            .unwrap()
    }

    /// The ids of all events, oldest first.
    async fn ids(&self) -> Vec<String> {
        let events = list_events(self.store.as_ref(), &EventFilter::default(), None, 1000).await;
        let mut ids: Vec<_> = events
            .unwrap()
            .iter()
            .map(|event| event.id.to_string())
            .collect();
        ids.reverse();
        ids
    }
}

/// What one request brought.
#[derive(Debug, Clone)]
struct Received {
    signature: String,
    body: String,
}

type Inbox = Arc<Mutex<(Vec<Received>, Vec<u16>)>>;

/// A receiver that answers with the given codes first, then with 200.
async fn receiver(codes: &[u16]) -> (Url, Inbox) {
    let mut codes = codes.to_vec();
    codes.reverse();
    let inbox: Inbox = Arc::new(Mutex::new((Vec::new(), codes)));
    let router = Router::new()
        .route("/in", post(take))
        .with_state(Arc::clone(&inbox));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (Url::parse(&url).unwrap(), inbox)
}

async fn take(
    State(inbox): State<Inbox>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap) {
    let mut inbox = inbox.lock().unwrap();
    let code = inbox.1.pop().unwrap_or(200);
    let mut answer = HeaderMap::new();
    if code == 200 {
        inbox.0.push(Received {
            signature: headers["jetway-signature"].to_str().unwrap().to_owned(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
    } else {
        answer.insert("location", "/in".parse().unwrap());
    }
    (StatusCode::from_u16(code).unwrap(), answer)
}

fn event_ids(received: &[Received]) -> Vec<String> {
    let bodies = received
        .iter()
        .map(|one| serde_json::from_str::<Value>(&one.body).unwrap());
    bodies
        .flat_map(|body| body["events"].as_array().unwrap().clone())
        .map(|event| event["id"].as_str().unwrap().to_owned())
        .collect()
}

fn received(inbox: &Inbox) -> Vec<Received> {
    inbox.lock().unwrap().0.clone()
}

#[tokio::test]
async fn a_webhook_gets_every_event_once_in_order_and_can_check_who_sends() {
    let bench = Bench::start().await;
    let (url, inbox) = receiver(&[]).await;
    bench.happen("before").await;
    let (id, secret) = bench.destination(DestinationTarget::Webhook { url }).await;
    bench.seal().await;
    bench.log.drain(id).await.unwrap();
    for number in 0..3 {
        bench.happen(&number.to_string()).await;
        bench.log.drain(id).await.unwrap();
    }
    let received = received(&inbox);
    assert_eq!(event_ids(&received), bench.ids().await);
    for one in &received {
        let (time, tag) = one.signature.split_once(",v1=").unwrap();
        let time = time.strip_prefix("t=").unwrap();
        let age = crate::clock::System::time().unix_timestamp() - time.parse::<i64>().unwrap();
        assert!((0..60).contains(&age));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref().unwrap().as_bytes());
        let signed = format!("{time}.{}", one.body);
        hmac::verify(&key, signed.as_bytes(), &hex::decode(tag).unwrap()).unwrap();
    }
    let last: Value = serde_json::from_str(&received.last().unwrap().body).unwrap();
    assert_eq!(last["head"], bench.seal().await.unwrap().to_string());
    let delivery = bench.find(id).await.delivery;
    assert_eq!((delivery.failures, delivery.last_error), (0, None));
    assert!(delivery.last_success_at.is_some());
    assert_eq!(
        delivery.delivered,
        i64::try_from(bench.ids().await.len()).unwrap()
    );
}

#[tokio::test]
async fn a_receiver_that_fails_is_tried_again_later_and_misses_nothing() {
    let bench = Bench::start().await;
    let (url, inbox) = receiver(&[500, 302, 429]).await;
    let (id, _) = bench.destination(DestinationTarget::Webhook { url }).await;
    bench.happen("one").await;
    for (attempt, reason) in ["answered 500", "redirects are not followed", "answered 429"]
        .iter()
        .enumerate()
    {
        wait_until_due(&bench, id).await;
        bench.log.drain(id).await.unwrap();
        let delivery = bench.find(id).await.delivery;
        assert_eq!(delivery.failures as usize, attempt + 1);
        assert!(delivery.last_error.unwrap().contains(reason));
        // Not yet: nothing is sent before the wait is over.
        bench.log.drain(id).await.unwrap();
        assert!(received(&inbox).is_empty());
    }
    wait_until_due(&bench, id).await;
    bench.log.drain(id).await.unwrap();
    assert_eq!(event_ids(&received(&inbox)), bench.ids().await);
    assert_eq!(bench.find(id).await.delivery.failures, 0);
}

async fn wait_until_due(bench: &Bench, id: LogDestinationId) {
    let Some(at) = bench.find(id).await.delivery.next_attempt_at else {
        return;
    };
    let wait = at - crate::clock::System::time();
    assert!(wait < time::Duration::seconds(5), "{wait}");
    tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
}

/// Requirement U03.
#[tokio::test]
async fn administrators_are_told_of_a_receiver_that_keeps_failing_until_it_works_again() {
    use jetway_identity::log_destinations::{claim_delivery, settle_delivery};
    let bench = Bench::start().await;
    let (url, _) = receiver(&[]).await;
    let (id, _) = bench.destination(DestinationTarget::Webhook { url }).await;
    bench.happen("one").await;
    let (store, sealing) = (bench.store.as_ref(), bench.sealing());
    let mut now = operation().now;
    for attempt in 1..=7 {
        now += time::Duration::minutes(6);
        let op = || jetway_identity::Op { now, ..operation() };
        let claim = claim_delivery(&mut op(), store, sealing, "a", id)
            .await
            .unwrap()
            .unwrap();
        assert!(
            claim_delivery(&mut op(), store, sealing, "b", id)
                .await
                .unwrap()
                .is_none()
        );
        let failed = Err("the receiver answered 500.".to_owned());
        settle_delivery(&mut op(), store, sealing, &claim, failed)
            .await
            .unwrap();
        let open = list_alerts(store, true, None, 10).await.unwrap().alerts;
        assert_eq!(open.len(), usize::from(attempt >= 6), "{attempt}");
    }
    now += time::Duration::minutes(6);
    let mut op = jetway_identity::Op { now, ..operation() };
    let claim = claim_delivery(&mut op, store, sealing, "b", id)
        .await
        .unwrap()
        .unwrap();
    settle_delivery(&mut op, store, sealing, &claim, Ok(()))
        .await
        .unwrap();
    assert!(
        list_alerts(store, true, None, 10)
            .await
            .unwrap()
            .alerts
            .is_empty()
    );
    let closed = list_alerts(store, false, None, 10).await.unwrap().alerts;
    assert!(closed[0].text.contains("webhook") && closed[0].text.contains("answered 500"));
}

/// As after a kill -9 between sending and noting it.
#[tokio::test]
async fn a_batch_whose_end_was_never_noted_is_sent_again_by_another_node() {
    use jetway_identity::log_destinations::claim_delivery;
    let bench = Bench::start().await;
    let (url, inbox) = receiver(&[]).await;
    let (id, _) = bench
        .destination(DestinationTarget::Webhook { url: url.clone() })
        .await;
    bench.happen("one").await;
    let (store, sealing) = (bench.store.as_ref(), bench.sealing());
    let dead = claim_delivery(&mut operation(), store, sealing, "dead", id)
        .await
        .unwrap()
        .unwrap();
    // Outside the runtime: the receiver runs in it.
    let sent = tokio::task::spawn_blocking(move || {
        let sent = super::deliver(&dead, Path::new("/nowhere"));
        (dead, sent)
    });
    let (dead, sent) = sent.await.unwrap();
    assert_eq!(sent, Ok(()));
    // The others keep away for as long as it may still be at it.
    assert!(
        claim_delivery(&mut operation(), store, sealing, "live", id)
            .await
            .unwrap()
            .is_none()
    );
    let later = jetway_identity::Op {
        now: operation().now + time::Duration::seconds(91),
        ..operation()
    };
    let mut later = later;
    let again = claim_delivery(&mut later, store, sealing, "live", id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again.batch.events, dead.batch.events);
    // What the dead node would note now does not count.
    let noted = jetway_identity::log_destinations::settle_delivery(
        &mut later,
        store,
        sealing,
        &dead,
        Ok(()),
    )
    .await;
    noted.unwrap();
    assert_eq!(bench.find(id).await.delivery.position, 0);
    assert_eq!(received(&inbox).len(), 1);
}

#[tokio::test]
async fn syslog_messages_follow_rfc_5424_over_udp_and_tcp() {
    let bench = Bench::start().await;
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    for (port, transport) in [
        (udp.local_addr().unwrap().port(), SyslogTransport::Udp),
        (tcp.local_addr().unwrap().port(), SyslogTransport::Tcp),
    ] {
        let host = "127.0.0.1".to_owned();
        let new = NewLogDestination {
            name: format!("{transport:?}"),
            target: DestinationTarget::Syslog {
                host,
                port,
                transport,
            },
            enabled: true,
            from_start: false,
        };
        create_log_destination(&mut operation(), bench.store.as_ref(), bench.sealing(), new)
            .await
            .unwrap();
    }
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        tcp.accept().unwrap().0.read_to_string(&mut text).unwrap();
        text
    });
    bench.happen("Grüße <1>1 - 😀").await;
    for destination in
        jetway_identity::log_destinations::list_log_destinations(bench.store.as_ref())
            .await
            .unwrap()
    {
        bench.log.drain(destination.id).await.unwrap();
        assert_eq!(bench.find(destination.id).await.delivery.last_error, None);
    }
    let mut framed = reader.join().unwrap();
    let mut messages = Vec::new();
    while let Some((length, rest)) = framed.split_once(' ') {
        let length: usize = length.parse().unwrap();
        messages.push(rest[..length].to_owned());
        framed = rest[length..].to_owned();
    }
    let mut datagram = vec![0; 65_536];
    let mut last = String::new();
    while last.find("group_create").is_none() {
        let length = udp.recv(&mut datagram).unwrap();
        last = String::from_utf8(datagram[..length].to_vec()).unwrap();
    }
    let message = messages
        .iter()
        .find(|text| text.contains(" group_create "))
        .unwrap();
    for message in [message, &last] {
        assert!(message.starts_with("<110>1 20"), "{message}");
        assert!(message.is_ascii() && !message.contains('\n'));
        let parts: Vec<_> = message.splitn(8, ' ').collect();
        assert!(
            OffsetDateTime::parse(parts[1], &time::format_description::well_known::Rfc3339).is_ok()
        );
        assert_eq!(
            (parts[3], parts[4], parts[5], parts[6]),
            ("jetway", "-", "group_create", "-")
        );
        let event: Value = serde_json::from_str(parts[7]).unwrap();
        assert_eq!(event["event_type"], "group_create");
        assert_eq!(event["resource"]["type"], "user_group");
    }
}

#[tokio::test]
async fn a_syslog_receiver_that_is_not_there_is_a_failure() {
    let bench = Bench::start().await;
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    for transport in [SyslogTransport::Tcp, SyslogTransport::Tls] {
        let host = "127.0.0.1".to_owned();
        let (id, _) = bench
            .destination(DestinationTarget::Syslog {
                host,
                port,
                transport,
            })
            .await;
        bench.seal().await;
        bench.log.drain(id).await.unwrap();
        let error = bench.find(id).await.delivery.last_error.unwrap();
        assert!(
            error.contains("127.0.0.1") && error.contains("refused"),
            "{error}"
        );
        let mut op = operation();
        jetway_identity::log_destinations::delete_log_destination(
            &mut op,
            bench.store.as_ref(),
            id,
            None,
        )
        .await
        .unwrap();
    }
}

fn lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'));
    text.lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn a_file_holds_whole_lines_also_after_a_crash_and_is_put_aside_when_it_is_full() {
    let bench = Bench::start().await;
    let name = "log.jsonl".to_owned();
    let target = DestinationTarget::File {
        name,
        max_bytes: 64 * 1024,
        keep: 2,
    };
    let (id, _) = bench.destination(target).await;
    bench.happen("one").await;
    bench.log.drain(id).await.unwrap();
    let path = bench.folder.path().join("logs/log.jsonl");
    assert_eq!(lines(&path), bench.ids().await);
    // A crash in the middle of a line.
    let mut text = std::fs::read(&path).unwrap();
    text.extend(b"{\"id\":\"unfin");
    std::fs::write(&path, text).unwrap();
    bench.happen("two").await;
    bench.log.drain(id).await.unwrap();
    assert_eq!(lines(&path), bench.ids().await);
    // Full, three times.
    for round in 0..3 {
        let mut text = std::fs::read(&path).unwrap();
        text.resize(70_000, b' ');
        text.push(b'\n');
        std::fs::write(&path, text).unwrap();
        bench.happen(&format!("round {round}")).await;
        bench.log.drain(id).await.unwrap();
        assert_eq!(lines(&path), bench.ids().await.split_off(3 + round));
    }
    let mut names: Vec<_> = std::fs::read_dir(bench.folder.path().join("logs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["log.jsonl", "log.jsonl.1", "log.jsonl.2"]);
}

/// Requirement U03; security.md item 57.
#[tokio::test]
async fn a_log_that_was_put_back_to_an_older_state_raises_an_alert() {
    let bench = Bench::start().await;
    bench.happen("one").await;
    let head = bench.log.seal(None).await.unwrap();
    assert_eq!(super::head::read(bench.folder.path()), head);
    assert!(
        list_alerts(bench.store.as_ref(), true, None, 10)
            .await
            .unwrap()
            .alerts
            .is_empty()
    );
    let gone = LogHead {
        sequence: 99,
        ..head.unwrap()
    };
    bench.log.seal(Some(gone)).await.unwrap();
    let open = list_alerts(bench.store.as_ref(), true, None, 10)
        .await
        .unwrap()
        .alerts;
    assert_eq!(open[0].dedupe_key, "log-broken");
    // The log goes on; that it was cut off stays known.
    bench.happen("two").await;
    bench.log.seal(head).await.unwrap();
    let expected = super::head::read_all(bench.folder.path());
    assert!(expected.contains(&gone) && expected.len() == 2);
    let report = verify_log(bench.store.as_ref(), bench.sealing(), &expected)
        .await
        .unwrap();
    assert_eq!(report.broken, 1);
}
