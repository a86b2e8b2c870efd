//! What comes from the distribution.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::workspace::{self, find_program, output_of};

const PACKAGES: &str = include_str!("../../counterparts/debian.txt");

struct Package {
    name: &'static str,
    /// By which a machine that has it in another way is recognised.
    program: Option<&'static str>,
}

pub(super) fn install() -> Result<()> {
    let missing = missing()?;
    if missing.is_empty() {
        return Ok(());
    }
    if find_program("apt-get").is_none() {
        bail!("install what Debian calls {}", missing.join(", "));
    }
    if !workspace::is_root() {
        bail!(
            "run: sudo apt-get install --no-install-recommends {}",
            missing.join(" ")
        );
    }
    apt_get(&["update", "-qq"])?;
    let mut words = vec!["install", "-qq", "--yes", "--no-install-recommends"];
    words.extend(missing);
    apt_get(&words)
}

fn packages() -> Result<Vec<Package>> {
    workspace::entries(PACKAGES)
        .map(|line| {
            let (name, program) = line
                .split_once(char::is_whitespace)
                .with_context(|| format!("debian.txt: no program in {line:?}"))?;
            let program = Some(program.trim()).filter(|program| *program != "-");
            Ok(Package { name, program })
        })
        .collect()
}

fn missing() -> Result<Vec<&'static str>> {
    let is_debian = find_program("dpkg-query").is_some();
    let packages = packages()?
        .into_iter()
        .filter(|package| match package.program {
            Some(program) => find_program(program).is_none(),
            None => is_debian && !is_installed(package.name),
        });
    Ok(packages.map(|package| package.name).collect())
}

fn is_installed(package: &str) -> bool {
    let status = output_of(Command::new("dpkg-query").args([
        "--show",
        "--showformat=${db:Status-Status}",
        package,
    ]));
    status.is_ok_and(|status| status == "installed")
}

fn apt_get(words: &[&str]) -> Result<()> {
    workspace::run(
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-o", "DPkg::Lock::Timeout=300"])
            .args(words),
    )
}

#[cfg(test)]
mod tests {
    use super::packages;

    #[test]
    fn the_list_of_packages_reads() {
        let packages = packages().unwrap();
        assert!(
            packages
                .iter()
                .any(|package| package.program == Some("xmlsec1"))
        );
        assert!(packages.iter().any(|package| package.program.is_none()));
    }
}
