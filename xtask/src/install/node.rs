//! Packages of npm: the accessibility checker axe-core, an OpenID Connect server and a SAML service
//! provider.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};

use super::{is_current, mark_current, remove_folder};
use crate::workspace::{self, find_program};

const PACKAGE: &str = include_str!("../../counterparts/node/package.json");
/// Every package with its integrity. Made with `npm install --package-lock-only
/// --omit-lockfile-registry-resolved`, so that it names no registry.
const LOCK: &str = include_str!("../../counterparts/node/package-lock.json");

pub(super) fn install() -> Result<()> {
    let folder = workspace::counterparts().join("node");
    let checker = folder.join("node_modules/axe-core/axe.min.js");
    if is_current(&folder, LOCK) && checker.is_file() {
        return Ok(());
    }
    ensure!(
        find_program("npm").is_some(),
        "install npm (it comes with Node.js)"
    );
    remove_folder(&folder)?;
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), PACKAGE)?;
    fs::write(folder.join("package-lock.json"), LOCK)?;
    workspace::run(
        Command::new("npm")
            .args([
                "ci",
                "--silent",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
            ])
            .arg("--loglevel=error")
            .current_dir(&folder),
    )?;
    ensure!(checker.is_file(), "npm ci left no {}", checker.display());
    mark_current(&folder, LOCK)
}
