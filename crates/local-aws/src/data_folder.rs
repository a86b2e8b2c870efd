//! The data folder and its key file.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{ErrorKind, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use rand::Rng;
use zeroize::Zeroizing;

use crate::{OpenError, op::Entropy};

pub(crate) const KEY_FILE: &str = "master.key";

/// Creates the folder if it is missing, closes it to others, and makes sure that files can be made
/// in it. The folder shuts off what is below it, objects included, whatever their own modes are.
pub(crate) fn prepare(folder: &Path) -> Result<(), OpenError> {
    fs::create_dir_all(folder)
        .and_then(|()| fs::set_permissions(folder, Permissions::from_mode(0o700)))
        .map_err(|error| not_writable(folder, &error))?;
    let probe = folder.join(".writable");
    File::create(&probe)
        .and_then(|_| fs::remove_file(&probe))
        .map_err(|error| not_writable(folder, &error))
}

/// The 32 bytes from which all keys are derived. Created on the first start only: when there is
/// state but no key, the key was lost, and a new one would silently void every session and secret.
pub(crate) fn master_key(
    folder: &Path,
    has_state: bool,
    entropy: &dyn Entropy,
) -> Result<Zeroizing<[u8; 32]>, OpenError> {
    let path = folder.join(KEY_FILE);
    let fault = |fault| OpenError::Key {
        path: path.clone(),
        fault,
    };
    match fs::read(&path) {
        Ok(bytes) => {
            let bytes = Zeroizing::new(bytes);
            let key: [u8; 32] = bytes
                .as_slice()
                .try_into()
                .map_err(|_| fault("is damaged (it must be 32 bytes)"))?;
            Ok(Zeroizing::new(key))
        }
        Err(error) if error.kind() == ErrorKind::NotFound && has_state => {
            Err(fault("is missing, but there is state that needs it"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut key = Zeroizing::new([0; 32]);
            entropy.rng().fill_bytes(key.as_mut_slice());
            write_key(folder, &path, &key).map_err(|error| not_writable(&path, &error))?;
            Ok(key)
        }
        Err(error) => Err(not_writable(&path, &error)),
    }
}

/// Writes aside, then renames: a crash leaves no half key.
fn write_key(folder: &Path, path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let aside = folder.join(".master.key.new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside)?;
    file.write_all(key)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    File::open(folder)?.sync_all()
}

fn not_writable(path: &Path, error: &std::io::Error) -> OpenError {
    OpenError::NotWritable {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}
