//! Bodies that are too long, or arrive in pieces.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    http::{Request, header},
};
use futures_util::stream;

use crate::support::{World, form};

const FORM: &str = "application/x-www-form-urlencoded";
const CHUNK: usize = 64 * 1024;

/// A body of so many chunks that counts how many were taken.
fn counted(chunks: usize) -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let frames = (0..chunks).map(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        Ok::<_, Infallible>(Bytes::from(vec![b'A'; CHUNK]))
    });
    (Body::from_stream(stream::iter(frames)), taken)
}

fn post(path: &str, body: Body) -> Request<Body> {
    Request::post(path)
        .header(header::HOST, "localhost:4566")
        .header(header::CONTENT_TYPE, FORM)
        .body(body)
        .unwrap()
}

/// Who is cut off while sending sees a broken connection and not why.
#[tokio::test]
async fn a_body_over_the_limit_is_taken_to_its_end_and_then_refused() {
    let world = World::empty();
    for (path, status) in [("/", 413), ("/saml", 400)] {
        let (body, taken) = counted(320);
        let reply = world.send(post(path, body)).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(taken.load(Ordering::SeqCst), 320, "{path}");
    }
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let world = World::empty();
    let (body, taken) = counted(usize::MAX);
    let reply = world.send(post("/", body)).await;
    assert_eq!(reply.refusal().1, "RequestEntityTooLarge");
    assert!(taken.load(Ordering::SeqCst) < 2000);
}

#[tokio::test]
async fn a_form_in_many_small_pieces_is_one_form() {
    let (world, idp) = World::federated();
    let response = idp.response();
    let content = form(&[
        ("Action", "AssumeRoleWithSAML"),
        ("Version", "2011-06-15"),
        ("RoleArn", "arn:aws:iam::123456789012:role/Engineer"),
        (
            "PrincipalArn",
            "arn:aws:iam::123456789012:saml-provider/Idp",
        ),
        ("SAMLAssertion", &response),
    ]);
    let pieces: Vec<_> = content
        .into_bytes()
        .chunks(7)
        .map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece)))
        .collect();
    let body = Body::from_stream(stream::iter(pieces));
    world.send(post("/", body)).await.assert_ok();
}
