//! The note that a running local AWS leaves for `jetwayd local-aws env`: its URL, region and the
//! administrators' access keys. Readable by its owner alone, removed when the server stops.

use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use anyhow::{Context, bail};
use jetway_config::{ProcessEnvironment, runtime_dir};
use serde::{Deserialize, Serialize};

use crate::data_dir::write_private;
use crate::dev_json::Account;

/// What is needed to talk to a running local AWS.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Instance {
    pub(crate) url: String,
    pub(crate) region: String,
    pub(crate) accounts: Vec<Account>,
}

/// The note on disk; dropping it removes it.
#[derive(Debug)]
pub(crate) struct Note(PathBuf);

impl Drop for Note {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Instance {
    /// Leaves the note. `None` when this person has no folder for such notes: the server works
    /// without, only `local-aws env` does not.
    pub(crate) fn announce(&self, port: u16) -> anyhow::Result<Option<Note>> {
        let Some(path) = note_path(port) else {
            return Ok(None);
        };
        if let Some(folder) = path.parent() {
            std::fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        write_private(&path, &serde_json::to_vec_pretty(self)?)?;
        Ok(Some(Note(path)))
    }

    /// Reads the note of the local AWS on `port`.
    pub(crate) fn find(port: u16) -> anyhow::Result<Self> {
        let Some(path) = note_path(port) else {
            bail!(
                "neither XDG_RUNTIME_DIR nor HOME is set, so a running local AWS cannot be found"
            );
        };
        // A server that was killed leaves its note behind: only one that answers counts.
        let answers = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
        let (true, Ok(bytes)) = (answers, std::fs::read(&path)) else {
            bail!(
                "no local AWS of yours runs on port {port}: start one with `jetwayd dev` or `jetwayd local-aws`, or name its port with --port"
            );
        };
        serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
    }
}

fn note_path(port: u16) -> Option<PathBuf> {
    runtime_dir(&ProcessEnvironment).map(|folder| folder.join(format!("local-aws-{port}.json")))
}
