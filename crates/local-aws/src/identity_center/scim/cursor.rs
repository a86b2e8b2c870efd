//! Cursors of AWS's lists: where the next page begins, bound to the list they came from. Whoever
//! changes the filter between two pages is told so.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jetway_scim::{Filter, ResourceKind};
use uuid::Uuid;

const CHECK: usize = 12;

/// The last entry of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// In the order of creation.
    Sequence(u64),
    /// In the order of ids.
    Id(Uuid),
}

/// What a list is a list of.
pub(super) fn list_name(kind: ResourceKind, filter: Option<&Filter>) -> String {
    let filter = filter.map(Filter::to_string).unwrap_or_default();
    format!("{} {filter}", kind.name())
}

/// The cursor after `mark` of the list.
pub(super) fn write(list: &str, mark: Mark) -> String {
    let mut bytes = match mark {
        Mark::Sequence(sequence) => sequence.to_be_bytes().to_vec(),
        Mark::Id(id) => id.as_bytes().to_vec(),
    };
    let check = check(list, &bytes);
    bytes.extend_from_slice(&check);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The mark in a cursor of this list; `None` when it is not one.
pub(super) fn read(list: &str, cursor: &str) -> Option<Mark> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (mark, given) = bytes.split_at_checked(bytes.len().checked_sub(CHECK)?)?;
    if check(list, mark) != given {
        return None;
    }
    match mark.len() {
        8 => Some(Mark::Sequence(u64::from_be_bytes(mark.try_into().ok()?))),
        _ => Uuid::from_slice(mark).ok().map(Mark::Id),
    }
}

/// A checksum against mistakes, not a signature: whoever may list may begin anywhere.
fn check(list: &str, mark: &[u8]) -> Vec<u8> {
    let mut text = mark.to_vec();
    text.extend_from_slice(list.as_bytes());
    digest(&SHA256, &text).as_ref()[..CHECK].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        for mark in [
            Mark::Sequence(0),
            Mark::Sequence(u64::MAX),
            Mark::Id(Uuid::max()),
        ] {
            let cursor = write("User ", mark);
            assert_eq!(read("User ", &cursor), Some(mark));
            assert_eq!(read("Group ", &cursor), None);
            assert_eq!(read("User ", &cursor[1..]), None);
        }
        for nonsense in ["", "AAAA", "not/base64+url", "AAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(read("User ", nonsense), None, "{nonsense}");
        }
    }
}
