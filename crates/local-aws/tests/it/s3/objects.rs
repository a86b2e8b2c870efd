use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use super::world::{Plain, World};

const ODD_KEYS: [(&str, &str); 8] = [
    ("/photos/a%20b", "a b"),
    ("/photos/a%2Bb", "a+b"),
    ("/photos/%C3%BC/%E6%97%A5%E6%9C%AC", "ü/日本"),
    ("/photos//double//slash", "/double//slash"),
    ("/photos/dot/../dot/./x", "dot/../dot/./x"),
    ("/photos/%25%26%3D%3F%23", "%&=?#"),
    ("/photos/%22%3Cxml%3E%27", "\"<xml>'"),
    ("/photos/folder/", "folder/"),
];

#[tokio::test]
async fn an_object_comes_back_as_it_was_put() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let put = Plain::new("PUT", "/photos/cat.txt")
        .body("meow")
        .header("content-type", "text/plain")
        .header("cache-control", "no-store")
        .header("content-language", "en")
        .header("x-amz-meta-Colour", "black");
    let put = root.send(put).await.ok();
    assert_eq!(put.header("etag"), "\"4a4be40c96ac6314e91d93f38043a634\"");
    assert_eq!(put.header("x-amz-server-side-encryption"), "AES256");
    for method in ["GET", "HEAD"] {
        let found = root.send(Plain::new(method, "/photos/cat.txt")).await.ok();
        assert_eq!(found.header("etag"), "\"4a4be40c96ac6314e91d93f38043a634\"");
        assert_eq!(found.header("content-type"), "text/plain");
        assert_eq!(found.header("content-length"), "4");
        assert_eq!(found.header("cache-control"), "no-store");
        assert_eq!(found.header("content-language"), "en");
        assert_eq!(found.header("x-amz-meta-colour"), "black");
        assert_eq!(
            found.header("last-modified"),
            "Fri, 04 Mar 2101 05:06:07 GMT"
        );
        assert_eq!(found.header("accept-ranges"), "bytes");
        assert_eq!(found.text(), if method == "GET" { "meow" } else { "" });
    }
}

#[tokio::test]
async fn odd_keys_are_kept() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    for (path, key) in ODD_KEYS {
        root.put(path, key).await.ok();
        assert_eq!(root.get(path).await.ok().text(), key, "{key}");
    }
    assert_eq!(
        root.get("/photos?list-type=2")
            .await
            .ok()
            .elements("Key")
            .len(),
        ODD_KEYS.len()
    );
    for (path, _) in ODD_KEYS {
        assert_eq!(root.send(Plain::new("DELETE", path)).await.status, 204);
    }
    assert!(
        root.get("/photos?list-type=2")
            .await
            .ok()
            .elements("Key")
            .is_empty()
    );
    assert!(world.object_files().is_empty());
}

#[tokio::test]
async fn both_styles_of_address_name_the_same_object() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let virtual_host = |method: &str| Plain::new(method, "/a").host("photos.localhost:4566");
    root.send(virtual_host("PUT").body("one")).await.ok();
    assert_eq!(root.get("/photos/a").await.ok().text(), "one");
    assert_eq!(root.send(virtual_host("GET")).await.ok().text(), "one");
    let amazon = Plain::new("GET", "/a").host("photos.s3.us-east-1.amazonaws.com");
    assert_eq!(root.send(amazon).await.ok().text(), "one");
}

#[tokio::test]
async fn a_large_object_streams_through() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let large: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
    root.put("/photos/large", large.clone()).await.ok();
    assert_eq!(root.get("/photos/large").await.ok().body, large);
}

#[tokio::test]
async fn a_range_is_a_part_of_the_object() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    root.put("/photos/a", "0123456789").await.ok();
    let range = |range: &str| Plain::new("GET", "/photos/a").header("range", range);
    for (asked, text, told) in [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=8-99", "89", "bytes 8-9/10"),
    ] {
        let answer = root.send(range(asked)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text().as_str()),
            (206, text)
        );
        assert_eq!(answer.header("content-range"), told);
    }
    root.send(range("bytes=10-")).await.is_error(
        416,
        "InvalidRange",
        "The requested range is not satisfiable",
    );
    let head = Plain::new("HEAD", "/photos/a").header("range", "bytes=0-0");
    assert_eq!(root.send(head).await.status, 206);
}

#[tokio::test]
async fn conditions_are_honoured() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let etag = root
        .put("/photos/a", "one")
        .await
        .ok()
        .header("etag")
        .to_owned();
    let get = |name: &str, value: &str| Plain::new("GET", "/photos/a").header(name, value);
    let unchanged = root.send(get("if-none-match", &etag)).await;
    assert_eq!(
        (unchanged.status.as_u16(), unchanged.text().as_str()),
        (304, "")
    );
    root.send(get("if-none-match", "\"other\"")).await.ok();
    root.send(get("if-match", &etag)).await.ok();
    root.send(get("if-match", "\"other\"")).await.is_error(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
    );
    let since = root
        .send(get("if-modified-since", "Fri, 04 Mar 2101 05:06:07 GMT"))
        .await;
    assert_eq!(since.status, 304);
    let create = Plain::new("PUT", "/photos/a")
        .body("two")
        .header("if-none-match", "*");
    assert_eq!(root.send(create).await.status, 412);
    let create = Plain::new("PUT", "/photos/b")
        .body("two")
        .header("if-none-match", "*");
    root.send(create).await.ok();
    assert_eq!(root.get("/photos/a").await.ok().text(), "one");
    assert_eq!(world.object_files().len(), 2);
}

#[tokio::test]
async fn replacing_an_object_leaves_one_file() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    for text in ["one", "two", "three"] {
        root.put("/photos/a", text).await.ok();
    }
    assert_eq!(root.get("/photos/a").await.ok().text(), "three");
    assert_eq!(world.object_files().len(), 1);
}

#[tokio::test]
async fn checksums_are_verified_kept_and_returned() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let sha256 = BASE64.encode(aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA256,
        b"one",
    ));
    let put = |value: &str| {
        Plain::new("PUT", "/photos/a")
            .body("one")
            .header("x-amz-checksum-sha256", value)
    };
    assert_eq!(
        root.send(put(&sha256))
            .await
            .ok()
            .header("x-amz-checksum-sha256"),
        sha256
    );
    let get = Plain::new("GET", "/photos/a").header("x-amz-checksum-mode", "ENABLED");
    assert_eq!(
        root.send(get).await.ok().header("x-amz-checksum-sha256"),
        sha256
    );
    root.send(put("AAAA")).await.is_error(
        400,
        "BadDigest",
        "The SHA256 you specified did not match the calculated checksum.",
    );
    // Without any, S3 computes CRC64NVME. The check value is that of "123456789".
    let plain = root.put("/photos/b", "123456789").await.ok();
    assert_eq!(plain.header("x-amz-checksum-crc64nvme"), "rosUhgp5mIg=");
    assert_eq!(plain.header("x-amz-checksum-type"), "FULL_OBJECT");
}

#[tokio::test]
async fn a_checksum_in_a_trailer_is_verified() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let put = |value: &str| {
        Plain::new("PUT", "/photos/a")
            .body("123456789")
            .trailer("x-amz-checksum-crc64nvme", value)
    };
    let stored = root.send(put("rosUhgp5mIg=")).await.ok();
    assert_eq!(stored.header("x-amz-checksum-crc64nvme"), "rosUhgp5mIg=");
    let found = root.get("/photos/a").await.ok();
    assert_eq!(
        (found.text().as_str(), found.header("content-encoding")),
        ("123456789", "")
    );
    root.send(put("AAAAAAAAAAA=")).await.is_error(
        400,
        "BadDigest",
        "The CRC64NVME you specified did not match the calculated checksum.",
    );
}

#[tokio::test]
async fn a_wrong_content_md5_is_refused() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let put = |md5: &str| {
        Plain::new("PUT", "/photos/a")
            .body("one")
            .header("content-md5", md5)
    };
    root.send(put("rL0Y20zC+Fzt72VPzMSk2A==")).await.is_error(
        400,
        "BadDigest",
        "The Content-MD5 you specified did not match what we received.",
    );
    root.send(put("nonsense")).await.is_error(
        400,
        "InvalidDigest",
        "The Content-MD5 you specified was invalid.",
    );
    assert!(world.object_files().is_empty());
}

#[tokio::test]
async fn an_object_is_copied_with_or_without_its_metadata() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    root.bucket("archive").await;
    let put = Plain::new("PUT", "/photos/a%20b")
        .body("one")
        .header("x-amz-meta-a", "1");
    root.send(put).await.ok();
    let copy =
        |target: &str| Plain::new("PUT", target).header("x-amz-copy-source", "/photos/a%20b");
    let copied = root.send(copy("/archive/a")).await.ok();
    assert!(
        copied.text().contains("f97c5d29941bfb1b2fdab0874906ab82"),
        "{}",
        copied.text()
    );
    let found = root.get("/archive/a").await.ok();
    assert_eq!(
        (found.text().as_str(), found.header("x-amz-meta-a")),
        ("one", "1")
    );
    let replace = copy("/archive/b")
        .header("x-amz-metadata-directive", "REPLACE")
        .header("x-amz-meta-b", "2");
    root.send(replace).await.ok();
    let found = root.get("/archive/b").await.ok();
    assert_eq!(
        (found.header("x-amz-meta-a"), found.header("x-amz-meta-b")),
        ("", "2")
    );
    root.send(copy("/photos/a%20b")).await.is_error(
        400,
        "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself without \
         changing the object's metadata, storage class, website redirect location or encryption \
         attributes.",
    );
}

#[tokio::test]
async fn several_objects_are_removed_at_once() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    for key in ["a", "b", "c"] {
        root.put(&format!("/photos/{key}"), key).await.ok();
    }
    let body = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                <Object><Key>a</Key></Object><Object><Key>b</Key></Object>\
                <Object><Key>missing</Key></Object></Delete>";
    let md5 = "x-amz-checksum-algorithm";
    let answer = root
        .send(
            Plain::new("POST", "/photos?delete")
                .body(body)
                .header(md5, "CRC32"),
        )
        .await
        .ok();
    assert_eq!(answer.elements("Key"), ["a", "b", "missing"]);
    assert_eq!(
        root.get("/photos?list-type=2").await.ok().elements("Key"),
        ["c"]
    );
}

#[tokio::test]
async fn what_would_be_forgotten_is_refused() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let put = |name: &str, value: &str| {
        Plain::new("PUT", "/photos/a")
            .body("one")
            .header(name, value)
    };
    for (name, value) in [
        ("x-amz-tagging", "a=b"),
        ("x-amz-server-side-encryption", "aws:kms"),
        ("x-amz-website-redirect-location", "/x"),
    ] {
        root.send(put(name, value)).await.is_error(
            501,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented",
        );
    }
    root.send(put("x-amz-acl", "public-read")).await.is_error(
        400,
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs",
    );
    root.send(put("x-amz-storage-class", "CHEAP"))
        .await
        .is_error(
            400,
            "InvalidStorageClass",
            "The storage class you specified is not valid",
        );
    assert!(world.object_files().is_empty());
}

#[tokio::test]
async fn an_object_has_no_tags() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    root.put("/photos/a", "one").await.ok();
    let tags = root.get("/photos/a?tagging").await.ok();
    assert!(
        tags.text().contains("<TagSet") && !tags.text().contains("<Key>"),
        "{}",
        tags.text()
    );
    assert_eq!(
        root.get("/photos/missing?tagging").await.element("Code"),
        "NoSuchKey"
    );
}
