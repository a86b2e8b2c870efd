use super::world::{OTHER_ACCOUNT, Plain, World};

#[tokio::test]
async fn a_bucket_is_made_listed_and_removed() {
    let world = World::new();
    let root = world.root();
    let made = root.put("/photos", "").await.ok();
    assert_eq!(made.header("location"), "/photos");
    root.bucket("archive").await;
    let listed = root.get("/").await.ok();
    assert_eq!(listed.elements("Name"), ["archive", "photos"]);
    assert_eq!(
        listed.elements("CreationDate")[0],
        "2101-03-04T05:06:07.000Z"
    );
    let head = root.send(Plain::new("HEAD", "/photos")).await.ok();
    assert_eq!(head.header("x-amz-bucket-region"), "us-east-1");
    assert_eq!(root.send(Plain::new("DELETE", "/photos")).await.status, 204);
    assert_eq!(root.get("/").await.ok().elements("Name"), ["archive"]);
    root.get("/photos")
        .await
        .is_error(404, "NoSuchBucket", "The specified bucket does not exist");
}

#[tokio::test]
async fn ones_own_bucket_again_is_a_success_only_in_us_east_1() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    root.put("/photos", "").await.ok();
    let location = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                    <LocationConstraint>eu-central-1</LocationConstraint>\
                    </CreateBucketConfiguration>";
    let elsewhere = Plain::new("PUT", "/photos")
        .body(location)
        .region("eu-central-1");
    root.send(elsewhere).await.is_error(
        409,
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
    );
}

#[tokio::test]
async fn a_bucket_of_another_account_is_taken_and_not_listed() {
    let world = World::new();
    world.root().bucket("photos").await;
    let other = world.administrator(OTHER_ACCOUNT);
    other.put("/photos", "").await.is_error(
        409,
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users \
         of the system. Please select a different name and try again.",
    );
    assert!(other.get("/").await.ok().elements("Name").is_empty());
}

#[tokio::test]
async fn a_bucket_lives_in_the_region_of_the_constraint() {
    let world = World::new();
    let root = world.root();
    let body = |region: &str| {
        format!(
            "<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint>\
             </CreateBucketConfiguration>"
        )
    };
    let made = Plain::new("PUT", "/frankfurt")
        .body(body("eu-central-1"))
        .region("eu-central-1");
    root.send(made).await.ok();
    let located = root.get("/frankfurt?location").await.ok();
    assert!(
        located.text().contains("eu-central-1"),
        "{}",
        located.text()
    );
    root.send(Plain::new("PUT", "/other").region("eu-central-1"))
        .await
        .is_error(
            400,
            "IllegalLocationConstraintException",
            "The unspecified location constraint is incompatible for the region specific endpoint \
         this request was sent to.",
        );
    let wrong = Plain::new("PUT", "/other")
        .body(body("us-west-2"))
        .region("eu-central-1");
    root.send(wrong).await.is_error(
        400,
        "IllegalLocationConstraintException",
        "The us-west-2 location constraint is incompatible for the region specific endpoint this \
         request was sent to.",
    );
    root.send(Plain::new("PUT", "/other").body(body("moon")))
        .await
        .is_error(
            400,
            "InvalidLocationConstraint",
            "The specified location-constraint is not valid",
        );
}

#[tokio::test]
async fn names_that_break_the_rules_are_refused() {
    let world = World::new();
    let root = world.root();
    for name in [
        "ab",
        "Upper",
        "under_score",
        "192.168.5.4",
        "xn--a",
        "a..b",
        "end-",
        "x-s3alias",
    ] {
        root.put(&format!("/{name}"), "").await.is_error(
            400,
            "InvalidBucketName",
            "The specified bucket is not valid.",
        );
    }
}

#[tokio::test]
async fn a_bucket_with_an_object_is_not_removed() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    root.put("/photos/a", "1").await.ok();
    root.send(Plain::new("DELETE", "/photos")).await.is_error(
        409,
        "BucketNotEmpty",
        "The bucket you tried to delete is not empty",
    );
    root.send(Plain::new("DELETE", "/photos/a")).await.ok();
    root.send(Plain::new("DELETE", "/photos")).await.ok();
}

#[tokio::test]
async fn an_operation_that_is_not_built_says_so() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let answer = root.get("/photos?policy").await;
    assert_eq!(
        (answer.status.as_u16(), answer.element("Code").as_str()),
        (501, "NotImplemented")
    );
}

#[tokio::test]
async fn buckets_and_objects_survive_a_restart() {
    let world = World::new();
    world.root().bucket("photos").await;
    world.root().put("/photos/a", "one").await.ok();
    let world = world.restart();
    assert_eq!(world.root().get("/photos/a").await.ok().text(), "one");
}

#[tokio::test]
async fn what_an_interrupted_write_left_is_removed_at_the_next_start() {
    let world = World::new();
    world.root().bucket("photos").await;
    world.root().put("/photos/a", "one").await.ok();
    let objects = world.folder.path().join("objects");
    std::fs::write(objects.join("drafts").join("half"), "x").unwrap();
    std::fs::create_dir_all(objects.join("00")).unwrap();
    std::fs::write(objects.join("00").join("00orphan"), "x").unwrap();
    let world = world.restart();
    assert_eq!(world.object_files().len(), 1);
    assert_eq!(world.root().get("/photos/a").await.ok().text(), "one");
}
