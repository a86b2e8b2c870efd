//! The chain that shows whether the log was tampered with (security.md item 57).
//!
//! The database gives each event a position in the order of commits. A sealing step takes all
//! events behind the last seal, in that order, and adds a [`Seal`] over them: the SHA-256 of the
//! seal before, of what the seal says, and of each event. Only the holder of the sealing key can
//! mark a seal (HMAC), so rewriting the log and its seals in the database does not help. The last
//! seal, the [`LogHead`], is also kept elsewhere, so that a log that was cut off is noticed.
//!
//! Writing an event costs nothing extra; it is protected as soon as it is sealed, within a second.
//! Positions that may still be taken by a transaction under way are left for the next step, so an
//! event that is committed late joins the chain late and is never passed over.

use aws_lc_rs::digest::{Context, SHA256, digest};
use time::OffsetDateTime;

use crate::alerts;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{LogEntry, Store, StoreError};

/// Most events under one seal.
const BLOCK: u32 = 512;

/// Blocks end where position / 2^14 changes: the index of who is in the log is kept by such
/// stretches, each small enough to stay in memory while it grows.
const CHUNK_BITS: u32 = 14;

/// What a mark on a seal is about.
const CONTEXT: &str = "log-seal";

/// The seal over one block of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Counts from 1.
    pub sequence: i64,
    /// The block holds every event at a position above that of the seal before, up to this one.
    pub last_position: i64,
    pub events: i64,
    pub sealed_at: OffsetDateTime,
    /// Position and shortened digest of each event: where in the block something is wrong. What
    /// counts is the hash.
    pub entries: String,
    pub hash: [u8; 32],
    pub mark: [u8; 32],
}

/// The end of the chain at some moment. Whoever keeps it can later tell whether the log still
/// holds everything that it held then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    pub sequence: i64,
    pub hash: [u8; 32],
}

impl Seal {
    pub fn head(&self) -> LogHead {
        LogHead {
            sequence: self.sequence,
            hash: self.hash,
        }
    }

    pub(super) fn is_marked_by(&self, key: &SealingKey) -> bool {
        key.is_marked(CONTEXT, &self.hash, &self.mark)
    }
}

impl std::fmt::Display for LogHead {
    /// `<sequence>:<64 hexadecimal digits>`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.sequence, hex::encode(self.hash))
    }
}

/// The text is not the head of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the head of a log: write <number>:<64 hexadecimal digits>, as verify-log prints it")]
pub struct InvalidLogHead;

impl std::str::FromStr for LogHead {
    type Err = InvalidLogHead;

    fn from_str(text: &str) -> Result<Self, InvalidLogHead> {
        let (sequence, hash) = text.trim().split_once(':').ok_or(InvalidLogHead)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(hash, &mut bytes).map_err(|_| InvalidLogHead)?;
        Ok(Self {
            sequence: sequence.parse().map_err(|_| InvalidLogHead)?,
            hash: bytes,
        })
    }
}

/// The digest of one event's content.
pub(super) fn entry_digest(entry: &LogEntry) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, entry.content.as_bytes()).as_ref());
    bytes
}

/// The hash of a seal: of everything that it vouches for.
pub(super) fn seal_hash(
    previous: &[u8; 32],
    sequence: i64,
    last_position: i64,
    sealed_at: OffsetDateTime,
    entries: &[(i64, [u8; 32])],
) -> [u8; 32] {
    let milliseconds = sealed_at.unix_timestamp_nanos() / 1_000_000;
    let mut context = Context::new(&SHA256);
    context.update(b"jetway log seal 1\n");
    context.update(previous);
    context.update(&sequence.to_be_bytes());
    context.update(&last_position.to_be_bytes());
    context.update(&milliseconds.to_be_bytes());
    context.update(&(entries.len() as u64).to_be_bytes());
    for (position, digest) in entries {
        context.update(&position.to_be_bytes());
        context.update(digest);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Bytes of a digest that [`Seal::entries`] keeps.
const SHORT: usize = 6;

pub(super) fn short_entries(entries: &[(i64, [u8; 32])]) -> String {
    let mut text = String::with_capacity(entries.len() * 24);
    for (position, digest) in entries {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&position.to_string());
        text.push(':');
        text.push_str(&short(digest));
    }
    text
}

pub(super) fn short(digest: &[u8; 32]) -> String {
    hex::encode(digest.get(..SHORT).unwrap_or_default())
}

/// Seals every event that is settled and returns the head of the chain; `None` when the log is
/// empty. Several nodes may do this at once. Nothing is held while events are read and hashed.
pub async fn seal_events(
    op: &mut Op,
    store: &dyn Store,
    key: &SealingKey,
) -> Result<Option<LogHead>, StoreError> {
    let (mut last, newest) = {
        let mut read = store.read().await?;
        (read.last_seal().await?, read.newest_position().await?)
    };
    let sealed = |seal: &Option<Seal>| seal.as_ref().map_or(0, |seal| seal.last_position);
    if newest.is_none_or(|newest| newest <= sealed(&last)) {
        return Ok(last.map(|seal| seal.head()));
    }
    let settled = {
        let mut write = store.write().await?;
        write.settled_position().await?
    };
    while sealed(&last) < settled {
        last = next_block(op, store, key, last, settled).await?;
    }
    Ok(last.map(|seal| seal.head()))
}

/// Seals one block behind `last` and returns the seal that is last now.
async fn next_block(
    op: &mut Op,
    store: &dyn Store,
    key: &SealingKey,
    last: Option<Seal>,
    settled: i64,
) -> Result<Option<Seal>, StoreError> {
    let (after, previous, sequence) = last.as_ref().map_or((0, [0; 32], 0), |seal| {
        (seal.last_position, seal.hash, seal.sequence)
    });
    let border = (((after + 1) >> CHUNK_BITS) + 1) << CHUNK_BITS;
    let up_to = settled.min(border - 1);
    let found = {
        let mut read = store.read().await?;
        read.log_entries(after, up_to, BLOCK).await?
    };
    let full = found.len() >= BLOCK as usize;
    let last_position = match found.last() {
        Some(entry) if full => entry.position,
        _ => up_to,
    };
    let entries: Vec<_> = found
        .iter()
        .map(|entry| (entry.position, entry_digest(entry)))
        .collect();
    let sequence = sequence + 1;
    let hash = seal_hash(&previous, sequence, last_position, op.now, &entries);
    let seal = Seal {
        sequence,
        last_position,
        events: i64::try_from(entries.len()).unwrap_or(i64::MAX),
        sealed_at: op.now,
        entries: short_entries(&entries),
        hash,
        mark: key.mark(CONTEXT, &hash),
    };
    let mut write = store.write().await?;
    let now_last = write.last_seal().await?;
    if now_last.as_ref().map(Seal::head) != last.as_ref().map(Seal::head) {
        // Another node was faster: go on behind its seal.
        return Ok(now_last);
    }
    write
        .insert_seal(&seal, after, last_position >> CHUNK_BITS)
        .await?;
    alerts::raise_for_events(write.as_mut(), op, key, (after, last_position)).await?;
    write.commit().await?;
    Ok(Some(seal))
}
