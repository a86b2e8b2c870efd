//! A real SAML service provider in front of web pages: Debian's mod_auth_mellon in Apache, on
//! loopback, in a folder of its own and without privileges.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

use crate::counterparts::ApacheWithMellon;
use crate::free_port;

const READY_WITHIN: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);
/// `nobody` and `nogroup`, for a test run of root: Apache serves nothing as root.
const NOBODY: u32 = 65_534;
const MODULES: [(&str, &str); 8] = [
    ("mpm_prefork_module", "mod_mpm_prefork.so"),
    ("authn_core_module", "mod_authn_core.so"),
    ("authz_core_module", "mod_authz_core.so"),
    ("authz_user_module", "mod_authz_user.so"),
    ("dir_module", "mod_dir.so"),
    ("filter_module", "mod_filter.so"),
    ("include_module", "mod_include.so"),
    ("auth_mellon_module", "mod_auth_mellon.so"),
];

/// Apache with an open page at `/` and a protected one at `/inside/`, which shows who came in: the
/// element `name` holds the NameID, `email` the attribute of this name, and `address` the query
/// that the person asked with. Dropping it ends it.
#[derive(Debug)]
pub struct ServiceProvider {
    found: ApacheWithMellon,
    folder: TempDir,
    port: u16,
    /// Whether this process is root, and the server must not be.
    as_nobody: bool,
    child: Option<Child>,
}

impl ServiceProvider {
    /// Prepares everything but the identity provider's metadata. `key` and `certificate` are PEM.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn prepare(found: &ApacheWithMellon, key: &str, certificate: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let as_nobody = fs::metadata(folder.path())?.uid() == 0;
        let provider = Self {
            found: found.clone(),
            folder,
            port: free_port(),
            as_nobody,
            child: None,
        };
        provider.write("sp.key", key)?;
        provider.write("sp.crt", certificate)?;
        fs::create_dir_all(provider.path("pages/inside"))?;
        let echo = |name: &str| format!("<!--#echo encoding=\"entity\" var=\"{name}\" -->");
        provider.write(
            "pages/index.html",
            "<!doctype html><title>Outside</title><p>Everybody may read this.",
        )?;
        let inside = format!(
            "<!doctype html><title>Inside</title><p id=\"name\">{}</p><p id=\"email\">{}</p>\
             <p id=\"address\">{}</p>",
            echo("MELLON_NAME_ID"),
            echo("MELLON_email"),
            echo("QUERY_STRING"),
        );
        provider.write("pages/inside/index.html", &inside)?;
        provider.write("apache.conf", &provider.configuration()?)?;
        if as_nobody {
            for folder in ["", "pages", "pages/inside"] {
                chown(provider.path(folder), Some(NOBODY), Some(NOBODY))?;
            }
        }
        Ok(provider)
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Gives it the identity provider's metadata and starts it, again if it runs already.
    ///
    /// # Errors
    ///
    /// When it does not answer within half a minute, with what it wrote to its log.
    pub fn start(&mut self, identity_provider: &str) -> Result<()> {
        self.stop();
        self.write("idp.xml", identity_provider)?;
        let mut command = Command::new(&self.found.apache);
        command
            .arg("-f")
            .arg(self.path("apache.conf"))
            .arg("-DFOREGROUND")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // It ends with a signal to its whole group, in which no others may be.
            .process_group(0);
        if self.as_nobody {
            command.uid(NOBODY).gid(NOBODY);
        }
        let child = command.spawn();
        self.child = Some(child.with_context(|| format!("{}", self.found.apache.display()))?);
        let deadline = Instant::now() + READY_WITHIN;
        // Nothing is ever sent: waiting on it is a pause with an end.
        let (_never, pause) = mpsc::channel::<()>();
        while ureq::get(&self.url()).call().is_err() {
            let child = self.child.as_mut().context("no process")?;
            if let Some(status) = child.try_wait()? {
                bail!("Apache ended: {status}\n{}", self.log());
            }
            ensure!(Instant::now() < deadline, "no Apache\n{}", self.log());
            pause.recv_timeout(PAUSE).ok();
        }
        Ok(())
    }

    /// What it tells of itself, at its own address.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub fn metadata(&self) -> Result<String> {
        let url = format!("{}/mellon/metadata", self.url());
        let answer = ureq::get(&url).call()?;
        Ok(answer.into_body().read_to_string()?)
    }

    /// Its error log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("error.log")).unwrap_or_default()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.path(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    fn configuration(&self) -> Result<String> {
        let folder = self.folder.path().display();
        let port = self.port;
        let mut text = String::new();
        for (module, file) in MODULES {
            let file = self.found.modules.join(file);
            writeln!(text, "LoadModule {module} {}", file.display())?;
        }
        write!(
            text,
            "ServerRoot {folder}\n\
             ServerName http://localhost:{port}\n\
             Listen 127.0.0.1:{port}\n\
             PidFile apache.pid\n\
             Mutex file:{folder}\n\
             ErrorLog error.log\n\
             DocumentRoot pages\n\
             StartServers 1\n\
             <Location />\n\
             \x20 Require all granted\n\
             \x20 MellonEnable info\n\
             \x20 MellonEndpointPath /mellon\n\
             \x20 MellonSPentityId http://localhost:{port}/mellon/metadata\n\
             \x20 MellonSPPrivateKeyFile {folder}/sp.key\n\
             \x20 MellonSPCertFile {folder}/sp.crt\n\
             \x20 MellonIdPMetadataFile {folder}/idp.xml\n\
             \x20 MellonSecureCookie On\n\
             </Location>\n\
             <Location /inside>\n\
             \x20 MellonEnable auth\n\
             \x20 AuthType Mellon\n\
             \x20 Require valid-user\n\
             </Location>\n\
             <Directory {folder}/pages>\n\
             \x20 Options +Includes\n\
             \x20 SetOutputFilter INCLUDES\n\
             \x20 DirectoryIndex index.html\n\
             </Directory>\n"
        )?;
        Ok(text)
    }

    fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It ends its own processes, which SIGKILL would leave behind.
            let asked = crate::process::terminate(child.id());
            if asked.is_err() {
                child.kill().ok();
            }
            child.wait().ok();
        }
    }
}

impl Drop for ServiceProvider {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What kind of key [`key_pair`] makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// 2048 bits.
    Rsa,
    /// The elliptic curve P-256.
    P256,
}

/// A key and a self-signed certificate for a month, in PEM, as people make them with OpenSSL.
///
/// # Errors
///
/// When OpenSSL makes none.
pub fn key_pair(openssl: &Path, kind: KeyKind) -> Result<(String, String)> {
    let folder = tempfile::tempdir()?;
    let (key, certificate) = (folder.path().join("key"), folder.path().join("certificate"));
    let algorithm: &[&str] = match kind {
        KeyKind::Rsa => &["rsa:2048"],
        KeyKind::P256 => &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    };
    let made = Command::new(openssl)
        .args(["req", "-x509", "-nodes", "-days", "30", "-newkey"])
        .args(algorithm)
        .args(["-subj", "/CN=jetway test", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()?;
    ensure!(made.status.success(), "{made:?}");
    Ok((fs::read_to_string(key)?, fs::read_to_string(certificate)?))
}
