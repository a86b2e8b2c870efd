//! What a caller may do, and the words in which they may not.

use super::world::{Client, OTHER_ACCOUNT, Plain, World};

const ARN: &str = "arn:aws:sts::012345678987:assumed-role/reader/wile";

fn denied(action: &str, resource: &str) -> String {
    format!(
        "User: {ARN} is not authorized to perform: {action} on resource: \"{resource}\" because \
         no identity-based policy allows the {action} action"
    )
}

async fn photos(world: &World) -> Client<'_> {
    let root = world.root();
    root.bucket("photos").await;
    root.put("/photos/home/a", "one").await.ok();
    root.put("/photos/other/b", "two").await.ok();
    root
}

#[tokio::test]
async fn a_reader_of_a_folder_reads_only_that_folder() {
    let world = World::new();
    photos(&world).await;
    let reader = world
        .role(
            r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/home/*"},
               {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::photos",
                "Condition":{"StringLike":{"s3:prefix":"home/*"}}}"#,
        )
        .await;
    assert_eq!(reader.get("/photos/home/a").await.ok().text(), "one");
    reader.get("/photos/other/b").await.is_error(
        403,
        "AccessDenied",
        &denied("s3:GetObject", "arn:aws:s3:::photos/other/b"),
    );
    reader.put("/photos/home/a", "x").await.is_error(
        403,
        "AccessDenied",
        &denied("s3:PutObject", "arn:aws:s3:::photos/home/a"),
    );
    reader.get("/photos?list-type=2&prefix=home%2F").await.ok();
    for target in [
        "/photos?list-type=2",
        "/photos?list-type=2&prefix=other%2F",
        "/photos",
    ] {
        reader.get(target).await.is_error(
            403,
            "AccessDenied",
            &denied("s3:ListBucket", "arn:aws:s3:::photos"),
        );
    }
    // A parameter given twice has no value; it must not be allowed as one and executed as another.
    let twice = reader
        .get("/photos?list-type=2&prefix=home%2F&prefix=")
        .await;
    assert_eq!(twice.status, 403);
}

#[tokio::test]
async fn listing_the_buckets_is_refused_without_a_resource() {
    let world = World::new();
    photos(&world).await;
    let reader = world
        .role(r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#)
        .await;
    reader.get("/").await.is_error(
        403,
        "AccessDenied",
        &format!(
            "User: {ARN} is not authorized to perform: s3:ListAllMyBuckets because no \
             identity-based policy allows the s3:ListAllMyBuckets action"
        ),
    );
    let head = reader.send(Plain::new("HEAD", "/photos")).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (403, 0));
    assert_eq!(head.header("x-amz-request-id").len(), 16);
}

#[tokio::test]
async fn the_buckets_may_be_listed_with_the_resource_of_the_documentation() {
    let world = World::new();
    photos(&world).await;
    let reader = world
        .role(r#"{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::*"}"#)
        .await;
    assert_eq!(reader.get("/").await.ok().elements("Name"), ["photos"]);
}

#[tokio::test]
async fn a_missing_key_is_told_only_to_those_who_may_list() {
    let world = World::new();
    photos(&world).await;
    let reader = world
        .role(r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}"#)
        .await;
    reader.get("/photos/missing").await.is_error(
        403,
        "AccessDenied",
        &denied("s3:ListBucket", "arn:aws:s3:::photos"),
    );
    world.root().get("/photos/missing").await.is_error(
        404,
        "NoSuchKey",
        "The specified key does not exist.",
    );
    let head = world
        .root()
        .send(Plain::new("HEAD", "/photos/missing"))
        .await;
    assert_eq!((head.status.as_u16(), head.body.len()), (404, 0));
}

#[tokio::test]
async fn an_explicit_deny_is_told_as_one() {
    let world = World::new();
    photos(&world).await;
    let reader = world
        .role(
            r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"},
               {"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"}"#,
        )
        .await;
    let refused = reader.send(Plain::new("DELETE", "/photos/home/a")).await;
    refused.is_error(
        403,
        "AccessDenied",
        &format!(
            "User: {ARN} is not authorized to perform: s3:DeleteObject on resource: \
             \"arn:aws:s3:::photos/home/a\" with an explicit deny in an identity-based policy"
        ),
    );
}

#[tokio::test]
async fn every_key_of_a_batch_is_authorised_for_itself() {
    let world = World::new();
    photos(&world).await;
    let reader = world
        .role(
            r#"{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::photos/home/*"}"#,
        )
        .await;
    let body = "<Delete><Object><Key>home/a</Key></Object><Object><Key>other/b</Key></Object>\
                </Delete>";
    let answer = reader
        .send(Plain::new("POST", "/photos?delete").body(body))
        .await
        .ok();
    let text = answer.text();
    assert!(text.contains("<Deleted><Key>home/a</Key>"), "{text}");
    assert!(
        text.contains("<Error><Code>AccessDenied</Code><Key>other/b</Key>"),
        "{text}"
    );
    assert_eq!(world.root().get("/photos/other/b").await.ok().text(), "two");
}

#[tokio::test]
async fn another_accounts_bucket_is_closed() {
    let world = World::new();
    photos(&world).await;
    let other = world.administrator(OTHER_ACCOUNT);
    for plain in [
        Plain::new("GET", "/photos/home/a"),
        Plain::new("PUT", "/photos/home/a").body("x"),
        Plain::new("DELETE", "/photos/home/a"),
        Plain::new("GET", "/photos?list-type=2"),
        Plain::new("DELETE", "/photos"),
        Plain::new("POST", "/photos/x?uploads"),
    ] {
        let answer = other.send(plain).await;
        assert_eq!(
            (answer.status.as_u16(), answer.element("Code").as_str()),
            (403, "AccessDenied")
        );
        assert!(
            answer
                .element("Message")
                .contains("no resource-based policy allows")
        );
    }
    other.bucket("theirs").await;
    let copy = Plain::new("PUT", "/theirs/a").header("x-amz-copy-source", "photos/home/a");
    assert_eq!(other.send(copy).await.status, 403);
}

#[tokio::test]
async fn a_copy_needs_both_ends() {
    let world = World::new();
    photos(&world).await;
    let writer = world
        .role(r#"{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::photos/*"}"#)
        .await;
    let copy = Plain::new("PUT", "/photos/c").header("x-amz-copy-source", "photos/home/a");
    writer.send(copy).await.is_error(
        403,
        "AccessDenied",
        &denied("s3:GetObject", "arn:aws:s3:::photos/home/a"),
    );
}

#[tokio::test]
async fn the_region_of_the_signature_is_the_requested_region() {
    let world = World::new();
    photos(&world).await;
    let reader = world
        .role(
            r#"{"Effect":"Allow","Action":"s3:*","Resource":"*",
                "Condition":{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}}"#,
        )
        .await;
    let get = |region: &str| Plain::new("GET", "/photos/home/a").region(region);
    reader.send(get("eu-central-1")).await.ok();
    assert_eq!(reader.send(get("us-east-1")).await.status, 403);
}

#[tokio::test]
async fn the_way_of_signing_can_be_a_condition() {
    let world = World::new();
    photos(&world).await;
    let reader = world
        .role(
            r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"},
               {"Effect":"Deny","Action":"s3:*","Resource":"*",
                "Condition":{"StringEquals":{"s3:authType":"REST-QUERY-STRING"}}}"#,
        )
        .await;
    let get = Plain::new("GET", "/photos/home/a");
    reader.send(get.clone()).await.ok();
    assert_eq!(world.send(reader.presigned(get)).await.status, 403);
}
