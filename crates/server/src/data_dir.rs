//! The folder that holds all state, and the key under which secrets in it are sealed.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jetway_config::SealingKeySource;
use rand::Rng;
use rand::rngs::StdRng;
use secrecy::ExposeSecret;
use tempfile::TempDir;

/// An existing, writable folder. A temporary one is removed when this is dropped.
#[derive(Debug)]
pub(crate) enum DataDir {
    Kept(PathBuf),
    Temporary(TempDir),
}

impl DataDir {
    /// Uses `wanted`, making it when it is not there (readable by its owner alone), or makes a
    /// temporary folder.
    pub(crate) fn open(wanted: Option<PathBuf>) -> anyhow::Result<Self> {
        let Some(path) = wanted else {
            let folder = tempfile::Builder::new().prefix("jetway-dev-").tempdir();
            return Ok(Self::Temporary(
                folder.context("cannot make a temporary data folder")?,
            ));
        };
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .with_context(|| {
                format!(
                    "cannot make the data folder {}; choose another with --data-dir",
                    path.display()
                )
            })?;
        let probe = tempfile::Builder::new()
            .prefix(".probe-")
            .tempfile_in(&path);
        probe.with_context(|| {
            format!(
                "the data folder {} is not writable; change its permissions or choose another with --data-dir",
                path.display()
            )
        })?;
        Ok(Self::Kept(path))
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }
}

/// The 32 bytes under which secrets are sealed, from where the settings say. In the data folder it
/// is made at the first start (`may_make`), readable by its owner alone.
pub(crate) fn sealing_key(
    source: &SealingKeySource,
    folder: &Path,
    may_make: bool,
    rng: &mut StdRng,
) -> anyhow::Result<[u8; 32]> {
    match source {
        SealingKeySource::DataFolder => key_in_folder(folder, may_make, rng),
        SealingKeySource::File(path) => {
            let bytes =
                read_key(path).with_context(|| format!("cannot read {}", path.display()))?;
            let Some(key) = key_of(&bytes) else {
                bail!(
                    "{} is not a sealing key: it must hold 32 bytes or 64 hexadecimal digits",
                    path.display()
                );
            };
            Ok(key)
        }
        SealingKeySource::Variable(text) => {
            let Some(key) = key_of_digits(text.expose_secret()) else {
                bail!(
                    "JETWAYD_SEALING_KEY is not a sealing key: it must hold 64 hexadecimal digits"
                );
            };
            Ok(key)
        }
    }
}

/// At most 128 bytes: more is no key.
fn read_key(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(128).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn key_of(bytes: &[u8]) -> Option<[u8; 32]> {
    if let Ok(key) = bytes.try_into() {
        return Some(key);
    }
    key_of_digits(std::str::from_utf8(bytes).ok()?)
}

fn key_of_digits(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).ok()?;
    Some(key)
}

fn key_in_folder(folder: &Path, may_make: bool, rng: &mut StdRng) -> anyhow::Result<[u8; 32]> {
    let path = folder.join("sealing.key");
    match File::open(&path) {
        Ok(mut file) => {
            let mut bytes = Vec::new();
            Read::by_ref(&mut file).take(64).read_to_end(&mut bytes)?;
            let Ok(key) = <[u8; 32]>::try_from(bytes) else {
                bail!(
                    "{} is damaged (it must hold 32 bytes); restore it from a backup: without it the signing keys cannot be read",
                    path.display()
                );
            };
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::NotFound && !may_make => bail!(
            "the database is in use already, but its sealing key is not in {}: restore sealing.key from a backup or from the node that made it, or name it with --sealing-key-file",
            folder.display()
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut key = [0_u8; 32];
            rng.fill_bytes(&mut key);
            write_private(&path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Writes `path` whole or not at all, readable by its owner alone.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let temporary = path.with_file_name(name);
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealing_key_is_32_bytes_or_64_digits_and_nothing_else() {
        let digits = "0f".repeat(32);
        assert_eq!(key_of(&[7; 32]), Some([7; 32]));
        assert_eq!(key_of(format!("{digits}\n").as_bytes()), Some([0x0f; 32]));
        assert_eq!(key_of_digits(&digits), Some([0x0f; 32]));
        for odd in [
            "",
            "0f",
            &digits[1..],
            &format!("{digits}00"),
            &"zz".repeat(32),
        ] {
            assert_eq!(key_of(odd.as_bytes()), None, "{odd}");
        }
    }

    #[test]
    fn the_key_of_a_database_in_use_is_never_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut rng = crate::clock::System::randomness();
        let source = SealingKeySource::DataFolder;
        let error = sealing_key(&source, folder.path(), false, &mut rng).unwrap_err();
        assert!(error.to_string().contains("--sealing-key-file"), "{error}");
        assert!(!folder.path().join("sealing.key").exists());
        let made = sealing_key(&source, folder.path(), true, &mut rng).unwrap();
        let again = sealing_key(&source, folder.path(), false, &mut rng).unwrap();
        assert_eq!(made, again);
    }
}
