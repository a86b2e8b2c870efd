//! The programs that read what was generated.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Terraform as JSON, by python-hcl2.
pub(crate) fn terraform(python: &Path, text: &str) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/aws_setup/terraform.py");
    let output = feed(Command::new(python).arg(script), text);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}\n{text}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// cfn-lint has nothing to say, not even a warning.
#[track_caller]
pub(crate) fn cfn_lint(python: &Path, template: &str) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("template.json");
    std::fs::write(&file, template).unwrap();
    let output = Command::new(python.with_file_name("cfn-lint"))
        .args(["--regions", "us-east-1", "--template"])
        .arg(&file)
        .env("HOME", home.path())
        .current_dir(home.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{template}");
    assert_eq!(said, "");
}

/// The shell can read all of it.
#[track_caller]
pub(crate) fn sh_reads(script: &str) {
    let output = feed(Command::new("sh").arg("-n"), script);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}\n{script}");
}

/// Every word of every call of `aws` in a script. `answers` are branches of a `case` on the name of
/// the operation.
pub(crate) fn calls_of(script: &str, answers: &str) -> Vec<Vec<String>> {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log");
    let aws = home.path().join("aws");
    let stand_in = format!(
        "#!/bin/sh\nprintf '%s\\0' \"$@\" >> '{log}'\nprintf '\\0' >> '{log}'\ncase $2 in {answers} esac\n",
        log = log.display()
    );
    std::fs::write(&aws, stand_in).unwrap();
    let made = Command::new("chmod").arg("+x").arg(&aws).status().unwrap();
    assert!(made.success());
    let mut command = Command::new("sh");
    command
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", home.path().display()))
        .current_dir(home.path());
    let output = feed(&mut command, script);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}\n{script}");
    let log = std::fs::read_to_string(log).unwrap();
    log.split_terminator("\0\0")
        .map(|call| call.split('\0').map(str::to_owned).collect())
        .collect()
}

/// Runs a command with a text as its standard input.
pub(crate) fn feed(command: &mut Command, text: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}
