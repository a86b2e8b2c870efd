use std::process::Command;

use jetway_testkit::{counterparts, free_port, postgres, require};

#[test]
fn the_aws_cli_is_version_2() {
    let aws = require!(counterparts::aws_cli());
    let home = tempfile::tempdir().unwrap();
    let output = counterparts::aws_command(&aws, home.path())
        .arg("--version")
        .output()
        .unwrap();
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(version.starts_with("aws-cli/2."), "{version}");
}

#[test]
fn the_saml_python_knows_all_three_implementations() {
    let python = require!(counterparts::saml_python());
    let output = Command::new(python)
        .args(["-c", "import onelogin.saml2.auth, saml2, signxml"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn node_finds_the_service_provider_node_saml() {
    let (node, packages) = require!(counterparts::node_saml());
    let output = Command::new(node)
        .args(["-e", "new (require('@node-saml/node-saml').SAML)({})"])
        .current_dir(packages)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("callbackUrl is required"), "{said}");
}

#[test]
fn the_aws_python_reads_cloudformation_and_terraform() {
    let python = require!(counterparts::aws_python());
    let output = Command::new(python)
        .args(["-c", "import cfnlint, hcl2"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn each_database_is_empty_and_gone_afterwards() {
    let server = require!(postgres::server());
    let psql = require!(counterparts::psql());
    let count = |url: &str| {
        Command::new(&psql)
            .args([
                "--no-psqlrc",
                "--tuples-only",
                "--no-align",
                "--dbname",
                url,
            ])
            .args([
                "--command",
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
            ])
            .output()
            .unwrap()
    };
    let database = server.create_database().unwrap();
    let url = database.url().to_owned();
    assert_eq!(String::from_utf8_lossy(&count(&url).stdout).trim(), "0");
    drop(database);
    assert!(!count(&url).status.success());
}

#[test]
fn free_ports_are_different_and_can_be_bound() {
    let (first, second) = (free_port(), free_port());
    assert_ne!(first, second);
    std::net::TcpListener::bind(("127.0.0.1", second)).unwrap();
}
