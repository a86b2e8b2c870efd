//! The end of the chain as this node last saw it, in a file of the data folder: the database alone
//! cannot show that its own end was cut off.

use std::path::Path;

use jetway_identity::events::LogHead;

use crate::data_dir::write_private;

const FILE: &str = "activity-log.head";
/// Ends that were noted and are not in the log any more, one in each line. Nothing takes them out:
/// a log that was cut off stays known as such when it goes on.
const LOST: &str = "activity-log.lost";
/// Lines that are kept; the first breaks tell the most.
const MOST_LOST: usize = 100;

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

/// Every end that the log has to have: the last one, and those that were missed before.
pub(crate) fn read_all(data_dir: &Path) -> Vec<LogHead> {
    let mut heads = lost(data_dir);
    heads.extend(read(data_dir));
    heads
}

/// Notes that this end is not in the log any more.
pub(crate) fn lose(data_dir: &Path, head: LogHead) -> anyhow::Result<()> {
    let mut heads = lost(data_dir);
    if heads.contains(&head) || heads.len() >= MOST_LOST {
        return Ok(());
    }
    heads.push(head);
    let lines: Vec<_> = heads.iter().map(ToString::to_string).collect();
    write_private(&data_dir.join(LOST), lines.join("\n").as_bytes())
}

fn lost(data_dir: &Path) -> Vec<LogHead> {
    let text = std::fs::read_to_string(data_dir.join(LOST)).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}
