//! Keys and certificates that administrators hand in, above all those that OpenSSL makes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use jetway_saml::{
    KeyAlgorithm, KeyUploadError, MAX_KEY_FILE, SigningKey, UploadedKey, read_uploaded_key,
};
use jetway_testkit::{counterparts, require};
use tempfile::TempDir;
use time::Duration;

use crate::fixture::{NOW, idp, p256, p384, stranger, text::base64};

/// The configuration file of the recipe that people follow.
const PRODUCTION_CNF: &str = r#"
[ ca ]
default_ca = CA_default
[ CA_default ]
default_days = 1095
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

/// OpenSSL in a folder of its own.
struct OpenSsl {
    program: PathBuf,
    folder: TempDir,
}

impl OpenSsl {
    fn new(program: PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("production.cnf"), PRODUCTION_CNF).unwrap();
        Self { program, folder }
    }

    /// Runs one command line; no argument of ours has spaces in it.
    #[track_caller]
    fn run(&self, arguments: &str) -> &Self {
        let output = Command::new(&self.program)
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {errors}");
        self
    }

    fn file(&self, name: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.folder.path().join(name)).unwrap()
    }

    /// A self-signed certificate for `key`.
    fn certify(&self, key: &str, certificate: &str) -> &Self {
        self.run(&format!(
            "req -new -x509 -key {key} -out {certificate} -days 1095 -config production.cnf"
        ))
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = base64(der);
    let lines: Vec<_> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

fn key_pem() -> String {
    pem("PRIVATE KEY", &idp().generated.pkcs8_der)
}

fn certificate_pem() -> String {
    pem("CERTIFICATE", &idp().generated.certificate_der)
}

/// It must be usable for signing, too.
#[track_caller]
fn accepted(key: &[u8], certificate: &[u8]) -> UploadedKey {
    let uploaded = read_uploaded_key(key, certificate).unwrap();
    let signing = SigningKey::from_pkcs8_der(&uploaded.pkcs8_der, &uploaded.certificate_der);
    assert_eq!(signing.unwrap().not_after(), uploaded.not_after);
    uploaded
}

#[track_caller]
fn refused(key: impl AsRef<[u8]>, certificate: impl AsRef<[u8]>) -> KeyUploadError {
    read_uploaded_key(key.as_ref(), certificate.as_ref()).unwrap_err()
}

/// Requirements I04, I05 and I06.
#[test]
fn the_pair_of_the_recipe_is_accepted() {
    let openssl = OpenSsl::new(require!(counterparts::openssl()));
    openssl.run(
        "req -x509 -newkey rsa:2048 -sha256 -nodes -days 1095 -keyout production_private.pem \
         -out production_cert.pem -config production.cnf",
    );
    let key = openssl.file("production_private.pem");
    let uploaded = accepted(&key, &openssl.file("production_cert.pem"));
    assert_eq!(uploaded.algorithm, KeyAlgorithm::Rsa { bits: 2048 });
    assert_eq!(
        uploaded.not_after - uploaded.not_before,
        Duration::days(1095)
    );
    openssl
        .run("genrsa -out production.key 2048")
        .run("req -new -x509 -key production.key -out production.crt -config production.cnf");
    accepted(
        &openssl.file("production.key"),
        &openssl.file("production.crt"),
    );
}

/// Requirement I06.
#[test]
fn every_form_of_a_private_key_is_accepted() {
    let openssl = OpenSsl::new(require!(counterparts::openssl()));
    openssl
        .run("genrsa -traditional -out rsa.pem 3072")
        .run("rsa -in rsa.pem -outform DER -traditional -out rsa1.der")
        .run("pkcs8 -topk8 -nocrypt -in rsa.pem -outform DER -out rsa8.der")
        .certify("rsa.pem", "rsa.crt");
    assert!(
        openssl
            .file("rsa.pem")
            .starts_with(b"-----BEGIN RSA PRIVATE KEY")
    );
    for file in ["rsa.pem", "rsa1.der", "rsa8.der"] {
        let uploaded = accepted(&openssl.file(file), &openssl.file("rsa.crt"));
        assert_eq!(uploaded.algorithm, KeyAlgorithm::Rsa { bits: 3072 });
    }
    for (curve, algorithm) in [
        ("prime256v1", KeyAlgorithm::EcP256),
        ("secp384r1", KeyAlgorithm::EcP384),
    ] {
        openssl
            .run(&format!("ecparam -genkey -name {curve} -out ec.pem"))
            .run("ec -in ec.pem -outform DER -out ec1.der")
            .run("pkcs8 -topk8 -nocrypt -in ec.pem -out ec8.pem")
            .certify("ec.pem", "ec.crt")
            .run("x509 -in ec.crt -outform DER -out ec.der");
        // With the EC PARAMETERS block in front, as OpenSSL writes it.
        assert!(
            openssl
                .file("ec.pem")
                .starts_with(b"-----BEGIN EC PARAMETERS")
        );
        for file in ["ec.pem", "ec1.der", "ec8.pem"] {
            for certificate in ["ec.crt", "ec.der"] {
                let uploaded = accepted(&openssl.file(file), &openssl.file(certificate));
                assert_eq!(uploaded.algorithm, algorithm, "{file}");
            }
        }
    }
}

#[test]
fn text_around_the_blocks_does_not_matter() {
    let openssl = OpenSsl::new(require!(counterparts::openssl()));
    openssl
        .run("genrsa -out a.key 2048")
        .certify("a.key", "a.crt")
        .run("x509 -in a.crt -text -out a.txt");
    let talkative = openssl.file("a.txt");
    assert!(talkative.starts_with(b"Certificate:"));
    accepted(&openssl.file("a.key"), &talkative);
    let windows = String::from_utf8(openssl.file("a.key")).unwrap();
    let windows = format!("\n\n  {}", windows.replace('\n', "\r\n"));
    accepted(windows.as_bytes(), &talkative);
}

#[test]
fn encrypted_keys_are_refused_as_such() {
    let openssl = OpenSsl::new(require!(counterparts::openssl()));
    openssl
        .run("genrsa -out a.key 2048")
        .run("pkcs8 -topk8 -in a.key -passout pass:secret -out new.pem")
        .run("pkcs8 -topk8 -in a.key -passout pass:secret -outform DER -out new.der")
        .run("rsa -traditional -aes128 -in a.key -passout pass:secret -out old.pem");
    for file in ["new.pem", "new.der", "old.pem"] {
        assert_eq!(
            refused(openssl.file(file), certificate_pem()),
            KeyUploadError::Encrypted
        );
    }
}

#[test]
fn other_algorithms_and_sizes_are_refused_as_such() {
    let openssl = OpenSsl::new(require!(counterparts::openssl()));
    for (make, expected) in [
        (
            "genpkey -algorithm ed25519 -out k.pem",
            KeyUploadError::Algorithm,
        ),
        (
            "ecparam -genkey -noout -name secp521r1 -out k.pem",
            KeyUploadError::Algorithm,
        ),
        (
            "ecparam -genkey -noout -name secp256k1 -out k.pem",
            KeyUploadError::Algorithm,
        ),
        (
            "genrsa -out k.pem 1024",
            KeyUploadError::RsaSize { bits: 1024 },
        ),
    ] {
        openssl.run(make).certify("k.pem", "k.crt");
        let with_another = refused(openssl.file("k.pem"), certificate_pem());
        if make.contains("ed25519") {
            assert_eq!(with_another, expected);
        }
        assert_eq!(
            refused(openssl.file("k.pem"), openssl.file("k.crt")),
            expected
        );
    }
}

#[test]
fn files_in_the_wrong_place_are_named() {
    let openssl = OpenSsl::new(require!(counterparts::openssl()));
    let (key, certificate) = (key_pem(), certificate_pem());
    assert_eq!(
        refused(&certificate, &certificate),
        KeyUploadError::CertificateInsteadOfKey
    );
    assert_eq!(
        refused(&idp().generated.certificate_der, &certificate),
        KeyUploadError::CertificateInsteadOfKey
    );
    assert_eq!(refused(&key, &key), KeyUploadError::KeyInsteadOfCertificate);
    assert_eq!(
        refused(&key, &*idp().generated.pkcs8_der),
        KeyUploadError::KeyInsteadOfCertificate
    );
    openssl
        .run("genrsa -out a.key 2048")
        .run("rsa -in a.key -pubout -out a.pub")
        .run("req -new -key a.key -out a.csr -config production.cnf");
    assert_eq!(
        refused(openssl.file("a.pub"), &certificate),
        KeyUploadError::PublicKey
    );
    assert_eq!(
        refused(&key, openssl.file("a.csr")),
        KeyUploadError::CertificateRequest
    );
}

/// Requirement I05.
#[test]
fn halves_of_different_pairs_are_refused() {
    let other = pem("CERTIFICATE", &stranger().generated.certificate_der);
    assert_eq!(refused(key_pem(), other), KeyUploadError::Mismatch);
    let (one, two) = (p256(), p384());
    let key = one.pair.to_pkcs8v1().unwrap();
    assert_eq!(
        refused(key.as_ref(), &two.certificate_der),
        KeyUploadError::Mismatch
    );
    assert_eq!(
        refused(key.as_ref(), certificate_pem()),
        KeyUploadError::Mismatch
    );
}

#[test]
fn several_of_one_kind_are_refused_and_counted() {
    let (key, certificate) = (key_pem(), certificate_pem());
    let other = pem("CERTIFICATE", &stranger().generated.certificate_der);
    assert_eq!(
        refused(&key, format!("{certificate}{other}{other}")),
        KeyUploadError::Chain { count: 3 }
    );
    assert_eq!(
        refused(format!("{key}{key}"), &certificate),
        KeyUploadError::SeveralKeys
    );
    // Both halves in one file are fine: each place takes its own.
    let both = format!("{key}{certificate}");
    accepted(both.as_bytes(), both.as_bytes());
}

#[test]
fn what_is_empty_damaged_or_something_else_is_refused() {
    let (key, certificate) = (key_pem(), certificate_pem());
    assert_eq!(refused(" \n", &certificate), KeyUploadError::NoPrivateKey);
    assert_eq!(refused(&key, ""), KeyUploadError::NoCertificate);
    let file = "private key";
    for damaged in [&key[..key.len() - 10], &key.replacen("MII", "M!I", 1)] {
        assert_eq!(refused(damaged, &certificate), KeyUploadError::Pem { file });
    }
    let file = "certificate";
    assert_eq!(
        refused(&key, &certificate[..200]),
        KeyUploadError::Pem { file }
    );
    assert_eq!(
        refused("junk", &certificate),
        KeyUploadError::NotAPrivateKey
    );
    assert_eq!(refused(&key, "junk"), KeyUploadError::NotACertificate);
    assert_eq!(
        refused(pem("PRIVATE KEY", b"junk"), &certificate),
        KeyUploadError::NotAPrivateKey
    );
    assert_eq!(
        refused(&key, pem("CERTIFICATE", b"junk")),
        KeyUploadError::NotACertificate
    );
    assert_eq!(
        refused(&key, pem("PGP MESSAGE", b"junk")),
        KeyUploadError::NotACertificate
    );
    let large = vec![b' '; MAX_KEY_FILE + 1];
    assert_eq!(
        refused(&large, &certificate),
        KeyUploadError::TooLarge {
            file: "private key"
        }
    );
    assert_eq!(refused(&key, &large), KeyUploadError::TooLarge { file });
}

#[test]
fn dates_are_told_and_the_key_is_not_printed() {
    let uploaded = accepted(key_pem().as_bytes(), certificate_pem().as_bytes());
    assert_eq!(uploaded.not_before, NOW);
    assert_eq!(uploaded.not_after, NOW + Duration::days(1826));
    let text = format!("{uploaded:?} {}", uploaded.algorithm);
    assert!(text.ends_with("RSA 2048"), "{text}");
    assert!(text.len() < 200, "{text}");
}
