//! An administrator at a terminal: `jetway admin` with the sample key of a server.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jetway_testkit::process::{Jetwayd, program};
use serde_json::Value;

use crate::person::{refused, succeeded};

/// How every PKCS#8 RSA key goes on after its length, in base64.
const KEY: &str = "IBADANBgkqhkiG9w0BAQEFAASC";

/// An administrator at a terminal.
pub(crate) struct Terminal {
    home: tempfile::TempDir,
    url: String,
    key: String,
}

impl Terminal {
    pub(crate) fn of(dev: &Jetwayd) -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            url: dev.idp_url(),
            key: dev.dev_json()["idp"]["api_key"]
                .as_str()
                .unwrap()
                .to_owned(),
        }
    }

    /// `jetway admin apps …`. No private key is ever in what it prints.
    pub(crate) fn apps(&self, arguments: &[&str]) -> Output {
        self.admin("apps", arguments)
    }

    pub(crate) fn admin(&self, area: &str, arguments: &[&str]) -> Output {
        let output = Command::new(program("jetway").unwrap())
            .env_clear()
            .env("HOME", self.home.path())
            .env("JETWAY_ADMIN_URL", &self.url)
            .env("JETWAY_API_KEY", &self.key)
            .args(["admin", area])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        for stream in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(stream);
            assert!(!text.contains("PRIVATE KEY"), "{arguments:?}");
            let joined: String = text.split(['\n', '"']).collect();
            assert!(!joined.contains(KEY), "{arguments:?}");
        }
        output
    }

    /// What is said beside the data of a command that worked.
    pub(crate) fn said(&self, arguments: &[&str]) -> String {
        let output = self.apps(arguments);
        succeeded(&output);
        String::from_utf8(output.stderr).unwrap().trim().to_owned()
    }

    /// The table of a command that worked.
    pub(crate) fn table(&self, arguments: &[&str]) -> String {
        succeeded(&self.apps(arguments))
    }

    /// The document of a command that worked.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let printed = succeeded(&self.apps(&[arguments, &["--json"]].concat()));
        serde_json::from_str(&printed).unwrap()
    }

    /// Status and words of a command that did not work.
    pub(crate) fn refused(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.apps(arguments);
        (output.status.code().unwrap(), refused(&output))
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A key and its certificate as files of these names.
    pub(crate) fn pair(&self, name: &str, serial: u8) -> (PathBuf, PathBuf) {
        let now = time::OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap();
        let until = now + time::Duration::days(3650);
        let made = jetway_saml::generate_signing_key(name, now, until, [serial; 16]).unwrap();
        let key = pem("PRIVATE KEY", &made.pkcs8_der);
        let certificate = pem("CERTIFICATE", &made.certificate_der);
        let key = self.file(&format!("{name}.key"), &key);
        (key, self.file(&format!("{name}.crt"), &certificate))
    }
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let body = lines.join("\n");
    format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n")
}

pub(crate) fn as_text(path: &Path) -> &str {
    path.to_str().unwrap()
}
