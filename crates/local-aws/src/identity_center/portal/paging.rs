//! Lists in pages: the token of a page is the name of the last item before it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jetway_aws_wire::QueryRequest;

use super::error::PortalError;

/// Most items of a page, and how many there are unless somebody says otherwise.
const MAX: usize = 100;
const PREFIX: &str = "after:";

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Paged<T> {
    pub(super) items: Vec<T>,
    pub(super) next_token: Option<String>,
}

/// Takes the page that a request asks for from `all`, which is in the order of `name`.
pub(super) fn page<T>(
    query: &QueryRequest,
    mut all: Vec<T>,
    name: impl Fn(&T) -> &str,
) -> Result<Paged<T>, PortalError> {
    let count = match query.get("max_result") {
        None => MAX,
        Some(text) => text
            .parse()
            .ok()
            .filter(|count| (1..=MAX).contains(count))
            .ok_or(PortalError::InvalidRequest(
                "max_result must be between 1 and 100",
            ))?,
    };
    if let Some(token) = query.get("next_token").filter(|token| !token.is_empty()) {
        let after = read_token(token).ok_or(PortalError::InvalidRequest("Invalid next_token"))?;
        all.retain(|item| name(item) > after.as_str());
    }
    let more = all.len() > count;
    all.truncate(count);
    let next_token = all
        .last()
        .filter(|_| more)
        .map(|last| URL_SAFE_NO_PAD.encode(format!("{PREFIX}{}", name(last))));
    Ok(Paged {
        items: all,
        next_token,
    })
}

fn read_token(token: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.strip_prefix(PREFIX).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_gap() {
        let all = || vec!["a", "b", "c", "d", "e"];
        let mut seen = Vec::new();
        let mut query = "max_result=2".to_owned();
        loop {
            let request = QueryRequest::decode(query.as_bytes()).unwrap();
            let page = page(&request, all(), |item| item).unwrap();
            seen.extend(page.items);
            let Some(next) = page.next_token else { break };
            query = format!("max_result=2&next_token={next}");
        }
        assert_eq!(seen, all());
    }

    #[test]
    fn counts_and_tokens_out_of_line_are_refused() {
        for query in [
            "max_result=0",
            "max_result=101",
            "max_result=x",
            "next_token=%21",
            "next_token=YQ",
        ] {
            let request = QueryRequest::decode(query.as_bytes()).unwrap();
            assert!(page(&request, vec!["a"], |item| item).is_err(), "{query}");
        }
    }
}
