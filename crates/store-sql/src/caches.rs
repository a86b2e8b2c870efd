//! What is kept in memory of the database.
//!
//! Decoded applications say their version and are compared with each row, so they are right on
//! any number of nodes. What single sign-on asks for (session, user, application, assignment) is
//! kept only with SQLite, whose folder this process holds alone: every change goes through it, and
//! each commit forgets all that is kept. So a session that ends, a suspension or a membership
//! taken away is noticed by the next question, as without a cache.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jetway_identity::store::SsoSubject;

use crate::entities::applications::Decoded;

#[derive(Debug)]
pub(crate) struct Caches {
    pub(crate) decoded: Decoded,
    pub(crate) subjects: Subjects,
}

impl Caches {
    /// `sole_writer`: nobody else changes this database.
    pub(crate) fn new(sole_writer: bool) -> Arc<Self> {
        Arc::new(Self {
            decoded: Decoded::default(),
            subjects: Subjects {
                sole_writer,
                commits: AtomicU64::new(0),
                known: Mutex::default(),
            },
        })
    }
}

/// Most answers kept; at that number all are dropped.
const MOST: usize = 4096;

/// By the hash of the session token, then by the slug that was asked for.
type Known = HashMap<(String, String), (u64, Arc<SsoSubject>)>;

/// Answers to [`jetway_identity::store::ReadSessions::sso_subject`].
#[derive(Debug)]
pub(crate) struct Subjects {
    sole_writer: bool,
    /// Counts the commits: an answer read before the last one is not used.
    commits: AtomicU64,
    known: Mutex<Known>,
}

impl Subjects {
    /// To be asked before the database is, and given to [`Self::keep`] with its answer: what was
    /// committed in between makes the answer useless.
    pub(crate) fn moment(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    pub(crate) fn find(&self, token: &str, slug: &str) -> Option<Arc<SsoSubject>> {
        if !self.sole_writer {
            return None;
        }
        let moment = self.moment();
        let key = (token.to_owned(), slug.to_owned());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, subject) = known.get(&key)?;
        (*read_at == moment).then(|| Arc::clone(subject))
    }

    pub(crate) fn keep(&self, moment: u64, token: &str, slug: &str, subject: &Arc<SsoSubject>) {
        if !self.sole_writer {
            return;
        }
        let key = (token.to_owned(), slug.to_owned());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, (moment, Arc::clone(subject)));
    }

    /// To be called when something was committed, before the caller hears of it.
    pub(crate) fn forget(&self) {
        self.commits.fetch_add(1, Ordering::AcqRel);
    }
}
