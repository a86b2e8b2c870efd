//! A private key and its certificate, made with OpenSSL as seed 003 says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

/// The configuration file of seed 003.
const PRODUCTION_CNF: &str = r#"####################################################################
[ ca ]
default_ca = CA_default

####################################################################
[ CA_default ]
default_days = 1095

####################################################################
[ req ]
default_md = SHA256
prompt = no
encrypt_key = no
distinguished_name = req_distinguished_name

[req_distinguished_name]
countryName = "US"
stateOrProvinceName = "New Jersey"
localityName = "Fairfield"
organizationName = "Acme Corporation"
organizationalUnitName = "Acme Rocket-Powered Products, Inc."
commonName = "production"
"#;

/// Files in PEM.
pub(crate) struct KeyPair {
    pub(crate) private_key: PathBuf,
    pub(crate) certificate: PathBuf,
}

impl KeyPair {
    /// The two commands of seed 003, in this folder. `name` stands for its `production`.
    pub(crate) fn make(openssl: &Path, folder: &Path, name: &str) -> Result<Self> {
        let cnf = format!("{name}.cnf");
        std::fs::write(folder.join(&cnf), PRODUCTION_CNF)?;
        let (key, certificate) = (format!("{name}.key"), format!("{name}.crt"));
        for words in [
            vec!["genrsa", "-out", &key, "2048"],
            vec![
                "req",
                "-new",
                "-x509",
                "-key",
                &key,
                "-out",
                &certificate,
                "-config",
                &cnf,
            ],
        ] {
            let output = Command::new(openssl)
                .args(&words)
                .current_dir(folder)
                .output()?;
            let errors = String::from_utf8_lossy(&output.stderr);
            ensure!(output.status.success(), "openssl {words:?}: {errors}");
        }
        Ok(Self {
            private_key: folder.join(key),
            certificate: folder.join(certificate),
        })
    }

    /// The certificate as metadata holds it: base64 in one line.
    pub(crate) fn certificate_base64(&self) -> Result<String> {
        let pem = std::fs::read_to_string(&self.certificate)?;
        Ok(pem.lines().filter(|line| !line.starts_with('-')).collect())
    }
}
