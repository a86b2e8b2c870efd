//! Which certificate authorities a server's certificate may come from.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::HttpError;
use crate::files::read_if_exists;

/// Where systems keep the certificates of the authorities they trust, in one file.
const SYSTEM_BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/ssl/cert.pem",
];

/// A PEM file and the setting that named it.
#[derive(Clone, Debug)]
pub(crate) struct CertificateFile {
    pub(crate) path: PathBuf,
    pub(crate) named_by: String,
}

/// Whom to trust.
#[derive(Clone, Debug)]
pub(crate) enum Trust {
    /// The authorities in this file only.
    File(CertificateFile),
    /// The authorities in the files of these folders (SSL_CERT_DIR) only.
    Folders(Vec<PathBuf>),
    /// The system's authorities.
    System,
    /// Anybody: `skip_verify`.
    Anybody,
}

impl Trust {
    pub(super) fn tls_config(&self) -> Result<TlsConfig, HttpError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = TlsConfig::builder().unversioned_rustls_crypto_provider(provider);
        let config = match self {
            Self::Anybody => config
                .root_certs(RootCerts::from([]))
                .disable_verification(true),
            Self::File(file) => config.root_certs(from_file(&file.path, &file.named_by)?.into()),
            Self::Folders(folders) => config.root_certs(from_folders(folders)?.into()),
            Self::System => config.root_certs(from_system()?.into()),
        };
        Ok(config.build())
    }
}

fn from_file(path: &Path, named_by: &str) -> Result<Vec<Certificate<'static>>, HttpError> {
    let unusable = |reason: String| HttpError::Certificates {
        origin: format!("{} (named by {named_by})", path.display()),
        reason,
    };
    let content = read_if_exists(path)
        .map_err(|error| unusable(error.to_string()))?
        .ok_or_else(|| unusable("the file does not exist".to_owned()))?;
    let found = certificates(&content);
    if found.is_empty() {
        return Err(unusable("the file holds no PEM certificate".to_owned()));
    }
    Ok(found)
}

fn from_folders(folders: &[PathBuf]) -> Result<Vec<Certificate<'static>>, HttpError> {
    let entries = folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .flatten();
    let found: Vec<_> = entries
        .filter_map(|entry| fs::read(entry.path()).ok())
        .flat_map(|content| certificates(&content))
        .collect();
    if found.is_empty() {
        return Err(HttpError::Certificates {
            origin: "SSL_CERT_DIR".to_owned(),
            reason: "the folder holds no PEM certificate".to_owned(),
        });
    }
    Ok(found)
}

fn from_system() -> Result<Vec<Certificate<'static>>, HttpError> {
    for bundle in SYSTEM_BUNDLES {
        if let Ok(content) = fs::read(bundle) {
            let found = certificates(&content);
            if !found.is_empty() {
                return Ok(found);
            }
        }
    }
    Err(HttpError::NoSystemCertificates(SYSTEM_BUNDLES.join(", ")))
}

/// What else a bundle holds (comments, keys, broken entries) is passed over, as OpenSSL does.
fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    parse_pem(pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect()
}
