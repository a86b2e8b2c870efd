//! Walking the chain of seals: was anything in the log changed, removed, inserted, moved or cut off?

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::events::seal::{LogHead, Seal, entry_digest, seal_hash, short};
use crate::sealing::SealingKey;
use crate::store::{LogEntry, Read, Store, StoreError};

/// Breaks that are listed; the walk goes on to count the rest.
const MOST_LISTED: usize = 50;

/// Seals that are read at once.
const PAGE: u32 = 64;

/// What a walk over the log found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogReport {
    /// Seals that were checked.
    pub seals: u64,
    /// Events under them.
    pub events: u64,
    /// Events that no seal covers yet; more than those of the last seconds means that sealing
    /// does not run.
    pub unsealed: u64,
    /// The end of the chain as found. Keep it outside this database.
    pub head: Option<LogHead>,
    /// Empty: the log is whole. At most the first fifty.
    pub breaks: Vec<LogBreak>,
    /// How many there are in all.
    pub broken: u64,
}

/// One place where the log is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogBreak {
    /// The seal that does not fit.
    pub sequence: i64,
    /// The event, by its position, when it is about one.
    pub position: Option<i64>,
    pub kind: BreakKind,
}

/// What happened to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakKind {
    Changed,
    Removed,
    Inserted,
    /// The event's content is that of another place in the block.
    Moved,
    /// A seal is not what was written, or not the one that the next one continues.
    Seal,
    /// A seal was not made with this server's key.
    Mark,
    /// One or more seals are missing in the middle.
    SealRemoved,
    /// The log once went on behind this seal.
    Cut,
}

impl fmt::Display for LogBreak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            BreakKind::Changed => "was changed",
            BreakKind::Removed => "was removed",
            BreakKind::Inserted => "was inserted",
            BreakKind::Moved => "was moved or copied from another place",
            BreakKind::Seal => "is not what was written: its hash does not fit",
            BreakKind::Mark => "was not made with this server's sealing key",
            BreakKind::SealRemoved => "follows a gap: seals before it were removed",
            BreakKind::Cut => {
                "is not there as it was: the log was cut off or an older state was put back"
            }
        };
        match self.position {
            Some(position) => write!(
                f,
                "event at position {position} (seal {}) {what}",
                self.sequence
            ),
            None => write!(f, "seal {} {what}", self.sequence),
        }
    }
}

/// Checks the whole log. `expected` are heads that were kept elsewhere: each must still be in the
/// chain.
pub async fn verify_log(
    store: &dyn Store,
    key: &SealingKey,
    expected: &[LogHead],
) -> Result<LogReport, StoreError> {
    let mut report = LogReport::default();
    let mut before: Option<Seal> = None;
    loop {
        let after = before.as_ref().map_or(i64::MIN, |seal| seal.sequence);
        let seals = store.read().await?.seals(after, PAGE).await?;
        if seals.is_empty() {
            break;
        }
        for seal in seals {
            verify_block(store, key, before.as_ref(), &seal, &mut report).await?;
            check_expected(expected, &seal, &mut report);
            before = Some(seal);
        }
    }
    let end = before.as_ref().map_or(0, |seal| seal.sequence);
    for head in expected {
        if head.sequence > end {
            report.add(end, None, BreakKind::Cut);
        }
    }
    report.head = before.as_ref().map(Seal::head);
    let after = before.map_or(i64::MIN, |seal| seal.last_position);
    report.unsealed = store.read().await?.count_entries(after).await?;
    Ok(report)
}

/// Checks the block of `seal` and its place behind `before`.
async fn verify_block(
    store: &dyn Store,
    key: &SealingKey,
    before: Option<&Seal>,
    seal: &Seal,
    report: &mut LogReport,
) -> Result<(), StoreError> {
    let (after, previous, sequence) = before.map_or((i64::MIN, [0; 32], 0), |seal| {
        (seal.last_position, seal.hash, seal.sequence)
    });
    let gap = seal.sequence != sequence + 1;
    if gap {
        report.add(seal.sequence, None, BreakKind::SealRemoved);
    }
    let mut read = store.read().await?;
    let mut found = entries(read.as_mut(), after, seal.last_position).await?;
    drop(read);
    if gap {
        // What lies before this block belonged to the seals that are gone.
        let first = first_position(seal);
        found.retain(|(position, _)| *position >= first);
    }
    report.seals += 1;
    report.events += found.len() as u64;
    if !seal.is_marked_by(key) {
        report.add(seal.sequence, None, BreakKind::Mark);
    }
    let hash = seal_hash(
        &previous,
        seal.sequence,
        seal.last_position,
        seal.sealed_at,
        &found,
    );
    if hash == seal.hash {
        return Ok(());
    }
    let broken = report.broken;
    compare(seal, &found, report);
    if report.broken == broken && !gap {
        report.add(seal.sequence, None, BreakKind::Seal);
    }
    Ok(())
}

fn first_position(seal: &Seal) -> i64 {
    let first = seal.entries.split(':').next();
    first
        .and_then(|position| position.parse().ok())
        .unwrap_or(i64::MAX)
}

/// Every event of the stretch, however many somebody may have put there.
async fn entries(
    read: &mut dyn Read,
    after: i64,
    up_to: i64,
) -> Result<Vec<(i64, [u8; 32])>, StoreError> {
    const STEP: u32 = 1024;
    let mut all = Vec::new();
    let mut from = after;
    loop {
        let found = read.log_entries(from, up_to, STEP).await?;
        let Some(LogEntry { position, .. }) = found.last() else {
            return Ok(all);
        };
        from = *position;
        let short = found.len() < STEP as usize;
        all.extend(
            found
                .iter()
                .map(|entry| (entry.position, entry_digest(entry))),
        );
        if short {
            return Ok(all);
        }
    }
}

/// Finds out which events of the block are not as they were.
fn compare(seal: &Seal, found: &[(i64, [u8; 32])], report: &mut LogReport) {
    let mut written: BTreeMap<i64, &str> = BTreeMap::new();
    let mut places: HashMap<&str, i64> = HashMap::new();
    for entry in seal.entries.split(' ') {
        if let Some((position, digest)) = entry.split_once(':')
            && let Ok(position) = position.parse()
        {
            written.insert(position, digest);
            places.insert(digest, position);
        }
    }
    for (position, digest) in found {
        let digest = short(digest);
        let elsewhere = places.get(digest.as_str()).is_some_and(|at| at != position);
        let kind = match written.remove(position) {
            Some(expected) if expected == digest => continue,
            _ if elsewhere => BreakKind::Moved,
            Some(_) => BreakKind::Changed,
            None => BreakKind::Inserted,
        };
        report.add(seal.sequence, Some(*position), kind);
    }
    for position in written.into_keys() {
        report.add(seal.sequence, Some(position), BreakKind::Removed);
    }
}

fn check_expected(expected: &[LogHead], seal: &Seal, report: &mut LogReport) {
    for head in expected {
        if head.sequence == seal.sequence && head.hash != seal.hash {
            report.add(seal.sequence, None, BreakKind::Cut);
        }
    }
}

impl LogReport {
    fn add(&mut self, sequence: i64, position: Option<i64>, kind: BreakKind) {
        self.broken += 1;
        if self.breaks.len() < MOST_LISTED {
            self.breaks.push(LogBreak {
                sequence,
                position,
                kind,
            });
        }
    }
}

/// Whether `head`, kept from before, is still in the chain. Costs one look-up.
pub async fn still_holds(store: &dyn Store, head: LogHead) -> Result<bool, StoreError> {
    let seals = store.read().await?.seals(head.sequence - 1, 1).await?;
    Ok(seals.first().map(Seal::head) == Some(head))
}
