//! One good response in good and bad encodings, at STS and at the sign-in page.

use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE},
};

use crate::support::{Reply, World, form, provider_arn, role_arn};

fn xml(response: &str) -> String {
    String::from_utf8(STANDARD.decode(response).unwrap()).unwrap()
}

fn in_lines(response: &str, end: &str) -> String {
    let lines: Vec<_> = response
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    lines.join(end)
}

/// The response with white space behind it, so that its base64 has so many characters.
fn padded(response: &str, characters: usize) -> String {
    let text = xml(response);
    let bytes = characters / 4 * 3;
    STANDARD.encode(format!("{text}{}", " ".repeat(bytes - text.len())))
}

async fn form_post(world: &World, path: &str, body: impl Into<Body>) -> Reply {
    let request = Request::post(path)
        .header(header::HOST, "localhost:4566")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .unwrap();
    world.send(request).await
}

#[tokio::test]
async fn a_response_is_read_in_every_encoding_that_clients_send() {
    for (name, encode) in [
        ("LF", (|good| in_lines(good, "\n")) as fn(&str) -> String),
        ("CRLF", |good| in_lines(good, "\r\n") + "\r\n"),
        ("byte order mark", |good| {
            STANDARD.encode(format!("\u{FEFF}{}", xml(good)))
        }),
        ("declaration", |good| {
            STANDARD.encode(format!(
                "<?xml version='1.0' encoding='utf-8'?>\n{}\n",
                xml(good)
            ))
        }),
        ("100 000 characters", |good| padded(good, 100_000)),
    ] {
        let (world, idp) = World::federated();
        let response = encode(&idp.response());
        let redeemed = world.redeem("Engineer", &response).await;
        assert_eq!(redeemed.status, 200, "{name}: {}", redeemed.text);
        let signed_in = world
            .post("/saml", &[("SAMLResponse", &response)], "")
            .await;
        assert_eq!(signed_in.status, 303, "{name}: {}", signed_in.text);
    }
}

#[tokio::test]
async fn a_good_response_in_a_foreign_encoding_is_refused_without_ado() {
    let (world, idp) = World::federated();
    let good = idp.response();
    let text = xml(&good);
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big_endian: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let declared = |encoding| format!("<?xml version='1.0' encoding='{encoding}'?>{text}");
    let url_safe = URL_SAFE.encode(&text);
    assert!(url_safe.contains('-'));
    // One byte more than a multiple of three, so that there is padding to leave out.
    let one_over = format!("{text}{}", " ".repeat((4 - text.len() % 3) % 3));
    let cases = [
        (
            "UTF-16",
            STANDARD.encode([&[0xFF, 0xFE][..], &utf16].concat()),
        ),
        (
            "UTF-16BE",
            STANDARD.encode([&[0xFE, 0xFF][..], &big_endian].concat()),
        ),
        ("UTF-16 without mark", STANDARD.encode(&utf16)),
        (
            "UTF-7",
            STANDARD.encode(text.replace('<', "+ADw-").replace('>', "+AD4-")),
        ),
        ("UTF-7 declared", STANDARD.encode(declared("UTF-7"))),
        ("UTF-16 declared", STANDARD.encode(declared("UTF-16"))),
        ("Latin-1 declared", STANDARD.encode(declared("ISO-8859-1"))),
        (
            "overlong UTF-8",
            STANDARD.encode([&[0xC0, 0xBC][..], text.as_bytes()].concat()),
        ),
        (
            "XML 1.1",
            STANDARD.encode(format!("<?xml version='1.1'?>{text}")),
        ),
        (
            "gzip",
            STANDARD.encode([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0]),
        ),
        ("twice", STANDARD.encode(&good)),
        ("hexadecimal", hex::encode(&text)),
        ("plain", text.clone()),
        ("URL-safe", url_safe),
        ("without padding", STANDARD_NO_PAD.encode(one_over)),
        ("padding too long", format!("{good}=")),
        ("cut off", good[..good.len() - 41].to_owned()),
        ("NUL", format!("{}\0{}", &good[..100], &good[100..])),
        ("quoted", format!("\"{good}\"")),
        ("data URI", format!("data:text/xml;base64,{good}")),
        ("two", format!("{good}{good}")),
        ("spaces for plus", in_lines(&good, " ")),
    ];
    for (name, response) in cases {
        let redeemed = world.redeem("Engineer", &response).await;
        assert_eq!(redeemed.refusal().1, "InvalidIdentityToken", "{name}");
        let signed_in = world
            .post("/saml", &[("SAMLResponse", &response)], "")
            .await;
        assert_eq!(signed_in.status, 400, "{name}");
        assert_eq!(signed_in.header("set-cookie"), "", "{name}");
    }
    // Nothing of that used the assertion up.
    let fields = [("SAMLResponse", good.as_str())];
    assert_eq!(world.post("/saml", &fields, "").await.status, 303);
}

#[tokio::test]
async fn one_character_group_over_the_limit_is_too_long() {
    let (world, idp) = World::federated();
    let sts = world
        .redeem("Engineer", &padded(&idp.response(), 100_004))
        .await;
    assert_eq!(sts.refusal(), (400, "ValidationError".into(), "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy constraint: Member must have length less than or equal to 100000".into()));
    let response = padded(&idp.response(), 128 * 1024);
    let fits = [("SAMLResponse", response.as_str())];
    assert_eq!(world.post("/saml", &fits, "").await.status, 303);
    let response = padded(&idp.response(), 128 * 1024 + 4);
    let over = [("SAMLResponse", response.as_str())];
    let refused = world.post("/saml", &over, "").await;
    assert_eq!(refused.status, 400);
    assert!(
        refused
            .text
            .contains("Response did not contain a valid SAML assertion")
    );
}

#[tokio::test]
async fn a_form_that_says_things_twice_or_brokenly_is_refused() {
    let (world, idp) = World::federated();
    let good = idp.response();
    let field = form(&[("SAMLResponse", &good)]);
    for body in [
        format!("{field}&{field}"),
        format!("SAMLResponse=&{field}"),
        format!("{field}&x=%zz"),
        format!("{field}&x=%ff"),
        format!("SAMLResponse=%00{}", &field["SAMLResponse=".len()..]),
        "SAMLart=AAQAAA".to_owned(),
        String::new(),
    ] {
        let reply = form_post(&world, "/saml", body).await;
        assert_eq!(reply.status, 400, "{}", reply.text);
    }
    let call = form(&[
        ("Action", "AssumeRoleWithSAML"),
        ("Version", "2011-06-15"),
        ("RoleArn", &role_arn("Engineer")),
        ("PrincipalArn", &provider_arn("Idp")),
        ("SAMLAssertion", &good),
    ]);
    for more in [
        "&RoleArn=x",
        "&SAMLAssertion=x",
        "&Action=GetCallerIdentity",
        "&x=%z",
    ] {
        let reply = form_post(&world, "/", format!("{call}{more}")).await;
        assert_eq!(reply.refusal().1, "MalformedInput", "{more}");
    }
    form_post(&world, "/", call).await.assert_ok();
    assert_eq!(form_post(&world, "/saml", field).await.status, 303);
}
