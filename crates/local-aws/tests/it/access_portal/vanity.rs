//! A start URL of one's own that leads to AWS's (identity-center.md §1.3, §8.5): the AWS CLI follows
//! one redirect, of HEAD or else of GET, and takes whatever has AWS's name.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use jetway_testkit::counterparts;

use super::command_line::CommandLine;

const SERVER: &str = r"
import http.server, ssl, sys
target, folder, answers_head = sys.argv[1:4]
class Answer(http.server.BaseHTTPRequestHandler):
    def redirect(self):
        self.send_response(302)
        self.send_header('Location', target)
        self.send_header('Content-Length', '0')
        self.end_headers()
    do_GET = redirect
    def do_HEAD(self):
        if answers_head == 'yes':
            self.redirect()
        else:
            self.send_response(405)
            self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(('127.0.0.1', 0), Answer)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + '/vanity.pem', folder + '/vanity.key')
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
";

/// An address of one's own; its server ends with it.
struct Vanity {
    server: Child,
    port: u16,
}

impl Drop for Vanity {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

impl Vanity {
    fn leading_to(target: &str, command_line: &CommandLine, answers_head: bool) -> Self {
        let folder = command_line.home();
        let mut server = Command::new("python3")
            .args(["-c", SERVER, target])
            .arg(folder)
            .arg(if answers_head { "yes" } else { "no" })
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = server.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        Self { server, port }
    }
}

/// A certificate for localhost that the AWS CLI trusts from here on.
fn certify(command_line: &CommandLine) -> Option<()> {
    let openssl = counterparts::require(counterparts::openssl())?;
    let folder = command_line.home();
    let status = Command::new(openssl)
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
        ])
        .args(["-addext", "keyUsage=critical,digitalSignature,keyCertSign"])
        .arg("-keyout")
        .arg(folder.join("vanity.key"))
        .arg("-out")
        .arg(folder.join("vanity.pem"))
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    Some(())
}

fn configure(command_line: &CommandLine, port: u16) {
    let file = command_line.home().join(".aws/config");
    let known = fs::read_to_string(&file).unwrap();
    let own = format!(
        "{known}[sso-session own]\nsso_start_url = https://localhost:{port}/corp\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n"
    );
    fs::write(file, own).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_ones_own_leads_to_the_portal_by_head_and_by_get() {
    for answers_head in [true, false] {
        let Some(command_line) = CommandLine::new().await else {
            return;
        };
        if certify(&command_line).is_none() {
            return;
        }
        let target = command_line.center.instance().start_url();
        let vanity = Vanity::leading_to(&target, &command_line, answers_head);
        configure(&command_line, vanity.port);
        command_line.log_in(&["--sso-session", "own"]).await;
        // What was typed is remembered, and what it led to was asked for.
        let typed = format!("https://localhost:{}/corp", vanity.port);
        assert_eq!(command_line.tokens()[0]["startUrl"], typed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_elsewhere_is_not_followed() {
    let Some(command_line) = CommandLine::new().await else {
        return;
    };
    if certify(&command_line).is_none() {
        return;
    }
    let elsewhere = "https://portal.example.com/start";
    let vanity = Vanity::leading_to(elsewhere, &command_line, true);
    configure(&command_line, vanity.port);
    let (status, _, said) = command_line
        .aws(&["sso", "login", "--sso-session", "own"])
        .await;
    assert_ne!(status, 0);
    assert!(said.contains("to an AWS-owned endpoint"), "{said}");
}
