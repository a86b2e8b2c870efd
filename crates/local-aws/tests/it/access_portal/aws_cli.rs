//! The unmodified AWS CLI v2 signs in (identity-center.md §1, §8.1 to §8.3, §8.6).

use jetway_local_aws::identity_center::{PortalSettings, change_portal, delete_assignment};
use serde_json::Value;

use super::{command_line::CommandLine, world::ADA};
use crate::support::ACCOUNT;

const ENDED: &str = "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.";

async fn caller(command_line: &CommandLine, profile: &str) {
    let printed = command_line
        .aws_ok(&["sts", "get-caller-identity", "--profile", profile])
        .await;
    let identity: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(identity["Account"], ACCOUNT);
    let arn = identity["Arn"].as_str().unwrap();
    assert!(
        arn.contains(":assumed-role/AWSReservedSSO_S3Admin_"),
        "{arn}"
    );
    assert!(arn.ends_with(&format!("/{ADA}")), "{arn}");
}

/// Session and browser: login, two services, lists, logout. Registrations stay, tokens go.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_in_the_browser_from_login_to_logout() {
    let Some(command_line) = CommandLine::new().await else {
        return;
    };
    command_line.log_in(&["--profile", "dev"]).await;
    caller(&command_line, "dev").await;
    command_line.aws_ok(&["s3", "ls", "--profile", "dev"]).await;
    let token = command_line.tokens()[0]["accessToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let accounts = command_line
        .aws_ok(&[
            "sso",
            "list-accounts",
            "--access-token",
            &token,
            "--region",
            "us-east-1",
        ])
        .await;
    let accounts: Value = serde_json::from_str(&accounts).unwrap();
    assert_eq!(accounts["accountList"].as_array().unwrap().len(), 2);
    command_line.aws_ok(&["sso", "logout"]).await;
    assert!(command_line.tokens().is_empty());
    let refused = command_line
        .center
        .portal("GET", "/assignment/accounts", &token)
        .await;
    assert_eq!(refused.status, 401);
    // The registration is used again.
    command_line.log_in(&["--profile", "dev"]).await;
    caller(&command_line, "dev").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_with_a_device_code() {
    let Some(command_line) = CommandLine::new().await else {
        return;
    };
    command_line
        .log_in(&["--profile", "dev", "--use-device-code"])
        .await;
    caller(&command_line, "dev").await;
    assert!(command_line.tokens()[0]["refreshToken"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_form_without_a_session() {
    let Some(command_line) = CommandLine::new().await else {
        return;
    };
    command_line.log_in(&["--profile", "old"]).await;
    caller(&command_line, "old").await;
    assert!(
        command_line.tokens()[0]
            .get("refreshToken")
            .is_none_or(Value::is_null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_on_another_machine() {
    let Some(command_line) = CommandLine::new().await else {
        return;
    };
    let own = ["sso", "login", "--profile", "dev", "--no-browser"];
    let with_code = [&own[..], &["--use-device-code"]].concat();
    for arguments in [&own[..], &with_code] {
        let child = command_line.start(arguments);
        command_line.allow(&command_line.shown().await).await;
        let (status, printed, said) = command_line.end(child).await;
        assert_eq!(status, 0, "{printed}{said}");
    }
    caller(&command_line, "dev").await;
}

/// §8.2: a restart between login and the next command, and one before the next login.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_with_a_restart() {
    let Some(command_line) = CommandLine::new().await else {
        return;
    };
    command_line.log_in(&["--profile", "dev"]).await;
    let command_line = command_line.restart().await;
    caller(&command_line, "dev").await;
    command_line.aws_ok(&["sso", "logout"]).await;
    let command_line = command_line.restart().await;
    command_line.log_in(&["--profile", "dev"]).await;
    caller(&command_line, "dev").await;
}

/// §8.3: a token of a minute is renewed with each command; what was taken away is refused in the
/// words that people know.
#[tokio::test(flavor = "multi_thread")]
async fn renewal_and_what_was_taken_away() {
    let Some(command_line) = CommandLine::new().await else {
        return;
    };
    let aws = command_line.center.world.aws.clone();
    let minute = PortalSettings {
        access_token_seconds: Some(60),
        ..PortalSettings::default()
    };
    change_portal(&aws, &minute).unwrap();
    command_line.log_in(&["--profile", "dev"]).await;
    let first = command_line.tokens()[0]["refreshToken"].clone();
    caller(&command_line, "dev").await;
    let second = command_line.tokens()[0]["refreshToken"].clone();
    assert_ne!(first, second);

    let state = aws.state();
    let assignments = &state.identity_center.as_ref().unwrap().assignments;
    let own = assignments
        .keys()
        .find(|key| key.account == ACCOUNT)
        .unwrap();
    delete_assignment(&aws, &mut aws.op(), own).unwrap();
    command_line.forget_credentials();
    let ask = ["sts", "get-caller-identity", "--profile", "dev"];
    let (status, _, said) = command_line.aws(&ask).await;
    assert_eq!(status, 254, "{said}");
    assert!(said.contains(
        "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access"
    ));

    command_line.center.disable(&command_line.center.ada).await;
    let (status, _, said) = command_line.aws(&ask).await;
    assert_eq!(status, 255, "{said}");
    assert!(said.contains(ENDED), "{said}");
}
