//! How many passwords are checked at the same time for one address.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sessions::FailureKey;

/// Counts what is under way for each address.
#[derive(Debug)]
pub(super) struct Shares {
    most: usize,
    taken: Mutex<HashMap<FailureKey, usize>>,
}

impl Shares {
    /// At most `most` at a time for each address.
    pub(super) fn of(most: usize) -> Self {
        Self {
            most,
            taken: Mutex::default(),
        }
    }

    /// `None` when the address has as many as it may.
    pub(super) fn take(&self, address: &FailureKey) -> Option<Share<'_>> {
        let mut taken = self.lock();
        let count = taken.entry(address.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(taken);
        let address = address.clone();
        Some(Share {
            shares: self,
            address,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<FailureKey, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One place; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Share<'a> {
    shares: &'a Shares,
    address: FailureKey,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut taken = self.shares.lock();
        let left = taken.get_mut(&self.address).map(|count| {
            *count = count.saturating_sub(1);
            *count
        });
        if left == Some(0) {
            taken.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_its_share_and_no_more_and_nothing_is_kept() {
        let shares = Shares::of(2);
        let (a, b) = (FailureKey::of("a@acme.com"), FailureKey::of("b@acme.com"));
        let first = shares.take(&a);
        let second = shares.take(&a);
        assert!(first.is_some() && second.is_some());
        assert!(shares.take(&a).is_none());
        assert!(shares.take(&b).is_some(), "others are not concerned");
        drop(first);
        assert!(shares.take(&a).is_some());
        drop(second);
        assert!(shares.lock().is_empty());
    }
}
