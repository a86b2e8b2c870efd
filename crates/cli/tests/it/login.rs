//! `jetway login`: what it says, what it stores, what it refuses.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::fake::{ADMIN, Behaviour, Fake, PASSWORD, READ_ONLY, now, role_value};
use crate::sandbox::{Sandbox, finish};

/// A sandbox with the account `production` at a server of its own.
fn ready(behaviour: Behaviour) -> (Sandbox, Fake) {
    let (sandbox, fake) = (Sandbox::new(), Fake::start(behaviour));
    sandbox.account("production", &fake.idp());
    (sandbox, fake)
}

fn login(sandbox: &Sandbox, fake: &Fake, more: &[&str]) -> crate::sandbox::Run {
    let arguments = [&["login", "-a", "production"], more].concat();
    let url = fake.url();
    sandbox.run_with(
        &arguments,
        &[
            ("AWS_ENDPOINT_URL_STS", &url),
            ("JETWAY_PASSWORD", PASSWORD),
        ],
    )
}

/// Requirement T02.
#[test]
fn a_login_says_what_saml2aws_says_and_stores_its_seven_keys() {
    let (sandbox, fake) = ready(Behaviour::default());
    let run = login(
        &sandbox,
        &fake,
        &["--role", READ_ONLY, "--region", "us-west-2"],
    )
    .expect(0);
    assert_eq!(run.out, "");
    let credentials = sandbox.read(".aws/credentials");
    let expires = credentials
        .lines()
        .find(|line| line.starts_with("x_security_token"))
        .unwrap();
    let expires = expires.split(" = ").nth(1).unwrap();
    let shown = format!("{} {} +0000 UTC", &expires[..10], &expires[11..19]);
    assert_eq!(
        run.err,
        format!(
            "Using IdP Account production to access JumpCloud {}\n\
             Authenticating as road.runner@acme.com ...\n\
             Selected role: {READ_ONLY}\n\
             Requesting AWS credentials using SAML assertion.\n\
             Logged in as: \
             arn:aws:sts::012345678987:assumed-role/AcmeJumpCloudAdminRO/road.runner@acme.com\n\n\
             Your new access key pair has been stored in the AWS configuration.\n\
             Note that it will expire at {shown}\n\
             To use this credential, call the AWS CLI with the --profile option (e.g. aws \
             --profile production ec2 describe-instances).\n",
            fake.idp()
        )
    );
    assert_eq!(
        credentials,
        format!(
            "[production]\n\
             aws_access_key_id        = ASIAAcmeJumpCloudAdminRO\n\
             aws_secret_access_key    = secret/AcmeJumpCloudAdminRO+x\n\
             aws_session_token        = token==AcmeJumpCloudAdminRO\n\
             aws_security_token       = token==AcmeJumpCloudAdminRO\n\
             x_principal_arn          = \
             arn:aws:sts::012345678987:assumed-role/AcmeJumpCloudAdminRO/road.runner@acme.com\n\
             x_security_token_expires = {expires}\n\
             region                   = us-west-2\n"
        )
    );
}

#[test]
fn valid_credentials_are_kept_in_silence_and_without_network() {
    let (sandbox, fake) = ready(Behaviour::default());
    login(&sandbox, &fake, &["--role", READ_ONLY]).expect(0);
    let before = fake.requests().len();
    let run = login(&sandbox, &fake, &[]).expect(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""));
    assert_eq!(fake.requests().len(), before);
    login(&sandbox, &fake, &["--role", READ_ONLY]).expect(0);
    assert_eq!(fake.requests().len(), before);
}

#[test]
fn valid_credentials_of_another_role_do_not_count() {
    let (sandbox, fake) = ready(Behaviour::default());
    login(&sandbox, &fake, &["--role", READ_ONLY]).expect(0);
    login(&sandbox, &fake, &["--role", ADMIN]).expect(0);
    assert!(
        sandbox
            .read(".aws/credentials")
            .contains("ASIAAcmeJumpCloudAdmin\n")
    );
}

#[test]
fn force_signs_in_although_the_credentials_are_valid() {
    let (sandbox, fake) = ready(Behaviour::default());
    login(&sandbox, &fake, &["--role", READ_ONLY]).expect(0);
    login(&sandbox, &fake, &["--role", READ_ONLY, "--force"]).expect(0);
    assert_eq!(fake.count("/userconsole/auth"), 2);
}

#[test]
fn credentials_that_end_within_a_minute_are_renewed() {
    let (sandbox, fake) = ready(Behaviour {
        lasting: Some(50),
        ..Behaviour::default()
    });
    login(&sandbox, &fake, &["--role", READ_ONLY]).expect(0);
    login(&sandbox, &fake, &["--role", READ_ONLY]).expect(0);
    assert_eq!(fake.count("/userconsole/auth"), 2);
}

#[test]
fn the_only_role_of_an_assertion_is_taken_without_a_question() {
    let roles = vec![role_value(ADMIN)];
    let (sandbox, fake) = ready(Behaviour {
        roles,
        ..Behaviour::default()
    });
    login(&sandbox, &fake, &[])
        .expect(0)
        .says(&[&format!("Selected role: {ADMIN}")]);
}

#[test]
fn several_roles_without_a_terminal_end_with_the_list() {
    let (sandbox, fake) = ready(Behaviour::default());
    login(&sandbox, &fake, &[])
        .expect(3)
        .says(&["--role", READ_ONLY, ADMIN]);
    assert!(
        !sandbox.path(".aws").exists(),
        "a failed login leaves nothing behind"
    );
}

#[test]
fn a_role_that_is_not_offered_is_refused_with_those_that_are() {
    let (sandbox, fake) = ready(Behaviour::default());
    let wanted = "arn:aws:iam::012345678987:role/Other";
    login(&sandbox, &fake, &["--role", wanted])
        .expect(6)
        .says(&[
            &format!("Supplied RoleArn not found in saml assertion: {wanted}"),
            READ_ONLY,
            ADMIN,
        ]);
    let roles = vec![role_value(ADMIN)];
    let (sandbox, fake) = ready(Behaviour {
        roles,
        ..Behaviour::default()
    });
    login(&sandbox, &fake, &["--role", READ_ONLY]).expect(6);
}

#[test]
fn a_malformed_role_value_does_not_cost_the_others() {
    let roles = vec!["nonsense".to_owned(), format!("  {}\n", role_value(ADMIN))];
    let (sandbox, fake) = ready(Behaviour {
        roles,
        ..Behaviour::default()
    });
    login(&sandbox, &fake, &[])
        .expect(0)
        .says(&["no pair of ARNs", "nonsense"]);
}

#[test]
fn an_assertion_without_roles_says_what_an_administrator_must_do() {
    let roles = vec!["nonsense".to_owned()];
    let (sandbox, fake) = ready(Behaviour {
        roles,
        ..Behaviour::default()
    });
    login(&sandbox, &fake, &[]).expect(6).says(&[
        "No roles to assume.",
        "Please check you are permitted to assume roles for the AWS service.",
    ]);
}

#[test]
fn a_credential_process_prints_one_line_and_hides_nothing_in_the_tools_file() {
    let (sandbox, fake) = ready(Behaviour::default());
    let run = login(&sandbox, &fake, &["--role", ADMIN, "--credential-process"]).expect(0);
    let expected = "{\"Version\":1,\"AccessKeyId\":\"ASIAAcmeJumpCloudAdmin\",\
                    \"SecretAccessKey\":\"secret/AcmeJumpCloudAdmin+x\",\"SessionToken\":\
                    \"token==AcmeJumpCloudAdmin\",\"Expiration\":\"20";
    assert!(
        run.out.starts_with(expected) && run.out.ends_with("Z\"}\n"),
        "{}",
        run.out
    );
    assert!(!sandbox.path(".aws/credentials").exists());
}

#[test]
fn a_credential_process_with_a_file_of_its_own_answers_from_it() {
    let (sandbox, fake) = ready(Behaviour::default());
    let arguments = [
        "--role",
        ADMIN,
        "--credential-process",
        "--credentials-file",
        "cache",
    ];
    let first = login(&sandbox, &fake, &arguments).expect(0);
    let second = login(&sandbox, &fake, &arguments).expect(0);
    assert_eq!(first.out, second.out);
    assert_eq!(second.err, "");
    assert_eq!(fake.count("/userconsole/auth"), 1);
}

#[test]
fn a_credential_process_never_asks() {
    let (sandbox, fake) = ready(Behaviour::default());
    sandbox
        .run(&["login", "-a", "production", "--credential-process"])
        .expect(3)
        .says(&["password", "--credential-process", "JETWAY_PASSWORD"]);
    assert!(fake.requests().is_empty());
}

#[test]
fn without_a_terminal_a_missing_answer_ends_the_program_at_once() {
    let (sandbox, fake) = ready(Behaviour::default());
    sandbox
        .run(&["login", "-a", "production"])
        .expect(3)
        .says(&[
            "The password is missing",
            "--password",
            "JETWAY_PASSWORD",
            "SAML2AWS_PASSWORD",
        ]);
    let url = fake.idp();
    sandbox
        .run(&["login", "--url", &url])
        .expect(3)
        .says(&["user name", "--username"]);
    assert!(fake.requests().is_empty());
}

#[test]
fn long_lived_keys_are_not_overwritten_unless_asked_to() {
    let (sandbox, fake) = ready(Behaviour::default());
    let keys = "[production]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s\n";
    sandbox.write(".aws/credentials", keys);
    login(&sandbox, &fake, &["--role", ADMIN]).expect(9).says(&[
        "[production]",
        "long-lived keys",
        "--replace",
        "--profile",
    ]);
    assert_eq!(sandbox.read(".aws/credentials"), keys);
    assert!(
        fake.requests().is_empty(),
        "nobody should type a password for nothing"
    );
    login(&sandbox, &fake, &["--role", ADMIN, "--replace"]).expect(0);
    assert!(
        sandbox
            .read(".aws/credentials")
            .contains("ASIAAcmeJumpCloudAdmin")
    );
}

#[test]
fn an_unknown_account_is_answered_with_those_there_are() {
    let (sandbox, _fake) = ready(Behaviour::default());
    sandbox.write(
        ".saml2aws",
        "[staging]\nurl = https://sso.jumpcloud.com/saml2/x\n",
    );
    sandbox.run(&["login", "-a", "prodution"]).expect(9).says(&[
        "\"prodution\"",
        "config.toml",
        ".saml2aws",
        "Accounts: production, staging.",
        "jetway configure",
    ]);
}

/// Requirement T01.
#[test]
fn an_account_of_saml2aws_works_unchanged() {
    let (sandbox, fake) = (Sandbox::new(), Fake::start(Behaviour::default()));
    let written = format!(
        "[production]\nname                    = production\napp_id                  = \n\
         url                     = {}\nusername                = road.runner@acme.com\n\
         provider                = JumpCloud\nmfa                     = Auto\n\
         skip_verify             = false\ntimeout                 = 0\n\
         aws_urn                 = urn:amazon:webservices\naws_session_duration    = 7200\n\
         aws_profile             = saml\nresource_id             = \n\
         role_arn                = {ADMIN}\nhttp_attempts_count     = 1\n\
         saml_cache              = false\nkc_broker               = \n",
        fake.idp()
    );
    let file = sandbox.write(".saml2aws", &written);
    login(&sandbox, &fake, &[]).expect(0);
    assert!(sandbox.read(".aws/credentials").starts_with("[saml]\n"));
    assert_eq!(fake.sts_forms()[0]["DurationSeconds"], "7200");
    assert_eq!(std::fs::read_to_string(file).unwrap(), written);

    let elsewhere = sandbox.write("elsewhere", &written);
    std::fs::remove_file(sandbox.path(".saml2aws")).unwrap();
    let elsewhere = elsewhere.to_str().unwrap();
    login(&sandbox, &fake, &["--force", "--config", elsewhere]).expect(0);
    let (url, password) = (fake.url(), PASSWORD);
    let variables = [
        ("SAML2AWS_CONFIGFILE", elsewhere),
        ("SAML2AWS_IDP_ACCOUNT", "production"),
        ("SAML2AWS_PASSWORD", password),
        ("AWS_ENDPOINT_URL", &url),
    ];
    sandbox
        .run_with(&["login", "--force"], &variables)
        .expect(0);
    assert_eq!(fake.count("/userconsole/auth"), 3);
}

#[test]
fn flags_work_before_and_after_the_command_and_beat_the_environment() {
    let (sandbox, fake) = (Sandbox::new(), Fake::start(Behaviour::default()));
    let (idp, url) = (fake.idp(), fake.url());
    let variables = [
        ("SAML2AWS_URL", idp.as_str()),
        ("SAML2AWS_USERNAME", "road.runner@acme.com"),
        ("SAML2AWS_PASSWORD", "wrong"),
        ("SAML2AWS_ROLE", READ_ONLY),
        ("SAML2AWS_PROFILE", "by-variable"),
        ("SAML2AWS_SESSION_DURATION", "1800"),
        ("AWS_ENDPOINT_URL_STS", url.as_str()),
    ];
    let before = [
        "--password",
        PASSWORD,
        "--idp-provider=JumpCloud",
        "login",
        "--mfa=Auto",
    ];
    let run = sandbox
        .run_with(&[&before[..], &["--role", ADMIN]].concat(), &variables)
        .expect(0);
    assert!(
        run.err.contains(&format!("Selected role: {ADMIN}")),
        "{}",
        run.err
    );
    assert!(
        sandbox
            .read(".aws/credentials")
            .starts_with("[by-variable]\n")
    );
    assert_eq!(fake.sts_forms()[0]["DurationSeconds"], "1800");
}

#[test]
fn files_are_looked_for_where_the_environment_says() {
    let (sandbox, fake) = ready(Behaviour::default());
    std::fs::rename(sandbox.path(".config"), sandbox.path("elsewhere")).unwrap();
    let (config, keys) = (sandbox.path("elsewhere"), sandbox.path("keys"));
    let own = config.join("jetway").join("config.toml");
    let url = fake.url();
    let variables = [
        ("JETWAY_PASSWORD", PASSWORD),
        ("AWS_ENDPOINT_URL_STS", url.as_str()),
        ("AWS_SHARED_CREDENTIALS_FILE", keys.to_str().unwrap()),
    ];
    let words = ["login", "-a", "production", "--force", "--role", ADMIN];
    for (name, path) in [("XDG_CONFIG_HOME", &config), ("JETWAY_CONFIG_FILE", &own)] {
        let variables = [&variables[..], &[(name, path.to_str().unwrap())]].concat();
        sandbox.run_with(&words, &variables).expect(0);
    }
    let named = [&words[..], &["--config", own.to_str().unwrap()]].concat();
    sandbox.run_with(&named, &variables).expect(0);
    assert!(sandbox.read("keys").contains("[production]"));
    let missing = [&words[..], &["--config", "no.toml"]].concat();
    sandbox
        .run_with(&missing, &variables)
        .expect(9)
        .says(&["no.toml does not exist"]);
}

#[test]
fn an_empty_option_says_nothing() {
    let (sandbox, fake) = ready(Behaviour::default());
    let words = [
        "login",
        "-a",
        "production",
        "--password",
        "",
        "--username",
        "",
        "--role",
        "",
    ];
    sandbox
        .run(&words)
        .expect(3)
        .says(&["The password is missing"]);
    assert!(fake.requests().is_empty());
}

#[test]
fn secrets_show_up_nowhere() {
    let (sandbox, fake) = ready(Behaviour {
        factors: Some(r#"[{"type":"totp","status":"available"}]"#),
        ..Behaviour::default()
    });
    let arguments = [
        "--role",
        ADMIN,
        "--verbose",
        "--mfa-token",
        crate::fake::CODE,
    ];
    let run = login(&sandbox, &fake, &arguments).expect(0);
    run_is_clean(&run.err);
    let run = sandbox.run(&["login", "-a", "production", "--password", PASSWORD, "--bad"]);
    run_is_clean(&run.err);
    assert_eq!(run.status, 2);
}

fn run_is_clean(words: &str) {
    for secret in [
        PASSWORD,
        crate::fake::CODE,
        "secret/",
        "token==",
        "SAMLResponse",
    ] {
        assert!(!words.contains(secret), "{secret} is in:\n{words}");
    }
}

#[test]
fn quiet_leaves_errors_alone() {
    let (sandbox, fake) = ready(Behaviour::default());
    let run = login(&sandbox, &fake, &["--role", ADMIN, "--quiet"]).expect(0);
    assert_eq!(run.err, "");
    login(&sandbox, &fake, &["--role", "x", "--quiet"])
        .expect(6)
        .says(&["Error: "]);
}

#[test]
fn a_profile_that_aws_tools_would_not_use_is_pointed_out() {
    let (sandbox, fake) = ready(Behaviour::default());
    sandbox.write(
        ".aws/config",
        "[profile production]\nrole_arn = arn\nsource_profile = x\n",
    );
    login(&sandbox, &fake, &["--role", ADMIN])
        .expect(0)
        .says(&["Warning", "role_arn"]);
}

#[test]
fn a_clock_that_is_wrong_makes_no_difference_to_what_is_stored() {
    let (sandbox, fake) = ready(Behaviour {
        lasting: Some(-3_600),
        ..Behaviour::default()
    });
    login(&sandbox, &fake, &["--role", ADMIN]).expect(0);
    let stored = sandbox.read(".aws/credentials");
    assert!(stored.contains("x_security_token_expires"), "{stored}");
    assert!(now() > 0);
}

#[test]
fn usage_help_and_version_have_their_own_status() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["--help"]).expect(0);
    for command in ["configure", "login", "exec"] {
        assert!(help.out.contains(command), "{}", help.out);
    }
    for unbuilt in ["console", "list-roles", "script", "keychain"] {
        assert!(
            !help.out.contains(unbuilt),
            "{unbuilt} is in:\n{}",
            help.out
        );
    }
    let version = sandbox.run(&["--version"]).expect(0).out;
    assert_eq!(version, format!("jetway {}\n", env!("CARGO_PKG_VERSION")));
    sandbox
        .run(&["login", "--nonsense"])
        .expect(2)
        .says(&["--nonsense"]);
    sandbox
        .run(&["login", "--session-duration", "60"])
        .expect(2)
        .says(&["900"]);
    sandbox.run(&["console"]).expect(2);
    sandbox
        .run(&["exec", "-a", "x"])
        .expect(2)
        .says(&["COMMAND"]);
    assert!(sandbox.run(&[]).expect(0).out.contains("Usage: jetway"));
}

#[test]
fn a_name_that_is_not_utf_8_is_refused_and_not_passed_over() {
    let (sandbox, fake) = ready(Behaviour::default());
    let name = OsStr::from_bytes(b"keys\xff");
    let words = [
        "login",
        "-a",
        "production",
        "--role",
        ADMIN,
        "--password",
        PASSWORD,
    ];
    let mut command = sandbox.command(&words);
    finish(command.env("AWS_SHARED_CREDENTIALS_FILE", name))
        .expect(9)
        .says(&["AWS_SHARED_CREDENTIALS_FILE", "UTF-8"]);
    let mut command = sandbox.command(&words);
    finish(command.arg("--credentials-file").arg(name))
        .expect(9)
        .says(&["keys", "UTF-8"]);
    assert_eq!(fake.total(), 0);
}

/// Keys in the file that AWS tools read would hide the setting that runs this command.
#[test]
fn the_tools_file_is_known_by_any_path_that_leads_to_it() {
    let (sandbox, fake) = ready(Behaviour::default());
    sandbox.write(".aws/credentials", "");
    for path in [".aws/credentials", "~/.aws/../.aws/credentials"] {
        let words = [
            "--role",
            ADMIN,
            "--credential-process",
            "--credentials-file",
            path,
        ];
        login(&sandbox, &fake, &words).expect(0);
        assert_eq!(sandbox.read(".aws/credentials"), "", "{path}");
    }
}
