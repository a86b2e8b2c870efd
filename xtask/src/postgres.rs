//! A PostgreSQL server for one run: on a free port, in a temporary folder, gone afterwards.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::workspace::{self, find_program, output_of};

const READY_WITHIN: Duration = Duration::from_mins(1);

/// Below the range from which the kernel takes the ports of outgoing connections.
const PORTS: std::ops::Range<u16> = 15_432..19_000;

/// Starts the server and waits until standard input closes, which happens when the run ends in
/// whatever way: also by Ctrl-C, and also when it is killed. Then the server and its folder go.
/// Interrupted, a running server ends without waiting for its clients; one that has only just
/// been started ignores that, as any background process does, and needs to be terminated.
const KEEPER: &str = "\
trap '' INT TERM HUP
folder=$1
shift
(trap - TERM; exec \"$@\") >\"$folder/log\" 2>&1 &
server=$!
read -r _
kill -TERM \"$server\" 2>/dev/null
kill -INT \"$server\" 2>/dev/null
wait \"$server\"
rm -rf \"$folder\"
";

/// How the server differs from its defaults: reachable on loopback alone, and with nothing done
/// for durability, since nothing outlives the run.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    keeper: Child,
    /// Held open as long as the server is to run.
    lifeline: Option<ChildStdin>,
    url: String,
}

/// Runs a program with a server, and ends as it ended.
pub(crate) fn run_with(words: &[String]) -> Result<ExitCode> {
    let Some((program, arguments)) = words.split_first() else {
        bail!("which program? See cargo xtask help");
    };
    let server = Server::start()?;
    let status = Command::new(program)
        .args(arguments)
        .env("JETWAY_TEST_POSTGRES_URL", server.url())
        .status()
        .with_context(|| format!("cannot start {program}"));
    server.stop()?;
    let code = status?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        let initdb =
            find_program("initdb").context("PostgreSQL is missing, run cargo xtask install")?;
        // The other programs lie beside the real one, not beside a link to it.
        let initdb = initdb.canonicalize()?;
        let programs = initdb.parent().context("initdb is in no folder")?;
        let folder = std::env::temp_dir().join(format!("jetway-postgres-{}", std::process::id()));
        let account = Account::choose();
        account.make_folder(&folder)?;
        let data = folder.join("data");
        initialise(&account, &initdb, &data).inspect_err(|_| {
            std::fs::remove_dir_all(&folder).ok();
        })?;

        let port = free_port()?;
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "jetway-postgres"]).arg(&folder);
        keeper
            .args(account.words())
            .arg(programs.join("postgres"))
            .arg("-D")
            .arg(&data);
        keeper.args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            keeper.args(["-c", setting]);
        }
        // The server's account may not be let into the folder from which the run was started.
        let mut keeper = keeper.current_dir("/").stdin(Stdio::piped()).spawn()?;
        let lifeline = keeper.stdin.take();
        let url = format!("postgres://jetway@127.0.0.1:{port}/postgres");
        let server = Self {
            keeper,
            lifeline,
            url,
        };
        wait_until_ready(programs, port, &folder)?;
        Ok(server)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server and removes its folder.
    pub(crate) fn stop(mut self) -> Result<()> {
        self.lifeline = None;
        self.keeper.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.lifeline = None;
        // An error only says that the keeper has been waited for already.
        self.keeper.wait().ok();
    }
}

fn wait_until_ready(programs: &Path, port: u16, folder: &Path) -> Result<()> {
    let deadline = Instant::now() + READY_WITHIN;
    let port = port.to_string();
    while Instant::now() < deadline {
        let is_ready = Command::new(programs.join("pg_isready"))
            .args(["--quiet", "--host", "127.0.0.1", "--port", &port])
            .status()?;
        if is_ready.success() {
            return Ok(());
        }
        pause();
    }
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    bail!(
        "PostgreSQL is not ready after {READY_WITHIN:?}: {}",
        log.trim()
    )
}

/// Text is compared as English is written, as on many servers in use, and not byte by byte: code
/// that relies on the order of bytes is to fail here.
fn initialise(account: &Account, initdb: &Path, data: &Path) -> Result<()> {
    let mut command = account.command(initdb);
    command.arg("--pgdata").arg(data).current_dir("/");
    command.args([
        "--username=jetway",
        "--auth=trust",
        "--no-sync",
        "--encoding=UTF8",
    ]);
    command.args([
        "--locale=C.UTF-8",
        "--locale-provider=icu",
        "--icu-locale=en-US",
    ]);
    output_of(&mut command).map(drop)
}

/// Under whose name the server runs: it refuses to run as root.
enum Account {
    Own,
    Postgres,
}

impl Account {
    fn choose() -> Self {
        if workspace::is_root() {
            Self::Postgres
        } else {
            Self::Own
        }
    }

    /// What to put in front of a command.
    fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Own => &[],
            Self::Postgres => &[
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
            ],
        }
    }

    fn command(&self, program: &Path) -> Command {
        match self.words().split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
            None => Command::new(program),
        }
    }

    fn make_folder(&self, folder: &PathBuf) -> Result<()> {
        let mut command = Command::new("install");
        command.args(["-d", "-m", "700"]);
        if matches!(self, Self::Postgres) {
            command.args(["-o", "postgres", "-g", "postgres"]);
        }
        output_of(command.arg(folder)).map(drop)
    }
}

/// The search starts at a place of each process's own, so that runs side by side do not meet.
fn free_port() -> Result<u16> {
    let start = std::process::id().wrapping_mul(7_919) as usize % PORTS.len();
    PORTS
        .cycle()
        .skip(start)
        .take(PORTS.len())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .context("no free port for PostgreSQL")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server says nothing when it becomes ready"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}
