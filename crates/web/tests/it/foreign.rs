//! Independent service providers: what the identity provider sends is judged by those who did not
//! write it. The scripts beside this file speak for them.

mod accepted;
mod identity_center;
mod node_saml;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use jetway_identity::Clock as _;
use jetway_identity::applications::certificate_to_pem;
use jetway_saml::generate_signing_key;
use jetway_testkit::counterparts::{self, Missing};
use serde_json::{Value, json};
use time::Duration;

use crate::site::Site;

/// A service provider that somebody else wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreign {
    NodeSaml,
    Pysaml2,
    Python3Saml,
}

/// Who and where it is, and its key.
pub(crate) struct Partner {
    entity_id: &'static str,
    acs: &'static str,
    key: String,
    certificate: String,
}

impl Partner {
    fn new(site: &Site, entity_id: &'static str, acs: &'static str) -> Self {
        let now = site.clock.now();
        let made = generate_signing_key("sp", now, now + Duration::days(365), [9; 16]).unwrap();
        Self {
            entity_id,
            acs,
            key: certificate_to_pem(&made.pkcs8_der).replace("CERTIFICATE", "PRIVATE KEY"),
            certificate: certificate_to_pem(&made.certificate_der),
        }
    }

    /// What every question to it holds.
    fn ask(&self, site: &Site) -> Value {
        json!({
            "now": site.clock.now().unix_timestamp() + 1,
            "entity_id": self.entity_id,
            "acs": self.acs,
            "key": self.key,
            "certificate": self.certificate,
        })
    }

    /// Its verdict on each of the responses.
    fn verdicts(&self, site: &Site, program: &Program, cases: &[Value]) -> Vec<Value> {
        let mut ask = self.ask(site);
        ask["cases"] = json!(cases);
        let answer = program.run(ask);
        answer["verdicts"].as_array().unwrap().clone()
    }
}

/// A service provider that is installed.
pub(crate) struct Program {
    foreign: Foreign,
    interpreter: PathBuf,
    /// The folder with Node.js's packages, or xmlsec1.
    beside: PathBuf,
}

impl Foreign {
    const ALL: [Self; 3] = [Self::NodeSaml, Self::Pysaml2, Self::Python3Saml];

    fn find(self) -> Result<Program, Missing> {
        let (interpreter, beside) = match self {
            Self::NodeSaml => counterparts::node_saml()?,
            Self::Pysaml2 | Self::Python3Saml => {
                (counterparts::saml_python()?, counterparts::xmlsec1()?)
            }
        };
        Ok(Program {
            foreign: self,
            interpreter,
            beside,
        })
    }
}

impl Program {
    fn run(&self, mut ask: Value) -> Value {
        let script = match self.foreign {
            Foreign::NodeSaml => "node_saml.mjs",
            Foreign::Pysaml2 => "pysaml2_sp.py",
            Foreign::Python3Saml => "python3_saml_sp.py",
        };
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/foreign");
        ask["xmlsec1"] = json!(self.beside);
        let mut child = Command::new(&self.interpreter)
            .arg(PathBuf::from(folder).join(script))
            .arg(self.beside.canonicalize().unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(ask.to_string().as_bytes()).unwrap();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}: {errors}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{script}: {errors}"))
    }
}
