//! `jetway exec -- command`.

use std::os::unix::process::ExitStatusExt;

use crate::fake::{ADMIN, Behaviour, Fake, PASSWORD, READ_ONLY};
use crate::sandbox::{Sandbox, finish};

/// A sandbox whose profile `production` holds credentials that last.
fn signed_in() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.account("production", "http://127.0.0.1:9/saml2/acme");
    sandbox.write(
        ".aws/credentials",
        "[production]\naws_access_key_id = ASIACACHED\naws_secret_access_key = s\n\
         aws_session_token = t\nx_principal_arn = \
         arn:aws:sts::012345678987:assumed-role/AcmeJumpCloudAdmin/r\n\
         x_security_token_expires = 2100-01-01T00:00:00Z\n",
    );
    sandbox
}

/// Requirement T03.
#[test]
fn a_command_gets_the_stored_credentials_without_any_network() {
    let sandbox = signed_in();
    let variables = [
        ("AWS_SESSION_TOKEN", "old"),
        ("AWS_ROLE_ARN", "old"),
        ("AWS_ACCOUNT_ID", "111111111111"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "old"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://old"),
        ("SAML2AWS_PASSWORD", "hunter2"),
        ("KEPT", "yes"),
    ];
    let run = sandbox
        .run_with(&["exec", "-a", "production", "--", "env"], &variables)
        .expect(0);
    assert_eq!(run.err, "");
    let mut lines: Vec<&str> = run.out.lines().collect();
    lines.sort_unstable();
    let home = format!("HOME={}", sandbox.home().display());
    assert_eq!(
        lines,
        [
            "AWS_ACCESS_KEY_ID=ASIACACHED",
            "AWS_CREDENTIAL_EXPIRATION=2100-01-01T00:00:00Z",
            "AWS_DEFAULT_PROFILE=production",
            "AWS_PROFILE=production",
            "AWS_SECRET_ACCESS_KEY=s",
            "AWS_SECURITY_TOKEN=t",
            "AWS_SESSION_TOKEN=t",
            "EC2_SECURITY_TOKEN=t",
            &home,
            "KEPT=yes",
            "PATH=/usr/local/bin:/usr/bin:/bin",
            "TZ=UTC",
        ]
    );
}

#[test]
fn a_region_is_passed_on_where_one_is_configured() {
    let sandbox = signed_in();
    let print = [
        "exec",
        "-a",
        "production",
        "--",
        "sh",
        "-c",
        "echo $AWS_REGION,$AWS_DEFAULT_REGION",
    ];
    assert_eq!(sandbox.run(&print).expect(0).out, ",\n");
    sandbox.write(".aws/config", "[profile production]\nregion = us-east-2\n");
    assert_eq!(sandbox.run(&print).expect(0).out, "us-east-2,us-east-2\n");
    let stored = sandbox.read(".aws/credentials");
    sandbox.write(".aws/credentials", stored + "region = eu-north-1\n");
    assert_eq!(sandbox.run(&print).expect(0).out, "eu-north-1,eu-north-1\n");
    let inherited = [("AWS_DEFAULT_REGION", "eu-west-1")];
    assert_eq!(
        sandbox.run_with(&print, &inherited).expect(0).out,
        ",eu-west-1\n"
    );
    let with_flag = [&["-r", "eu-west-3"], &print[..]].concat();
    assert_eq!(
        sandbox.run_with(&with_flag, &inherited).expect(0).out,
        "eu-west-3,eu-west-3\n"
    );
}

#[test]
fn a_credentials_file_of_its_own_is_passed_on() {
    let sandbox = signed_in();
    std::fs::rename(sandbox.path(".aws/credentials"), sandbox.path("keys")).unwrap();
    let words = [
        "exec",
        "-a",
        "production",
        "--credentials-file",
        "keys",
        "--",
        "sh",
        "-c",
    ];
    let run = sandbox.run(&[&words[..], &["echo $AWS_SHARED_CREDENTIALS_FILE"]].concat());
    assert_eq!(
        run.expect(0).out,
        format!("{}\n", sandbox.path("keys").display())
    );
}

#[test]
fn expired_credentials_are_renewed_before_the_command_runs() {
    let (sandbox, fake) = (Sandbox::new(), Fake::start(Behaviour::default()));
    sandbox.account("production", &fake.idp());
    sandbox.write(
        ".aws/credentials",
        "[production]\naws_access_key_id = ASIAOLD\naws_secret_access_key = s\naws_session_token \
         = t\nx_security_token_expires = 2020-01-01T00:00:00Z\n",
    );
    let url = fake.url();
    let variables = [
        ("AWS_ENDPOINT_URL_STS", url.as_str()),
        ("JETWAY_PASSWORD", PASSWORD),
    ];
    let words = [
        "exec",
        "-a",
        "production",
        "--role",
        ADMIN,
        "--",
        "sh",
        "-c",
        "echo $AWS_ACCESS_KEY_ID",
    ];
    let run = sandbox
        .run_with(&words, &variables)
        .expect(0)
        .says(&["Selected role"]);
    assert_eq!(run.out, "ASIAAcmeJumpCloudAdmin\n");
    let again = sandbox.run_with(&words, &variables).expect(0);
    assert_eq!(
        (again.out.as_str(), again.err.as_str()),
        ("ASIAAcmeJumpCloudAdmin\n", "")
    );
    assert_eq!(fake.count("/userconsole/auth"), 1);
    let other = [
        "exec",
        "-a",
        "production",
        "--role",
        READ_ONLY,
        "--",
        "true",
    ];
    sandbox
        .run_with(&other, &variables)
        .expect(0)
        .says(&["Selected role"]);
}

#[test]
fn a_failed_login_does_not_run_the_command() {
    let (sandbox, fake) = (Sandbox::new(), Fake::start(Behaviour::default()));
    sandbox.account("production", &fake.idp());
    let words = ["exec", "-a", "production", "--", "touch", "ran"];
    sandbox
        .run_with(&words, &[("JETWAY_PASSWORD", "wrong")])
        .expect(4);
    sandbox.run(&words).expect(3);
    assert!(!sandbox.path("ran").exists());
}

#[test]
fn every_exit_status_of_the_command_is_passed_on() {
    let sandbox = signed_in();
    for status in 0..=255 {
        let script = format!("exit {status}");
        sandbox
            .run(&["exec", "-a", "production", "--", "sh", "-c", &script])
            .expect(status);
    }
}

#[test]
fn a_signal_that_ends_the_command_is_seen_from_outside() {
    let sandbox = signed_in();
    for signal in [1, 2, 9, 13, 15] {
        let script = format!("kill -{signal} $$");
        let mut command = sandbox.command(&["exec", "-a", "production", "--", "sh", "-c", &script]);
        assert_eq!(command.status().unwrap().signal(), Some(signal));
    }
}

#[test]
fn the_command_is_the_same_process_with_the_same_streams() {
    let sandbox = signed_in();
    let mut command = sandbox.command(&[
        "exec",
        "-a",
        "production",
        "sh",
        "-c",
        "cat; echo $$; echo no >&2",
    ]);
    let input = sandbox.write("input", "through\n");
    let mut child = command
        .stdin(std::fs::File::open(input).unwrap())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    child.wait().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        format!("through\n{id}\n")
    );
    assert_eq!(output.stderr, b"no\n");
}

#[test]
fn what_cannot_be_run_has_the_shells_status() {
    let sandbox = signed_in();
    let run = |word: &str| finish(&mut sandbox.command(&["exec", "-a", "production", "--", word]));
    run("no-such-command")
        .expect(127)
        .says(&["no-such-command: command not found"]);
    sandbox.write("plain", "text");
    run("./plain").expect(126).says(&["./plain"]);
    run("/").expect(126);
}
