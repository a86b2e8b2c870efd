//! Python programs, each kind in an environment of its own: their dependencies disagree.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{is_current, mark_current, remove_folder};
use crate::workspace::{self, find_program, output_of};

struct PythonEnvironment {
    /// Its name under the counterparts.
    folder: &'static str,
    requirements: &'static str,
    /// What must be importable afterwards.
    check: &'static str,
}

/// SAML implementations that are not ours.
pub(super) fn install_saml() -> Result<()> {
    install(&PythonEnvironment {
        folder: "python",
        requirements: include_str!("../../counterparts/python-saml.txt"),
        check: "import onelogin.saml2.auth, saml2, signxml",
    })
}

/// The API tester Schemathesis and the SMTP server aiosmtpd.
pub(super) fn install_web() -> Result<()> {
    install(&PythonEnvironment {
        folder: "python-web",
        requirements: include_str!("../../counterparts/python-web.txt"),
        check: "import schemathesis, aiosmtpd",
    })
}

/// The CloudFormation checker cfn-lint, the Terraform parser python-hcl2 and the AWS SDK boto3.
pub(super) fn install_aws() -> Result<()> {
    install(&PythonEnvironment {
        folder: "python-aws",
        requirements: include_str!("../../counterparts/python-aws.txt"),
        check: "import boto3, cfnlint, hcl2",
    })
}

/// The SCIM testers scim2-tester (with its command line) and scim-sanity, and the SCIM server
/// scim2-server.
pub(super) fn install_scim() -> Result<()> {
    install(&PythonEnvironment {
        folder: "python-scim",
        requirements: include_str!("../../counterparts/python-scim.txt"),
        check: "import scim2_tester, scim2_cli, scim_sanity, scim2_server",
    })
}

fn install(environment: &PythonEnvironment) -> Result<()> {
    let folder = workspace::counterparts().join(environment.folder);
    let python = folder.join("bin/python");
    if is_current(&folder, environment.requirements) && python.is_file() {
        return Ok(());
    }
    let base =
        base_python().context("install Python 3 with its venv module (Debian: python3-venv)")?;
    remove_folder(&folder)?;
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    workspace::run(Command::new(base).args(["-m", "venv"]).arg(&folder))?;

    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, environment.requirements)?;
    // Wheels only: building lxml and xmlsec would need compilers and headers, and would tie them
    // to whichever libxml2 the machine has.
    workspace::run(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args([
                "--no-input",
                "--no-deps",
                "--only-binary=:all:",
                "--requirement",
            ])
            .arg(&requirements),
    )?;
    output_of(Command::new(&python).args(["-c", environment.check]))?;
    mark_current(&folder, environment.requirements)
}

/// A Python that can make environments: the one on `PATH`, or else the distribution's own.
fn base_python() -> Option<std::path::PathBuf> {
    let candidates = find_program("python3")
        .into_iter()
        .chain(["/usr/bin/python3".into()]);
    candidates.into_iter().find(|python| {
        output_of(Command::new(python).args(["-c", "import venv, ensurepip"])).is_ok()
    })
}
