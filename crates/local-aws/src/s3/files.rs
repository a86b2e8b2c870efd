//! The bytes of objects: one file each, written aside, synced and renamed, never changed.

use std::{
    collections::{HashSet, VecDeque},
    fs, io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};

/// How much is read or written at once.
const CHUNK: usize = 256 * 1024;

/// The folder of the objects.
#[derive(Clone, Debug)]
pub(super) struct Files {
    root: PathBuf,
    drafts: PathBuf,
}

impl Files {
    /// Creates the folder if needed.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let drafts = root.join("drafts");
        fs::create_dir_all(&drafts)?;
        Ok(Self {
            root: root.to_owned(),
            drafts,
        })
    }

    /// Removes drafts and files that no record names: what a crash between two steps left.
    pub(super) fn sweep(&self, used: &HashSet<String>) -> io::Result<()> {
        for draft in fs::read_dir(&self.drafts)? {
            fs::remove_file(draft?.path())?;
        }
        for shard in fs::read_dir(&self.root)? {
            let shard = shard?;
            if shard.path() == self.drafts || !shard.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(shard.path())? {
                let file = file?;
                if !file
                    .file_name()
                    .to_str()
                    .is_some_and(|name| used.contains(name))
                {
                    fs::remove_file(file.path())?;
                }
            }
        }
        Ok(())
    }

    /// Starts a file. Nothing is visible until [`Draft::keep`]; dropping the draft removes it.
    pub(super) async fn begin(&self, name: String) -> io::Result<Draft> {
        let path = self.drafts.join(&name);
        let file = File::options()
            .write(true)
            .create_new(true)
            .open(&path)
            .await?;
        let keep_as = self.path(&name);
        Ok(Draft {
            path,
            keep_as,
            name,
            file,
            pending: Vec::with_capacity(CHUNK),
            kept: false,
        })
    }

    /// Opens a file for reading `length` bytes from `start`.
    pub(super) async fn read(&self, name: &str, start: u64, length: u64) -> io::Result<Reader> {
        let mut file = File::open(self.path(name)).await?;
        if start > 0 {
            file.seek(io::SeekFrom::Start(start)).await?;
        }
        Ok(Reader {
            current: Some((file, length)),
            rest: VecDeque::new(),
            files: self.clone(),
        })
    }

    /// Several whole files, one after the other.
    pub(super) fn read_all(&self, names: impl IntoIterator<Item = (String, u64)>) -> Reader {
        Reader {
            current: None,
            rest: names.into_iter().collect(),
            files: self.clone(),
        }
    }

    /// Removes a file whose record is gone. A failure leaves a file that the next start sweeps.
    pub(super) async fn remove(&self, name: &str) {
        if let Err(error) = tokio::fs::remove_file(self.path(name)).await {
            tracing::warn!("object file {name} was not removed: {error}");
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        // 256 folders keep each of them small.
        self.root.join(name.get(..2).unwrap_or("00")).join(name)
    }
}

/// A file being written.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    keep_as: PathBuf,
    name: String,
    file: File,
    pending: Vec<u8>,
    kept: bool,
}

impl Draft {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= CHUNK {
            self.file.write_all(&self.pending).await?;
            self.pending.clear();
        }
        Ok(())
    }

    /// Makes the file durable and gives its name.
    pub(super) async fn keep(mut self) -> io::Result<String> {
        self.file.write_all(&self.pending).await?;
        self.file.flush().await?;
        self.file.sync_all().await?;
        let (from, to) = (self.path.clone(), self.keep_as.clone());
        tokio::task::spawn_blocking(move || rename_durably(&from, &to))
            .await
            .map_err(io::Error::other)??;
        self.kept = true;
        Ok(std::mem::take(&mut self.name))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // If this fails, the next start sweeps the draft.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn rename_durably(from: &Path, to: &Path) -> io::Result<()> {
    let Some(folder) = to.parent() else {
        return Err(io::Error::other("an object file has no folder"));
    };
    if !folder.is_dir() {
        fs::create_dir_all(folder)?;
        if let Some(root) = folder.parent() {
            fs::File::open(root)?.sync_all()?;
        }
    }
    fs::rename(from, to)?;
    fs::File::open(folder)?.sync_all()
}

/// Reads files in chunks.
#[derive(Debug)]
pub(super) struct Reader {
    current: Option<(File, u64)>,
    rest: VecDeque<(String, u64)>,
    files: Files,
}

impl Reader {
    /// The bytes. A file that is shorter than its record says is an error, not an end.
    pub(super) fn into_stream(
        self,
    ) -> impl Stream<Item = Result<Bytes, io::Error>> + Send + Sync + 'static {
        stream::try_unfold(self, async |mut reader| {
            let chunk = reader.next_chunk().await?;
            Ok(chunk.map(|chunk| (chunk, reader)))
        })
    }

    async fn next_chunk(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            match &mut self.current {
                Some((file, left)) if *left > 0 => {
                    let wanted = usize::try_from(*left).unwrap_or(CHUNK).min(CHUNK);
                    let mut buffer = vec![0; wanted];
                    let read = file.read(&mut buffer).await?;
                    if read == 0 {
                        return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
                    }
                    buffer.truncate(read);
                    *left -= read as u64;
                    return Ok(Some(Bytes::from(buffer)));
                }
                _ => {
                    let Some((name, size)) = self.rest.pop_front() else {
                        return Ok(None);
                    };
                    let file = File::open(self.files.path(&name)).await?;
                    self.current = Some((file, size));
                }
            }
        }
    }
}
