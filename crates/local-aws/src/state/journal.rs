//! Changes that are not synced to the disk yet.
//!
//! A change of the directory is written to the journal and committed to the state file without
//! waiting for the disk. If the process dies, the journal is in the operating system's hands and is
//! replayed at the next start; soon after, one synced commit makes the journal superfluous. Each
//! synced commit stores how far the journal was part of it, so nothing is ever replayed over
//! something newer.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use aws_lc_rs::digest::{SHA256, digest};

use super::store::{Batch, StoreError};

/// The open journal.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    /// Bytes of whole entries.
    length: u64,
    /// Number of the last entry, also when it is no longer in the file.
    last: u64,
    /// Entries that no synced commit holds yet.
    pending: Vec<(u64, Batch)>,
}

impl Journal {
    /// Opens or creates the journal and reads its entries. One that was cut short, at the end, was
    /// never confirmed to anybody and is dropped.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let storage =
            |error: io::Error| StoreError::Storage(format!("{}: {error}", path.display()));
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(storage)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(storage)?;
        let mut journal = Self {
            file,
            length: 0,
            last: 0,
            pending: Vec::new(),
        };
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some((number, batch)) = parse(line) else {
                break;
            };
            journal.length += line.len() as u64;
            journal.last = number;
            journal.pending.push((number, batch));
        }
        journal.file.set_len(journal.length).map_err(storage)?;
        Ok(journal)
    }

    /// Number of the last entry.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// The state file knows entries up to this number, from before the journal was emptied.
    pub(super) fn continue_after(&mut self, synced: u64) {
        self.last = self.last.max(synced);
    }

    /// Entries after `synced`, oldest first.
    pub(super) fn after(&self, synced: u64) -> impl Iterator<Item = &Batch> {
        self.pending
            .iter()
            .filter(move |(number, _)| *number > synced)
            .map(|(_, batch)| batch)
    }

    /// Whether there is anything that no synced commit holds.
    pub(super) fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Writes an entry and gives it to the operating system.
    pub(super) fn append(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let number = self.last + 1;
        let line = line_of(number, batch)?;
        let written = self
            .file
            .seek(SeekFrom::Start(self.length))
            .and_then(|_| self.file.write_all(&line));
        if let Err(error) = written {
            self.cut(self.length);
            return Err(StoreError::Storage(format!("journal: {error}")));
        }
        self.length += line.len() as u64;
        self.last = number;
        self.pending.push((number, batch.clone()));
        Ok(())
    }

    /// Takes the last entry back: its commit failed.
    pub(super) fn take_back(&mut self) {
        if let Some((number, batch)) = self.pending.pop() {
            let length = line_of(number, &batch).map_or(0, |line| line.len() as u64);
            self.length -= length.min(self.length);
            self.cut(self.length);
        }
    }

    /// Everything is part of a synced commit.
    pub(super) fn clear(&mut self) {
        self.pending.clear();
        self.length = 0;
        self.cut(0);
    }

    fn cut(&self, length: u64) {
        if let Err(error) = self.file.set_len(length) {
            // Entries that remain by mistake have numbers that the state file knows already, or are
            // overwritten by the next.
            tracing::warn!(%error, "the journal could not be shortened");
        }
    }
}

/// `<number> <check> <writes as JSON>\n`
fn line_of(number: u64, batch: &Batch) -> Result<Vec<u8>, StoreError> {
    let json = batch.to_json()?;
    let mut line = format!("{number} {} ", check(number, json.as_bytes())).into_bytes();
    line.extend_from_slice(json.as_bytes());
    line.push(b'\n');
    Ok(line)
}

fn parse(line: &[u8]) -> Option<(u64, Batch)> {
    let text = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (number, rest) = text.split_once(' ')?;
    let (expected, json) = rest.split_once(' ')?;
    let number: u64 = number.parse().ok()?;
    if check(number, json.as_bytes()) != expected {
        return None;
    }
    Some((number, Batch::from_json(json)?))
}

fn check(number: u64, json: &[u8]) -> String {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.extend_from_slice(json);
    hex::encode(&digest(&SHA256, &bytes).as_ref()[..8])
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use tempfile::TempDir;

    use super::*;
    use crate::state::store::{Durability, Store, Table};

    struct Folder(TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn state(&self) -> PathBuf {
            self.0.path().join("state.redb")
        }

        fn journal(&self) -> PathBuf {
            self.0.path().join("state.journal")
        }

        fn store(&self) -> Store {
            Store::open(&self.state()).unwrap()
        }
    }

    fn put(value: &str) -> Batch {
        let mut batch = Batch::default();
        batch.put(Table::Users, "road.runner", &value).unwrap();
        batch
    }

    fn stored(store: &Store) -> Option<String> {
        store.read(Table::Users, "road.runner").unwrap()
    }

    /// What a process leaves behind that wrote the journal and died before it synced.
    fn died_with(folder: &Folder, values: &[&str]) {
        drop(folder.store());
        let mut journal = Journal::open(&folder.journal()).unwrap();
        for value in values {
            journal.append(&put(value)).unwrap();
        }
    }

    #[test]
    fn a_confirmed_change_outlives_the_process() {
        let folder = Folder::new();
        died_with(&folder, &["first", "second"]);
        let store = folder.store();
        assert_eq!(stored(&store).as_deref(), Some("second"));
        assert_eq!(fs::metadata(folder.journal()).unwrap().len(), 0);
    }

    #[test]
    fn an_entry_that_was_cut_short_is_dropped_and_those_before_it_count() {
        let folder = Folder::new();
        died_with(&folder, &["first", "second"]);
        let whole = fs::read(folder.journal()).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for end in first..whole.len() {
            fs::write(folder.journal(), &whole[..end]).unwrap();
            let journal = Journal::open(&folder.journal()).unwrap();
            assert_eq!(journal.last(), 1, "cut at {end}");
            assert_eq!(journal.after(0).count(), 1, "cut at {end}");
        }
        assert_eq!(stored(&folder.store()).as_deref(), Some("first"));
    }

    #[test]
    fn an_altered_entry_is_not_replayed() {
        let folder = Folder::new();
        died_with(&folder, &["first"]);
        let altered = fs::read_to_string(folder.journal())
            .unwrap()
            .replace("first", "worst");
        fs::write(folder.journal(), altered).unwrap();
        assert_eq!(stored(&folder.store()), None);
    }

    #[test]
    fn nothing_is_replayed_over_something_newer() {
        let folder = Folder::new();
        died_with(&folder, &["old"]);
        let stale = fs::read(folder.journal()).unwrap();
        let store = folder.store();
        store.commit(&put("new")).unwrap();
        drop(store);
        fs::write(folder.journal(), stale).unwrap();
        assert_eq!(stored(&folder.store()).as_deref(), Some("new"));
    }

    #[test]
    fn a_change_is_readable_at_once_and_synced_when_the_store_closes() {
        let folder = Folder::new();
        let store = folder.store();
        store
            .commit_with(&put("value"), Durability::SoonSynced)
            .unwrap();
        assert_eq!(stored(&store).as_deref(), Some("value"));
        drop(store);
        assert_eq!(fs::metadata(folder.journal()).unwrap().len(), 0);
        fs::remove_file(folder.journal()).unwrap();
        assert_eq!(stored(&folder.store()).as_deref(), Some("value"));
    }
}
