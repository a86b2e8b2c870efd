//! Where the key is under which secrets are sealed at rest.

use std::path::PathBuf;

use secrecy::SecretString;

use crate::ConfigError;

/// One of three places. Nodes that share a database need the same key.
#[derive(Debug, Clone)]
pub enum SealingKeySource {
    /// `sealing.key` in the data folder, made there at the first start.
    DataFolder,
    /// A file that somebody else looks after, such as a mounted secret.
    File(PathBuf),
    /// 64 hexadecimal digits in `JETWAYD_SEALING_KEY`.
    Variable(SecretString),
}

impl SealingKeySource {
    /// The strongest source that is given. There is no flag for the key itself: everybody on the
    /// machine can read a process's arguments.
    pub(crate) fn choose(
        flag: Option<PathBuf>,
        (variable, variable_file): (Option<SecretString>, Option<PathBuf>),
        file: Option<PathBuf>,
    ) -> Result<Self, ConfigError> {
        if let Some(path) = flag {
            return Ok(Self::File(path));
        }
        match (variable, variable_file) {
            (Some(_), Some(_)) => Err(ConfigError::TwoSealingKeys),
            (Some(key), None) => Ok(Self::Variable(key)),
            (None, Some(path)) => Ok(Self::File(path)),
            (None, None) => Ok(file.map_or(Self::DataFolder, Self::File)),
        }
    }
}
