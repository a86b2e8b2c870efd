//! Seed 003 from beginning to end: configure, log in, use AWS.

use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, postgres, require};

use crate::person::{FULL, Person, READ_ONLY, ROAD_RUNNER, refused, succeeded};

/// Requirements T01, T02, J17.
#[test]
fn a_login_on_the_command_line_lets_the_real_aws_cli_list_buckets() {
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Jetwayd::dev().unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();

    let login = person.login(&[]).unwrap();
    succeeded(&login);
    let said = String::from_utf8_lossy(&login.stderr);
    assert!(
        said.contains(&format!("Selected role: {READ_ONLY}")),
        "{said}"
    );
    assert!(
        said.contains(&format!(
            "Logged in as: arn:aws:sts::012345678987:assumed-role/AcmeJumpCloudAdminRO/{ROAD_RUNNER}"
        )),
        "{said}"
    );

    let listed = person
        .aws()
        .args(["--profile", "production", "s3", "ls"])
        .output()
        .unwrap();
    let listed = succeeded(&listed);
    assert!(listed.contains("acme-rocket-plans"), "{listed}");
}

/// Requirement J14.
#[test]
fn the_read_only_role_may_not_make_a_bucket_and_the_full_role_may() {
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Jetwayd::dev().unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();
    succeeded(&person.login(&[]).unwrap());

    let make = |name: &str| {
        person
            .aws()
            .args(["--profile", "production", "s3", "mb", name])
            .output()
            .unwrap()
    };
    let error = refused(&make("s3://acme-anvils"));
    let expected = format!(
        "An error occurred (AccessDenied) when calling the CreateBucket operation: User: arn:aws:sts::012345678987:assumed-role/AcmeJumpCloudAdminRO/{ROAD_RUNNER} is not authorized to perform: s3:CreateBucket on resource: \"arn:aws:s3:::acme-anvils\" because no identity-based policy allows the s3:CreateBucket action"
    );
    assert!(error.contains(&expected), "{error}");

    succeeded(&person.login(&["--force", "--role", FULL]).unwrap());
    assert_eq!(
        succeeded(&make("s3://acme-anvils")).trim(),
        "make_bucket: acme-anvils"
    );
}

/// Requirement T03.
#[test]
fn exec_runs_the_aws_cli_as_the_assumed_role_and_passes_its_exit_status_on() {
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Jetwayd::dev().unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();
    succeeded(&person.login(&[]).unwrap());

    let exec = |words: &[&str]| {
        person
            .jetway()
            .unwrap()
            .args(["exec", "-a", "production", "--"])
            .args(words)
            .output()
            .unwrap()
    };
    let identity = succeeded(&exec(&["aws", "sts", "get-caller-identity"]));
    let arn = format!("assumed-role/AcmeJumpCloudAdminRO/{ROAD_RUNNER}");
    assert!(identity.contains(&arn), "{identity}");

    assert_eq!(exec(&["sh", "-c", "exit 23"]).status.code(), Some(23));
}

#[test]
fn the_whole_way_works_on_postgresql_too() {
    let aws_cli = require!(counterparts::aws_cli());
    let database = require!(postgres::server()).create_database().unwrap();
    let jetwayd = Jetwayd::dev_with(&["--database-url", database.url()]).unwrap();
    assert!(!jetwayd.data_dir().join("jetway.db").exists());
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();
    succeeded(&person.login(&[]).unwrap());
    let listed = person
        .aws()
        .args(["--profile", "production", "s3", "ls"])
        .output()
        .unwrap();
    assert!(succeeded(&listed).contains("acme-rocket-plans"));
}

#[test]
fn objects_go_up_and_come_back_unchanged_small_and_in_parts() {
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Jetwayd::dev().unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), FULL).unwrap();
    succeeded(&person.login(&[]).unwrap());

    for (name, size) in [
        ("a plan + notes.txt", 1_000_usize),
        ("big.bin", 20 * 1024 * 1024),
    ] {
        let original: Vec<u8> = (0..=250_u8).cycle().take(size).collect();
        let (up, down) = (person.home().join(name), person.home().join("back"));
        std::fs::write(&up, &original).unwrap();
        let key = format!("s3://acme-rocket-plans/{name}");
        let copy = |from: &std::path::Path, to: &str| {
            let arguments = ["--profile", "production", "s3", "cp", "--only-show-errors"];
            succeeded(
                &person
                    .aws()
                    .args(arguments)
                    .arg(from)
                    .arg(to)
                    .output()
                    .unwrap(),
            )
        };
        copy(&up, &key);
        copy(key.as_ref(), down.to_str().unwrap());
        assert!(
            std::fs::read(&down).unwrap() == original,
            "{name} came back changed"
        );
    }
    let listed = person
        .aws()
        .args([
            "--profile",
            "production",
            "s3",
            "ls",
            "s3://acme-rocket-plans/",
        ])
        .output()
        .unwrap();
    assert!(succeeded(&listed).contains("a plan + notes.txt"));
}

#[test]
fn state_survives_a_restart_and_the_credentials_with_it() {
    let aws_cli = require!(counterparts::aws_cli());
    let folder = tempfile::tempdir().unwrap();
    let jetwayd = Jetwayd::dev_in(folder.path()).unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), FULL).unwrap();
    succeeded(&person.login(&[]).unwrap());
    let bucket = [
        "--profile",
        "production",
        "s3",
        "mb",
        "s3://kept-over-restarts",
    ];
    succeeded(&person.aws().args(bucket).output().unwrap());

    let jetwayd = jetwayd.restart().unwrap();
    let listed = person
        .aws()
        .args(["--profile", "production", "s3", "ls"])
        .output()
        .unwrap();
    assert!(succeeded(&listed).contains("kept-over-restarts"));
    succeeded(&person.login(&["--force"]).unwrap());
    assert!(jetwayd.stop().unwrap().success());
}
