//! How `jetwayd admin …` on the same host reaches a running server: a socket in the data folder,
//! for the owner of the folder alone. With SQLite the folder belongs to the server while it runs.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream as BlockingStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use jetway_identity::administrators::{Lost, issue_administrator_reset_link};
use jetway_web::AppState;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use crate::jobs;

const NAME: &str = "jetwayd.sock";
/// Longest request, in bytes.
const MAX_REQUEST: u64 = 4096;
const PATIENCE: Duration = Duration::from_secs(10);

/// One line of JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Request {
    ResetPassword {
        email: String,
    },
    /// The same, and the second factors are taken away.
    Recover {
        email: String,
    },
}

/// One line of JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    Link(String),
    Refused(String),
}

/// The socket; dropping it removes it.
#[derive(Debug)]
pub(crate) struct ControlSocket(PathBuf);

impl Drop for ControlSocket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl ControlSocket {
    /// Listens in the folder. The server runs without it too, so a folder that cannot hold a
    /// socket (its path may be too long) costs only `jetwayd admin`.
    pub(crate) fn open(folder: &Path, state: &AppState) -> Option<Self> {
        let path = folder.join(NAME);
        match listen(&path) {
            Ok(listener) => {
                tokio::spawn(answer_all(listener, state.clone()));
                Some(Self(path))
            }
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "no control socket");
                None
            }
        }
    }
}

fn listen(path: &Path) -> std::io::Result<UnixListener> {
    // What a killed server left behind; the folder is ours.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn answer_all(listener: UnixListener, state: AppState) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = state.clone();
                tokio::spawn(async move {
                    let _ = tokio::time::timeout(PATIENCE, answer(stream, &state)).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the control socket failed");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn answer(stream: UnixStream, state: &AppState) -> anyhow::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    let mut reader = tokio::io::BufReader::new(reader.take(MAX_REQUEST));
    reader.read_line(&mut line).await?;
    let reply = match serde_json::from_str(&line) {
        Ok(request) => fulfil(state, &request).await,
        Err(_) => Reply::Refused("the running server does not know this command".to_owned()),
    };
    let mut text = serde_json::to_vec(&reply)?;
    text.push(b'\n');
    writer.write_all(&text).await?;
    Ok(())
}

/// A link with which the administrator chooses a new password.
pub(crate) async fn fulfil(state: &AppState, request: &Request) -> Reply {
    let lost = match request {
        Request::ResetPassword { email } => (email.as_str(), Lost::Password),
        Request::Recover { email } => (email.as_str(), Lost::PasswordAndFactors),
    };
    let mut op = jobs::op("jetwayd admin");
    let (store, sealing) = (state.store.as_ref(), state.keys.sealing());
    match issue_administrator_reset_link(&mut op, store, sealing, lost).await {
        Ok((purpose, link)) => {
            let path = match purpose {
                jetway_identity::LinkPurpose::InviteAdministrator => "/admin/invitations",
                _ => "/admin/login/reset",
            };
            Reply::Link(link.url(state.settings.public_url(), path))
        }
        Err(error) => Reply::Refused(error.to_string()),
    }
}

/// Asks the server that runs on this folder. `None` when none answers there.
pub(crate) fn ask(folder: &Path, request: &Request) -> anyhow::Result<Option<Reply>> {
    let Ok(stream) = BlockingStream::connect(folder.join(NAME)) else {
        return Ok(None);
    };
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut text = serde_json::to_vec(request)?;
    text.push(b'\n');
    (&stream).write_all(&text)?;
    let mut line = String::new();
    BufReader::new(&stream)
        .read_line(&mut line)
        .context("the running server did not answer; try again")?;
    if line.is_empty() {
        bail!("the running server did not answer; try again");
    }
    serde_json::from_str(&line)
        .context("the running server is of another version; stop it first")
        .map(Some)
}
