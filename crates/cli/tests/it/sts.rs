//! Getting credentials from STS: where it is, how long a session lasts, what a refusal means.

use std::path::Path;

use crate::fake::{ADMIN, Behaviour, Fake, PASSWORD, Reply, Request, granted, sts_error};
use crate::sandbox::{Run, Sandbox};

fn login(sandbox: &Sandbox, fake: &Fake, more: &[&str], variables: &[(&str, &str)]) -> Run {
    let idp = fake.idp();
    let arguments = [
        "login",
        "--url",
        &idp,
        "--username",
        "a@b.c",
        "--profile",
        "production",
    ];
    let arguments = [&arguments[..], &["--role", ADMIN], more].concat();
    sandbox.run_with(
        &arguments,
        &[&[("JETWAY_PASSWORD", PASSWORD)], variables].concat(),
    )
}

/// An STS that answers the first requests with these, and then as usual.
fn stumbling(replies: Vec<Reply>) -> Fake {
    Fake::start(Behaviour {
        special: Some(Box::new(move |request: &Request, seen: &[Request]| {
            let number = seen.iter().filter(|one| one.path == "/").count();
            (request.path == "/")
                .then(|| replies.get(number - 1).cloned())
                .flatten()
        })),
        ..Behaviour::default()
    })
}

#[test]
fn the_endpoint_is_found_as_aws_tools_find_it() {
    let fake = Fake::start(Behaviour::default());
    let url = fake.url();
    let dead = "http://127.0.0.1:9";
    login(&Sandbox::new(), &fake, &[], &[("AWS_ENDPOINT_URL", &url)]).expect(0);
    let both = [
        ("AWS_ENDPOINT_URL", dead),
        ("AWS_ENDPOINT_URL_STS", url.as_str()),
    ];
    login(&Sandbox::new(), &fake, &[], &both).expect(0);

    let sandbox = Sandbox::new();
    sandbox.write(
        ".aws/config",
        format!(
            "[profile production]\nservices = local\nendpoint_url = {dead}\n\n[services local]\n\
             s3 =\n  endpoint_url = {dead}\nsts =\n  endpoint_url = {url}\n"
        ),
    );
    login(&sandbox, &fake, &[], &[]).expect(0);

    let sandbox = Sandbox::new();
    let file = sandbox.write(
        "conf",
        format!("[profile production]\nendpoint_url = {url}\n"),
    );
    let file = file.to_str().unwrap();
    login(&sandbox, &fake, &[], &[("AWS_CONFIG_FILE", file)]).expect(0);
    assert_eq!(fake.sts_forms().len(), 4);
}

#[test]
fn an_endpoint_in_the_clear_elsewhere_is_refused() {
    let fake = Fake::start(Behaviour::default());
    let variables = [("AWS_ENDPOINT_URL_STS", "http://sts.example.com")];
    login(&Sandbox::new(), &fake, &[], &variables)
        .expect(9)
        .says(&["AWS_ENDPOINT_URL_STS", "not an https address"]);
    assert!(
        fake.requests().is_empty(),
        "nobody should type a password for nothing"
    );
}

#[test]
fn a_region_decides_the_endpoint_unless_one_is_configured() {
    let fake = Fake::start(Behaviour::default());
    let sandbox = Sandbox::new();
    // A proxy that nobody listens on: what matters is the host that was meant.
    let variables = [
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ("AWS_REGION", "eu-central-1"),
    ];
    login(&sandbox, &fake, &["--verbose"], &variables)
        .expect(8)
        .says(&["https://sts.eu-central-1.amazonaws.com/"]);
    login(
        &sandbox,
        &fake,
        &["--verbose", "--region", "cn-north-1"],
        &variables,
    )
    .expect(8)
    .says(&["https://sts.cn-north-1.amazonaws.com.cn/"]);
    sandbox.write(".aws/config", "[profile production]\nregion = us-east-2\n");
    login(&sandbox, &fake, &["--verbose"], &variables[..1])
        .expect(8)
        .says(&["https://sts.us-east-2.amazonaws.com/"]);
    login(&sandbox, &fake, &["--region", "us east"], &[])
        .expect(9)
        .says(&["us east"]);
}

#[test]
fn refusals_are_shown_in_aws_words_with_what_to_do() {
    for (code, message, advice) in [
        (
            "InvalidIdentityToken",
            "Response signature invalid",
            "metadata",
        ),
        (
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithSAML",
            "trust policy",
        ),
        (
            "InvalidIdentityToken",
            "Specified provider doesn't exist (Service: x)",
            "SAML provider",
        ),
        (
            "InvalidIdentityToken",
            "Issuer not present in specified provider (S)",
            "entity id",
        ),
        (
            "ExpiredTokenException",
            "Token must be redeemed within 5 minutes of issuance",
            "clock",
        ),
        (
            "InvalidIdentityToken",
            "RoleSessionName is required in AuthnResponse",
            "RoleSessionName",
        ),
        (
            "RegionDisabledException",
            "STS is not activated",
            "--region",
        ),
    ] {
        let fake = stumbling(vec![sts_error(400, code, message)]);
        let url = fake.url();
        let sandbox = Sandbox::new();
        login(&sandbox, &fake, &[], &[("AWS_ENDPOINT_URL_STS", &url)])
            .expect(7)
            .says(&[&format!("{code}: {message}"), advice]);
        assert_eq!(fake.sts_forms().len(), 1, "a refusal is not repeated");
        assert!(!sandbox.path(".aws").exists());
    }
}

#[test]
fn passing_troubles_are_retried_three_times() {
    let trouble = || {
        vec![
            Reply::html(503, "<html>busy</html>"),
            sts_error(400, "Throttling", "Rate exceeded"),
            sts_error(500, "InternalFailure", "x"),
        ]
    };
    let fake = stumbling(trouble());
    let url = fake.url();
    login(
        &Sandbox::new(),
        &fake,
        &[],
        &[("AWS_ENDPOINT_URL_STS", &url)],
    )
    .expect(0);
    assert_eq!(fake.sts_forms().len(), 4);

    let fake = stumbling(
        [
            trouble(),
            vec![sts_error(503, "ServiceUnavailable", "down")],
        ]
        .concat(),
    );
    let url = fake.url();
    login(
        &Sandbox::new(),
        &fake,
        &[],
        &[("AWS_ENDPOINT_URL_STS", &url)],
    )
    .expect(7)
    .says(&["ServiceUnavailable: down"]);
    assert_eq!(fake.sts_forms().len(), 4);
}

#[test]
fn a_session_longer_than_the_role_allows_is_cut_and_remembered() {
    let fake = Fake::start(Behaviour {
        longest: Some(7_200),
        ..Behaviour::default()
    });
    let url = fake.url();
    let (sandbox, variables) = (Sandbox::new(), [("AWS_ENDPOINT_URL_STS", url.as_str())]);
    login(
        &sandbox,
        &fake,
        &["--session-duration", "43200"],
        &variables,
    )
    .expect(0)
    .says(&["sessions of 2 h, not of 12 h"]);
    let asked = fake.sts_forms().len();
    assert!(asked <= 5, "{asked}");
    login(
        &sandbox,
        &fake,
        &["--session-duration", "43200", "--force"],
        &variables,
    )
    .expect(0);
    assert_eq!(
        fake.sts_forms().len(),
        asked + 1,
        "the second time it is known"
    );
    let credentials = sandbox.read(".aws/credentials");
    assert!(
        credentials.contains("ASIAAcmeJumpCloudAdmin"),
        "{credentials}"
    );
}

#[test]
fn a_session_policy_is_sent_or_the_login_fails() {
    let fake = Fake::start(Behaviour::default());
    let url = fake.url();
    let (sandbox, variables) = (Sandbox::new(), [("AWS_ENDPOINT_URL_STS", url.as_str())]);
    sandbox.write("policy.json", "{\"Version\":\"2012-10-17\"}");
    let arguments = [
        "--policyfile",
        "policy.json",
        "--policyarns",
        "arn:a, arn:b",
    ];
    login(&sandbox, &fake, &arguments, &variables).expect(0);
    let form = &fake.sts_forms()[0];
    assert_eq!(form["Policy"], "{\"Version\":\"2012-10-17\"}");
    assert_eq!(form["PolicyArns.member.1.arn"], "arn:a");
    assert_eq!(form["PolicyArns.member.2.arn"], "arn:b");
    login(
        &sandbox,
        &fake,
        &["--policyfile", "none", "--force"],
        &variables,
    )
    .expect(9)
    .says(&["none does not exist"]);
}

#[test]
fn an_answer_that_is_not_from_sts_is_told_apart() {
    for reply in [
        Reply::html(200, "<html>hotel login</html>"),
        Reply::html(403, "proxy says no"),
        Reply::xml(
            200,
            "<!DOCTYPE a [<!ENTITY b \"c\">]><AssumeRoleWithSAMLResult>&b;</AssumeRoleWithSAMLResult>",
        ),
        Reply::xml(200, &granted("a\nb = c", 60).body),
    ] {
        let fake = stumbling(vec![reply]);
        let (sandbox, url) = (Sandbox::new(), fake.url());
        login(&sandbox, &fake, &[], &[("AWS_ENDPOINT_URL_STS", &url)]).expect(8);
        assert!(!Path::new(&sandbox.path(".aws")).exists());
    }
}
