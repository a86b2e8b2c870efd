//! A real SMTP server (aiosmtpd) on loopback that keeps what arrives.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::counterparts::{self, Missing};
use crate::free_port;

const SCRIPT: &str = include_str!("smtp.py");

/// The name and password that a server with [`Protection::StartTls`] or [`Protection::Tls`] takes.
pub const USERNAME: &str = "jetway";
pub const PASSWORD: &str = "beep beep";

/// What a client has to do before the server takes a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Nothing.
    None,
    /// STARTTLS, then sign in as [`USERNAME`].
    StartTls,
    /// Speak TLS from the first byte, then sign in as [`USERNAME`].
    Tls,
}

/// The Python with aiosmtpd.
pub fn python() -> Result<PathBuf, Missing> {
    counterparts::web_python()
}

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    folder: TempDir,
    port: u16,
}

/// One mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Of the envelope.
    pub from: String,
    pub to: Vec<String>,
    /// Header lines and body, as transferred.
    pub raw: String,
    /// The subject, decoded.
    pub subject: String,
    /// The body, decoded.
    pub text: String,
}

impl Server {
    /// Starts a server and waits until it takes connections.
    ///
    /// `certificate` and `key` are PEM files, for the protections that need them.
    ///
    /// # Errors
    ///
    /// When it does not take connections within half a minute.
    pub fn start(
        python: &Path,
        protection: Protection,
        certificate: Option<(&Path, &Path)>,
    ) -> Result<Self> {
        Self::start_at(python, free_port(), protection, certificate)
    }

    /// As [`Server::start`], at this port.
    ///
    /// # Errors
    ///
    /// As [`Server::start`].
    pub fn start_at(
        python: &Path,
        port: u16,
        protection: Protection,
        certificate: Option<(&Path, &Path)>,
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let protection = match protection {
            Protection::None => "none",
            Protection::StartTls => "starttls",
            Protection::Tls => "tls",
        };
        let mut command = Command::new(python);
        command
            .args([
                "-c",
                SCRIPT,
                &port.to_string(),
                protection,
                USERNAME,
                PASSWORD,
            ])
            .arg(folder.path());
        if let Some((certificate, key)) = certificate {
            command.arg(certificate).arg(key);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", python.display()))?;
        let output = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let server = Self {
            child,
            folder,
            port,
        };
        if line.trim() != "ready" {
            bail!("the SMTP server did not start: {line}");
        }
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if Instant::now() > deadline {
                bail!("the SMTP server takes no connections");
            }
            std::thread::yield_now();
        }
        Ok(server)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What has arrived, oldest first.
    ///
    /// # Errors
    ///
    /// When a file of the server cannot be read.
    pub fn received(&self) -> Result<Vec<Received>> {
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path())?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<_>>()?;
        files.retain(|path| path.extension().is_some_and(|kind| kind == "json"));
        files.sort();
        files.iter().map(|path| read(path)).collect()
    }
}

fn read(path: &Path) -> Result<Received> {
    let value: serde_json::Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let to = value["to"].as_array().into_iter().flatten();
    Ok(Received {
        from: text("from"),
        to: to.filter_map(|to| to.as_str().map(str::to_owned)).collect(),
        raw: text("raw"),
        subject: text("subject"),
        text: text("text"),
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
