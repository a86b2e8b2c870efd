//! The threads that hash passwords.
//!
//! Argon2id needs 19 MiB and 14 ms of a core. Run on a pool that grows, it makes the process grow
//! by a block per thread, and on the I/O threads it stops everything else. So there are exactly as
//! many threads as cores, each with one block that it reuses, behind a queue with a limit: a full
//! queue is answered at once. One address gets half of the queue at most, so that a flood of
//! guesses at one account keeps nobody else out.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::Block;
use rand::Rng;
use rand::rngs::StdRng;
use secrecy::SecretString;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::passwords::phc::{MEMORY_KIB, PasswordHash};
use crate::passwords::rules::{self, PasswordError};
use crate::passwords::shares::{Share, Shares};
use crate::sessions::FailureKey;

/// Jobs that may wait per thread: half a second of work on a quiet machine, below two seconds on
/// one that is busy with more than passwords.
const QUEUE_PER_THREAD: usize = 32;

/// Too many passwords are waiting to be checked. Try again in a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins at the moment; try again in a few seconds")]
pub struct Busy;

/// Why a new password was not hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Busy(#[from] Busy),
}

/// The result of comparing a password with a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verification {
    pub matches: bool,
    /// The hash should be replaced by one with the present parameters.
    pub outdated: bool,
}

/// The hashing threads. They end when this is dropped.
#[derive(Debug)]
pub struct PasswordHashers {
    jobs: SyncSender<Job>,
    computed: Arc<AtomicU64>,
    shares: Shares,
}

type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

impl PasswordHashers {
    /// As many threads as this machine has cores for us.
    pub fn start() -> std::io::Result<Self> {
        Self::with_threads(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// `threads` threads, each with 32 places in the queue.
    pub fn with_threads(threads: NonZeroUsize) -> std::io::Result<Self> {
        let places = threads.get() * QUEUE_PER_THREAD;
        let (jobs, queue) = sync_channel(places);
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..threads.get() {
            let queue = Arc::clone(&queue);
            thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || work(&queue))?;
        }
        Ok(Self {
            jobs,
            computed: Arc::default(),
            shares: Shares::of(places / 2),
        })
    }

    /// Takes one place of those that `address` may have, for as long as the result lives.
    pub(crate) fn share(&self, address: &FailureKey) -> Result<Share<'_>, Busy> {
        self.shares.take(address).ok_or(Busy)
    }

    /// Hashes computed since the start, for the metrics: nearly all of what a sign-in costs.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// Checks a new password by the rules and hashes it with a fresh salt.
    pub async fn hash(
        &self,
        rng: &mut StdRng,
        password: SecretString,
    ) -> Result<PasswordHash, HashError> {
        rules::check_length(&password, rules::MIN_CHARACTERS)?;
        self.rehash(rng, password).await
    }

    /// Hashes a password that is in use, by whatever rules it was once accepted.
    pub(crate) async fn rehash(
        &self,
        rng: &mut StdRng,
        password: SecretString,
    ) -> Result<PasswordHash, HashError> {
        let bytes = rules::bytes(&password).ok_or(PasswordError::TooLong)?;
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let hash = self
            .run(move |memory| PasswordHash::compute(&bytes, salt, memory))
            .await?;
        // A failure of Argon2 itself (parameters are constant) means no memory: not now.
        Ok(hash.map_err(|_| Busy)?)
    }

    /// Compares `password` with `stored`. Without a stored hash the answer is no, at the same
    /// price: so a stranger cannot tell by the time whether an account exists.
    pub async fn verify(
        &self,
        password: &SecretString,
        stored: Option<PasswordHash>,
    ) -> Result<Verification, Busy> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(PasswordHash::of_nobody);
        let outdated = known && stored.is_outdated();
        let bytes = rules::bytes(password);
        let possible = known && bytes.is_some();
        let bytes = bytes.unwrap_or_else(|| Zeroizing::new(Vec::new()));
        let equal = self
            .run(move |memory| stored.verify(&bytes, memory))
            .await?;
        let equal = equal.map_err(|_| Busy)?;
        Ok(Verification {
            matches: possible && equal,
            outdated,
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let (answer, result) = oneshot::channel();
        let computed = Arc::clone(&self.computed);
        let job: Job = Box::new(move |memory| {
            // Nobody waits any more: do not spend 14 ms on an answer without a reader.
            if !answer.is_closed() {
                computed.fetch_add(1, Ordering::Relaxed);
                let _ = answer.send(job(memory));
            }
        });
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Busy,
        })?;
        result.await.map_err(|_| Busy)
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    // Filled by the first job, so that an idle server does not hold 19 MiB per core.
    let mut memory = Vec::new();
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A panic must cost one answer (its sender is dropped), not a thread.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
        // An imported hash may have needed more; that is not kept.
        memory.truncate(MEMORY_KIB as usize);
        memory.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[tokio::test]
    async fn a_hashed_password_verifies_and_another_does_not() {
        let hashers = PasswordHashers::with_threads(NonZeroUsize::MIN).unwrap();
        let mut rng = StdRng::seed_from_u64(1);
        let hash = hashers
            .hash(&mut rng, secret("that-is-all-folks"))
            .await
            .unwrap();
        let right = hashers
            .verify(&secret("that-is-all-folks"), Some(hash.clone()))
            .await;
        assert_eq!(
            right,
            Ok(Verification {
                matches: true,
                outdated: false
            })
        );
        let wrong = hashers
            .verify(&secret("that-is-all-folk"), Some(hash))
            .await;
        assert_eq!(
            wrong,
            Ok(Verification {
                matches: false,
                outdated: false
            })
        );
    }

    #[tokio::test]
    async fn nobody_has_no_password_not_even_an_absurdly_long_one() {
        let hashers = PasswordHashers::with_threads(NonZeroUsize::MIN).unwrap();
        for password in ["", "that-is-all-folks", &"x".repeat(100_000)] {
            let result = hashers.verify(&secret(password), None).await.unwrap();
            assert!(!result.matches);
        }
    }

    #[tokio::test]
    async fn a_full_queue_is_answered_at_once() {
        let hashers = PasswordHashers::with_threads(NonZeroUsize::MIN).unwrap();
        let (started, starts) = oneshot::channel();
        let (release, gate) = std::sync::mpsc::channel::<()>();
        let mut first = Box::pin(hashers.run(move |_| {
            started.send(()).unwrap();
            gate.recv().is_ok()
        }));
        assert_eq!(poll_once(first.as_mut()).await, None);
        starts.await.unwrap();
        let mut queued = Vec::new();
        for _ in 0..QUEUE_PER_THREAD {
            let mut job = Box::pin(hashers.run(|_| ()));
            assert_eq!(poll_once(job.as_mut()).await, None);
            queued.push(job);
        }
        assert_eq!(hashers.run(|_| ()).await, Err(Busy));
        release.send(()).unwrap();
        assert_eq!(first.await, Ok(true));
        for job in queued {
            assert_eq!(job.await, Ok(()));
        }
    }

    #[tokio::test]
    async fn a_panic_costs_one_answer_and_no_thread() {
        let hashers = PasswordHashers::with_threads(NonZeroUsize::MIN).unwrap();
        assert_eq!(
            hashers.run(|_| panic!("expected by this test")).await,
            Err::<(), _>(Busy)
        );
        assert_eq!(hashers.run(|_| 7).await, Ok(7));
    }

    /// `None` while pending.
    async fn poll_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match std::pin::Pin::new(&mut future).poll(context) {
                std::task::Poll::Ready(value) => Some(value),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }
}
