//! Requests that are done once.

use jetway_identity::idempotency::{
    Claim, KeptAnswer, RequestKey, claim_request, keep_answer, release_request,
};
use jetway_identity::{SealingKey, StoreError};
use time::Duration;

use crate::bed::{Bed, on_both};

on_both!(
    the_same_request_gets_the_answer_of_the_first,
    a_request_whose_first_try_never_ended_is_not_done_again_that_day,
    a_refused_request_may_be_tried_again,
    of_many_at_once_one_is_done,
);

fn key(caller: &str, fingerprint: &str) -> RequestKey {
    RequestKey {
        caller: caller.to_owned(),
        key: "aa".repeat(32),
        fingerprint: fingerprint.to_owned(),
    }
}

async fn claim(bed: &Bed, key: &RequestKey) -> Claim {
    claim_request(&bed.op(), &bed.store, bed.keys.sealing(), key)
        .await
        .unwrap()
}

async fn keep(bed: &Bed, key: &RequestKey, answer: &KeptAnswer) {
    keep_answer(&mut bed.op(), &bed.store, bed.keys.sealing(), key, answer)
        .await
        .unwrap();
}

async fn the_same_request_gets_the_answer_of_the_first(mut bed: Bed) {
    let mine = key("a", "1");
    let answer = KeptAnswer(b"201 secret".to_vec());
    assert_eq!(claim(&bed, &mine).await, Claim::Fresh);
    keep(&bed, &mine, &answer).await;
    assert_eq!(claim(&bed, &mine).await, Claim::Done(answer.clone()));
    assert_eq!(claim(&bed, &key("a", "2")).await, Claim::Other);
    assert_eq!(claim(&bed, &key("b", "1")).await, Claim::Fresh);
    let other_key = SealingKey::from_bytes(&[8; 32]);
    let opened = claim_request(&bed.op(), &bed.store, &other_key, &mine).await;
    assert!(opened.is_err(), "answers are sealed");
    bed.pass(Duration::days(1) - Duration::SECOND);
    assert_eq!(claim(&bed, &mine).await, Claim::Done(answer));
    bed.pass(Duration::seconds(2));
    assert_eq!(claim(&bed, &mine).await, Claim::Fresh, "a day is over");
}

/// The first one may have been done: its server stopped before it could say so.
async fn a_request_whose_first_try_never_ended_is_not_done_again_that_day(mut bed: Bed) {
    let mine = key("a", "1");
    assert_eq!(claim(&bed, &mine).await, Claim::Fresh);
    assert_eq!(claim(&bed, &mine).await, Claim::Running);
    bed.pass(Duration::seconds(120));
    assert_eq!(claim(&bed, &mine).await, Claim::Running);
    bed.pass(Duration::seconds(1));
    assert_eq!(claim(&bed, &mine).await, Claim::Unknown);
    assert_eq!(claim(&bed, &key("a", "2")).await, Claim::Other);
    bed.pass(Duration::days(1) - Duration::seconds(121));
    assert_eq!(claim(&bed, &mine).await, Claim::Unknown);
    bed.pass(Duration::seconds(1));
    assert_eq!(claim(&bed, &mine).await, Claim::Fresh, "a day is over");
}

async fn a_refused_request_may_be_tried_again(bed: Bed) {
    let mine = key("a", "1");
    assert_eq!(claim(&bed, &mine).await, Claim::Fresh);
    let released: Result<(), StoreError> = release_request(&bed.store, &mine).await;
    released.unwrap();
    assert_eq!(claim(&bed, &key("a", "2")).await, Claim::Fresh);
}

async fn of_many_at_once_one_is_done(bed: Bed) {
    let mine = key("a", "1");
    let claims = futures_util::future::join_all((0..8).map(|_| claim(&bed, &mine))).await;
    let fresh = claims.iter().filter(|claim| **claim == Claim::Fresh);
    assert_eq!(fresh.count(), 1, "{claims:?}");
}
