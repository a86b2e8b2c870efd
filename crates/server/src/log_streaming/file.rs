//! Events as JSON lines in a file of the data folder.
//!
//! A batch counts as delivered when it is on the disk (fsync). A line that a crash left unfinished
//! is cut off before the next one is written; its event comes again with the batch.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jetway_identity::events::event_json;
use jetway_identity::log_destinations::Batch;

/// Appends the batch to `name` in `folder`. A file that holds more than `max_bytes` becomes
/// `name.1`, what was `name.1` becomes `name.2`, and so on up to `keep`.
pub(crate) fn deliver(
    batch: &Batch,
    folder: &Path,
    name: &str,
    (max_bytes, keep): (u64, u32),
) -> Result<(), String> {
    let path = folder.join(name);
    append(batch, folder, &path, (max_bytes, keep))
        .map_err(|error| format!("{} cannot be written: {error}.", path.display()))
}

fn append(
    batch: &Batch,
    folder: &Path,
    path: &Path,
    (max_bytes, keep): (u64, u32),
) -> std::io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    if std::fs::symlink_metadata(path).is_ok_and(|file| !file.is_file()) {
        return Err(std::io::Error::other("it is not a plain file"));
    }
    let mut file = open(path)?;
    if whole_lines(&mut file)? >= max_bytes {
        put_aside(path, keep)?;
        file = open(path)?;
    }
    file.seek(SeekFrom::End(0))?;
    let mut lines = String::new();
    for event in &batch.events {
        lines.push_str(&event_json(event, batch.organisation).to_string());
        lines.push('\n');
    }
    file.write_all(lines.as_bytes())?;
    file.sync_data()
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

/// Cuts off what follows the last line break and returns the length.
fn whole_lines(file: &mut File) -> std::io::Result<u64> {
    const STEP: u64 = 4096;
    let length = file.metadata()?.len();
    let mut end = length;
    let mut buffer = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(STEP);
        file.seek(SeekFrom::Start(start))?;
        buffer.clear();
        Read::by_ref(file)
            .take(end - start)
            .read_to_end(&mut buffer)?;
        if let Some(place) = buffer.iter().rposition(|byte| *byte == b'\n') {
            end = start + place as u64 + 1;
            break;
        }
        end = start;
    }
    if end != length {
        file.set_len(end)?;
    }
    Ok(end)
}

fn put_aside(path: &Path, keep: u32) -> std::io::Result<()> {
    let numbered = |number: u32| -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    };
    for number in (1..keep).rev() {
        let from = numbered(number);
        if from.exists() {
            std::fs::rename(from, numbered(number + 1))?;
        }
    }
    std::fs::rename(path, numbered(1))
}
