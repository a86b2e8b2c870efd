//! Filters, the chain of seals, and who is found in the log.

use jetway_identity::events::{
    BreakKind, EventFilter, EventPage, ExportFormat, LogHead, LogReport, count_events,
    event_histogram, export_events, find_event, page_of_events, seal_events, still_holds,
    verify_log,
};
use jetway_identity::{
    Actor, Event, EventId, EventKind, Store, Target, TargetKind, UserId, add_members, list_events,
};
use serde_json::json;
use sqlx::{AnyConnection, Connection, Executor};
use time::{Duration, OffsetDateTime};

use crate::bed::{Bed, new_application, new_user, on_both};

on_both!(
    a_whole_log_verifies_and_its_end_can_be_kept,
    a_changed_event_is_found_wherever_it_was_changed,
    a_removed_event_is_found,
    an_inserted_event_is_found,
    events_that_changed_places_are_found,
    a_seal_that_was_changed_or_made_without_the_key_is_found,
    a_removed_seal_is_found,
    a_log_that_was_cut_off_is_found_by_an_earlier_head,
    a_rewritten_log_with_new_hashes_is_found_without_the_key,
    an_event_that_is_committed_late_is_sealed_late_and_never_lost,
    everything_that_was_there_before_is_found_by_every_filter,
    each_filter_finds_what_a_plain_search_of_all_events_finds,
    the_chart_counts_every_event_once,
    an_export_holds_every_event_once_and_is_itself_recorded,
    a_search_takes_its_words_literally,
    an_association_is_in_the_log_of_both_sides,
);

const APPLICATION: &str = "0123456789abcdef01234567";

struct Draft<'a> {
    kind: EventKind,
    actor: Option<(UserId, &'a str)>,
    target: Option<(TargetKind, &'a str, &'a str)>,
    success: bool,
}

impl Default for Draft<'_> {
    fn default() -> Self {
        Self {
            kind: EventKind::SsoAuth,
            actor: None,
            target: Some((TargetKind::Application, APPLICATION, "AWS Production")),
            success: true,
        }
    }
}

fn event(bed: &Bed, draft: &Draft<'_>) -> Event {
    let mut op = bed.op();
    Event {
        id: EventId::new(bed.now, &mut op.rng),
        at: bed.now,
        kind: draft.kind,
        actor: draft
            .actor
            .map_or(Actor::Anonymous, |(id, label)| Actor::User {
                id,
                label: label.to_owned(),
            }),
        target: draft.target.map(|(kind, id, label)| Target {
            kind,
            id: id.to_owned(),
            label: label.to_owned(),
        }),
        success: draft.success,
        detail: json!({"number": 1}),
        ip: Some("192.0.2.7".parse().unwrap()),
        user_agent: Some("test/1".to_owned()),
        request_id: op.request_id,
    }
}

async fn record(bed: &Bed, draft: &Draft<'_>) -> Event {
    let event = event(bed, draft);
    bed.store.record(event.clone()).await.unwrap();
    event
}

async fn seal(bed: &Bed) -> Option<LogHead> {
    seal_events(&mut bed.op(), &bed.store, bed.keys.sealing())
        .await
        .unwrap()
}

async fn verify(bed: &Bed, heads: &[LogHead]) -> LogReport {
    verify_log(&bed.store, bed.keys.sealing(), heads)
        .await
        .unwrap()
}

/// A log of three seals with 3, 1 and 4 events. Returns the head after the second.
async fn three_seals(bed: &mut Bed) -> LogHead {
    let mut middle = None;
    for (count, keep) in [(3, false), (1, true), (4, false)] {
        for _ in 0..count {
            bed.pass(Duration::milliseconds(7));
            record(bed, &Draft::default()).await;
        }
        let head = seal(bed).await;
        if keep {
            middle = head;
        }
    }
    middle.unwrap()
}

/// Somebody who can write to the database, past the program.
async fn tamper(bed: &Bed, sql: &'static str) {
    let mut connection = outside(bed).await;
    connection.execute(sql).await.unwrap();
    connection.close().await.unwrap();
}

async fn outside(bed: &Bed) -> AnyConnection {
    AnyConnection::connect(&bed.outside_url()).await.unwrap()
}

fn kinds(report: &LogReport) -> Vec<(BreakKind, i64, Option<i64>)> {
    report
        .breaks
        .iter()
        .map(|found| (found.kind, found.sequence, found.position))
        .collect()
}

async fn a_whole_log_verifies_and_its_end_can_be_kept(mut bed: Bed) {
    assert_eq!(seal(&bed).await, None);
    assert_eq!(verify(&bed, &[]).await, LogReport::default());
    let middle = three_seals(&mut bed).await;
    record(&bed, &Draft::default()).await;
    let report = verify(&bed, &[middle]).await;
    assert_eq!((report.seals, report.events, report.unsealed), (3, 8, 1));
    assert_eq!((report.broken, report.breaks.len()), (0, 0));
    let head = report.head.unwrap();
    assert_eq!(head.to_string().parse(), Ok(head));
    assert_eq!(head.sequence, 3);
    // Sealing again without news adds nothing.
    let next = seal(&bed).await.unwrap();
    assert_eq!(next.sequence, 4);
    assert_eq!(seal(&bed).await, Some(next));
    assert!(still_holds(&bed.store, head).await.unwrap());
}

/// Every column that says something.
async fn a_changed_event_is_found_wherever_it_was_changed(mut bed: Bed) {
    three_seals(&mut bed).await;
    for (change, undo) in [
        (
            "UPDATE events SET kind = 'user_logout' WHERE position = 5",
            "UPDATE events SET kind = 'sso_auth' WHERE position = 5",
        ),
        (
            "UPDATE events SET success = 0 WHERE position = 5",
            "UPDATE events SET success = 1 WHERE position = 5",
        ),
        (
            "UPDATE events SET ip = '192.0.2.8' WHERE position = 5",
            "UPDATE events SET ip = '192.0.2.7' WHERE position = 5",
        ),
        (
            "UPDATE events SET ip = NULL WHERE position = 5",
            "UPDATE events SET ip = '192.0.2.7' WHERE position = 5",
        ),
        (
            "UPDATE events SET actor_id = 'x' WHERE position = 5",
            "UPDATE events SET actor_id = NULL WHERE position = 5",
        ),
        (
            "UPDATE events SET target_label = 'AWS ProductionX' WHERE position = 5",
            "UPDATE events SET target_label = 'AWS Production' WHERE position = 5",
        ),
        (
            "UPDATE events SET at = at + 1 WHERE position = 5",
            "UPDATE events SET at = at - 1 WHERE position = 5",
        ),
        (
            "UPDATE events SET detail = '{\"number\":2}' WHERE position = 5",
            "UPDATE events SET detail = '{\"number\":1}' WHERE position = 5",
        ),
        (
            "UPDATE events SET user_agent = '' WHERE position = 5",
            "UPDATE events SET user_agent = 'test/1' WHERE position = 5",
        ),
    ] {
        tamper(&bed, change).await;
        let report = verify(&bed, &[]).await;
        assert_eq!(
            kinds(&report),
            [(BreakKind::Changed, 3, Some(5))],
            "{change}"
        );
        assert!(report.breaks[0].to_string().contains("was changed"));
        tamper(&bed, undo).await;
        assert_eq!(verify(&bed, &[]).await.broken, 0, "{undo}");
    }
    // Text that moves from one column to the next.
    tamper(&bed, "UPDATE events SET target_kind = 'applicatio', target_id = 'n' || target_id WHERE position = 2").await;
    assert_eq!(
        kinds(&verify(&bed, &[]).await),
        [(BreakKind::Changed, 1, Some(2))]
    );
}

async fn a_removed_event_is_found(mut bed: Bed) {
    three_seals(&mut bed).await;
    tamper(&bed, "DELETE FROM events WHERE position IN (2, 4, 8)").await;
    let report = verify(&bed, &[]).await;
    assert_eq!(
        kinds(&report),
        [
            (BreakKind::Removed, 1, Some(2)),
            (BreakKind::Removed, 2, Some(4)),
            (BreakKind::Removed, 3, Some(8)),
        ]
    );
    tamper(&bed, "DELETE FROM events").await;
    assert_eq!(verify(&bed, &[]).await.broken, 8);
}

async fn an_inserted_event_is_found(mut bed: Bed) {
    three_seals(&mut bed).await;
    tamper(
        &bed,
        "INSERT INTO events (position, id, at, kind, actor_kind, success, detail, request_id) \
         VALUES (-3, '00000000-0000-7000-8000-000000000000', 1, 'user_logout', 'anonymous', 1, '{}', 'x')",
    )
    .await;
    let report = verify(&bed, &[]).await;
    assert_eq!(kinds(&report), [(BreakKind::Inserted, 1, Some(-3))]);
}

async fn events_that_changed_places_are_found(mut bed: Bed) {
    three_seals(&mut bed).await;
    tamper(&bed, "UPDATE events SET position = 100 WHERE position = 5").await;
    tamper(&bed, "UPDATE events SET position = 5 WHERE position = 6").await;
    tamper(&bed, "UPDATE events SET position = 6 WHERE position = 100").await;
    let report = verify(&bed, &[]).await;
    assert_eq!(
        kinds(&report),
        [
            (BreakKind::Moved, 3, Some(5)),
            (BreakKind::Moved, 3, Some(6))
        ]
    );
}

async fn a_seal_that_was_changed_or_made_without_the_key_is_found(mut bed: Bed) {
    three_seals(&mut bed).await;
    tamper(
        &bed,
        "UPDATE event_seals SET sealed_at = sealed_at + 1 WHERE sequence = 2",
    )
    .await;
    assert_eq!(
        kinds(&verify(&bed, &[]).await),
        [(BreakKind::Seal, 2, None)]
    );
    tamper(
        &bed,
        "UPDATE event_seals SET sealed_at = sealed_at - 1 WHERE sequence = 2",
    )
    .await;
    tamper(
        &bed,
        "UPDATE event_seals SET mark = hash WHERE sequence = 3",
    )
    .await;
    assert_eq!(
        kinds(&verify(&bed, &[]).await),
        [(BreakKind::Mark, 3, None)]
    );
    tamper(
        &bed,
        "UPDATE event_seals SET hash = 'nonsense', mark = '' WHERE sequence = 1",
    )
    .await;
    assert!(
        verify(&bed, &[]).await.broken >= 3,
        "the next seal does not continue it either"
    );
}

async fn a_removed_seal_is_found(mut bed: Bed) {
    three_seals(&mut bed).await;
    tamper(&bed, "DELETE FROM event_seals WHERE sequence = 2").await;
    assert_eq!(
        kinds(&verify(&bed, &[]).await),
        [(BreakKind::SealRemoved, 3, None)]
    );
}

async fn a_log_that_was_cut_off_is_found_by_an_earlier_head(mut bed: Bed) {
    let middle = three_seals(&mut bed).await;
    let end = verify(&bed, &[]).await.head.unwrap();
    tamper(&bed, "DELETE FROM event_seals WHERE sequence = 3").await;
    tamper(&bed, "DELETE FROM events WHERE position > 4").await;
    assert_eq!(verify(&bed, &[middle]).await.broken, 0);
    assert!(!still_holds(&bed.store, end).await.unwrap());
    assert_eq!(
        kinds(&verify(&bed, &[end]).await),
        [(BreakKind::Cut, 2, None)]
    );
    // The log goes on, to the same length: the old end is still missed.
    record(&bed, &Draft::default()).await;
    bed.pass(Duration::SECOND);
    assert_eq!(seal(&bed).await.unwrap().sequence, 3);
    assert_eq!(verify(&bed, &[]).await.broken, 0);
    assert_eq!(
        kinds(&verify(&bed, &[end]).await),
        [(BreakKind::Cut, 3, None)]
    );
}

/// Security.md item 57: rewriting everything in the database does not help without the key.
async fn a_rewritten_log_with_new_hashes_is_found_without_the_key(mut bed: Bed) {
    three_seals(&mut bed).await;
    tamper(&bed, "UPDATE events SET ip = '203.0.113.9'").await;
    tamper(&bed, "DELETE FROM event_seals").await;
    let forger = jetway_identity::SealingKey::from_bytes(&[9; 32]);
    // The index of the first sealing is in the way only of the forger's own tool.
    seal_events(&mut bed.op(), &bed.store, &forger)
        .await
        .unwrap();
    let report = verify(&bed, &[]).await;
    assert_eq!(kinds(&report), [(BreakKind::Mark, 1, None)]);
}

/// Its id is older than those of events that are sealed already, as after a long transaction or
/// with a clock that is behind.
async fn an_event_that_is_committed_late_is_sealed_late_and_never_lost(mut bed: Bed) {
    let late = event(&bed, &Draft::default());
    bed.pass(Duration::minutes(1));
    record(&bed, &Draft::default()).await;
    seal(&bed).await;
    let mut write = bed.store.write().await.unwrap();
    write.insert_event(&late).await.unwrap();
    let other = tokio::spawn({
        let event = event(&bed, &Draft::default());
        let store = std::sync::Arc::new(bed.second_store().await);
        async move {
            if let Some(store) = store.as_ref() {
                store.record(event).await.unwrap();
            }
            store.is_some()
        }
    });
    let others = u64::from(other.await.unwrap());
    write.commit().await.unwrap();
    seal(&bed).await;
    let report = verify(&bed, &[]).await;
    assert_eq!(
        (report.events, report.unsealed, report.broken),
        (2 + others, 0, 0)
    );
    let mut read = bed.store.read().await.unwrap();
    let last = read.last_seal().await.unwrap().unwrap();
    let in_order = read
        .events_at((0, last.last_position), &[], 10)
        .await
        .unwrap();
    assert!(in_order.iter().skip(1).any(|(_, event)| *event == late));
    assert_ne!(in_order[0].1, late);
}

async fn filtered(bed: &Bed, filter: &EventFilter) -> Vec<EventId> {
    let page = list_events(&bed.store, filter, None, 1000).await.unwrap();
    page.iter().map(|event| event.id).collect()
}

/// One event of each sort, half of them sealed; nobody has to wait for the seal to be found.
async fn everything_that_was_there_before_is_found_by_every_filter(bed: Bed) {
    let user = UserId::random(&mut bed.op().rng);
    let draft = Draft {
        actor: Some((user, "road.runner@the-acme-corporation.com")),
        ..Draft::default()
    };
    let first = record(&bed, &draft).await;
    seal(&bed).await;
    let second = record(&bed, &draft).await;
    let id = user.to_string();
    for filter in [
        EventFilter {
            actor: Some(id.clone()),
            ..EventFilter::default()
        },
        EventFilter {
            subject: Some(id.clone()),
            ..EventFilter::default()
        },
        EventFilter {
            target: Some(APPLICATION.to_owned()),
            ..EventFilter::default()
        },
        EventFilter {
            kinds: vec![EventKind::SsoAuth],
            ..EventFilter::default()
        },
        EventFilter {
            success: Some(true),
            ..EventFilter::default()
        },
        EventFilter {
            text: "ROAD.runner".to_owned(),
            ..EventFilter::default()
        },
        EventFilter {
            text: "192.0.2".to_owned(),
            ..EventFilter::default()
        },
        EventFilter::default(),
    ] {
        assert_eq!(
            filtered(&bed, &filter).await,
            [second.id, first.id],
            "{filter:?}"
        );
        assert_eq!(count_events(&bed.store, &filter, 100).await.unwrap(), 2);
    }
    nothing_is_found_by_what_fits_nothing(&bed, id).await;
    assert_eq!(find_event(&bed.store, first.id).await.unwrap(), Some(first));
}

async fn nothing_is_found_by_what_fits_nothing(bed: &Bed, id: String) {
    for filter in [
        EventFilter {
            target: Some(id.clone()),
            ..EventFilter::default()
        },
        EventFilter {
            success: Some(false),
            ..EventFilter::default()
        },
        EventFilter {
            kinds: vec![EventKind::UserLogout],
            ..EventFilter::default()
        },
        EventFilter {
            to: Some(bed.now),
            ..EventFilter::default()
        },
        EventFilter {
            from: Some(bed.now + Duration::MILLISECOND),
            ..EventFilter::default()
        },
        EventFilter {
            text: "nul\0".to_owned(),
            ..EventFilter::default()
        },
        EventFilter {
            actor: Some(String::new()),
            ..EventFilter::default()
        },
    ] {
        assert_eq!(filtered(bed, &filter).await, [], "{filter:?}");
    }
}

/// 240 events of three people, two applications and six kinds over two hours.
async fn mixed(bed: &mut Bed) -> (Vec<Event>, Vec<UserId>, OffsetDateTime) {
    let people: Vec<_> = (0..3).map(|_| UserId::random(&mut bed.op().rng)).collect();
    let start = bed.now;
    let kinds = [
        EventKind::SsoAuth,
        EventKind::SsoAuth,
        EventKind::UserLoginAttempt,
        EventKind::UserUpdate,
        EventKind::GroupCreate,
        EventKind::UserLockout,
    ];
    let mut all = Vec::new();
    for number in 0..240_usize {
        let person = people[number % 3];
        let own = person.to_string();
        let kind = kinds[number % 6];
        let other = people[(number + 1) % 3].to_string();
        let target = match kind {
            EventKind::SsoAuth if number % 4 == 0 => {
                Some((TargetKind::Application, APPLICATION, "AWS Production"))
            }
            EventKind::SsoAuth => Some((
                TargetKind::Application,
                "aaaaaaaaaaaaaaaaaaaaaaaa",
                "Wiki_100%",
            )),
            EventKind::UserLoginAttempt => Some((TargetKind::User, own.as_str(), "self")),
            EventKind::UserUpdate => Some((TargetKind::User, other.as_str(), "other")),
            _ => None,
        };
        let draft = Draft {
            kind,
            actor: (number % 5 != 0).then_some((person, "Röad <runner>")),
            target,
            success: number % 7 != 0,
        };
        all.push(record(bed, &draft).await);
        bed.pass(Duration::seconds(30));
        if number % 50 == 49 {
            seal(bed).await;
        }
    }
    (all, people, start)
}

fn passes(filter: &EventFilter, event: &Event) -> bool {
    let actor = match &event.actor {
        Actor::User { id, .. } => Some(id.to_string()),
        _ => None,
    };
    let target = event.target.as_ref().map(|target| target.id.clone());
    let is = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
    filter.from.is_none_or(|from| event.at >= from)
        && filter.to.is_none_or(|to| event.at < to)
        && (filter.kinds.is_empty() || filter.kinds.contains(&event.kind))
        && filter
            .success
            .is_none_or(|success| success == event.success)
        && is(&filter.actor, &actor)
        && is(&filter.target, &target)
        && (is(&filter.subject, &actor) || is(&filter.subject, &target))
}

async fn each_filter_finds_what_a_plain_search_of_all_events_finds(mut bed: Bed) {
    let (all, people, start) = mixed(&mut bed).await;
    let somebody = Some(people[1].to_string());
    let kinds = [
        vec![],
        vec![EventKind::SsoAuth],
        vec![EventKind::UserUpdate, EventKind::UserLockout],
        vec![EventKind::SsoAuth, EventKind::GroupCreate],
    ];
    let spans = [
        (None, None),
        (
            Some(start + Duration::minutes(20)),
            Some(start + Duration::minutes(65)),
        ),
    ];
    let mut tried = 0;
    for (kind, span) in kinds.iter().flat_map(|kind| spans.map(|span| (kind, span))) {
        for success in [None, Some(false), Some(true)] {
            for who in 0..4 {
                let filter = EventFilter {
                    from: span.0,
                    to: span.1,
                    kinds: kind.clone(),
                    success,
                    actor: somebody.clone().filter(|_| who == 1),
                    target: Some(APPLICATION.to_owned()).filter(|_| who == 2),
                    subject: somebody.clone().filter(|_| who == 3),
                    text: String::new(),
                };
                let expected: Vec<_> = all
                    .iter()
                    .filter(|event| passes(&filter, event))
                    .map(|event| event.id)
                    .collect();
                check_pages(&bed, &filter, &expected).await;
                tried += usize::from(!expected.is_empty());
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

/// In both directions, by pages of seven.
async fn check_pages(bed: &Bed, filter: &EventFilter, expected: &[EventId]) {
    for oldest_first in [false, true] {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = EventPage {
                after,
                oldest_first,
                limit: 7,
            };
            let page = page_of_events(&bed.store, filter, page).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            found.extend(page.iter().map(|event| event.id));
        }
        if !oldest_first {
            found.reverse();
        }
        assert_eq!(found, expected, "{filter:?} oldest_first {oldest_first}");
    }
    let counted = count_events(&bed.store, filter, 10_000).await.unwrap();
    assert_eq!(counted, expected.len() as u64, "{filter:?}");
    let capped = count_events(&bed.store, filter, 3).await.unwrap();
    assert_eq!(capped, expected.len().min(3) as u64, "{filter:?}");
}

async fn the_chart_counts_every_event_once(mut bed: Bed) {
    let (all, people, start) = mixed(&mut bed).await;
    for filter in [
        EventFilter::default(),
        EventFilter {
            kinds: vec![EventKind::UserUpdate, EventKind::UserLockout],
            ..EventFilter::default()
        },
        EventFilter {
            subject: Some(people[0].to_string()),
            ..EventFilter::default()
        },
        EventFilter {
            success: Some(false),
            ..EventFilter::default()
        },
    ] {
        let span = (start, start + Duration::hours(2));
        let buckets = event_histogram(&bed.store, &filter, span, 24)
            .await
            .unwrap();
        assert_eq!(buckets.len(), 24);
        for bucket in &buckets {
            let within: Vec<_> = all
                .iter()
                .filter(|event| event.at >= bucket.from && event.at < bucket.to)
                .filter(|event| passes(&filter, event))
                .collect();
            let failed = within.iter().filter(|event| !event.success).count() as u64;
            assert_eq!(
                (bucket.failed, bucket.succeeded),
                (failed, within.len() as u64 - failed)
            );
        }
        assert!(buckets.iter().any(|bucket| bucket.failed > 0));
        assert_eq!(buckets[0].from, start);
        assert_eq!(buckets[23].to, start + Duration::hours(2));
    }
}

async fn an_export_holds_every_event_once_and_is_itself_recorded(mut bed: Bed) {
    let (all, ..) = mixed(&mut bed).await;
    let filter = EventFilter {
        kinds: vec![EventKind::UserUpdate, EventKind::SsoAuth],
        ..EventFilter::default()
    };
    let expected: Vec<_> = all
        .iter()
        .rev()
        .filter(|event| passes(&filter, event))
        .collect();
    for format in [ExportFormat::Csv, ExportFormat::JsonLines] {
        let mut export = export_events(&mut bed.op(), &bed.store, filter.clone(), format)
            .await
            .unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = export.next_piece(&bed.store).await.unwrap() {
            bytes.extend(piece);
        }
        let text = String::from_utf8(bytes).unwrap();
        let header = usize::from(format == ExportFormat::Csv);
        assert_eq!(text.lines().count(), expected.len() + header);
        for (line, event) in text.lines().skip(header).zip(&expected) {
            assert!(line.contains(&event.id.to_string()), "{line}");
        }
        let recorded = bed.last_event(EventKind::LogExport).await;
        assert_eq!(recorded.detail["format"], format.as_str());
        assert_eq!(
            recorded.detail["filter"],
            json!({"kinds": ["user_update", "sso_auth"]})
        );
    }
}

async fn a_search_takes_its_words_literally(mut bed: Bed) {
    let (all, ..) = mixed(&mut bed).await;
    for (text, label) in [
        ("wiki_100%", "Wiki_100%"),
        ("i_1", "Wiki_100%"),
        ("0%", "Wiki_100%"),
        ("wiki1", ""),
        ("_", "Wiki_100%"),
        ("%", "Wiki_100%"),
        ("!", ""),
    ] {
        let filter = EventFilter {
            text: text.to_owned(),
            ..EventFilter::default()
        };
        let expected = all
            .iter()
            .filter(|event| {
                !label.is_empty()
                    && event
                        .target
                        .as_ref()
                        .is_some_and(|target| target.label == label)
            })
            .count();
        assert_eq!(filtered(&bed, &filter).await.len(), expected, "{text}");
    }
    let filter = EventFilter {
        text: "röad <RUNNER>".to_owned(),
        ..EventFilter::default()
    };
    let acted = all
        .iter()
        .filter(|event| event.actor != Actor::Anonymous)
        .count();
    assert_eq!(filtered(&bed, &filter).await.len(), acted);
}

/// Requirements §5.6 and U01: who came into a group, and what a group was given.
async fn an_association_is_in_the_log_of_both_sides(bed: Bed) {
    let mut users = Vec::new();
    for number in 0..103 {
        let mut new = new_user(&format!("p{number}@the-acme-corporation.com"));
        new.username = format!("p{number}");
        users.push(bed.user_with(new).await);
    }
    let group = bed.group("operations", &[]).await;
    let application = bed.application(new_application("wiki")).await;
    for some in [&users[..1], &users[1..]] {
        add_members(&mut bed.op(), &bed.store, group, some)
            .await
            .unwrap();
    }
    bed.assign(application, group).await;
    let mut found = Vec::new();
    for sealed in [false, true] {
        if sealed {
            seal(&bed).await;
        }
        for (id, count) in [
            (users[0].to_string(), 1),
            (users[70].to_string(), 1),
            (users[102].to_string(), 1),
            (group.to_string(), 3),
            (application.to_string(), 1),
        ] {
            let filter = EventFilter {
                subject: Some(id),
                kinds: vec![EventKind::AssociationChange],
                ..EventFilter::default()
            };
            let events = filtered(&bed, &filter).await;
            assert_eq!(events.len(), count, "{filter:?}, sealed: {sealed}");
            assert_eq!(
                count_events(&bed.store, &filter, 100).await.unwrap(),
                count as u64
            );
            found.push(events);
        }
    }
    assert_eq!(found[..5], found[5..]);
    let by_name = EventFilter {
        text: "P70@".to_owned(),
        kinds: vec![EventKind::AssociationChange],
        ..EventFilter::default()
    };
    assert_eq!(filtered(&bed, &by_name).await, found[1]);
}
