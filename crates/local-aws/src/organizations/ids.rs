//! Identifiers of organisations, their units and their accounts, in AWS's shapes.

use crate::{ids::is_account_id, op::Op, state::State};

const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// `o-` and 10 characters.
pub(super) fn organization(op: &mut Op) -> String {
    format!("o-{}", letters::<10>(op))
}

/// `r-` and 4 characters.
pub(super) fn root(op: &mut Op) -> String {
    format!("r-{}", letters::<4>(op))
}

/// `ou-`, what stands behind the `r-` of the root, and 8 characters.
pub(super) fn unit(op: &mut Op, root: &str) -> String {
    let root = root.strip_prefix("r-").unwrap_or(root);
    format!("ou-{root}-{}", letters::<8>(op))
}

/// `car-` and 32 characters.
pub(super) fn creation(op: &mut Op) -> String {
    format!("car-{}", letters::<32>(op))
}

/// 12 digits that no account has, the first of them not a zero.
pub(super) fn account(op: &mut Op, state: &State) -> String {
    const FIRST: u64 = 100_000_000_000;
    loop {
        let number = FIRST + u64::from_le_bytes(op.random()) % (9 * FIRST);
        let id = number.to_string();
        if state.account(&id).is_none() {
            return id;
        }
    }
}

/// Whether `text` could be the id of a root.
pub(super) fn is_root(text: &str) -> bool {
    text.strip_prefix("r-")
        .is_some_and(|rest| is_word(rest, 4, 32))
}

/// Whether `text` could be the id of a unit.
pub(super) fn is_unit(text: &str) -> bool {
    text.strip_prefix("ou-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(root, unit)| is_word(root, 4, 32) && is_word(unit, 8, 32))
}

/// Whether `text` could be the id of a root or a unit.
pub(super) fn is_parent(text: &str) -> bool {
    is_root(text) || is_unit(text)
}

/// Whether `text` could be the id of a unit or an account.
pub(super) fn is_child(text: &str) -> bool {
    is_unit(text) || is_account_id(text)
}

/// Whether `text` could be the id of something that has tags.
pub(super) fn is_taggable(text: &str) -> bool {
    is_parent(text) || is_account_id(text)
}

/// Whether `text` could be the id of a request to create an account.
pub(super) fn is_creation(text: &str) -> bool {
    text.strip_prefix("car-")
        .is_some_and(|rest| is_word(rest, 8, 32))
}

fn is_word(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len()) && text.bytes().all(|byte| LETTERS.contains(&byte))
}

fn letters<const N: usize>(op: &mut Op) -> String {
    let random: [u8; N] = op.random();
    random
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}
