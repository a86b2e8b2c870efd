//! The activity log.

use std::sync::Arc;
use std::time::Instant;

use jetway_identity::{
    Actor, Event, EventFilter, EventId, EventKind, Store, Target, TargetKind, UserId, list_events,
};
use serde_json::json;
use sqlx::{Connection, Executor};

use crate::bed::{Bed, EMAIL, hashers, new_user, on_both};

on_both!(
    many_events_at_once_are_all_kept,
    an_event_is_read_back_as_it_was_written,
    pages_follow_each_other_without_gap_or_overlap,
    one_event_that_the_database_refuses_takes_no_other_with_it,
    a_change_and_its_event_are_in_the_same_commit,
);

fn event(bed: &Bed, label: &str) -> Event {
    let mut op = bed.op();
    Event {
        id: EventId::new(bed.now, &mut op.rng),
        at: bed.now,
        kind: EventKind::SsoAuth,
        actor: Actor::User {
            id: UserId::random(&mut op.rng),
            label: EMAIL.to_owned(),
        },
        target: Some(Target {
            kind: TargetKind::Application,
            id: "0123456789abcdef01234567".to_owned(),
            label: label.to_owned(),
        }),
        success: true,
        detail: json!({"idp_initiated": true, "text": "\"'\\\n\u{0}"}),
        ip: Some("2001:db8::1".parse().unwrap()),
        user_agent: None,
        request_id: op.request_id,
    }
}

async fn many_events_at_once_are_all_kept(bed: Bed) {
    let bed = Arc::new(bed);
    let tasks: Vec<_> = (0..100)
        .map(|number| {
            let bed = Arc::clone(&bed);
            tokio::spawn(async move {
                let event = event(&bed, &number.to_string());
                bed.store.record(event.clone()).await.unwrap();
                // Durable and visible as soon as the call returns.
                let all = list_events(&bed.store, &EventFilter::default(), None, 1000)
                    .await
                    .unwrap();
                assert!(all.contains(&event));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(bed.events(EventKind::SsoAuth).await.len(), 100);
}

async fn an_event_is_read_back_as_it_was_written(bed: Bed) {
    let mut first = event(&bed, "first");
    first.actor = Actor::Anonymous;
    first.target = None;
    first.success = false;
    let mut second = event(&bed, "second");
    second.actor = Actor::System("dev".to_owned());
    for event in [&first, &second] {
        bed.store.record(event.clone()).await.unwrap();
    }
    let read = list_events(&bed.store, &EventFilter::default(), None, 10)
        .await
        .unwrap();
    assert!(read.contains(&first) && read.contains(&second), "{read:?}");
}

async fn pages_follow_each_other_without_gap_or_overlap(mut bed: Bed) {
    for number in 0..25 {
        bed.store
            .record(event(&bed, &number.to_string()))
            .await
            .unwrap();
        bed.pass(time::Duration::milliseconds(1));
    }
    let mut labels = Vec::new();
    let mut before = None;
    loop {
        let page = list_events(&bed.store, &EventFilter::default(), before, 10)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        labels.extend(page.into_iter().map(|event| event.target.unwrap().label));
    }
    let expected: Vec<_> = (0..25).rev().map(|number| number.to_string()).collect();
    assert_eq!(labels, expected);
}

async fn one_event_that_the_database_refuses_takes_no_other_with_it(bed: Bed) {
    let twice = event(&bed, "twice");
    bed.store.record(twice.clone()).await.unwrap();
    let (good, again, fine) = tokio::join!(
        bed.store.record(event(&bed, "good")),
        bed.store.record(twice),
        bed.store.record(event(&bed, "fine")),
    );
    assert!(good.is_ok() && fine.is_ok());
    assert!(again.is_err());
    assert_eq!(bed.events(EventKind::SsoAuth).await.len(), 3);
}

async fn a_change_and_its_event_are_in_the_same_commit(bed: Bed) {
    bed.user(EMAIL).await;
    let mut second = new_user("second@the-acme-corporation.com");
    "road.runner".clone_into(&mut second.username);
    let refused = jetway_identity::create_user(&mut bed.op(), &bed.store, hashers(), second).await;
    assert!(refused.is_err());
    let created = bed.events(EventKind::UserCreate).await;
    assert_eq!(created.len(), 1, "the refused user has no event");
    let event = &created[0];
    assert_eq!(event.actor, Actor::System("test".to_owned()));
    assert_eq!(event.ip, Some("192.0.2.7".parse().unwrap()));
    assert_eq!(event.user_agent.as_deref(), Some("test/1"));
    assert!(event.request_id.starts_with("request-"));
    assert_eq!(event.at, bed.now);
}

/// Security.md F3: nobody waits longer than ten seconds for a database that is stuck.
#[tokio::test]
async fn events_that_cannot_be_written_are_refused_in_time_and_later_ones_are_kept() {
    let bed = Arc::new(Bed::sqlite().await);
    let url = format!("sqlite://{}/jetway.db", bed.folder().display());
    let mut other = sqlx::AnyConnection::connect(&url).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let started = Instant::now();
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let bed = Arc::clone(&bed);
            tokio::spawn(async move {
                let event = event(&bed, &number.to_string());
                bed.store.record(event).await
            })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().is_err());
    }
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    other.execute("ROLLBACK").await.unwrap();
    bed.store.record(event(&bed, "after")).await.unwrap();
    assert_eq!(
        bed.last_event(EventKind::SsoAuth)
            .await
            .target
            .unwrap()
            .label,
        "after"
    );
}
