//! Secure connections: who is trusted, and what is said about who is not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::fake::{ADMIN, Behaviour, Fake, PASSWORD, Reply, Request, answer, read_request};
use crate::sandbox::{Run, Sandbox};

/// A server on https with a certificate of its own, and that certificate as PEM.
fn start() -> (u16, String) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = Stream::new(&mut connection, &mut stream);
            if let Some(request) = read_request(&mut stream) {
                let reply = on_https(&request, port);
                let _ = std::io::Write::write_all(&mut stream, &reply.to_bytes());
                stream.conn.send_close_notify();
                let _ = std::io::Write::flush(&mut stream);
            }
        }
    });
    (port, certified.cert.pem())
}

fn on_https(request: &Request, port: u16) -> Reply {
    let mut reply = answer(request, &[], port, &Behaviour::default());
    reply.body = reply.body.replace("http://127.0.0.1", "https://localhost");
    reply
}

fn login(sandbox: &Sandbox, idp: &str, variables: &[(&str, &str)], more: &[&str]) -> Run {
    let words = [
        "login",
        "--url",
        idp,
        "--username",
        "a@b.c",
        "--role",
        ADMIN,
        "--force",
    ];
    sandbox.run_with(
        &[&words[..], more].concat(),
        &[&[("JETWAY_PASSWORD", PASSWORD)], variables].concat(),
    )
}

#[test]
fn an_unknown_certificate_is_refused_unless_its_file_is_named() {
    let ((port, pem), sandbox) = (start(), Sandbox::new());
    let (idp, sts) = (
        format!("https://localhost:{port}/saml2/acme"),
        format!("https://localhost:{port}"),
    );
    let file = sandbox.write("authority.pem", pem);
    let file = file.to_str().unwrap();
    login(&sandbox, &idp, &[], &[])
        .expect(8)
        .says(&["no secure connection", "SSL_CERT_FILE"]);
    let endpoint = ("AWS_ENDPOINT_URL_STS", sts.as_str());
    login(&sandbox, &idp, &[endpoint, ("SSL_CERT_FILE", file)], &[]).expect(0);
    // AWS's own setting goes before, and is for AWS alone.
    login(&sandbox, &idp, &[endpoint, ("AWS_CA_BUNDLE", file)], &[]).expect(8);
    let missing = [
        endpoint,
        ("SSL_CERT_FILE", file),
        ("AWS_CA_BUNDLE", "/nowhere.pem"),
    ];
    login(&sandbox, &idp, &missing, &[])
        .expect(9)
        .says(&["/nowhere.pem", "AWS_CA_BUNDLE"]);
}

#[test]
fn what_a_connection_needs_is_checked_before_anybody_signs_in() {
    let (sandbox, plain) = (Sandbox::new(), Fake::start(Behaviour::default()));
    let broken = sandbox.write("broken.pem", "-----BEGIN nothing");
    let broken = broken.to_str().unwrap();
    for (name, value, words) in [
        ("AWS_CA_BUNDLE", "/nowhere.pem", "does not exist"),
        ("SSL_CERT_FILE", broken, "no PEM certificate"),
        ("HTTPS_PROXY", "::", "proxy"),
    ] {
        login(&sandbox, &plain.idp(), &[(name, value)], &[])
            .expect(9)
            .says(&["the configuration is not usable", name, words]);
    }
    assert_eq!(plain.total(), 0);
}

#[test]
fn a_server_without_tls_and_a_host_that_does_not_exist_are_called_that() {
    let (sandbox, listener) = (Sandbox::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let idp = format!("https://{}/saml2/acme", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    login(&sandbox, &idp, &[], &[])
        .expect(8)
        .says(&["does not answer in TLS"]);
    login(&sandbox, "https://nowhere.invalid/saml2/acme", &[], &[])
        .expect(8)
        .says(&["the host nowhere.invalid could not be found"]);
}

#[test]
fn the_bundle_for_aws_can_stand_in_the_profile() {
    let ((port, pem), sandbox) = (start(), Sandbox::new());
    let plain = Fake::start(Behaviour::default());
    let file = sandbox.write("authority.pem", pem);
    let config = format!(
        "[profile saml]\nendpoint_url = https://localhost:{port}\nca_bundle = {}\n",
        file.display()
    );
    sandbox.write(".aws/config", config);
    login(&sandbox, &plain.idp(), &[], &[]).expect(0);
}

#[test]
fn verification_can_be_switched_off_for_the_identity_provider_only() {
    let ((port, _), sandbox) = (start(), Sandbox::new());
    let idp = format!("https://localhost:{port}/saml2/acme");
    let plain = Fake::start(Behaviour::default());
    let (url, sts) = (plain.url(), format!("https://localhost:{port}"));
    let to_plain = [("AWS_ENDPOINT_URL_STS", url.as_str())];
    login(&sandbox, &idp, &to_plain, &["--skip-verify"])
        .expect(0)
        .says(&["Warning: the certificate of localhost is not verified"]);
    let to_tls = [("AWS_ENDPOINT_URL_STS", sts.as_str())];
    login(&sandbox, &idp, &to_tls, &["--skip-verify"])
        .expect(8)
        .says(&["no secure connection"]);
}
