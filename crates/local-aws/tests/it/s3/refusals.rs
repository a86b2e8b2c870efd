//! Signatures and credentials that do not hold.

use axum::body::Body;
use http::Request;
use time::Duration;

use super::world::{Plain, World};

const MISMATCH: &str = "The request signature we calculated does not match the signature you \
                        provided. Check your key and signing method.";

#[tokio::test]
async fn an_anonymous_request_is_denied() {
    let world = World::new();
    world.root().bucket("photos").await;
    for target in ["/", "/photos", "/photos/a", "/missing/a"] {
        let request = Request::get(target)
            .header("host", "localhost:4566")
            .body(Body::empty())
            .unwrap();
        world
            .send(request)
            .await
            .is_error(403, "AccessDenied", "Access Denied");
    }
}

#[tokio::test]
async fn the_wrong_secret_is_refused() {
    let world = World::new();
    let mut root = world.root();
    root.secret.push('x');
    root.get("/")
        .await
        .is_error(403, "SignatureDoesNotMatch", MISMATCH);
}

#[tokio::test]
async fn an_unknown_key_is_refused() {
    let world = World::new();
    let mut root = world.root();
    root.key = "AKIAUNKNOWNUNKNOWN77".to_owned();
    root.get("/").await.is_error(
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
    );
}

#[tokio::test]
async fn a_session_token_must_be_there_and_right() {
    let world = World::new();
    let reader = world
        .role(r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#)
        .await;
    reader.get("/").await.ok();
    let mut without = reader.clone();
    without.token = None;
    without.get("/").await.is_error(
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
    );
    let mut wrong = reader.clone();
    wrong.token = Some("AAAA".to_owned());
    wrong.get("/").await.is_error(
        400,
        "InvalidToken",
        "The provided token is malformed or otherwise invalid.",
    );
    let mut extra = world.root();
    extra.token = reader.token.clone();
    assert_eq!(extra.get("/").await.element("Code"), "InvalidToken");
    world.advance(Duration::hours(1));
    reader
        .get("/")
        .await
        .is_error(400, "ExpiredToken", "The provided token has expired.");
}

#[tokio::test]
async fn a_stale_request_is_refused() {
    let world = World::new();
    let root = world.root();
    let request = root.signed(Plain::new("GET", "/"));
    world.advance(Duration::minutes(16));
    world.send(request).await.is_error(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
    );
}

#[tokio::test]
async fn a_presigned_address_works_without_headers_until_it_expires() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let put = root.presigned(Plain::new("PUT", "/photos/a%20b").body("one"));
    world.send(put).await.ok();
    let get = || root.presigned(Plain::new("GET", "/photos/a%20b"));
    assert_eq!(world.send(get()).await.ok().text(), "one");
    let (early, late) = (get(), get());
    world.advance(Duration::minutes(4));
    world.send(early).await.ok();
    world.advance(Duration::minutes(2));
    world
        .send(late)
        .await
        .is_error(403, "AccessDenied", "Request has expired");
}

/// Objects and the access portal share an origin: a page among the objects runs nothing there.
#[tokio::test]
async fn an_object_is_never_a_page_of_this_origin() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let page = Plain::new("PUT", "/photos/page.html")
        .header("content-type", "text/html")
        .body("<script>fetch('/start/keys')</script>");
    root.send(page).await.ok();
    let get = root.presigned(Plain::new("GET", "/photos/page.html"));
    let shown = world.send(get).await.ok();
    let missing = root.get("/photos/missing.html").await;
    assert_eq!(shown.header("content-type"), "text/html");
    for answer in [&shown, &missing] {
        assert_eq!(
            answer.header("content-security-policy"),
            "sandbox; default-src 'none'; frame-ancestors 'none'"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_signed_one_is_refused() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let signed = root.signed(Plain::new("PUT", "/photos/a").body("one"));
    let (parts, _) = signed.into_parts();
    let answer = world
        .send(Request::from_parts(parts, Body::from("two")))
        .await;
    answer.is_error(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
    assert!(world.object_files().is_empty());
    assert_eq!(root.get("/photos/a").await.status, 404);
}

#[tokio::test]
async fn a_truncated_body_is_refused() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let signed = root.signed(Plain::new("PUT", "/photos/a").body("one"));
    let (parts, _) = signed.into_parts();
    let answer = world
        .send(Request::from_parts(parts, Body::from("on")))
        .await;
    assert_eq!(answer.element("Code"), "IncompleteBody");
    assert!(world.object_files().is_empty());
}

#[tokio::test]
async fn a_header_that_was_not_signed_is_refused() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    root.put("/photos/a", "one").await.ok();
    let mut request = root.signed(Plain::new("PUT", "/photos/b"));
    let source = "photos/a".parse().unwrap();
    request.headers_mut().insert("x-amz-copy-source", source);
    world.send(request).await.is_error(
        403,
        "AccessDenied",
        "There were headers present in the request which were not signed",
    );
}

#[tokio::test]
async fn signature_version_two_and_forms_are_refused() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let old = Request::get("/photos/a")
        .header("host", "s3.amazonaws.com")
        .header("date", "Fri, 04 Mar 2101 05:06:07 GMT")
        .header("authorization", format!("AWS {}:c2lnbmF0dXJl", root.key))
        .body(Body::empty())
        .unwrap();
    world.send(old).await.is_error(
        400,
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. Please use \
         AWS4-HMAC-SHA256.",
    );
    let form = Plain::new("POST", "/photos")
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x--");
    assert_eq!(root.send(form).await.element("Code"), "NotImplemented");
}

#[tokio::test]
async fn a_key_of_more_than_1024_bytes_is_refused() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let long = format!("/photos/{}", "k".repeat(1025));
    root.put(&long, "x")
        .await
        .is_error(400, "KeyTooLongError", "Your key is too long");
}
