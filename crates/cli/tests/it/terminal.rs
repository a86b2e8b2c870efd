//! Prompts at a terminal: what they look like, and that Ctrl-C always ends the program with 130.

use std::fs::File;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::fake::{ADMIN, Behaviour, CODE, Fake, PASSWORD, READ_ONLY};
use crate::sandbox::Sandbox;

const PATIENCE: Duration = Duration::from_secs(20);
const TOTP: &str = r#"[{"type":"totp","status":"available"}]"#;
const CTRL_C: &str = "\u{3}";
const DOWN: &str = "\u{1b}[B";

/// A program at a pseudo terminal.
struct Session {
    child: Child,
    master: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

/// A pseudo terminal, and a way to open its other end.
fn pseudo_terminal() -> (File, impl Fn() -> File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let size = Winsize {
        ws_row: 30,
        ws_col: 120,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&master, size).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let open = move || {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        File::from(rustix::fs::open(&name, flags, Mode::empty()).unwrap())
    };
    (File::from(master), open)
}

impl Session {
    fn start(sandbox: &Sandbox, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let (master, open) = pseudo_terminal();
        let mut command = sandbox.command(arguments);
        command.envs(variables.iter().copied()).stdin(open());
        Self::of(command.stderr(open()), master)
    }

    fn of(command: &mut Command, master: File) -> Self {
        let child = command
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, screen) = channel();
        let mut reader = master.try_clone().unwrap();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if send.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            master,
            screen,
            seen: String::new(),
        }
    }

    /// Waits until this is on the screen, after what was waited for before.
    #[track_caller]
    fn sees(&mut self, text: &str) -> &mut Self {
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return self;
            }
            let Ok(more) = self.screen.recv_timeout(PATIENCE) else {
                panic!("{text:?} is not on the screen:\n{}", self.seen);
            };
            self.seen.push_str(&String::from_utf8_lossy(&more));
        }
    }

    fn types(&mut self, text: &str) -> &mut Self {
        use std::io::Write;
        self.master.write_all(text.as_bytes()).unwrap();
        self
    }

    fn ends(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

fn ready(behaviour: Behaviour) -> (Sandbox, Fake) {
    let (sandbox, fake) = (Sandbox::new(), Fake::start(behaviour));
    sandbox.account("production", &fake.idp());
    (sandbox, fake)
}

fn login(sandbox: &Sandbox, fake: &Fake, more: &[&str]) -> Session {
    let arguments = [&["login", "-a", "production"], more].concat();
    Session::start(
        sandbox,
        &arguments,
        &[("AWS_ENDPOINT_URL_STS", &fake.url())],
    )
}

/// Requirement M04.
/// Requirement T02.
#[test]
fn a_login_asks_for_password_code_and_role() {
    let (sandbox, fake) = ready(Behaviour {
        factors: Some(TOTP),
        ..Behaviour::default()
    });
    let mut session = login(&sandbox, &fake, &[]);
    session
        .sees("Using IdP Account production")
        .sees("? Password")
        .types(PASSWORD);
    session.sees("*****************").types("\r");
    session.sees("Authenticating as road.runner@acme.com ...");
    session.sees("? MFA Token").types(CODE).types("\r");
    session
        .sees("Please choose the role")
        .sees("Account: 012345678987 / AcmeJumpCloudAdmin");
    session.types(DOWN).types("\r");
    session
        .sees(&format!("Selected role: {READ_ONLY}"))
        .sees("Logged in as:");
    assert!(session.ends().success());
    assert!(
        sandbox
            .read(".aws/credentials")
            .contains("ASIAAcmeJumpCloudAdminRO")
    );
}

#[test]
fn typing_filters_the_roles() {
    let (sandbox, fake) = ready(Behaviour::default());
    let mut session = login(&sandbox, &fake, &["--password", PASSWORD]);
    session.sees("Please choose the role").types("adminro");
    session
        .sees("adminro")
        .types("\r")
        .sees(&format!("Selected role: {READ_ONLY}"));
    assert!(session.ends().success());
}

#[test]
fn ctrl_c_at_any_prompt_ends_with_130_and_leaves_nothing() {
    let (sandbox, fake) = ready(Behaviour {
        factors: Some(TOTP),
        ..Behaviour::default()
    });
    let url = fake.idp();
    let at_username = ["--url", url.as_str(), "-a", "none"];
    let at_code = ["--password", PASSWORD];
    let at_role = ["--password", PASSWORD, "--mfa-token", CODE];
    for (more, prompt) in [
        (&at_username[..], "? Username"),
        (&[][..], "? Password"),
        (&at_code[..], "? MFA Token"),
        (&at_role[..], "Please choose the role"),
    ] {
        let arguments = [&["login"], more].concat();
        let arguments = if more.contains(&"-a") {
            arguments
        } else {
            [&arguments[..], &["-a", "production"]].concat()
        };
        for key in [CTRL_C, "\u{4}", "\u{1b}"] {
            let mut session = Session::start(&sandbox, &arguments, &[]);
            session.sees(prompt).types(key);
            let status = session.ends();
            assert_eq!(
                (status.code(), status.signal()),
                (Some(130), None),
                "{prompt} {key:?}"
            );
        }
    }
    assert!(!sandbox.path(".aws").exists());
}

#[test]
fn an_empty_answer_is_asked_for_again() {
    let (sandbox, fake) = ready(Behaviour::default());
    let mut session = login(&sandbox, &fake, &["--role", ADMIN]);
    session
        .sees("? Password")
        .types("\r")
        .sees("A value is required");
    session.types(PASSWORD).types("\r").sees("Logged in as");
    assert!(session.ends().success());
}

#[test]
fn what_is_known_is_not_asked() {
    let (sandbox, fake) = ready(Behaviour::default());
    let mut session = login(&sandbox, &fake, &["--role", ADMIN, "--password", PASSWORD]);
    session.sees("Logged in as");
    assert!(session.ends().success());
    let mut session = login(
        &sandbox,
        &fake,
        &["--role", ADMIN, "--force", "--skip-prompt"],
    );
    session.sees("--skip-prompt forbids to ask");
    assert_eq!(session.ends().code(), Some(3));
    let mut session = login(
        &sandbox,
        &fake,
        &["--password", PASSWORD, "--force", "--no-input"],
    );
    session.sees("--no-input forbids to ask");
    assert_eq!(session.ends().code(), Some(3));
}

#[test]
fn exec_asks_at_the_terminal_and_leaves_it_usable() {
    let (sandbox, fake) = ready(Behaviour::default());
    let arguments = [
        "exec",
        "-a",
        "production",
        "--role",
        ADMIN,
        "--",
        "sh",
        "-c",
        "read line; echo $line >&2",
    ];
    let url = fake.url();
    let mut session = Session::start(&sandbox, &arguments, &[("AWS_ENDPOINT_URL_STS", &url)]);
    session
        .sees("? Password")
        .types(PASSWORD)
        .types("\r")
        .sees("ec2 describe-instances");
    session.types("hello\n").sees("hello").sees("hello");
    assert!(session.ends().success());
}

/// As under a `credential_process`, whose stderr the AWS tools keep to themselves.
#[test]
fn a_question_reaches_the_terminal_also_when_stderr_is_collected() {
    let (sandbox, fake) = ready(Behaviour::default());
    let (master, open) = pseudo_terminal();
    let words = ["login", "-a", "production", "--role", ADMIN];
    let mut command = Command::new("setsid");
    command
        .arg("--ctty")
        .arg(env!("CARGO_BIN_EXE_jetway"))
        .args(words);
    sandbox.confine(&mut command);
    let collected = sandbox.path("stderr");
    command
        .env("AWS_ENDPOINT_URL_STS", fake.url())
        .stdin(open())
        .stderr(File::create(&collected).unwrap());
    let mut session = Session::of(&mut command, master);
    session.sees("? Password").types(PASSWORD).types("\r");
    assert!(session.ends().success());
    let collected = sandbox.read("stderr");
    assert!(!collected.contains("? Password"), "{collected}");
    for words in ["Using IdP Account", "Logged in as"] {
        assert!(collected.contains(words), "{collected}");
    }
}

/// Reading from a terminal that is gone answers at once, again and again.
#[test]
fn a_question_does_not_outlive_its_terminal() {
    let (sandbox, _fake) = ready(Behaviour::default());
    let (mut master, open) = pseudo_terminal();
    let mut child = sandbox
        .command(&["login", "-a", "production"])
        .stdin(open())
        .stderr(open())
        .spawn()
        .unwrap();
    let (mut seen, mut buffer) = (String::new(), [0; 4096]);
    while !seen.contains("Password") {
        let length = master.read(&mut buffer).unwrap();
        seen.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    drop(master);
    let (send, ended) = channel();
    std::thread::spawn(move || send.send(child.wait().unwrap()));
    let status = ended.recv_timeout(PATIENCE).unwrap();
    assert_eq!(status.code(), Some(3));
}

#[test]
fn configure_asks_what_saml2aws_asks() {
    let sandbox = Sandbox::new();
    let arguments = ["configure", "-a", "production"];
    let mut session = Session::start(&sandbox, &arguments, &[]);
    session.sees("Please choose a provider:").types("jump");
    session
        .sees("jump")
        .types("\r")
        .sees("Please choose an MFA")
        .types("\r");
    session.sees("AWS Profile").sees("(production)").types("\r");
    session
        .sees("URL")
        .types("https://sso.jumpcloud.com/saml2/acme\r");
    session.sees("Username").types("road.runner@acme.com\r");
    session.sees("Configuration saved for IDP account: production");
    assert!(session.ends().success());
    assert_eq!(
        sandbox.read(".config/jetway/config.toml"),
        "[accounts.production]\nurl = \"https://sso.jumpcloud.com/saml2/acme\"\nusername = \
         \"road.runner@acme.com\"\nprovider = \"JumpCloud\"\nmfa = \"Auto\"\nprofile = \
         \"production\"\n"
    );
}
