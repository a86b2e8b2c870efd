//! Requests signed by AWS's own signer, seen from the server's side.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use jetway_aws_wire::sigv4::{BodyHash, RequestParts, SigV4Error, parse, verify};
use time::OffsetDateTime;

pub(crate) const ACCESS_KEY_ID: &str = "ASIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE//token+with/odd=characters==";

/// 2026-11-22T12:00:00Z.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_795_348_800).unwrap()
}

/// A request as the server gets it.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) s3: bool,
}

impl Signed {
    pub(crate) fn header(&mut self, name: &str) -> &mut String {
        &mut self
            .headers
            .iter_mut()
            .find(|(given, _)| given == name)
            .unwrap()
            .1
    }

    /// The checks of a server, with the hash that this kind of service uses.
    pub(crate) fn check(&self, secret: &str, now: OffsetDateTime) -> Result<(), SigV4Error> {
        let header = self
            .headers
            .iter()
            .find(|(name, _)| name == "x-amz-content-sha256");
        let body_sha256 = match (self.s3, header) {
            (true, Some((_, value))) => BodyHash::verbatim(value),
            (true, None) => BodyHash::UNSIGNED_PAYLOAD,
            (false, _) => BodyHash::of(&self.body),
        };
        let parts = RequestParts {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
            body_sha256,
        };
        let authorization = parse(&parts)?.expect("the request is signed");
        assert_eq!(authorization.access_key_id, ACCESS_KEY_ID);
        assert_eq!(authorization.region, "eu-central-1");
        assert_eq!(authorization.security_token.as_deref(), Some(TOKEN));
        verify(&parts, &authorization, secret, now)
    }

    pub(crate) fn error(&self) -> SigV4Error {
        self.check(SECRET, now())
            .expect_err("the request is refused")
    }
}

/// What is to be signed.
pub(crate) struct Plain<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: &'a [u8],
}

/// The form post of an STS operation.
pub(crate) fn form_post(body: &[u8]) -> Plain<'_> {
    let headers = vec![(
        "content-type".to_owned(),
        "application/x-www-form-urlencoded; charset=utf-8".to_owned(),
    )];
    Plain {
        method: "POST",
        path: "/",
        query: "",
        headers,
        body,
    }
}

/// Signs in the header, as the SDKs do for the service.
pub(crate) fn signed(plain: Plain<'_>, service: &str) -> Signed {
    sign_with(plain, service, settings(service), now())
}

/// Signs into the query.
pub(crate) fn presigned(plain: Plain<'_>, service: &str, expires: Duration) -> Signed {
    let mut settings = settings(service);
    settings.signature_location = SignatureLocation::QueryParams;
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    settings.expires_in = Some(expires);
    sign_with(plain, service, settings, now())
}

fn settings(service: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    settings
}

fn sign_with(
    plain: Plain<'_>,
    service: &str,
    settings: SigningSettings,
    at: OffsetDateTime,
) -> Signed {
    let in_query = settings.signature_location == SignatureLocation::QueryParams;
    let identity =
        Credentials::new(ACCESS_KEY_ID, SECRET, Some(TOKEN.to_owned()), None, "tests").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("eu-central-1")
        .name(service)
        .time(SystemTime::from(at))
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let mut headers = vec![("host".to_owned(), "localhost:4566".to_owned())];
    headers.extend(plain.headers);
    let question = if plain.query.is_empty() { "" } else { "?" };
    let uri = format!(
        "http://localhost:4566{}{question}{}",
        plain.path, plain.query
    );
    let body = if in_query && service == "s3" {
        SignableBody::UnsignedPayload
    } else {
        SignableBody::Bytes(plain.body)
    };
    let request = SignableRequest::new(
        plain.method,
        &uri,
        headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
        body,
    )
    .unwrap();
    let (instructions, _) = sign(request, &params).unwrap().into_parts();
    let mut wire = http::Request::builder().method(plain.method).uri(&uri);
    for (name, value) in &headers {
        wire = wire.header(name, value);
    }
    let mut wire = wire.body(()).unwrap();
    instructions.apply_to_request_http1x(&mut wire);
    Signed {
        method: plain.method.to_owned(),
        path: wire.uri().path().to_owned(),
        query: wire.uri().query().unwrap_or_default().to_owned(),
        headers: wire
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: plain.body.to_vec(),
        s3: service == "s3",
    }
}
