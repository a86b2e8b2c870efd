//! Who gets in, and where the endpoint is (identity-center.md §3.1).

use axum::{
    body::Body,
    http::{Request, header},
};
use jetway_local_aws::identity_center::{create_scim_token, delete_scim_token};
use secrecy::ExposeSecret;

use super::world::{Scim, user};

const YEAR: i64 = 365 * 24 * 3600;
const UNAUTHORIZED: &str = "Authorization header is invalid or missing. This error also occurs if the tenant ID is incorrect.";

async fn status_of(scim: &Scim, path: &str, authorization: Option<&str>) -> u16 {
    let mut request = Request::get(path).header(header::HOST, "localhost:4566");
    if let Some(value) = authorization {
        request = request.header(header::AUTHORIZATION, value);
    }
    let request = request.body(Body::empty()).unwrap();
    scim.world.send(request).await.status
}

/// A missing, altered or misplaced token and a wrong tenant are all the same to the client.
#[tokio::test]
async fn without_the_right_token_and_tenant_nothing_is_answered() {
    let scim = Scim::aws();
    let users = format!("{}/Users", scim.path());
    let good = format!("Bearer {}", scim.token);
    assert_eq!(status_of(&scim, &users, Some(&good)).await, 200);
    let lower = format!("bearer {}", scim.token);
    assert_eq!(status_of(&scim, &users, Some(&lower)).await, 200);
    let altered = format!("Bearer {}x", scim.token);
    let bare = scim.token.clone();
    let basic = format!("Basic {}", scim.token);
    for authorization in [
        None,
        Some(""),
        Some("Bearer "),
        Some(&*altered),
        Some(&*bare),
        Some(&*basic),
    ] {
        assert_eq!(
            status_of(&scim, &users, authorization).await,
            401,
            "{authorization:?}"
        );
    }
    let other = "/f3v1a2b3c4d-1111-2222-3333-444455556666/scim/v2/Users";
    assert_eq!(status_of(&scim, other, Some(&good)).await, 401);
    // What is not there is not told to strangers either.
    let nowhere = format!("{}/Nowhere", scim.path());
    assert_eq!(status_of(&scim, &nowhere, None).await, 401);
}

#[tokio::test]
async fn the_refusal_has_the_body_of_an_error() {
    let scim = Scim {
        token: "nonsense".into(),
        ..Scim::aws()
    };
    let reply = scim.get("/Users").await;
    assert_eq!(reply.error(), (401, UNAUTHORIZED.to_owned()));
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("www-authenticate"), "");
    let rfc = Scim {
        token: "nonsense".into(),
        ..Scim::of("rfc")
    };
    assert_eq!(rfc.get("/Users").await.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn a_token_ends_after_a_year_or_when_it_is_deleted() {
    let mut scim = Scim::aws();
    let aws = &scim.world.aws;
    let second = create_scim_token(aws, &mut aws.op()).unwrap();
    let first = std::mem::replace(&mut scim.token, second.token.expose_secret().to_owned());
    assert_eq!(scim.get("/Users").await.status, 200);
    delete_scim_token(&scim.world.aws, &second.id).unwrap();
    assert_eq!(scim.get("/Users").await.status, 401);
    scim.token = first;
    assert_eq!(scim.get("/Users").await.status, 200);
    scim.world.advance(YEAR - 1);
    assert_eq!(scim.get("/Users").await.status, 200);
    scim.world.advance(24 * 3600);
    assert_eq!(scim.get("/Users").await.status, 401);
}

/// The console shows the endpoint with a slash at the end, and some clients want one everywhere.
#[tokio::test]
async fn a_slash_at_the_end_does_not_matter() {
    let scim = Scim::aws();
    for path in [
        "/Users/",
        "/Groups/",
        "/ServiceProviderConfig/",
        "/Schemas/",
        "/ResourceTypes/",
    ] {
        assert_eq!(scim.get(path).await.status, 200, "{path}");
    }
    let created = scim.post("/Users/", &user("ada")).await;
    assert_eq!(created.status, 201);
    assert_eq!(scim.get("//Users").await.ids().len(), 1);
    assert_eq!(scim.get("//Users//").await.status, 404);
}

#[tokio::test]
async fn head_is_answered_as_get_is() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    for (path, status) in [
        ("/Users", 200),
        (&*format!("/Users/{ada}"), 200),
        ("/Users/nobody", 404),
        ("/Schemas", 200),
    ] {
        let head = scim.world.send(scim.request("HEAD", path, "")).await;
        assert_eq!(head.status, status, "{path}");
    }
}

#[tokio::test]
async fn the_methods_of_an_address_are_named_where_one_is_refused() {
    let scim = Scim::aws();
    for (path, allowed) in [
        ("/Users", "GET, HEAD, POST"),
        ("/Groups/x", "GET, HEAD, PUT, PATCH, DELETE"),
        ("/Schemas", "GET, HEAD"),
    ] {
        let reply = scim.world.send(scim.request("TRACE", path, "")).await;
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, allowed),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_host_name_of_aws_works_too() {
    let scim = Scim::aws();
    for host in ["scim.us-east-1.amazonaws.com", "scim.eu-west-1.api.aws"] {
        let mut request = scim.request("GET", "/Users", "");
        request
            .headers_mut()
            .insert(header::HOST, host.parse().unwrap());
        assert_eq!(scim.world.send(request).await.status, 200, "{host}");
        let root = Request::get("/").header(header::HOST, host);
        let reply = scim.world.send(root.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, 401, "{host}");
    }
}

#[tokio::test]
async fn each_answer_has_a_request_id_and_neither_location_nor_version() {
    let scim = Scim::aws();
    let created = scim.post("/Users", &user("ada")).await;
    for reply in [
        &created,
        &scim.get("/Users").await,
        &scim.get("/Users/x").await,
    ] {
        assert_eq!(reply.header("x-amzn-requestid").len(), 36);
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(reply.header("location"), "");
    }
    let meta = &created.json()["meta"];
    assert_eq!(
        meta.to_string(),
        r#"{"resourceType":"User","created":"2026-11-22T04:00:00Z","lastModified":"2026-11-22T04:00:00Z"}"#
    );
}

#[tokio::test]
async fn what_is_not_offered_is_refused_by_its_status() {
    let scim = Scim::aws();
    let group = scim.group("operations", &[]).await;
    for (method, path, status) in [
        ("GET", "/Nowhere", 404),
        ("GET", "", 404),
        ("GET", "/Me", 501),
        ("POST", "/Bulk", 501),
        ("POST", "/.search", 501),
        ("POST", "/Users/.search", 501),
        ("PUT", &*format!("/Groups/{group}"), 501),
        ("PUT", "/Users", 405),
        ("POST", "/ServiceProviderConfig", 405),
        ("DELETE", "/Schemas", 405),
        ("PATCH", "/ResourceTypes/User", 405),
    ] {
        let request = scim.request(method, path, "{}");
        assert_eq!(
            scim.world.send(request).await.status,
            status,
            "{method} {path}"
        );
    }
}
