//! A person at a terminal: a home folder of their own, `jetway` and the AWS CLI.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::Context;
use jetway_testkit::counterparts;
use jetway_testkit::process::{Jetwayd, program};
use serde_json::Value;

pub(crate) const ROAD_RUNNER: &str = "road.runner@the-acme-corporation.com";
pub(crate) const WILE_COYOTE: &str = "wile.coyote@the-acme-corporation.com";
pub(crate) const PASSWORD: &str = "that-is-all-folks";
pub(crate) const READ_ONLY: &str = "arn:aws:iam::012345678987:role/AcmeJumpCloudAdminRO";
pub(crate) const FULL: &str = "arn:aws:iam::012345678987:role/AcmeJumpCloudAdmin";

pub(crate) struct Person {
    home: tempfile::TempDir,
    aws_cli: PathBuf,
    aws_url: String,
}

impl Person {
    /// A new person whose AWS tools talk to `jetwayd`'s local AWS.
    pub(crate) fn new(jetwayd: &Jetwayd, aws_cli: PathBuf) -> anyhow::Result<Self> {
        Ok(Self {
            home: tempfile::tempdir()?,
            aws_cli,
            aws_url: jetwayd.aws_url(),
        })
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// `aws …`, without credentials of its own.
    pub(crate) fn aws(&self) -> Command {
        let mut command = counterparts::aws_command(&self.aws_cli, self.home());
        command.env("AWS_ENDPOINT_URL", &self.aws_url);
        command
    }

    /// `aws …` with the bootstrap administrator's access key of an account.
    pub(crate) fn aws_as_administrator(&self, account: &Value) -> anyhow::Result<Command> {
        let field = |name: &str| account[name].as_str().context("dev.json lacks a field");
        let mut command = self.aws();
        command
            .env("AWS_ACCESS_KEY_ID", field("access_key_id")?)
            .env("AWS_SECRET_ACCESS_KEY", field("secret_access_key")?);
        Ok(command)
    }

    /// `jetway …`
    pub(crate) fn jetway(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(program("jetway")?);
        command
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", self.search_path()?)
            .env("AWS_ENDPOINT_URL", &self.aws_url)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true");
        Ok(command)
    }

    /// The AWS CLI first, as `jetway exec -- aws …` finds it.
    fn search_path(&self) -> anyhow::Result<String> {
        let folder = self.aws_cli.parent().context("no folder")?;
        Ok(format!("{}:/usr/bin:/bin", folder.display()))
    }

    /// The command line of seed 003, pointed at this identity provider.
    pub(crate) fn configure(&self, idp_url: &str, role: &str) -> anyhow::Result<()> {
        let output = self
            .jetway()?
            .args([
                "configure",
                "--idp-account=production",
                "--idp-provider=JumpCloud",
            ])
            .args(["--mfa=Auto", "--profile=production"])
            .arg(format!("--url={idp_url}/saml2/acme-prod-aws-admin"))
            .arg(format!("--username={ROAD_RUNNER}"))
            .arg(format!("--role={role}"))
            .arg("--skip-prompt")
            .output()?;
        succeeded(&output);
        Ok(())
    }

    /// `jetway login -a production`
    pub(crate) fn login(&self, more: &[&str]) -> anyhow::Result<Output> {
        let arguments = [
            "login",
            "-a",
            "production",
            "--password",
            PASSWORD,
            "--skip-prompt",
        ];
        Ok(self.jetway()?.args(arguments).args(more).output()?)
    }
}

/// The standard output of a command that must have worked.
#[track_caller]
pub(crate) fn succeeded(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}\n{}",
        output.status,
        everything(output)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The standard error of a command that must have failed.
#[track_caller]
pub(crate) fn refused(output: &Output) -> String {
    assert!(
        !output.status.success(),
        "it worked:\n{}",
        everything(output)
    );
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn everything(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
