//! A local AWS with two accounts, and clients that sign.

use std::{
    sync::{Arc, Mutex},
    time::{Duration as StdDuration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
        SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use axum::body::{Body, Bytes};
use http::{HeaderMap, Method, Request, StatusCode};
use jetway_local_aws::{Clock, Entropy, LocalAws, RootCredentials, Settings, iam};
use jetway_saml::{
    Assertion, Attribute, IdpMetadata, NAMEID_PERSISTENT, NameId, Response, SignWhat, SigningKey,
};
use rand::{SeedableRng, rngs::StdRng};
use secrecy::ExposeSecret;
use time::{Duration, OffsetDateTime, macros::datetime};
use tower::ServiceExt;

pub(crate) const ACCOUNT: &str = "012345678987";
pub(crate) const OTHER_ACCOUNT: &str = "210987654321";
const ISSUER: &str = "https://idp.example.com/saml2/aws";

struct TestClock(Mutex<OffsetDateTime>);

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

/// A counter as the seed: every request has other randomness, every run the same.
#[derive(Default)]
struct TestEntropy(Mutex<u64>);

impl Entropy for TestEntropy {
    fn rng(&self) -> StdRng {
        let mut seed = self.0.lock().unwrap();
        *seed += 1;
        StdRng::seed_from_u64(*seed)
    }
}

pub(crate) struct World {
    pub(crate) aws: LocalAws,
    pub(crate) folder: tempfile::TempDir,
    clock: Arc<TestClock>,
    entropy: Arc<TestEntropy>,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Far in the future: nothing may look at another clock.
        let clock = Arc::new(TestClock(Mutex::new(datetime!(2101-03-04 05:06:07 UTC))));
        let entropy = Arc::new(TestEntropy::default());
        let aws = open(&folder, &clock, &entropy);
        Self {
            aws,
            folder,
            clock,
            entropy,
        }
    }

    /// Stops and starts again on the same data folder.
    pub(crate) fn restart(self) -> Self {
        let Self {
            aws,
            folder,
            clock,
            entropy,
        } = self;
        drop(aws);
        let aws = open(&folder, &clock, &entropy);
        Self {
            aws,
            folder,
            clock,
            entropy,
        }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    pub(crate) fn advance(&self, by: Duration) {
        *self.clock.0.lock().unwrap() += by;
    }

    /// The administrator of the account.
    pub(crate) fn root(&self) -> Client<'_> {
        self.administrator(ACCOUNT)
    }

    pub(crate) fn administrator(&self, account: &str) -> Client<'_> {
        let RootCredentials {
            access_key_id,
            secret_access_key,
        } = self.aws.ensure_account(account, "an account").unwrap();
        let secret = secret_access_key.expose_secret().to_owned();
        Client {
            world: self,
            key: access_key_id,
            secret,
            token: None,
        }
    }

    /// A federated session of a role whose only policy is `statements`, JSON without brackets.
    pub(crate) async fn role(&self, statements: &str) -> Client<'_> {
        self.root();
        let mut op = self.aws.op();
        let key = SigningKeyPair::new(self.now());
        let provider = iam::NewSamlProvider {
            name: "idp".to_owned(),
            metadata: key.metadata.clone(),
            tags: Vec::new(),
        };
        let provider = iam::create_saml_provider(&self.aws, &mut op, ACCOUNT, provider).unwrap();
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Federated":"{}"}},"Action":"sts:AssumeRoleWithSAML"}}]}}"#,
            provider.arn()
        );
        let role = iam::NewRole::new("reader", trust);
        let role = iam::create_role(&self.aws, &mut op, ACCOUNT, role).unwrap();
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        iam::put_role_policy(&self.aws, ACCOUNT, "reader", "own", &policy).unwrap();
        let assertion = key.assertion(self.now(), role.arn(), provider.arn());
        let form = [
            ("Action", "AssumeRoleWithSAML"),
            ("Version", "2011-06-15"),
            ("RoleArn", role.arn()),
            ("PrincipalArn", provider.arn()),
            ("SAMLAssertion", &assertion),
        ];
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = Request::post("/")
            .header("host", "localhost:4566")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let answer = self.send(request).await;
        let text = answer.text();
        let part = |name: &str| between(&text, name).unwrap_or_else(|| panic!("{text}"));
        Client {
            world: self,
            key: part("AccessKeyId"),
            secret: part("SecretAccessKey"),
            token: Some(part("SessionToken")),
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.aws.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Every file below `objects/`.
    pub(crate) fn object_files(&self) -> Vec<std::path::PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("objects")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }
}

fn open(
    folder: &tempfile::TempDir,
    clock: &Arc<TestClock>,
    entropy: &Arc<TestEntropy>,
) -> LocalAws {
    let settings = Settings {
        public_url: "http://localhost:4566".parse().unwrap(),
        data_dir: folder.path().to_owned(),
        region: "us-east-1".to_owned(),
    };
    LocalAws::open(settings, Arc::clone(clock) as _, Arc::clone(entropy) as _).unwrap()
}

struct SigningKeyPair {
    key: SigningKey,
    metadata: String,
}

impl SigningKeyPair {
    fn new(now: OffsetDateTime) -> Self {
        let until = now + Duration::days(30);
        let made = jetway_saml::generate_signing_key("idp", now, until, [7; 16]).unwrap();
        let key = SigningKey::from_pkcs8_der(&made.pkcs8_der, &made.certificate_der).unwrap();
        let metadata = IdpMetadata {
            entity_id: ISSUER.to_owned(),
            certificates: vec![made.certificate_der.clone()],
            sso_redirect: Some(ISSUER.to_owned()),
            sso_post: Some(ISSUER.to_owned()),
            name_id_formats: vec![NAMEID_PERSISTENT.to_owned()],
            ..IdpMetadata::default()
        };
        Self {
            key,
            metadata: metadata.to_xml().unwrap(),
        }
    }

    fn assertion(&self, now: OffsetDateTime, role: &str, provider: &str) -> String {
        let attribute = |name: &str, value: String| Attribute {
            name: name.to_owned(),
            values: vec![value],
        };
        let recipient = "https://signin.aws.amazon.com/saml".to_owned();
        let until = now + Duration::minutes(5);
        let response = Response {
            id: "_r0123456789abcdef0123456789abcdef".to_owned(),
            in_response_to: None,
            issue_instant: now,
            destination: recipient.clone(),
            issuer: ISSUER.to_owned(),
            assertion: Assertion {
                id: "_a0123456789abcdef0123456789abcdef".to_owned(),
                issue_instant: now,
                issuer: ISSUER.to_owned(),
                name_id: NameId {
                    format: NAMEID_PERSISTENT.to_owned(),
                    value: "wile".to_owned(),
                },
                audience: recipient.clone(),
                recipient,
                in_response_to: None,
                confirmation_not_on_or_after: until,
                not_before: now,
                not_on_or_after: until,
                authn_instant: now,
                session_index: "_s1".to_owned(),
                session_not_on_or_after: None,
                authn_context_class: jetway_saml::AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT
                    .to_owned(),
                attributes: vec![
                    attribute(jetway_saml::ATTRIBUTE_ROLE, format!("{role},{provider}")),
                    attribute(jetway_saml::ATTRIBUTE_ROLE_SESSION_NAME, "wile".to_owned()),
                ],
            },
        };
        response
            .sign(&self.key, SignWhat::Assertion)
            .unwrap()
            .to_base64()
    }
}

/// Somebody with an access key.
#[derive(Clone)]
pub(crate) struct Client<'w> {
    pub(crate) world: &'w World,
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// A request before it is signed.
#[derive(Clone)]
pub(crate) struct Plain {
    method: Method,
    host: String,
    /// Path and query as on the wire.
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// What is sent instead of `body` when the payload is not signed.
    unsigned_trailer: bool,
    region: String,
}

impl Plain {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.parse().unwrap(),
            host: "localhost:4566".to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            unsigned_trailer: false,
            region: "us-east-1".to_owned(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    pub(crate) fn region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.region);
        self
    }

    /// `aws-chunked` with an unsigned payload and a trailer, as clients do over TLS.
    pub(crate) fn trailer(mut self, name: &str, value: &str) -> Self {
        let length = self.body.len();
        let mut chunked = format!("{length:x}\r\n").into_bytes();
        chunked.extend_from_slice(&self.body);
        chunked.extend_from_slice(format!("\r\n0\r\n{name}:{value}\r\n\r\n").as_bytes());
        self.body = chunked;
        self.unsigned_trailer = true;
        self.header("x-amz-trailer", name)
            .header("content-encoding", "aws-chunked")
            .header("x-amz-decoded-content-length", &length.to_string())
    }
}

impl Client<'_> {
    /// Signs and sends.
    pub(crate) async fn send(&self, plain: Plain) -> Answer {
        self.world.send(self.signed(plain)).await
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send(Plain::new("GET", target)).await
    }

    pub(crate) async fn put(&self, target: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.send(Plain::new("PUT", target).body(body)).await
    }

    /// A bucket of this client's account.
    pub(crate) async fn bucket(&self, name: &str) {
        self.put(&format!("/{name}"), "").await.ok();
    }

    pub(crate) fn signed(&self, plain: Plain) -> Request<Body> {
        self.sign(plain, SignatureLocation::Headers)
    }

    /// The address that anybody may use for five minutes.
    pub(crate) fn presigned(&self, plain: Plain) -> Request<Body> {
        self.sign(plain, SignatureLocation::QueryParams)
    }

    fn sign(&self, plain: Plain, location: SignatureLocation) -> Request<Body> {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.signature_location = location;
        let body = match location {
            SignatureLocation::QueryParams => {
                settings.expires_in = Some(StdDuration::from_mins(5));
                SignableBody::UnsignedPayload
            }
            SignatureLocation::Headers => {
                settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
                if plain.unsigned_trailer {
                    SignableBody::StreamingUnsignedPayloadTrailer
                } else {
                    SignableBody::Bytes(&plain.body)
                }
            }
            _ => panic!("signatures are in headers or in the query"),
        };
        let identity = Credentials::new(
            self.key.clone(),
            self.secret.clone(),
            self.token.clone(),
            None,
            "tests",
        )
        .into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&plain.region)
            .name("s3")
            .time(SystemTime::from(self.world.now()))
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let mut headers = vec![("host".to_owned(), plain.host.clone())];
        headers.extend(plain.headers);
        let uri = format!("http://{}{}", plain.host, plain.target);
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let request = SignableRequest::new(plain.method.as_str(), &uri, pairs, body).unwrap();
        let (instructions, _) = sign(request, &params).unwrap().into_parts();
        let mut wire = Request::builder()
            .method(plain.method)
            .uri(&uri)
            .header("content-length", plain.body.len());
        for (name, value) in &headers {
            wire = wire.header(name, value);
        }
        let mut wire = wire.body(Body::from(plain.body)).unwrap();
        instructions.apply_to_request_http1x(&mut wire);
        // A server sees path and query only.
        *wire.uri_mut() = wire
            .uri()
            .path_and_query()
            .unwrap()
            .as_str()
            .parse()
            .unwrap();
        wire
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The text of the first element of this name.
    pub(crate) fn element(&self, name: &str) -> String {
        between(&self.text(), name).unwrap_or_default()
    }

    /// The texts of all elements of this name.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let text = self.text();
        let tag = format!("<{name}>");
        let parts = text.split(&tag).skip(1);
        parts
            .map(|part| part.split("</").next().unwrap_or_default().to_owned())
            .collect()
    }

    /// Fails unless it is a success.
    pub(crate) fn ok(self) -> Self {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        self
    }

    /// Fails unless it is this error, with both ids.
    pub(crate) fn is_error(&self, status: u16, code: &str, message: &str) {
        let found = (
            self.status.as_u16(),
            self.element("Code"),
            self.element("Message"),
        );
        assert_eq!(
            found,
            (status, code.to_owned(), escape(message)),
            "{}",
            self.text()
        );
        assert_eq!(self.header("x-amz-request-id"), self.element("RequestId"));
        assert_eq!(self.header("x-amz-id-2"), self.element("HostId"));
        assert_eq!(self.element("RequestId").len(), 16);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}

fn between(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>"))
        .map(|(found, _)| found.to_owned())
}
