//! A local AWS for one test, and what talks to it.

pub(crate) mod idp;
pub(crate) mod json;
pub(crate) mod signing;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response, header},
};
use jetway_local_aws::{
    Clock, Entropy, LocalAws, RootCredentials, Settings,
    iam::{self, NewRole, NewSamlProvider},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::{SeedableRng, rngs::StdRng};
use tempfile::TempDir;
use time::OffsetDateTime;
use tower::ServiceExt;

use self::{idp::Idp, signing::Keys};

/// 2026-11-22T04:00:00Z, when every test begins.
pub(crate) const START: i64 = 1_795_320_000;
pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const OTHER_ACCOUNT: &str = "210987654321";
pub(crate) const SIGN_IN: &str = "https://signin.aws.amazon.com/saml";

#[derive(Debug)]
pub(crate) struct FixedClock {
    seconds: AtomicI64,
    /// Whether it goes like any other, for programs that have a clock of their own.
    real: AtomicBool,
}

impl Clock for FixedClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "programs from outside have the real time"
    )]
    fn now(&self) -> OffsetDateTime {
        if self.real.load(Ordering::SeqCst) {
            OffsetDateTime::now_utc()
        } else {
            OffsetDateTime::from_unix_timestamp(self.seconds.load(Ordering::SeqCst)).unwrap()
        }
    }
}

/// A different seed for each request, the same ones in each run.
#[derive(Debug)]
struct Seeds(AtomicU64);

impl Entropy for Seeds {
    fn rng(&self) -> StdRng {
        StdRng::seed_from_u64(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

pub(crate) struct World {
    pub(crate) aws: LocalAws,
    pub(crate) admin: Keys,
    clock: Arc<FixedClock>,
    entropy: Arc<Seeds>,
    folder: Arc<TempDir>,
    router: Router,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl World {
    /// An empty local AWS with one account.
    pub(crate) fn empty() -> Self {
        let clock = Arc::new(FixedClock {
            seconds: AtomicI64::new(START),
            real: AtomicBool::new(false),
        });
        let entropy = Arc::new(Seeds(AtomicU64::new(1)));
        Self::open(clock, entropy, Arc::new(tempfile::tempdir().unwrap()))
    }

    fn open(clock: Arc<FixedClock>, entropy: Arc<Seeds>, folder: Arc<TempDir>) -> Self {
        let settings = Settings {
            public_url: "http://localhost:4566".parse().unwrap(),
            data_dir: folder.path().join("aws"),
            region: "us-east-1".into(),
        };
        let aws = LocalAws::open(settings, clock.clone(), entropy.clone()).unwrap();
        let admin = Keys::from(aws.ensure_account(ACCOUNT, "production").unwrap());
        let router = aws.router();
        Self {
            aws,
            admin,
            clock,
            entropy,
            folder,
            router,
        }
    }

    /// The provider `Idp` and the role `Engineer` that trusts it, tags and source identity too.
    pub(crate) fn federated() -> (Self, Idp) {
        let world = Self::empty();
        let idp = Idp::new("https://idp.example/metadata");
        world.provider(ACCOUNT, "Idp", &idp);
        world.role(ACCOUNT, NewRole::new("Engineer", trust(ACCOUNT, "Idp")));
        (world, idp)
    }

    /// Stops the process, so to speak, and starts it again on the same folder.
    pub(crate) fn restart(self) -> Self {
        self.restart_after(|_| ())
    }

    /// The same, with a change to the state file in between.
    pub(crate) fn restart_after(self, change: impl FnOnce(&std::path::Path)) -> Self {
        let Self {
            aws,
            clock,
            entropy,
            folder,
            router,
            ..
        } = self;
        drop((aws, router));
        change(&folder.path().join("aws/state.redb"));
        Self::open(clock, entropy, folder)
    }

    /// Starts it again on a copy of the files in `content`.
    pub(crate) fn restart_from(self, content: &std::path::Path) -> Self {
        let Self {
            aws,
            clock,
            entropy,
            router,
            ..
        } = self;
        drop((aws, router));
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("aws");
        std::fs::create_dir(&data).unwrap();
        for entry in std::fs::read_dir(content).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), data.join(entry.file_name())).unwrap();
        }
        Self::open(clock, entropy, Arc::new(folder))
    }

    pub(crate) fn folder(&self) -> std::path::PathBuf {
        self.folder.path().join("aws")
    }

    pub(crate) fn provider(&self, account: &str, name: &str, idp: &Idp) {
        let new = NewSamlProvider {
            name: name.into(),
            metadata: idp.metadata(),
            tags: vec![],
        };
        iam::create_saml_provider(&self.aws, &mut self.aws.op(), account, new).unwrap();
    }

    pub(crate) fn role(&self, account: &str, new: NewRole) {
        iam::create_role(&self.aws, &mut self.aws.op(), account, new).unwrap();
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// From now on the clock is the machine's.
    pub(crate) fn follow_real_time(&self) {
        self.clock.real.store(true, Ordering::SeqCst);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 * 1024 * 1024).await.unwrap();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// An unsigned STS request.
    pub(crate) async fn sts(&self, parameters: &[(&str, &str)]) -> Reply {
        self.send(form_request(
            "/",
            &form(&with_version(parameters, "2011-06-15")),
        ))
        .await
    }

    /// `AssumeRoleWithSAML` for a role of [`ACCOUNT`] and the provider `Idp`.
    pub(crate) async fn redeem(&self, role: &str, response: &str) -> Reply {
        self.redeem_with(role, response, &[]).await
    }

    pub(crate) async fn redeem_with(
        &self,
        role: &str,
        response: &str,
        more: &[(&str, &str)],
    ) -> Reply {
        let (role, provider) = (role_arn(role), provider_arn("Idp"));
        let mut parameters = vec![
            ("Action", "AssumeRoleWithSAML"),
            ("RoleArn", role.as_str()),
            ("PrincipalArn", provider.as_str()),
            ("SAMLAssertion", response),
        ];
        parameters.extend_from_slice(more);
        self.sts(&parameters).await
    }

    /// A signed IAM request.
    pub(crate) async fn iam(&self, keys: &Keys, parameters: &[(&str, &str)]) -> Reply {
        let body = form(&with_version(parameters, "2010-05-08"));
        self.send(signing::signed(keys, "iam", "us-east-1", self.now(), &body))
            .await
    }

    /// A signed STS request.
    pub(crate) async fn signed_sts(&self, keys: &Keys, parameters: &[(&str, &str)]) -> Reply {
        let body = form(&with_version(parameters, "2011-06-15"));
        self.send(signing::signed(
            keys,
            "sts",
            "eu-central-1",
            self.now(),
            &body,
        ))
        .await
    }

    /// A form posted by a browser.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)], cookie: &str) -> Reply {
        let mut request = form_request(path, &form(fields));
        if !cookie.is_empty() {
            request
                .headers_mut()
                .insert(header::COOKIE, cookie.parse().unwrap());
        }
        self.send(request).await
    }

    /// A page fetched by a browser.
    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Reply {
        let request = Request::get(path)
            .header(header::HOST, "localhost:4566")
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap();
        self.send(request).await
    }
}

fn with_version<'a>(
    parameters: &[(&'a str, &'a str)],
    version: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let mut all = parameters.to_vec();
    all.push(("Version", version));
    all
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    fields
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect::<Vec<_>>()
        .join("&")
}

fn form_request(path: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header(header::HOST, "localhost:4566")
        .header(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded; charset=utf-8",
        )
        .body(Body::from(body.to_owned()))
        .unwrap()
}

pub(crate) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

pub(crate) fn provider_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:saml-provider/{name}")
}

/// The usual trust policy, with tags and source identity.
pub(crate) fn trust(account: &str, provider: &str) -> String {
    trust_for(
        account,
        provider,
        r#"["sts:AssumeRoleWithSAML","sts:TagSession","sts:SetSourceIdentity"]"#,
        "",
    )
}

/// A trust policy with other actions and more members in the statement.
pub(crate) fn trust_for(account: &str, provider: &str, actions: &str, more: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::{account}:saml-provider/{provider}"}},"Action":{actions}{more}}}]}}"#
    )
}

pub(crate) const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

impl Reply {
    /// The text of the first element of this name.
    pub(crate) fn value(&self, name: &str) -> String {
        self.values(name)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no <{name}> in {}", self.text))
    }

    /// The texts of all elements of this name.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        self.text
            .split(&format!("<{name}>"))
            .skip(1)
            .filter_map(|rest| rest.split_once(&format!("</{name}>")))
            .map(|(text, _)| unescape(text))
            .collect()
    }

    /// Status, code and message of a refusal.
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        (self.status, self.value("Code"), self.value("Message"))
    }

    /// The message with the request's id taken out.
    pub(crate) fn message(&self) -> String {
        let id = self.value("RequestId");
        self.value("Message").replace(&id, "<uuid>")
    }

    /// The credentials in an answer.
    pub(crate) fn keys(&self) -> Keys {
        Keys {
            access_key_id: self.value("AccessKeyId"),
            secret: self.value("SecretAccessKey"),
            token: Some(self.value("SessionToken")),
        }
    }

    /// The cookie that was set, for the next request.
    pub(crate) fn cookie(&self) -> String {
        let value = self.headers[header::SET_COOKIE].to_str().unwrap();
        value.split(';').next().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a hidden field of the page.
    pub(crate) fn field(&self, name: &str) -> String {
        let rest = self
            .text
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap()
            .1;
        unescape(rest.split_once('"').unwrap().0)
    }

    pub(crate) fn assert_ok(&self) -> &Self {
        assert_eq!(self.status, 200, "{}", self.text);
        self
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&amp;", "&")
}

impl From<RootCredentials> for Keys {
    fn from(root: RootCredentials) -> Self {
        use secrecy::ExposeSecret;
        Self {
            access_key_id: root.access_key_id,
            secret: root.secret_access_key.expose_secret().to_owned(),
            token: None,
        }
    }
}
