//! `jetwayd` as a process of its own, on free ports, with a data folder of its own.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::{environment, free_port};

const READY_WITHIN: Duration = Duration::from_mins(1);
const STOPPED_WITHIN: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// A running `jetwayd`. Dropping it kills the process; [`Jetwayd::stop`] ends it as an operator
/// would.
#[derive(Debug)]
pub struct Jetwayd {
    running: Running,
    data_dir: DataDir,
    addresses: Addresses,
    /// Arguments besides the data folder and the addresses.
    more: Vec<String>,
    dev_json: Value,
}

/// Where the two parts listen. A restart on the same data folder keeps them, since addresses are
/// part of what the identity provider has told others.
#[derive(Debug, Clone, Copy)]
struct Addresses {
    idp: Option<SocketAddr>,
    aws: Option<SocketAddr>,
}

/// A data folder that goes away with the test, or one that the test looks after.
#[derive(Debug)]
enum DataDir {
    Temporary(TempDir),
    Kept(PathBuf),
}

impl DataDir {
    fn temporary() -> Result<Self> {
        Ok(Self::Temporary(tempfile::tempdir()?))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }
}

impl Jetwayd {
    /// `jetwayd dev` with a fresh data folder, ready to be used.
    ///
    /// # Errors
    ///
    /// When the program is not built, ends early, or is not ready within a minute; with what it
    /// printed.
    pub fn dev() -> Result<Self> {
        Self::start(DataDir::temporary()?, Addresses::dev(), Vec::new())
    }

    /// `jetwayd dev` as [`Jetwayd::dev`], with further arguments.
    ///
    /// # Errors
    ///
    /// As [`Jetwayd::dev`].
    pub fn dev_with(arguments: &[&str]) -> Result<Self> {
        let more = arguments.iter().map(ToString::to_string).collect();
        Self::start(DataDir::temporary()?, Addresses::dev(), more)
    }

    /// `jetwayd dev` with this data folder, which stays.
    ///
    /// # Errors
    ///
    /// As [`Jetwayd::dev`].
    pub fn dev_in(data_dir: &Path) -> Result<Self> {
        Self::start(
            DataDir::Kept(data_dir.to_owned()),
            Addresses::dev(),
            Vec::new(),
        )
    }

    /// `jetwayd serve` with a fresh data folder, ready to be used.
    ///
    /// # Errors
    ///
    /// As [`Jetwayd::dev`].
    pub fn serve() -> Result<Self> {
        let addresses = Addresses {
            idp: Some(loopback()),
            aws: None,
        };
        Self::start(DataDir::temporary()?, addresses, Vec::new())
    }

    /// `jetwayd local-aws` with a fresh data folder, listening.
    ///
    /// # Errors
    ///
    /// As [`Jetwayd::dev`].
    pub fn local_aws() -> Result<Self> {
        Self::local_aws_with(&[])
    }

    /// `jetwayd local-aws` as [`Jetwayd::local_aws`], with further arguments.
    ///
    /// # Errors
    ///
    /// As [`Jetwayd::dev`].
    pub fn local_aws_with(arguments: &[&str]) -> Result<Self> {
        let addresses = Addresses {
            idp: None,
            aws: Some(loopback()),
        };
        let more = arguments.iter().map(ToString::to_string).collect();
        Self::start(DataDir::temporary()?, addresses, more)
    }

    /// Stops the process and starts it again with the same data folder and addresses.
    ///
    /// # Errors
    ///
    /// When it does not stop cleanly, or does not come back.
    pub fn restart(self) -> Result<Self> {
        self.restart_after(|_| {})
    }

    /// As [`Jetwayd::restart`], with `work` done on the data folder while no process has it.
    ///
    /// # Errors
    ///
    /// As [`Jetwayd::restart`].
    pub fn restart_after(mut self, work: impl FnOnce(&Path)) -> Result<Self> {
        let status = self.running.stop()?;
        if !status.success() {
            bail!("jetwayd did not stop cleanly: {status}\n{}", self.output());
        }
        work(self.data_dir.path());
        Self::start(self.data_dir, self.addresses, self.more)
    }

    /// Sends SIGTERM and waits for the end.
    ///
    /// # Errors
    ///
    /// When the process is still there after 20 seconds.
    pub fn stop(mut self) -> Result<ExitStatus> {
        self.running.stop()
    }

    /// What `dev.json` says; `null` for `jetwayd local-aws` and `jetwayd serve`.
    pub fn dev_json(&self) -> &Value {
        &self.dev_json
    }

    /// The identity provider's address, without a slash at the end.
    ///
    /// # Panics
    ///
    /// For `jetwayd local-aws`, which has none.
    #[expect(
        clippy::expect_used,
        reason = "a test that asks a local AWS for its IdP is wrong"
    )]
    pub fn idp_url(&self) -> String {
        let idp = self
            .addresses
            .idp
            .expect("jetwayd local-aws has no identity provider");
        format!("http://localhost:{}", idp.port())
    }

    /// The local AWS's address, without a slash at the end.
    ///
    /// # Panics
    ///
    /// For `jetwayd serve`, which has none.
    #[expect(
        clippy::expect_used,
        reason = "a test that asks an identity provider alone for its local AWS is wrong"
    )]
    pub fn aws_url(&self) -> String {
        let aws = self.addresses.aws.expect("jetwayd serve has no local AWS");
        format!("http://localhost:{}", aws.port())
    }

    pub fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    /// What `XDG_RUNTIME_DIR` is for this process, so that its notes for other terminals do not
    /// mix with those of the person who runs the tests.
    pub fn runtime_dir(&self) -> PathBuf {
        runtime_dir(self.data_dir.path())
    }

    /// The process id, for measuring.
    pub fn id(&self) -> u32 {
        self.running.child.id()
    }

    /// Everything printed so far, standard output and standard error in the order of arrival.
    pub fn output(&self) -> String {
        self.running.output()
    }

    fn start(data_dir: DataDir, addresses: Addresses, more: Vec<String>) -> Result<Self> {
        let ready_file = data_dir.path().join("dev.json");
        if ready_file.exists() {
            // Of an earlier run: only the one that this process writes says that it is ready.
            std::fs::remove_file(&ready_file)?;
        }
        let mut arguments = addresses.arguments(data_dir.path());
        arguments.extend(more.iter().map(OsString::from));
        let mut running = Running::start(&arguments, &runtime_dir(data_dir.path()))?;
        let dev_json = match (addresses.idp, addresses.aws) {
            (Some(_), Some(_)) => running.wait_until(READY_WITHIN, || read_json(&ready_file))?,
            (_, Some(aws)) => {
                // The note for `jetwayd local-aws env`, left when everything is ready.
                let note = format!("jetway/local-aws-{}.json", aws.port());
                let note = runtime_dir(data_dir.path()).join(note);
                running.wait_until(READY_WITHIN, || read_json(&note).map(|_| Value::Null))?
            }
            (_, None) => {
                // Its last line.
                let printed = Arc::clone(&running.printed);
                running.wait_until(READY_WITHIN, || {
                    let printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
                    printed
                        .contains("Jetway is ready at")
                        .then_some(Value::Null)
                })?
            }
        };
        Ok(Self {
            running,
            data_dir,
            addresses,
            more,
            dev_json,
        })
    }
}

impl Addresses {
    fn dev() -> Self {
        Self {
            idp: Some(loopback()),
            aws: Some(loopback()),
        }
    }

    fn arguments(self, data_dir: &Path) -> Vec<OsString> {
        let (command, aws_flag) = match (self.idp, self.aws) {
            (Some(_), Some(_)) => ("dev", "--aws-listen"),
            (Some(_), None) => ("serve", ""),
            (None, _) => ("local-aws", "--listen"),
        };
        let mut words: Vec<OsString> = vec![
            command.into(),
            "--data-dir".into(),
            data_dir.as_os_str().into(),
        ];
        if let Some(aws) = self.aws {
            words.extend([aws_flag.into(), aws.to_string().into()]);
        }
        if let Some(idp) = self.idp {
            words.extend(["--idp-listen".into(), idp.to_string().into()]);
        }
        words
    }
}

fn runtime_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("runtime")
}

fn loopback() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, free_port()).into()
}

/// A whole JSON document, or `None` while there is none: the file may be half-written.
fn read_json(path: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// The child process and what it printed.
#[derive(Debug)]
struct Running {
    child: Child,
    printed: Arc<Mutex<String>>,
    /// Closed when the child has closed both its outputs.
    lines: Receiver<()>,
}

impl Running {
    fn start(arguments: &[OsString], runtime_dir: &Path) -> Result<Self> {
        let program = program("jetwayd")?;
        let mut child = Command::new(&program)
            .args(arguments)
            .env("XDG_RUNTIME_DIR", runtime_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let printed = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            collect(stdout, Arc::clone(&printed), sender.clone());
        }
        if let Some(stderr) = child.stderr.take() {
            collect(stderr, Arc::clone(&printed), sender);
        }
        Ok(Self {
            child,
            printed,
            lines,
        })
    }

    fn output(&self) -> String {
        self.printed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Asks `ready` after each printed line, and each few milliseconds in silence.
    fn wait_until<T>(&mut self, within: Duration, ready: impl Fn() -> Option<T>) -> Result<T> {
        let deadline = Instant::now() + within;
        loop {
            if let Some(answer) = ready() {
                return Ok(answer);
            }
            if let Some(status) = self.child.try_wait()? {
                self.drain();
                bail!(
                    "jetwayd ended before it was ready: {status}\n{}",
                    self.output()
                );
            }
            if Instant::now() > deadline {
                bail!("jetwayd is not ready after {within:?}\n{}", self.output());
            }
            self.pause();
        }
    }

    fn stop(&mut self) -> Result<ExitStatus> {
        terminate(self.child.id())?;
        let deadline = Instant::now() + STOPPED_WITHIN;
        loop {
            if let Some(status) = self.child.try_wait()? {
                self.drain();
                return Ok(status);
            }
            if Instant::now() > deadline {
                bail!(
                    "jetwayd is still there {STOPPED_WITHIN:?} after SIGTERM\n{}",
                    self.output()
                );
            }
            self.pause();
        }
    }

    /// Until the next line, but not long.
    fn pause(&self) {
        if self.lines.recv_timeout(PAUSE) == Err(RecvTimeoutError::Disconnected) {
            // No more lines will come, and only the child's end is left to wait for.
            thread::park_timeout(PAUSE);
        }
    }

    /// Waits until everything that an ended child printed has been read.
    fn drain(&self) {
        let deadline = Instant::now() + Duration::from_secs(1);
        while Instant::now() < deadline {
            if self.lines.recv_timeout(PAUSE) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Errors only say that the process has ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn collect(from: impl Read + Send + 'static, printed: Arc<Mutex<String>>, line_read: Sender<()>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            let Ok(line) = line else { return };
            {
                let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
                printed.push_str(&line);
                printed.push('\n');
            }
            // The reader of the lines may be gone already; the text is kept all the same.
            line_read.send(()).ok();
        }
    });
}

/// Sends SIGTERM. The standard library can only send SIGKILL, so the shell's own `kill` does it.
pub(crate) fn terminate(process: u32) -> Result<()> {
    let status = Command::new("sh")
        .args(["-c", "kill -TERM \"$1\"", "sh", &process.to_string()])
        .stderr(Stdio::null())
        .status()
        .context("cannot start sh")?;
    if !status.success() {
        bail!("process {process} cannot be signalled: it has ended");
    }
    Ok(())
}

/// A binary of this workspace: where cargo says it is, or beside the test's own executable.
///
/// # Errors
///
/// When it has not been built.
pub fn program(name: &str) -> Result<PathBuf> {
    for variable in [
        format!("CARGO_BIN_EXE_{name}"),
        format!("NEXTEST_BIN_EXE_{name}"),
    ] {
        if let Some(path) = environment::variable(&variable) {
            return Ok(path.into());
        }
    }
    let test = std::env::current_exe()?;
    // target/debug/deps/it-0123456789abcdef → target/debug/jetwayd
    let found = test
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name));
    found
        .filter(|path| path.is_file())
        .last()
        .with_context(|| format!("{name} is not built: run cargo build --bins first"))
}
