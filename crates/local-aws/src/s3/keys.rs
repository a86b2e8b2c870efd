//! Walking the keys of a bucket, page by page.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use s3s::S3Result;

use super::{
    error,
    records::ObjectRecord,
    store::{Step, Storage},
};

/// What is asked for.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) prefix: String,
    pub(super) delimiter: Option<String>,
    pub(super) after: Option<After>,
    pub(super) max: usize,
}

/// Where a listing goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// After this key.
    Key(String),
    /// After every key that starts with this.
    Prefix(String),
}

/// One line of a listing.
#[derive(Debug)]
pub(super) enum Item {
    Object(String, Box<ObjectRecord>),
    Prefix(String),
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) items: Vec<Item>,
    pub(super) truncated: bool,
}

/// Walks the keys once; keys below a common prefix are skipped, not read.
pub(super) fn collect(
    storage: &Storage,
    bucket: &str,
    query: &Query,
) -> Result<Page, crate::StoreError> {
    let mut page = Page::default();
    let Some(start) = query.start().filter(|_| query.max > 0) else {
        return Ok(page);
    };
    storage.visit_objects(bucket, &start, |key, record| {
        let Some(rest) = key.strip_prefix(query.prefix.as_str()) else {
            return Step::Stop;
        };
        let common = query.common_prefix(key, rest);
        let item = match common {
            Some(common) if query.is_after(common) => return seek_past(common),
            Some(common) => Item::Prefix(common.to_owned()),
            None => Item::Object(key.to_owned(), Box::new(record)),
        };
        if page.items.len() == query.max {
            page.truncated = true;
            return Step::Stop;
        }
        page.items.push(item);
        common.map_or(Step::Next, seek_past)
    })?;
    Ok(page)
}

fn seek_past(prefix: &str) -> Step {
    successor(prefix).map_or(Step::Stop, Step::SeekTo)
}

impl Query {
    /// The first key that may be listed.
    fn start(&self) -> Option<String> {
        let after = match &self.after {
            None => String::new(),
            // The next string after a key.
            Some(After::Key(key)) => format!("{key}\0"),
            Some(After::Prefix(prefix)) => successor(prefix)?,
        };
        Some(after.max(self.prefix.clone()))
    }

    fn common_prefix<'k>(&self, key: &'k str, rest: &str) -> Option<&'k str> {
        let delimiter = self.delimiter.as_deref()?;
        let at = rest.find(delimiter)?;
        key.get(..key.len() - rest.len() + at + delimiter.len())
    }

    /// Whether the listing goes on after exactly this common prefix, as version 1 does when its
    /// marker is one.
    fn is_after(&self, common: &str) -> bool {
        matches!(&self.after, Some(After::Key(key)) if key == common)
    }
}

impl Item {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Object(text, _) | Self::Prefix(text) => text,
        }
    }

    pub(super) fn after(&self) -> After {
        match self {
            Self::Object(key, _) => After::Key(key.clone()),
            Self::Prefix(prefix) => After::Prefix(prefix.clone()),
        }
    }
}

impl After {
    pub(super) fn to_token(&self) -> String {
        let text = match self {
            Self::Key(key) => format!("k{key}"),
            Self::Prefix(prefix) => format!("p{prefix}"),
        };
        URL_SAFE_NO_PAD.encode(text)
    }

    pub(super) fn from_token(token: &str) -> S3Result<Self> {
        let text = URL_SAFE_NO_PAD
            .decode(token)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        match text.as_deref().and_then(|text| text.split_at_checked(1)) {
            Some(("k", key)) => Ok(Self::Key(key.to_owned())),
            Some(("p", prefix)) => Ok(Self::Prefix(prefix.to_owned())),
            _ => Err(error::invalid_argument(
                "The continuation token provided is incorrect",
            )),
        }
    }
}

/// The least string that is greater than every string with this prefix; `None` if there is none.
fn successor(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = match last {
            // What lies between is not a character.
            '\u{D7FF}' => Some('\u{E000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_is_greater_than_everything_with_the_prefix() {
        assert_eq!(successor("a/").as_deref(), Some("a0"));
        assert_eq!(successor("\u{D7FF}").as_deref(), Some("\u{E000}"));
        assert_eq!(successor("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(successor("\u{10FFFF}"), None);
        assert_eq!(successor(""), None);
    }

    #[test]
    fn tokens_are_read_back() {
        for after in [
            After::Key("a b/ü".to_owned()),
            After::Prefix("x/".to_owned()),
        ] {
            assert_eq!(After::from_token(&after.to_token()).unwrap(), after);
        }
        assert!(After::from_token("???").is_err());
        assert!(After::from_token("").is_err());
    }
}
