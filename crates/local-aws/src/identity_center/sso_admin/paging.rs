//! Pages of lists: `MaxResults` and `NextToken`. The token is the key of the last item of the page
//! before, so that changes in between lose nothing.

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use serde_json::{Value, json};

use super::shapes;
use crate::json_service::{Input, JsonError};

/// Which page is asked for.
#[derive(Debug)]
pub(super) struct Paging<'a> {
    token: Option<&'a str>,
    size: usize,
}

impl<'a> Paging<'a> {
    /// Reads `MaxResults` and `NextToken`.
    pub(super) fn read(input: &mut Input<'a>) -> Self {
        let size = input.integer("MaxResults", 1, 100).unwrap_or(100);
        Self {
            token: input
                .optional("NextToken", shapes::TOKEN)
                .filter(|token| !token.is_empty()),
            size: usize::try_from(size).unwrap_or(100),
        }
    }

    /// The page of `items`, as `{name: […], "NextToken": …}`. `key` is unique, and its order is the
    /// order of the list.
    pub(super) fn answer<T>(
        &self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        key: impl Fn(&T) -> String,
        write: impl Fn(T) -> Value,
    ) -> Result<Value, JsonError> {
        let after = self.after()?;
        let mut keyed: Vec<(String, T)> = items
            .into_iter()
            .map(|item| (key(&item), item))
            .filter(|(key, _)| after.as_ref().is_none_or(|after| key > after))
            .collect();
        keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
        let more = keyed.len() > self.size;
        keyed.truncate(self.size);
        let next = keyed
            .last()
            .filter(|_| more)
            .map(|(key, _)| URL_SAFE.encode(key));
        let list: Vec<Value> = keyed.into_iter().map(|(_, item)| write(item)).collect();
        let mut answer = json!({ name: list });
        if let Some(next) = next {
            answer["NextToken"] = json!(next);
        }
        Ok(answer)
    }

    fn after(&self) -> Result<Option<String>, JsonError> {
        let Some(token) = self.token else {
            return Ok(None);
        };
        URL_SAFE
            .decode(token)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .map(Some)
            .ok_or_else(|| JsonError::validation("The provided NextToken is not valid."))
    }
}

/// A key by which the newest comes first.
pub(super) fn newest_first(unix: i64, id: &str) -> String {
    format!("{:020} {id}", i64::MAX - unix)
}

/// A key by which the oldest comes first.
pub(super) fn oldest_first(unix: i64, id: &str) -> String {
    format!("{unix:020} {id}")
}
