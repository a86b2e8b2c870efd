//! `cargo xtask install`: the real programs that the tests run against.

mod aws_cli;
mod debian;
mod node;
mod python;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// Installs whatever is missing.
///
/// # Errors
///
/// When something is still missing afterwards; the message names all of it and what to do.
pub(crate) fn run() -> Result<()> {
    // Debian comes first: the others use its unzip, its Python and its Node.js.
    let attempts = [
        ("Debian packages", debian::install as fn() -> Result<()>),
        ("AWS CLI v2", aws_cli::install),
        ("Python SAML implementations", python::install_saml),
        ("Python API tester and SMTP server", python::install_web),
        (
            "Python readers of CloudFormation and Terraform",
            python::install_aws,
        ),
        ("Python SCIM testers and server", python::install_scim),
        ("Node.js packages", node::install),
    ];
    let mut failures = Vec::new();
    for (what, install) in attempts {
        match install() {
            Ok(()) => println!("{what}: ready"),
            Err(error) => failures.push(format!("{what}: {error:#}")),
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    bail!("not everything is installed\n  {}", failures.join("\n  "));
}

/// Whether the folder was filled from exactly this specification.
fn is_current(folder: &Path, specification: &str) -> bool {
    fs::read_to_string(stamp(folder)).is_ok_and(|found| found == specification)
}

/// Says from what the folder was filled. The last step: a folder without it is filled anew.
fn mark_current(folder: &Path, specification: &str) -> Result<()> {
    let stamp = stamp(folder);
    fs::write(&stamp, specification).with_context(|| format!("cannot write {}", stamp.display()))
}

fn stamp(folder: &Path) -> std::path::PathBuf {
    folder.join("installed-from.txt")
}

/// Removes a folder if it is there.
fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
