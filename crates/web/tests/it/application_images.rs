//! Images of tiles: given in the admin portal and by programs, shown in both portals.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use jetway_identity::applications::MAX_IMAGE_BYTES;
use jetway_identity::{EventKind, Role, Scope};
use serde_json::json;

use crate::admin_users::assert_says;
use crate::api::{Api, fields_of, problem};
use crate::browser::{Answer, Browser, send};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
const GIF: &[u8] = b"GIF89a\x10\0\x10\0\0\0\0\x3b";

/// One pixel.
fn png() -> Vec<u8> {
    let text = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    STANDARD.decode(text).unwrap()
}

fn admin(site: &Site) -> String {
    format!("/admin/applications/{}", site.application)
}

/// Sends a file as the form of the general tab does, declared as a PNG whatever it is.
async fn upload(browser: &mut Browser<'_>, site: &Site, picture: &[u8]) -> Answer {
    let csrf = browser.admin_csrf().await;
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--x\r\n\
         Content-Disposition: form-data; name=\"image\"; filename=\"tile.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(picture);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = browser
        .request("POST", &format!("{}/image", admin(site)))
        .header(ORIGIN, &site.origin)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body));
    browser.send(request.unwrap()).await
}

async fn put(
    site: &Site,
    key: &str,
    media_type: &str,
    headers: &[(&str, &str)],
    file: &[u8],
) -> Answer {
    let host = site.origin.split_once("://").unwrap().1;
    let mut request = Request::builder()
        .method("PUT")
        .uri(format!("/api/v1/applications/{}/image", site.application))
        .header(HOST, host)
        .header("x-api-key", key)
        .header(CONTENT_TYPE, media_type);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(
        &site.router,
        request.body(Body::from(file.to_vec())).unwrap(),
    )
    .await
}

/// The addresses of the images on a page.
fn images(page: &Answer) -> Vec<String> {
    let parts = page.body.split("src=\"").skip(1);
    let addresses = parts.filter_map(|part| part.split('"').next());
    let images = addresses.filter(|address| address.contains("/image"));
    images.map(str::to_owned).collect()
}

/// Requirement G06.
#[tokio::test]
async fn an_administrator_gives_a_tile_an_image_and_takes_it_away() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let general = format!("{}/general", admin(&site));
    let page = browser.get(&general).await;
    assert_says(
        &page,
        &["User Portal Image", "None: the tile shows initials"],
    );
    assert!(images(&page).is_empty());

    let answer = upload(&mut browser, &site, &png()).await;
    assert_eq!(answer.location(), format!("{general}?done=image"));
    let page = browser.get(answer.location()).await;
    assert_says(
        &page,
        &["The image is saved.", "alt=\"The image as it is now\""],
    );
    let address = images(&page)[0].clone();
    let list = browser.get("/admin/applications").await;
    assert_eq!(images(&list), [address.as_str()]);
    let image = browser.get(&address).await;
    assert_eq!((image.status, &image.bytes), (200, &png()));
    let event = site.last_event(EventKind::ApplicationUpdate).await.unwrap();
    assert_eq!(event.detail["changes"][0]["field"], "image");

    let answer = upload(&mut browser, &site, GIF).await;
    let page = browser.get(answer.location()).await;
    assert_ne!(
        images(&page)[0],
        address,
        "another picture, another address"
    );
    assert_eq!(browser.get(&address).await.status, 404);

    let csrf = browser.admin_csrf().await;
    let delete = format!("{}/image/delete", admin(&site));
    let answer = browser.post(&delete, &[("csrf", &csrf)]).await;
    let page = browser.get(answer.location()).await;
    assert_says(&page, &["The image is removed."]);
    assert!(images(&page).is_empty());
}

/// Requirement G06, and no scripts in pictures.
#[tokio::test]
async fn what_is_no_picture_or_too_large_is_refused_beside_its_field() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let mut large = GIF[..13].to_vec();
    large.resize(MAX_IMAGE_BYTES, 0);
    large.push(0x3b);
    let mut polyglot = png();
    polyglot.extend_from_slice(b"<script>alert(1)</script>");
    for (picture, reason) in [
        (SVG, "this is not a PNG, JPEG, GIF or WebP picture"),
        (&large, "use a picture of at most 256 KiB"),
        (b"", "choose a picture first"),
        (&polyglot, "the picture is damaged"),
        (
            b"GIF89a\x01\x04\x01\0\0\0\0\x3b",
            "the picture has 1025 by 1 pixels",
        ),
    ] {
        let answer = upload(&mut browser, &site, picture).await;
        assert_eq!(answer.status, 422, "{reason}");
        let capital = format!("{}{}", reason[..1].to_uppercase(), &reason[1..]);
        assert!(
            answer.body.contains(reason) || answer.body.contains(&capital),
            "{reason}"
        );
        assert!(images(&answer).is_empty());
    }
    large.resize(2 << 20, 0);
    let answer = upload(&mut browser, &site, &large).await;
    assert_eq!(answer.status, 413);
    let mut reader = site.browser_of_administrator(Role::ReadOnly).await;
    assert_eq!(upload(&mut reader, &site, &png()).await.status, 403);
    let page = reader.get(&format!("{}/general", admin(&site))).await;
    assert!(!page.body.contains("type=\"file\""), "nothing to press");
}

/// Requirements G06, K01, L01.
#[tokio::test]
async fn the_portal_shows_the_image_to_those_who_have_the_application_and_to_nobody_else() {
    let site = Site::start().await;
    let mut administrator = site.browser_of_administrator(Role::Full).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let portal = browser.get("/").await;
    assert!(portal.body.contains(">AP</text>"), "initials");
    upload(&mut administrator, &site, &png()).await;
    let portal = browser.get("/").await;
    assert!(!portal.body.contains(">AP</text>"));
    let address = images(&portal)[0].clone();
    let image = browser.get(&address).await;
    assert_eq!((image.status, &image.bytes), (200, &png()));
    assert_eq!(
        image.header("content-type"),
        "image/png",
        "not what it was declared as"
    );
    assert_eq!(image.header("x-content-type-options"), "nosniff");
    assert_eq!(
        image.header("cache-control"),
        "private, max-age=31536000, immutable"
    );
    let mut other = site.browser_of(COYOTE).await;
    assert_eq!(other.get(&address).await.status, 404, "not granted");
    let stranger = site.browser().get(&address).await;
    assert_eq!(
        (stranger.status, stranger.location()),
        (303, "/login?next=%2F")
    );
    let made_up = format!("/images/{}/{}", site.application, "0".repeat(64));
    let missing = browser.get(&made_up).await;
    assert_eq!(
        (missing.status, missing.header("cache-control")),
        (404, "no-store")
    );
    let of_admin = format!("{}/image/{}", admin(&site), "0".repeat(64));
    assert_eq!(browser.get(&of_admin).await.status, 303, "no administrator");
}

#[tokio::test]
async fn a_program_sets_reads_and_deletes_an_image() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let application = format!("/api/v1/applications/{}", site.application);
    let address = format!("{application}/image");
    assert_eq!(api.get(&address).await.status, 404);
    let set = put(
        &site,
        &api.key,
        "image/png",
        &[("if-match", "\"1\"")],
        &png(),
    )
    .await;
    assert_eq!(
        (set.status, set.header("etag")),
        (200, "\"2\""),
        "{}",
        set.body
    );
    let hash = set.json()["image"].as_str().unwrap().to_owned();
    assert_eq!(hash.len(), 64);
    let read = api.get(&address).await;
    assert_eq!(
        (read.header("content-type"), &read.bytes),
        ("image/png", &png())
    );
    let stale = put(&site, &api.key, "image/png", &[("if-match", "\"1\"")], GIF).await;
    assert_eq!(stale.status, 412);
    let told = put(&site, &api.key, "application/octet-stream", &[], GIF).await;
    assert_ne!(told.json()["image"], json!(hash));
    assert_eq!(api.get(&address).await.header("content-type"), "image/gif");
    let refused = put(&site, &api.key, "image/png", &[], SVG).await;
    assert_eq!(
        (refused.status, fields_of(&refused)),
        (422, vec!["body".to_owned()])
    );
    let refused = put(&site, &api.key, "image/svg+xml", &[], SVG).await;
    assert_eq!(refused.status, 415);
    problem(&refused);
    assert_eq!(api.delete(&address).await.status, 204);
    assert_eq!(api.get(&address).await.status, 404);
    assert_eq!(api.get(&application).await.json()["image"], json!(null));
    let reader = Api::new(&site, Scope::Read).await;
    assert_eq!(
        put(&site, &reader.key, "image/png", &[], &png())
            .await
            .status,
        403
    );
    assert_eq!(reader.delete(&address).await.status, 403);
}

/// Requirements §5.2: `logo` of the other API.
#[tokio::test]
async fn a_script_for_jumpcloud_finds_and_removes_the_logo() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Full).await;
    let address = format!("/api/applications/{}", site.application);
    assert_eq!(api.get(&address).await.json()["logo"]["url"], "");
    put(&site, &api.key, "image/png", &[], &png()).await;
    let url = api.get(&address).await.json()["logo"]["url"].clone();
    let path = url.as_str().unwrap().strip_prefix(&site.origin).unwrap();
    assert_eq!(api.get(path).await.bytes, png());
    let logo = format!("/api/v2/applications/{}/logo", site.application);
    for _ in 0..2 {
        assert_eq!(api.delete(&logo).await.status, 204);
    }
    assert_eq!(api.get(&address).await.json()["logo"]["url"], "");
    let nobody = "/api/v2/applications/0123456789abcdef01234567/logo";
    assert_eq!(api.delete(nobody).await.status, 404);
}
