//! Files of other tools, edited without losing a byte of theirs.

pub(crate) mod credentials;
pub mod ini;
pub(crate) mod lock;
pub(crate) mod replace;

use std::io;
use std::path::{Path, PathBuf};

/// What went wrong with a file: which one, doing what, and why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    #[error("{} is larger than {MAX_SIZE} bytes", .0.display())]
    TooLarge(PathBuf),
    #[error("{} leads through too many symbolic links", .0.display())]
    LinkLoop(PathBuf),
    #[error("the profile name {0:?} cannot be written: it holds a bracket or a control character")]
    ProfileName(String),
    #[error("the profile [{profile}] of {} holds long-lived keys, which would be lost", path.display())]
    LongLivedKeys { profile: String, path: PathBuf },
}

impl FileError {
    pub(crate) fn io<'a>(
        doing: &'static str,
        path: &'a Path,
    ) -> impl FnOnce(io::Error) -> Self + 'a {
        move |source| Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }

    /// What the person can do.
    pub(crate) fn advice(&self) -> Option<String> {
        match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => Some(
                    "Check the owner and the permissions of the file and of its folder. \
                     Nothing was changed."
                        .to_owned(),
                ),
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Some("Free some space and try again. The old file is intact.".to_owned())
                }
                _ => None,
            },
            Self::LongLivedKeys { .. } => Some(
                "Choose another profile with --profile, or add --replace to overwrite the keys."
                    .to_owned(),
            ),
            Self::ProfileName(_) => Some("Choose another name with --profile.".to_owned()),
            Self::NotAFile(_) | Self::TooLarge(_) | Self::LinkLoop(_) => None,
        }
    }
}

/// No configuration file comes near this.
pub(crate) const MAX_SIZE: u64 = 8 * 1024 * 1024;

/// The content of a file, or `None` when it does not exist.
pub(crate) fn read_if_exists(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(FileError::io("read", path)(error)),
    };
    if !metadata.is_file() {
        return Err(FileError::NotAFile(path.to_owned()));
    }
    if metadata.len() > MAX_SIZE {
        return Err(FileError::TooLarge(path.to_owned()));
    }
    match std::fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(FileError::io("read", path)(error)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
