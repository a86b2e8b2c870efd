//! Replacing a file so that every reader, and a power cut, sees the old content or the new.

use std::fs::{self, File, Metadata};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use super::{FileError, is_absent};

/// As many as Linux follows.
const MOST_LINKS: usize = 40;

/// The file that `path` stands for: symbolic links are followed (they are kept, what they point
/// at is replaced), and it need not exist.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf, FileError> {
    let mut current = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&current) {
            Ok(next) => {
                let folder = current.parent().unwrap_or(Path::new(""));
                current = folder.join(next);
            }
            // Not a link, or nothing there: this is it.
            Err(_) => return Ok(current),
        }
    }
    Err(FileError::LinkLoop(path.to_owned()))
}

/// Makes the folder of `target`, for its owner only, if it is not there.
pub(crate) fn ensure_folder(target: &Path) -> Result<(), FileError> {
    let folder = folder_of(target);
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    builder.mode(0o700);
    builder
        .create(folder)
        .map_err(FileError::io("create the folder", folder))
}

/// Whether an existing `target` may be written; nothing is changed.
pub(crate) fn check_writable(target: &Path) -> Result<(), FileError> {
    match fs::metadata(target) {
        Ok(metadata) if !metadata.is_file() => Err(FileError::NotAFile(target.to_owned())),
        Ok(_) => {
            File::options()
                .write(true)
                .open(target)
                .map_err(FileError::io("write", target))?;
            Ok(())
        }
        Err(error) if is_absent(&error) => Ok(()),
        Err(error) => Err(FileError::io("read", target)(error)),
    }
}

/// What was changed besides the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Replaced {
    /// Others could read or write the file; now only its owner can.
    pub(crate) made_private: bool,
}

/// Replaces the content of `target` (see [`resolve`]). The caller holds its lock. A new file gets
/// mode 0600; an existing one keeps its owner and its mode, without the rights of others.
pub(crate) fn replace(target: &Path, content: &[u8]) -> Result<Replaced, FileError> {
    check_writable(target)?;
    let old = fs::metadata(target).ok();
    let new = new_path(target);
    // The holder of the lock is the only writer, so what lies here is left over from a process
    // that was killed (or is a link that somebody planted, which is removed and not followed).
    match fs::remove_file(&new) {
        Err(error) if !is_absent(&error) => return Err(FileError::io("remove", &new)(error)),
        _ => {}
    }
    write_and_move(target, &new, content, old.as_ref()).inspect_err(|_| {
        let _ = fs::remove_file(&new);
    })
}

fn write_and_move(
    target: &Path,
    new: &Path,
    content: &[u8],
    old: Option<&Metadata>,
) -> Result<Replaced, FileError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    options.mode(0o600);
    let mut file = options.open(new).map_err(FileError::io("create", new))?;
    let replaced = match old {
        Some(old) => take_over_rights(&file, old).map_err(FileError::io("set the mode of", new))?,
        None => Replaced::default(),
    };
    file.write_all(content)
        .map_err(FileError::io("write", new))?;
    file.sync_all().map_err(FileError::io("write", new))?;
    drop(file);
    fs::rename(new, target).map_err(FileError::io("replace", target))?;
    sync_folder(target)?;
    Ok(replaced)
}

fn take_over_rights(file: &File, old: &Metadata) -> std::io::Result<Replaced> {
    const OTHERS: u32 = 0o077;
    let mode = old.mode() & 0o7777;
    file.set_permissions(fs::Permissions::from_mode(mode & !OTHERS))?;
    let now = file.metadata()?;
    if now.uid() != old.uid() {
        // An administrator writes somebody else's file, which must stay theirs.
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    Ok(Replaced {
        made_private: mode & OTHERS != 0,
    })
}

/// Makes the rename itself durable.
fn sync_folder(target: &Path) -> Result<(), FileError> {
    let folder = folder_of(target);
    let opened = File::open(folder).map_err(FileError::io("open the folder", folder))?;
    opened
        .sync_all()
        .map_err(FileError::io("sync the folder", folder))
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Beside the target, since a rename works within a file system only.
fn new_path(target: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".jetway-new");
    target.with_file_name(name)
}
