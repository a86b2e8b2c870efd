//! `jetway configure`.

use crate::sandbox::Sandbox;

const URL: &str = "https://sso.jumpcloud.com/saml2/acme-prod-aws-admin";

/// The command line of the customer's own instructions, with `saml2aws` replaced.
///
/// Requirement T01.
#[test]
fn the_customers_command_line_writes_the_account() {
    let sandbox = Sandbox::new();
    let run = sandbox
        .run(&[
            "configure",
            "--idp-account=production",
            "--idp-provider=JumpCloud",
            "--mfa=Auto",
            "--url=https://sso.jumpcloud.com/saml2/acme-prod-aws-admin",
            "--username=road.runner@the-acme-corporation.com",
            "--role=arn:aws:iam::012345678987:role/AcmeJumpCloudAdminRO",
            "--skip-prompt",
        ])
        .expect(0);
    assert_eq!(run.out, "");
    assert_eq!(
        run.err,
        "\naccount {\n  URL: https://sso.jumpcloud.com/saml2/acme-prod-aws-admin\n  Username: \
         road.runner@the-acme-corporation.com\n  Provider: JumpCloud\n  MFA: Auto\n  SkipVerify: \
         false\n  SessionDuration: 3600\n  Profile: production\n  RoleARN: \
         arn:aws:iam::012345678987:role/AcmeJumpCloudAdminRO\n  Region: \n}\n\nConfiguration \
         saved for IDP account: production\n"
    );
    assert_eq!(
        sandbox.read(".config/jetway/config.toml"),
        "[accounts.production]\nurl = \
         \"https://sso.jumpcloud.com/saml2/acme-prod-aws-admin\"\nusername = \
         \"road.runner@the-acme-corporation.com\"\nprovider = \"JumpCloud\"\nmfa = \
         \"Auto\"\nprofile = \"production\"\nrole = \
         \"arn:aws:iam::012345678987:role/AcmeJumpCloudAdminRO\"\n"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = std::fs::metadata(sandbox.path(".config/jetway/config.toml")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn every_option_of_an_account_is_stored_and_comments_stay() {
    let sandbox = Sandbox::new();
    let file = ".config/jetway/config.toml";
    sandbox.write(
        file,
        "# mine\n[accounts.staging] # second\nurl = \"https://a/saml2/b\" # x\n",
    );
    sandbox
        .run(&[
            "--session-duration=7200",
            "-r",
            "us-east-2",
            "configure",
            "-a",
            "staging",
            "-p",
            "stage",
            "--credentials-file=~/keys",
            "--url",
            URL,
            "--policyarns=arn:a",
            "--skip-verify",
            "--skip-prompt",
        ])
        .expect(0);
    assert_eq!(
        sandbox.read(file),
        format!(
            "# mine\n[accounts.staging] # second\nurl = \"{URL}\" # x\nprovider = \
             \"JumpCloud\"\nmfa = \"Auto\"\nprofile = \"stage\"\nregion = \
             \"us-east-2\"\ncredentials_file = \"~/keys\"\npolicy_arns = \
             \"arn:a\"\nsession_duration = 7200\nskip_verify = true\n"
        )
    );
}

#[test]
fn paths_are_stored_so_that_they_mean_the_same_file_from_every_folder() {
    let sandbox = Sandbox::new();
    sandbox
        .run(&[
            "configure",
            "--config=~/mine.toml",
            "--credentials-file=keys",
            "--policyfile",
            "../policy.json",
            "--url",
            URL,
        ])
        .expect(0);
    let written = sandbox.read("mine.toml");
    for file in ["keys", "../policy.json"] {
        let path = format!("= \"{}\"\n", sandbox.path(file).display());
        assert!(written.contains(&path), "{path:?} is not in:\n{written}");
    }
}

#[test]
fn a_file_of_saml2aws_that_is_named_is_edited_in_its_own_form() {
    let sandbox = Sandbox::new();
    let foreign = "[other]\nurl = https://id.example.com/#/hash ; note\n\n; comment\n";
    sandbox.write("accounts", foreign);
    let arguments = [
        "configure",
        "--config",
        "accounts",
        "-a",
        "p",
        "--url",
        URL,
        "--skip-prompt",
    ];
    sandbox.run(&arguments).expect(0);
    let written = sandbox.read("accounts");
    assert!(written.starts_with(foreign), "{written}");
    assert!(
        written.contains("[p]\n") && written.contains("provider    = JumpCloud\n"),
        "{written}"
    );
    assert!(!sandbox.path(".config").exists());
}

#[test]
fn an_unknown_key_is_refused_with_file_and_line() {
    let sandbox = Sandbox::new();
    let file = ".config/jetway/config.toml";
    let content = "[accounts.production]\nurl = \"https://a/saml2/b\"\nroll = \"x\"\n";
    sandbox.write(file, content);
    for command in [
        &["login", "-a", "production"][..],
        &["exec", "-a", "production", "true"],
        &["configure", "-a", "production", "--skip-prompt"],
    ] {
        sandbox
            .run(command)
            .expect(9)
            .says(&["config.toml:3: unknown key \"roll\""]);
    }
    assert_eq!(sandbox.read(file), content);
}

#[test]
fn what_is_missing_or_wrong_is_told_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    sandbox
        .run(&["configure", "-a", "x"])
        .expect(3)
        .says(&["URL", "--url"]);
    sandbox
        .run(&["configure", "-a", "x", "--url", "x", "--skip-prompt"])
        .expect(9);
    sandbox
        .run(&[
            "configure",
            "--url",
            URL,
            "--idp-provider",
            "Okta",
            "--skip-prompt",
        ])
        .expect(9)
        .says(&["Okta"]);
    sandbox
        .run(&["configure", "--url", URL, "--mfa", "FOO"])
        .expect(9)
        .says(&["Invalid MFA type"]);
    assert!(!sandbox.path(".config").exists());
}

#[test]
fn a_password_is_not_stored() {
    let sandbox = Sandbox::new();
    let arguments = [
        "configure",
        "--url",
        URL,
        "--password",
        "hunter2",
        "--skip-prompt",
    ];
    sandbox.run(&arguments).expect(0).says(&["not stored"]);
    assert!(
        !sandbox
            .read(".config/jetway/config.toml")
            .contains("hunter2")
    );
}
