//! The real AWS CLI on a home of its own, and a browser that does what the test says.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Output, Stdio},
    time::Duration,
};

use jetway_testkit::counterparts;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time};
use url::Url;

use super::world::Center;
use crate::support::ACCOUNT;

/// How long a program may take to show something; it is a failure after that.
const PATIENCE: u32 = 1200;
const PAUSE: Duration = Duration::from_millis(50);

/// A local AWS on a port, and somebody with the AWS CLI.
pub(crate) struct CommandLine {
    pub(crate) center: Center,
    home: TempDir,
    aws_cli: PathBuf,
    address: SocketAddr,
    stop: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl CommandLine {
    /// Ada holds `S3Admin` in both accounts. `None` where the AWS CLI is not installed.
    pub(crate) async fn new() -> Option<Self> {
        let aws_cli = counterparts::require(counterparts::aws_cli())?;
        let center = Center::new().await;
        center.world.follow_real_time();
        center.assign("S3Admin", &[ACCOUNT, crate::support::OTHER_ACCOUNT]);
        let mut command_line = Self {
            center,
            home: tempfile::tempdir().unwrap(),
            aws_cli,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            stop: None,
        };
        command_line.serve().await;
        command_line.write_home();
        Some(command_line)
    }

    async fn serve(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let router = self.center.world.aws.router();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(async {
                    stopped.await.ok();
                })
                .await
                .unwrap();
        });
        self.stop = Some((stop, server));
    }

    /// Stops the server and starts it again on the same folder and port.
    pub(crate) async fn restart(mut self) -> Self {
        let (stop, server) = self.stop.take().unwrap();
        stop.send(()).ok();
        server.await.unwrap();
        self.center = self.center.restart();
        self.center.world.follow_real_time();
        self.serve().await;
        self
    }

    /// A session `corp` with the profile `dev`, and the profile `old` without one.
    fn write_home(&self) {
        let start_url = self.center.instance().start_url();
        let role =
            format!("sso_account_id = {ACCOUNT}\nsso_role_name = S3Admin\nregion = us-east-1");
        let config = format!(
            "[profile dev]\nsso_session = corp\n{role}\n[sso-session corp]\nsso_start_url = {start_url}\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n[profile old]\nsso_start_url = {start_url}\nsso_region = us-east-1\n{role}\n"
        );
        let folder = self.home.path().join(".aws");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("config"), config).unwrap();
        let browser = self.file("browser");
        // It returns at once: the AWS CLI listens for the answer only then.
        fs::write(
            &browser,
            "#!/bin/sh\nprintf '%s\\n' \"$1\" > \"$HOME/opened\"\n",
        )
        .unwrap();
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// The home folder.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Starts `aws …`; what it prints goes to the file `printed`.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        fs::remove_file(self.file("opened")).ok();
        let printed = fs::File::create(self.file("printed")).unwrap();
        let mut command = counterparts::aws_command(&self.aws_cli, self.home.path());
        let trusted = self.file("vanity.pem");
        if trusted.exists() {
            command.env("AWS_CA_BUNDLE", trusted);
        }
        command
            .env("AWS_ENDPOINT_URL", format!("http://{}", self.address))
            .env("BROWSER", self.file("browser"))
            .env_remove("AWS_DEFAULT_REGION")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(printed)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Waits for the end of `aws …`: status, and what it printed and said.
    pub(crate) async fn end(&self, child: Child) -> (i32, String, String) {
        let ended = tokio::task::spawn_blocking(move || child.wait_with_output());
        let Output { status, stderr, .. } = ended.await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&stderr).into_owned();
        (status.code().unwrap(), self.printed(), said)
    }

    /// Runs `aws …` to its end.
    pub(crate) async fn aws(&self, arguments: &[&str]) -> (i32, String, String) {
        self.end(self.start(arguments)).await
    }

    /// The same for a command that must succeed: what it printed.
    pub(crate) async fn aws_ok(&self, arguments: &[&str]) -> String {
        let (status, printed, said) = self.aws(arguments).await;
        assert_eq!(status, 0, "aws {arguments:?}: {printed}{said}");
        printed
    }

    fn printed(&self) -> String {
        fs::read_to_string(self.file("printed")).unwrap_or_default()
    }

    /// The address that the command line opened in the browser.
    pub(crate) async fn opened(&self) -> Url {
        self.awaited("opened", |text| {
            text.ends_with('\n').then(|| text.to_owned())
        })
        .await
    }

    /// The address that the command line printed for a browser elsewhere.
    pub(crate) async fn shown(&self) -> Url {
        self.awaited("printed", |text| {
            // The other address, for typing the code, comes before.
            let whole = |line: &&str| line.contains("user_code=") || line.contains("/authorize?");
            let line = text.lines().find(whole)?;
            text.contains(&format!("{line}\n")).then(|| line.to_owned())
        })
        .await
    }

    async fn awaited(&self, file: &str, find: impl Fn(&str) -> Option<String>) -> Url {
        for _ in 0..PATIENCE {
            let text = fs::read_to_string(self.file(file)).unwrap_or_default();
            if let Some(found) = find(&text) {
                return found.trim().parse().unwrap();
            }
            time::sleep(PAUSE).await;
        }
        panic!("no address in {file}: {}", self.printed());
    }

    /// Signs in as Ada and allows what an opened address asks for.
    pub(crate) async fn allow(&self, opened: &Url) {
        let path = &opened[url::Position::BeforePath..];
        let cookie = self.center.signed_in().await;
        if opened.path() == "/authorize" {
            let back = self.center.consent(path, &cookie, "allow").await;
            tokio::task::spawn_blocking(move || fetch(&back))
                .await
                .unwrap();
            return;
        }
        let page = self.center.world.get(path, &cookie).await;
        page.assert_ok();
        let (csrf, code) = (page.field("csrf"), page.field("user_code"));
        let fields = [
            ("csrf", csrf.as_str()),
            ("user_code", &code),
            ("answer", "allow"),
        ];
        let over = self.center.world.post("/device", &fields, &cookie).await;
        assert!(over.text.contains("Request approved"), "{}", over.text);
    }

    /// `aws sso login …` from the command to its end.
    pub(crate) async fn log_in(&self, arguments: &[&str]) {
        let mut all = vec!["sso", "login"];
        all.extend_from_slice(arguments);
        let child = self.start(&all);
        self.allow(&self.opened().await).await;
        let (status, printed, said) = self.end(child).await;
        assert_eq!(status, 0, "{printed}{said}");
        assert!(
            printed.contains("Successfully logged into Start URL"),
            "{printed}"
        );
    }

    /// Makes the command line ask for credentials again.
    pub(crate) fn forget_credentials(&self) {
        fs::remove_dir_all(self.file(".aws/cli")).ok();
    }

    /// The token files in the cache.
    pub(crate) fn tokens(&self) -> Vec<serde_json::Value> {
        let folder = self.file(".aws/sso/cache");
        let Ok(entries) = fs::read_dir(folder) else {
            return vec![];
        };
        let read = |path: &Path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        entries
            .map(|entry| read(&entry.unwrap().path()))
            .filter(|file: &serde_json::Value| file.get("accessToken").is_some())
            .collect()
    }
}

/// What a browser does with a redirect to the command line's own address.
fn fetch(url: &Url) {
    let address = url.socket_addrs(|| None).unwrap();
    let mut stream = TcpStream::connect(&*address).unwrap();
    let target = &url[url::Position::BeforePath..];
    let request = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(" 200 "), "{answer}");
}
