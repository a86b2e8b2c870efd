//! An identity provider with the user console contract, and an STS, as far as faults need them.
//! Both are on one port; `/saml2/…` and `/userconsole/…` are the identity provider's.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(crate) const PASSWORD: &str = "that-is-all-folks";
pub(crate) const CODE: &str = "555123";
pub(crate) const READ_ONLY: &str = "arn:aws:iam::012345678987:role/AcmeJumpCloudAdminRO";
pub(crate) const ADMIN: &str = "arn:aws:iam::012345678987:role/AcmeJumpCloudAdmin";
const PROVIDER: &str = "arn:aws:iam::012345678987:saml-provider/JumpCloud";
const TOKEN: &str = "anti-forgery-token";

/// What was asked of the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// What it answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, "application/json", body)
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }

    pub(crate) fn xml(status: u16, body: &str) -> Self {
        Self::new(status, "text/xml", body)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The whole answer as it goes over the wire.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let headers: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        format!(
            "HTTP/1.1 {} X\r\nConnection: close\r\n{}Content-Length: {}\r\n\r\n{}",
            self.status,
            headers.concat(),
            self.body.len(),
            self.body
        )
        .into_bytes()
    }
}

/// Answers a request, or leaves it to the next one.
type Special = Box<dyn Fn(&Request, &[Request]) -> Option<Reply> + Send + Sync>;

/// How this identity provider and this STS behave.
#[derive(Default)]
pub(crate) struct Behaviour {
    /// Values of the role attribute; two roles if empty.
    pub(crate) roles: Vec<String>,
    /// What the sign-in answers instead of success once the password is right.
    pub(crate) factors: Option<&'static str>,
    /// The longest session that STS gives, in seconds; 43200 if `None`.
    pub(crate) longest: Option<u32>,
    /// The session has this many seconds, whatever is asked for.
    pub(crate) lasting: Option<i64>,
    /// Goes before everything else.
    pub(crate) special: Option<Special>,
}

/// A running server.
pub(crate) struct Fake {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Fake {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, behaviour) = (requests.clone(), Arc::new(behaviour));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, behaviour) = (seen.clone(), behaviour.clone());
                std::thread::spawn(move || serve(stream, port, &behaviour, &seen));
            }
        });
        Self { port, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn idp(&self) -> String {
        format!("{}/saml2/acme-prod-aws-admin", self.url())
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How many requests there were at all.
    pub(crate) fn total(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// How many requests there were to this path.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.requests()
            .iter()
            .filter(|request| request.path == path)
            .count()
    }

    /// The forms that STS got.
    pub(crate) fn sts_forms(&self) -> Vec<BTreeMap<String, String>> {
        let to_sts = self
            .requests()
            .into_iter()
            .filter(|request| request.path == "/");
        to_sts.map(|request| form(&request.body)).collect()
    }
}

pub(crate) fn role_value(role: &str) -> String {
    format!("{role},{PROVIDER}")
}

fn serve(
    mut stream: TcpStream,
    port: u16,
    behaviour: &Behaviour,
    seen: &Mutex<Vec<Request>>,
) -> Option<()> {
    let request = read_request(&mut stream)?;
    let before = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.clone()
    };
    let reply = answer(&request, &before, port, behaviour);
    stream.write_all(&reply.to_bytes()).ok()
}

pub(crate) fn read_request(stream: &mut impl Read) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let mut request = Request {
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
        ..Request::default()
    };
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        request
            .headers
            .insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = request
        .headers
        .get("content-length")
        .map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}

pub(crate) fn answer(
    request: &Request,
    seen: &[Request],
    port: u16,
    behaviour: &Behaviour,
) -> Reply {
    if let Some(reply) = behaviour
        .special
        .as_ref()
        .and_then(|special| special(request, seen))
    {
        return reply;
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/userconsole/xsrf") => Reply::json(200, &format!(r#"{{"xsrf":"{TOKEN}"}}"#))
            .with("Set-Cookie", &format!("_xsrf={TOKEN}; Path=/; HttpOnly"))
            .with(
                "Set-Cookie",
                "_jumpcloud_user_console_=anon; Path=/; HttpOnly",
            ),
        ("POST", "/userconsole/auth") => authenticate(request, port, behaviour),
        ("GET", path) if path.starts_with("/saml2/") => application(request, behaviour),
        ("POST", "/") => assume_role(&form(&request.body), behaviour),
        _ => Reply::html(404, "<!DOCTYPE html><title>Not found</title>"),
    }
}

fn authenticate(request: &Request, port: u16, behaviour: &Behaviour) -> Reply {
    let cookies = request.headers.get("cookie").cloned().unwrap_or_default();
    let token = request.headers.get("x-xsrftoken");
    if token.map(String::as_str) != Some(TOKEN) || !cookies.contains(&format!("_xsrf={TOKEN}")) {
        return Reply::json(403, r#"{"message":"Forbidden"}"#);
    }
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["context"], "sso");
    if body["password"] != PASSWORD {
        return Reply::json(401, r#"{"message":"Authentication failed."}"#);
    }
    match (behaviour.factors, body["otp"].as_str().unwrap_or_default()) {
        (None, _) | (Some(_), CODE) => {
            let to = body["redirectTo"].as_str().unwrap();
            let reply = format!(r#"{{"redirectTo":"http://127.0.0.1:{port}/{to}"}}"#);
            Reply::json(200, &reply).with(
                "Set-Cookie",
                "_jumpcloud_user_console_=authed; Path=/; HttpOnly",
            )
        }
        (Some(factors), "") => Reply::json(
            401,
            &format!(r#"{{"message":"MFA required.","factors":{factors}}}"#),
        ),
        (Some(_), _) => Reply::json(401, r#"{"message":"Authentication failed."}"#),
    }
}

fn application(request: &Request, behaviour: &Behaviour) -> Reply {
    let cookies = request.headers.get("cookie").cloned().unwrap_or_default();
    if !cookies.contains("_jumpcloud_user_console_=authed") {
        return Reply::html(302, "").with("Location", "/login");
    }
    let default = [role_value(READ_ONLY), role_value(ADMIN)];
    let roles = if behaviour.roles.is_empty() {
        &default[..]
    } else {
        &behaviour.roles
    };
    Reply::html(200, &page(roles))
}

/// The page that posts the assertion to AWS.
pub(crate) fn page(roles: &[String]) -> String {
    let values: Vec<String> = roles
        .iter()
        .map(|role| format!("<saml:AttributeValue>{role}</saml:AttributeValue>"))
        .collect();
    let response = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"r\" Version=\"2.0\" \
         IssueInstant=\"2026-11-22T00:00:00Z\"><saml:Assertion ID=\"a\" Version=\"2.0\" \
         IssueInstant=\"2026-11-22T00:00:00Z\"><saml:Issuer>idp</saml:Issuer>\
         <saml:AttributeStatement><saml:Attribute \
         Name=\"https://aws.amazon.com/SAML/Attributes/Role\">{}</saml:Attribute>\
         </saml:AttributeStatement></saml:Assertion></samlp:Response>",
        values.concat()
    );
    let base64 = STANDARD
        .encode(response)
        .replace('+', "&#43;")
        .replace('=', "&#61;");
    format!(
        "<!DOCTYPE html><title>Signing in</title><form method=\"post\" \
         action=\"https://signin.aws.amazon.com/saml\"><input type=\"hidden\" \
         name=\"SAMLResponse\" value=\"{base64}\"/><input type=\"hidden\" name=\"RelayState\" \
         value=\"\"/></form>"
    )
}

fn assume_role(form: &BTreeMap<String, String>, behaviour: &Behaviour) -> Reply {
    assert_eq!(form["Action"], "AssumeRoleWithSAML");
    assert_eq!(form["Version"], "2011-06-15");
    let seconds: u32 = form["DurationSeconds"].parse().unwrap();
    if seconds > behaviour.longest.unwrap_or(43_200) {
        return sts_error(
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        );
    }
    let assertion = String::from_utf8(STANDARD.decode(&form["SAMLAssertion"]).unwrap()).unwrap();
    assert!(assertion.contains(&form["RoleArn"]) && assertion.contains(&form["PrincipalArn"]));
    let role = form["RoleArn"].rsplit('/').next().unwrap();
    granted(role, behaviour.lasting.unwrap_or(i64::from(seconds)))
}

/// Credentials for a role; the key names it, so that a test sees whose they are.
pub(crate) fn granted(role: &str, seconds: i64) -> Reply {
    let expires = time::OffsetDateTime::from_unix_timestamp(now() + seconds).unwrap();
    let expires = expires
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    Reply::xml(
        200,
        &format!(
            "<AssumeRoleWithSAMLResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
             <AssumeRoleWithSAMLResult><AssumedRoleUser><AssumedRoleId>AROA:r</AssumedRoleId>\
             <Arn>arn:aws:sts::012345678987:assumed-role/{role}/road.runner@acme.com</Arn>\
             </AssumedRoleUser><Credentials><AccessKeyId>ASIA{role}</AccessKeyId>\
             <SecretAccessKey>secret/{role}+x</SecretAccessKey><SessionToken>token=={role}\
             </SessionToken><Expiration>{expires}</Expiration></Credentials>\
             </AssumeRoleWithSAMLResult></AssumeRoleWithSAMLResponse>"
        ),
    )
}

pub(crate) fn sts_error(status: u16, code: &str, message: &str) -> Reply {
    Reply::xml(
        status,
        &format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
             <Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>id</RequestId></ErrorResponse>"
        ),
    )
}

/// Unix time.
#[expect(
    clippy::disallowed_methods,
    reason = "the program under test reads the same clock"
)]
pub(crate) fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

fn form(body: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}
