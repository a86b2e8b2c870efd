use super::world::{Answer, Client, World};

async fn with_keys<'w>(world: &'w World, keys: &[&str]) -> Client<'w> {
    let root = world.root();
    root.bucket("photos").await;
    for key in keys {
        root.put(&format!("/photos/{key}"), "x").await.ok();
    }
    root
}

fn prefixes(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    text.split("<CommonPrefixes><Prefix>")
        .skip(1)
        .map(|part| part.split("</").next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn folders_are_common_prefixes() {
    let world = World::new();
    let root = with_keys(&world, &["a", "b/1", "b/2", "b/c/3", "d", "e/1"]).await;
    let top = root
        .get("/photos?list-type=2&prefix=&delimiter=%2F&encoding-type=url")
        .await
        .ok();
    assert_eq!(top.elements("Key"), ["a", "d"]);
    assert_eq!(prefixes(&top), ["b/", "e/"]);
    assert_eq!(top.element("KeyCount"), "4");
    let below = root
        .get("/photos?list-type=2&prefix=b%2F&delimiter=%2F")
        .await
        .ok();
    assert_eq!(below.elements("Key"), ["b/1", "b/2"]);
    assert_eq!(prefixes(&below), ["b/c/"]);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let world = World::new();
    let keys = ["a", "b/1", "b/2", "c", "d/1", "d/2", "e"];
    let root = with_keys(&world, &keys).await;
    for (delimiter, expected) in [
        ("", keys.to_vec()),
        ("%2F", vec!["a", "b/", "c", "d/", "e"]),
    ] {
        for size in 1..=8 {
            let mut found = Vec::new();
            let mut token = String::new();
            loop {
                let target =
                    format!("/photos?list-type=2&delimiter={delimiter}&max-keys={size}{token}");
                let page = root.get(&target).await.ok();
                let mut items = page.elements("Key");
                items.extend(prefixes(&page));
                assert!(items.len() <= size);
                found.extend(items);
                if page.element("IsTruncated") == "false" {
                    break;
                }
                token = format!(
                    "&continuation-token={}",
                    page.element("NextContinuationToken")
                );
            }
            found.sort();
            assert_eq!(found, expected, "delimiter {delimiter:?}, {size} per page");
        }
    }
}

#[tokio::test]
async fn version_one_goes_on_after_its_marker() {
    let world = World::new();
    let root = with_keys(&world, &["a", "b/1", "b/2", "c"]).await;
    let first = root.get("/photos?delimiter=%2F&max-keys=2").await.ok();
    assert_eq!(
        (first.elements("Key"), prefixes(&first)),
        (vec!["a".into()], vec!["b/".into()])
    );
    assert_eq!(first.element("NextMarker"), "b/");
    let second = root
        .get("/photos?delimiter=%2F&max-keys=2&marker=b%2F")
        .await
        .ok();
    assert_eq!(
        (second.elements("Key"), prefixes(&second)),
        (vec!["c".into()], vec![])
    );
    assert_eq!(second.element("IsTruncated"), "false");
}

#[tokio::test]
async fn keys_are_encoded_on_request() {
    let world = World::new();
    let root = with_keys(&world, &["a%2Bb%20c", "%C3%BC"]).await;
    let encoded = root.get("/photos?list-type=2&encoding-type=url").await.ok();
    assert_eq!(encoded.elements("Key"), ["a%2Bb+c", "%C3%BC"]);
    assert_eq!(encoded.element("EncodingType"), "url");
    let plain = root.get("/photos?list-type=2").await.ok();
    assert_eq!(plain.elements("Key"), ["a+b c", "ü"]);
}

#[tokio::test]
async fn odd_arguments_are_answered_as_s3_does() {
    let world = World::new();
    let root = with_keys(&world, &["a", "b"]).await;
    let none = root.get("/photos?list-type=2&max-keys=0").await.ok();
    assert_eq!(
        (
            none.element("IsTruncated").as_str(),
            none.elements("Key").len()
        ),
        ("false", 0)
    );
    assert_eq!(
        root.get("/photos?list-type=2&max-keys=5000")
            .await
            .ok()
            .element("MaxKeys"),
        "1000"
    );
    let after = root.get("/photos?list-type=2&start-after=a").await.ok();
    assert_eq!(after.elements("Key"), ["b"]);
    root.get("/photos?list-type=2&max-keys=-1").await.is_error(
        400,
        "InvalidArgument",
        "Argument maxKeys must be an integer between 0 and 2147483647",
    );
    root.get("/photos?list-type=2&continuation-token=bad")
        .await
        .is_error(
            400,
            "InvalidArgument",
            "The continuation token provided is incorrect",
        );
}
