use super::world::{Answer, Client, Plain, World};

const PART: usize = 5 * 1024 * 1024;

async fn start(client: &Client<'_>) -> String {
    client.bucket("photos").await;
    let started = client
        .send(Plain::new("POST", "/photos/big?uploads"))
        .await
        .ok();
    started.element("UploadId")
}

async fn part(client: &Client<'_>, upload: &str, number: u16, body: Vec<u8>) -> Answer {
    client
        .put(
            &format!("/photos/big?partNumber={number}&uploadId={upload}"),
            body,
        )
        .await
}

async fn complete(client: &Client<'_>, upload: &str, parts: &[(u16, &str)]) -> Answer {
    let parts: Vec<String> = parts
        .iter()
        .map(|(number, etag)| {
            format!("<Part><ETag>{etag}</ETag><PartNumber>{number}</PartNumber></Part>")
        })
        .collect();
    let parts = parts.concat();
    let body = format!(
        "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{parts}\
         </CompleteMultipartUpload>"
    );
    let target = format!("/photos/big?uploadId={upload}");
    client.send(Plain::new("POST", &target).body(body)).await
}

#[tokio::test]
async fn parts_become_one_object() {
    let world = World::new();
    let root = world.root();
    let upload = start(&root).await;
    let (first, last) = (vec![b'a'; PART], vec![b'b'; 10]);
    let one = part(&root, &upload, 1, first.clone())
        .await
        .ok()
        .header("etag")
        .to_owned();
    // A part may be sent again; the last one counts.
    part(&root, &upload, 7, b"wrong".to_vec()).await.ok();
    let seven = part(&root, &upload, 7, last.clone())
        .await
        .ok()
        .header("etag")
        .to_owned();
    let done = complete(&root, &upload, &[(1, &one), (7, &seven)])
        .await
        .ok();
    assert!(
        done.element("ETag")
            .trim_end_matches("&quot;")
            .trim_end_matches('"')
            .ends_with("-2"),
        "{}",
        done.text()
    );
    assert_eq!(done.element("Location"), "http://localhost:4566/photos/big");
    let found = root.get("/photos/big").await.ok();
    assert_eq!(found.body, [first, last].concat());
    let second = root.get("/photos/big?partNumber=2").await;
    assert_eq!(
        (second.status.as_u16(), second.text().as_str()),
        (206, "bbbbbbbbbb")
    );
    assert_eq!(second.header("x-amz-mp-parts-count"), "2");
    assert_eq!(world.object_files().len(), 1);
    complete(&root, &upload, &[(1, &one)]).await.is_error(
        404,
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may \
         have been aborted or completed.",
    );
}

#[tokio::test]
async fn a_list_of_parts_that_is_not_what_was_uploaded_is_refused() {
    let world = World::new();
    let root = world.root();
    let upload = start(&root).await;
    let one = part(&root, &upload, 1, b"small".to_vec())
        .await
        .ok()
        .header("etag")
        .to_owned();
    let two = part(&root, &upload, 2, b"small".to_vec())
        .await
        .ok()
        .header("etag")
        .to_owned();
    complete(&root, &upload, &[(2, &two), (1, &one)])
        .await
        .is_error(
            400,
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts must be ordered by part number.",
        );
    complete(&root, &upload, &[(1, &one), (2, &two)])
        .await
        .is_error(
            400,
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
        );
    for wrong in [(3, one.as_str()), (1, "\"0123\"")] {
        complete(&root, &upload, &[wrong]).await.is_error(
            400,
            "InvalidPart",
            "One or more of the specified parts could not be found.  The part may not have been \
             uploaded, or the specified entity tag may not match the part's entity tag.",
        );
    }
    let answer = complete(&root, &upload, &[]).await;
    assert_eq!(answer.element("Code"), "MalformedXML");
    assert_eq!(
        part(&root, &upload, 10_001, vec![]).await.element("Code"),
        "InvalidArgument"
    );
    assert_eq!(root.get("/photos/big").await.status, 404);
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() {
    let world = World::new();
    let root = world.root();
    let upload = start(&root).await;
    part(&root, &upload, 1, b"part".to_vec()).await.ok();
    assert_eq!(world.object_files().len(), 1);
    let abort = Plain::new("DELETE", &format!("/photos/big?uploadId={upload}"));
    assert_eq!(root.send(abort.clone()).await.status, 204);
    assert!(world.object_files().is_empty());
    assert_eq!(root.send(abort).await.element("Code"), "NoSuchUpload");
    assert_eq!(
        part(&root, &upload, 1, b"part".to_vec())
            .await
            .element("Code"),
        "NoSuchUpload"
    );
    root.send(Plain::new("DELETE", "/photos")).await.ok();
}

#[tokio::test]
async fn an_upload_belongs_to_its_key() {
    let world = World::new();
    let root = world.root();
    let upload = start(&root).await;
    let other = format!("/photos/other?partNumber=1&uploadId={upload}");
    assert_eq!(root.put(&other, "x").await.element("Code"), "NoSuchUpload");
}

#[tokio::test]
async fn a_part_is_copied_from_an_object() {
    let world = World::new();
    let root = world.root();
    let upload = start(&root).await;
    root.put("/photos/source", "0123456789").await.ok();
    let target = format!("/photos/big?partNumber=1&uploadId={upload}");
    let copied = root
        .send(
            Plain::new("PUT", &target)
                .header("x-amz-copy-source", "photos/source")
                .header("x-amz-copy-source-range", "bytes=2-5"),
        )
        .await
        .ok();
    let etag = copied.element("ETag").replace("&quot;", "\"");
    complete(&root, &upload, &[(1, &etag)]).await.ok();
    assert_eq!(root.get("/photos/big").await.ok().text(), "2345");
}

#[tokio::test]
async fn the_checksum_of_the_whole_object_is_checked_at_the_end() {
    let world = World::new();
    let root = world.root();
    root.bucket("photos").await;
    let create = Plain::new("POST", "/photos/big?uploads")
        .header("x-amz-checksum-algorithm", "CRC64NVME")
        .header("x-amz-checksum-type", "FULL_OBJECT");
    let upload = root.send(create).await.ok().element("UploadId");
    let etag = part(&root, &upload, 1, b"123456789".to_vec())
        .await
        .ok()
        .header("etag")
        .to_owned();
    let finish = |checksum: &str| {
        Plain::new("POST", &format!("/photos/big?uploadId={upload}"))
            .body(format!(
                "<CompleteMultipartUpload><Part><ETag>{etag}</ETag><PartNumber>1</PartNumber>\
                 </Part></CompleteMultipartUpload>"
            ))
            .header("x-amz-checksum-crc64nvme", checksum)
    };
    assert_eq!(
        root.send(finish("AAAAAAAAAAA=")).await.element("Code"),
        "BadDigest"
    );
    let done = root.send(finish("rosUhgp5mIg=")).await.ok();
    assert_eq!(done.element("ChecksumCRC64NVME"), "rosUhgp5mIg=");
}
