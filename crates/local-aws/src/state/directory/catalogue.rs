//! Users or groups: by id, by what is unique among them, and in the order of their creation.

use std::sync::Arc;

use imbl::{HashMap, Vector};
use uuid::Uuid;

use super::records::Entry;

/// All users or all groups. What is unique is compared without regard to case.
#[derive(Clone, Debug)]
pub struct Catalogue<T> {
    by_id: HashMap<Uuid, Arc<T>>,
    /// Sequence numbers, ascending, with their ids.
    order: Vector<(u64, Uuid)>,
    names: HashMap<String, Uuid>,
    external_ids: HashMap<String, Uuid>,
    emails: HashMap<String, Uuid>,
    next_sequence: u64,
}

impl<T> Default for Catalogue<T> {
    fn default() -> Self {
        Self {
            by_id: HashMap::new(),
            order: Vector::new(),
            names: HashMap::new(),
            external_ids: HashMap::new(),
            emails: HashMap::new(),
            next_sequence: 1,
        }
    }
}

impl<T: Entry> Catalogue<T> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The one with this id.
    pub fn get(&self, id: &Uuid) -> Option<&Arc<T>> {
        self.by_id.get(id)
    }

    /// The one with this `userName` or `displayName`.
    pub fn by_name(&self, name: &str) -> Option<&Arc<T>> {
        self.get(self.names.get(&folded(name))?)
    }

    /// The one with this `externalId`.
    pub fn by_external_id(&self, external_id: &str) -> Option<&Arc<T>> {
        self.get(self.external_ids.get(external_id)?)
    }

    /// The one with this primary address.
    pub fn by_email(&self, email: &str) -> Option<&Arc<T>> {
        self.get(self.emails.get(&folded(email))?)
    }

    /// In the order of creation, without the first `skip`. Starting costs the logarithm of their
    /// number.
    pub fn iter(&self, skip: usize) -> impl Iterator<Item = &Arc<T>> {
        self.order
            .focus()
            .narrow(skip.min(self.order.len())..)
            .into_iter()
            .filter_map(|(_, id)| self.by_id.get(id))
    }

    /// How many were created up to and including the one with this sequence number: where a list
    /// goes on after it, whether it still exists or not.
    pub fn position_after(&self, sequence: u64) -> usize {
        match self
            .order
            .binary_search_by_key(&sequence, |(other, _)| *other)
        {
            Ok(position) => position + 1,
            Err(position) => position,
        }
    }

    /// The sequence number of the next one.
    pub fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// Adds it, or replaces the one with its id. Uniqueness is the caller's to check.
    pub(in crate::state) fn put(&mut self, entry: Arc<T>) {
        let id = entry.id();
        match self.by_id.get(&id).cloned() {
            Some(before) => self.unindex(before.as_ref()),
            None if entry.sequence() < self.next_sequence => {
                let at = self.position_after(entry.sequence());
                self.order.insert(at, (entry.sequence(), id));
            }
            None => {
                self.order.push_back((entry.sequence(), id));
                self.next_sequence = entry.sequence() + 1;
            }
        }
        self.names.insert(folded(entry.name()), id);
        if let Some(external_id) = entry.external_id() {
            self.external_ids.insert(external_id.to_owned(), id);
        }
        if let Some(email) = entry.email() {
            self.emails.insert(folded(email), id);
        }
        self.by_id.insert(id, entry);
    }

    pub(in crate::state) fn remove(&mut self, id: &Uuid) {
        let Some(entry) = self.by_id.remove(id) else {
            return;
        };
        self.unindex(entry.as_ref());
        let found = self
            .order
            .binary_search_by_key(&entry.sequence(), |(sequence, _)| *sequence);
        if let Ok(position) = found {
            self.order.remove(position);
        }
    }

    fn unindex(&mut self, entry: &T) {
        self.names.remove(&folded(entry.name()));
        if let Some(external_id) = entry.external_id() {
            self.external_ids.remove(external_id);
        }
        if let Some(email) = entry.email() {
            self.emails.remove(&folded(email));
        }
    }
}

/// The form in which names and addresses are compared.
fn folded(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
    use serde_json::json;

    use super::*;
    use crate::state::directory::UserRecord;

    fn user(number: u128, sequence: u64, name: &str) -> Arc<UserRecord> {
        let attributes = json!({
            "userName": name,
            "externalId": format!("ext-{name}"),
            "emails": [{ "value": format!("{name}@acme.example"), "primary": true }],
        });
        Arc::new(UserRecord {
            id: Uuid::from_u128(number),
            sequence,
            attributes: attributes.as_object().cloned().unwrap_or_default(),
            beyond_scim: serde_json::Map::new(),
            created_at: 0,
            updated_at: 0,
            created_by: String::new(),
            updated_by: String::new(),
            deactivated_at: None,
        })
    }

    /// Random histories, each step compared with a map that is searched from end to end.
    #[test]
    fn lookups_and_order_agree_with_a_plain_map_whatever_happens() {
        let mut rng = StdRng::seed_from_u64(2026);
        let mut catalogue = Catalogue::<UserRecord>::default();
        let mut model: BTreeMap<u64, Arc<UserRecord>> = BTreeMap::new();
        for step in 0..3_000_u128 {
            let existing: Vec<u64> = model.keys().copied().collect();
            let pick = |rng: &mut StdRng| existing[rng.random_range(0..existing.len())];
            match rng.random_range(0..4) {
                0 | 1 => {
                    let new = user(step, catalogue.next_sequence(), &format!("Person{step}"));
                    model.insert(new.sequence, Arc::clone(&new));
                    catalogue.put(new);
                }
                2 if !existing.is_empty() => {
                    let sequence = pick(&mut rng);
                    let renamed = user(
                        model[&sequence].id.as_u128(),
                        sequence,
                        &format!("Renamed{step}"),
                    );
                    let before = model.insert(sequence, Arc::clone(&renamed));
                    catalogue.put(renamed);
                    let before = before.unwrap();
                    assert!(catalogue.by_name(before.name()).is_none());
                    assert!(catalogue.by_email(before.email().unwrap()).is_none());
                }
                _ if !existing.is_empty() => {
                    let gone = model.remove(&pick(&mut rng)).unwrap();
                    catalogue.remove(&gone.id);
                    assert!(catalogue.get(&gone.id).is_none());
                    assert!(
                        catalogue
                            .by_external_id(gone.external_id().unwrap())
                            .is_none()
                    );
                }
                _ => {}
            }
            assert_eq!(catalogue.len(), model.len());
            if let Some(after) = existing.get(existing.len() / 2) {
                let expected: Vec<Uuid> = model
                    .range(after + 1..)
                    .take(5)
                    .map(|(_, user)| user.id)
                    .collect();
                let page: Vec<Uuid> = catalogue
                    .iter(catalogue.position_after(*after))
                    .take(5)
                    .map(|user| user.id)
                    .collect();
                assert_eq!(page, expected);
            }
        }
        for user in model.values() {
            let upper = user.name().to_uppercase();
            assert_eq!(
                catalogue.by_name(&upper).map(|found| found.id),
                Some(user.id)
            );
            assert_eq!(
                catalogue
                    .by_email(user.email().unwrap())
                    .map(|found| found.id),
                Some(user.id)
            );
        }
    }
}
