//! Starting, stopping and failing to start.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jetway_testkit::process::{Jetwayd, program};

use crate::person::PASSWORD;

fn jetwayd(arguments: &[&str]) -> Output {
    Command::new(program("jetwayd").unwrap())
        .args(arguments)
        .output()
        .unwrap()
}

/// One line on standard error, not standard output, and an exit code that is not 0.
#[track_caller]
fn one_line(output: &Output) -> String {
    assert!(!output.status.success(), "it started");
    assert!(output.stdout.is_empty());
    let text = String::from_utf8_lossy(&output.stderr)
        .trim_end()
        .to_owned();
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

#[test]
fn an_occupied_port_is_one_line_that_names_the_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let line = one_line(&jetwayd(&["dev", "--idp-listen", &address]));
    assert!(
        line.contains(&format!("{address} is in use")) && line.contains("--idp-listen"),
        "{line}"
    );
    let arguments = [
        "dev",
        "--idp-listen",
        "127.0.0.1:0",
        "--aws-listen",
        &address,
    ];
    let line = one_line(&jetwayd(&arguments));
    assert!(
        line.contains(&format!("{address} is in use")) && line.contains("--aws-listen"),
        "{line}"
    );
}

#[test]
fn a_second_process_on_the_same_data_folder_is_refused_and_the_first_goes_on() {
    let first = Jetwayd::dev().unwrap();
    let folder = first.data_dir().to_str().unwrap();
    let arguments = [
        "dev",
        "--data-dir",
        folder,
        "--idp-listen",
        "127.0.0.1:0",
        "--aws-listen",
        "127.0.0.1:0",
    ];
    let line = one_line(&jetwayd(&arguments));
    assert!(
        line.contains("another process is using the data folder"),
        "{line}"
    );
    let page = ureq::get(format!("{}/readyz", first.idp_url()))
        .call()
        .unwrap();
    assert_eq!(page.status(), 200);
    assert!(first.stop().unwrap().success());
}

#[test]
fn a_data_folder_that_cannot_be_made_is_one_line_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let inside = file.join("data");
    let line = one_line(&jetwayd(&["dev", "--data-dir", inside.to_str().unwrap()]));
    assert!(
        line.contains(inside.to_str().unwrap()) && line.contains("--data-dir"),
        "{line}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), b"not a folder");
}

#[test]
fn an_unknown_configuration_key_is_one_line_with_file_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jetwayd.toml");
    std::fs::write(
        &file,
        "[identity_provider]\nlisten = \"127.0.0.1:0\"\nlissten = 1\n",
    )
    .unwrap();
    let line = one_line(&jetwayd(&["dev", "--config", file.to_str().unwrap()]));
    assert!(
        line.contains("jetwayd.toml, line 3: unknown field `lissten`"),
        "{line}"
    );
}

#[test]
fn a_bad_flag_is_refused_with_code_2_and_nothing_on_standard_output() {
    let output = jetwayd(&["dev", "--no-such-flag"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn in_a_folder_that_was_open_to_others_what_is_written_is_closed_to_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let dev = Jetwayd::dev_in(folder.path()).unwrap();
    for entry in std::fs::read_dir(dev.data_dir()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", entry.path().display());
    }
}

/// Every file below `folder`.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn no_password_and_no_private_key_is_written_in_clear() {
    // How every PKCS#8 RSA key goes on after its length, in base64, which is how the database
    // keeps bytes: shown on a key that is not sealed.
    const KEY: &str = "IBADANBgkqhkiG9w0BAQEFAASC";
    let now = time::OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap();
    let clear = jetway_saml::generate_signing_key("clear", now, now + time::Duration::DAY, [1; 16])
        .unwrap();
    assert!(contains(
        BASE64_STANDARD.encode(&*clear.pkcs8_der).as_bytes(),
        KEY
    ));

    let dev = Jetwayd::dev().unwrap();
    let mut read = 0;
    for path in files_below(dev.data_dir()) {
        // It is there to tell the sample passwords. The control socket holds nothing.
        if path.is_file() && !path.ends_with("dev.json") {
            let bytes = std::fs::read(&path).unwrap();
            read += bytes.len();
            assert!(
                !contains(&bytes, PASSWORD),
                "{} holds a password",
                path.display()
            );
            assert!(
                !contains(&bytes, KEY),
                "{} holds a private key",
                path.display()
            );
        }
    }
    assert!(read > 100_000, "only {read} bytes were looked at");
}

#[test]
fn dev_json_tells_people_groups_and_applications() {
    let dev = Jetwayd::dev().unwrap();
    let people = dev.dev_json()["people"].as_array().unwrap();
    assert!(
        people
            .iter()
            .any(|person| person["groups"][0] == "operations")
    );
    // One of them has an authenticator app.
    let apps = people.iter().map(|person| person["totp_secret"].as_str());
    assert_eq!(
        apps.collect::<Vec<_>>(),
        [None, Some("MJSWK4BNMJSWK4BNOJXWG23FORZS2NBS"), None, None]
    );
    let applications = dev.dev_json()["applications"].as_array().unwrap();
    assert!(
        applications
            .iter()
            .any(|one| one["slug"] == "acme-prod-aws-admin")
    );
}

#[test]
fn sigterm_ends_it_cleanly_and_the_note_for_other_terminals_goes_away() {
    let local_aws = Jetwayd::local_aws().unwrap();
    let port = local_aws.aws_url().rsplit_once(':').unwrap().1.to_owned();
    let runtime_dir = local_aws.runtime_dir();
    let env = || {
        let arguments = ["local-aws", "env", "--port", &port];
        let mut command = Command::new(program("jetwayd").unwrap());
        command
            .args(arguments)
            .env("XDG_RUNTIME_DIR", &runtime_dir)
            .output()
            .unwrap()
    };
    assert!(env().status.success());
    assert!(local_aws.stop().unwrap().success());
    let line = one_line(&env());
    assert!(line.contains(&format!("port {port}")), "{line}");
}
