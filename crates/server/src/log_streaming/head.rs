//! The end of the chain as this node last saw it, in a file of the data folder: the database alone
//! cannot show that its own end was cut off.

use std::path::Path;

use jetway_identity::events::LogHead;

use crate::data_dir::write_private;

const FILE: &str = "activity-log.head";

/// What was noted; `None` before the first time, or when the file cannot be read.
pub(crate) fn read(data_dir: &Path) -> Option<LogHead> {
    std::fs::read_to_string(data_dir.join(FILE))
        .ok()?
        .parse()
        .ok()
}

pub(crate) fn write(data_dir: &Path, head: LogHead) -> anyhow::Result<()> {
    write_private(&data_dir.join(FILE), format!("{head}\n").as_bytes())
}
