//! `~/.aws/credentials` under stress: foreign content, parallel writers, sudden death, full disks.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::fake::{ADMIN, Behaviour, Fake, PASSWORD};
use crate::sandbox::{Run, Sandbox, finish};

const FOREIGN: &str = "# by hand\r\n[default]\naws_access_key_id=AKIADEFAULT\naws_secret_access_key \
                       = a#b;c # not a comment\n\n  ; odd\n[work]\nregion = eu-west-1\n  \
                       s3 =\n    max = 1\n\n[last]\nkey = value";

fn ready() -> (Sandbox, Fake) {
    let (sandbox, fake) = (Sandbox::new(), Fake::start(Behaviour::default()));
    sandbox.account("production", &fake.idp());
    (sandbox, fake)
}

fn login_command(sandbox: &Sandbox, fake: &Fake, profile: &str) -> Command {
    let words = [
        "login",
        "-a",
        "production",
        "--role",
        ADMIN,
        "--force",
        "--profile",
        profile,
    ];
    let mut command = sandbox.command(&words);
    command
        .env("AWS_ENDPOINT_URL_STS", fake.url())
        .env("JETWAY_PASSWORD", PASSWORD);
    command
}

fn login(sandbox: &Sandbox, fake: &Fake, profile: &str) -> Run {
    finish(&mut login_command(sandbox, fake, profile))
}

fn mode(sandbox: &Sandbox, file: &str) -> u32 {
    fs::metadata(sandbox.path(file))
        .unwrap()
        .permissions()
        .mode()
        & 0o7777
}

#[test]
fn every_foreign_byte_stays() {
    let (sandbox, fake) = ready();
    sandbox.write(".aws/credentials", FOREIGN);
    login(&sandbox, &fake, "production").expect(0);
    let once = sandbox.read(".aws/credentials");
    assert!(
        once.starts_with(&format!("{FOREIGN}\r\n\r\n[production]\r\n")),
        "{once}"
    );
    login(&sandbox, &fake, "other").expect(0);
    assert!(sandbox.read(".aws/credentials").starts_with(&once));
}

#[test]
fn twelve_parallel_logins_into_twelve_profiles_lose_none() {
    let (sandbox, fake) = ready();
    sandbox.write(".aws/credentials", FOREIGN);
    let names: Vec<String> = (0..12).map(|number| format!("profile-{number}")).collect();
    let spawn = |name: &String| {
        login_command(&sandbox, &fake, name)
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = names.iter().map(spawn).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let content = sandbox.read(".aws/credentials");
    assert!(content.starts_with(FOREIGN), "{content}");
    for name in &names {
        assert_eq!(
            content.matches(&format!("[{name}]")).count(),
            1,
            "{name} in\n{content}"
        );
    }
    assert_eq!(content.matches("ASIAAcmeJumpCloudAdmin").count(), 12);
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new() {
    let (sandbox, fake) = ready();
    sandbox.write(".aws/credentials", FOREIGN);
    login(&sandbox, &fake, "production").expect(0);
    let complete = |content: &str| {
        let ours = content.split("[production]").nth(1).unwrap_or_default();
        content.starts_with(FOREIGN)
            && content.matches("[production]").count() == 1
            && ours.matches(" = ").count() == 6
            && ours.ends_with("Z\r\n")
    };
    // The file is written after the fourth request; the kill comes later with each round.
    for round in 0..60_u32 {
        let before = fake.total();
        let mut command = login_command(&sandbox, &fake, "production");
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        while fake.total() < before + 4 && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let written = Instant::now() + round * Duration::from_micros(150);
        while Instant::now() < written && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        let content = sandbox.read(".aws/credentials");
        assert!(complete(&content), "after round {round}:\n{content}");
    }
    login(&sandbox, &fake, "production").expect(0);
    let names: Vec<String> = fs::read_dir(sandbox.path(".aws"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "credentials" && name != "credentials.lock")
        .collect();
    assert!(names.is_empty(), "left behind: {names:?}");
}

#[test]
fn what_a_killed_process_or_an_attacker_left_at_the_temporary_name_does_no_harm() {
    let (sandbox, fake) = ready();
    sandbox.write(".aws/credentials", FOREIGN);
    let victim = sandbox.write("victim", "precious");
    symlink(&victim, sandbox.path(".aws/.credentials.jetway-new")).unwrap();
    login(&sandbox, &fake, "production").expect(0);
    assert_eq!(sandbox.read("victim"), "precious");
    assert!(!sandbox.path(".aws/.credentials.jetway-new").exists());
    assert!(
        !fs::symlink_metadata(sandbox.path(".aws/credentials"))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn a_symbolic_link_stays_and_its_target_is_written() {
    let (sandbox, fake) = ready();
    sandbox.write("dotfiles/aws-credentials", FOREIGN);
    fs::create_dir(sandbox.path(".aws")).unwrap();
    symlink("../dotfiles/middle", sandbox.path(".aws/credentials")).unwrap();
    symlink("aws-credentials", sandbox.path("dotfiles/middle")).unwrap();
    login(&sandbox, &fake, "production").expect(0);
    assert!(
        fs::symlink_metadata(sandbox.path(".aws/credentials"))
            .unwrap()
            .is_symlink()
    );
    assert!(
        sandbox
            .read("dotfiles/aws-credentials")
            .contains("[production]")
    );
    symlink("loop", sandbox.path("loop")).unwrap();
    let mut command = login_command(&sandbox, &fake, "production");
    let run = finish(command.env("AWS_SHARED_CREDENTIALS_FILE", "loop"));
    assert_eq!(run.status, 9);
}

#[test]
fn a_new_file_is_private_and_an_open_one_becomes_so() {
    let (sandbox, fake) = ready();
    login(&sandbox, &fake, "production").expect(0);
    assert_eq!(mode(&sandbox, ".aws"), 0o700);
    assert_eq!(mode(&sandbox, ".aws/credentials"), 0o600);
    let file = sandbox.path(".aws/credentials");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    login(&sandbox, &fake, "production")
        .expect(0)
        .says(&["others had access to", "credentials"]);
    assert_eq!(mode(&sandbox, ".aws/credentials"), 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
    let run = login(&sandbox, &fake, "production").expect(0);
    assert!(!run.err.contains("others had access"), "{}", run.err);
    assert_eq!(mode(&sandbox, ".aws/credentials"), 0o700);
}

#[test]
fn a_full_disk_leaves_the_old_file_and_says_so() {
    let (sandbox, fake) = ready();
    sandbox.write(".aws/credentials", FOREIGN);
    let before = fs::metadata(sandbox.path(".aws/credentials"))
        .unwrap()
        .ino();
    let mut shell = Command::new("sh");
    // Files may not grow beyond nothing, which is what a full disk does to a write.
    shell.args([
        "-c",
        "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"",
        env!("CARGO_BIN_EXE_jetway"),
    ]);
    shell.args(["login", "-a", "production", "--role", ADMIN]);
    sandbox.confine(&mut shell);
    shell
        .env("AWS_ENDPOINT_URL_STS", fake.url())
        .env("JETWAY_PASSWORD", PASSWORD);
    finish(&mut shell)
        .expect(9)
        .says(&["the credentials cannot be stored", ".aws/"]);
    assert_eq!(sandbox.read(".aws/credentials"), FOREIGN);
    assert_eq!(
        fs::metadata(sandbox.path(".aws/credentials"))
            .unwrap()
            .ino(),
        before
    );
    assert!(!sandbox.path(".aws/.credentials.jetway-new").exists());
}

#[test]
fn what_is_no_file_is_refused_before_anybody_signs_in() {
    let (sandbox, fake) = ready();
    fs::create_dir_all(sandbox.path(".aws/credentials")).unwrap();
    login(&sandbox, &fake, "production")
        .expect(9)
        .says(&["not a regular file"]);
    let file = sandbox.write("in-the-way", "");
    let mut command = login_command(&sandbox, &fake, "production");
    let path = file.join("credentials");
    let run = finish(command.env("AWS_SHARED_CREDENTIALS_FILE", &path));
    assert_eq!(run.status, 9, "{}", run.err);
    assert!(fake.requests().is_empty());
}

#[test]
fn a_profile_name_cannot_break_out_of_its_header() {
    let (sandbox, fake) = ready();
    for name in ["a]\n[default", "a\nb", "[x", " x"] {
        login(&sandbox, &fake, name)
            .expect(9)
            .says(&["profile name"]);
    }
    assert!(!sandbox.path(".aws").exists());
}

#[test]
fn a_repeated_section_is_pointed_out() {
    let (sandbox, fake) = ready();
    sandbox.write(
        ".aws/credentials",
        "[production]\noutput = a\n[production]\noutput = b\n",
    );
    login(&sandbox, &fake, "production")
        .expect(0)
        .says(&["more than once", "first"]);
    assert!(
        sandbox
            .read(".aws/credentials")
            .ends_with("[production]\noutput = b\n")
    );
}
