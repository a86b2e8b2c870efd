//! `limit`, `skip`, `sort`, `filter` and `fields` of lists (requirements.md §5.1).

use std::cmp::Ordering;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::LINK;
use http::{HeaderValue, Uri};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::error::Refusal;
use crate::shared::Site;

/// Items of a page when nothing is said, and at most.
const LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 100;
/// Most filters and longest query.
const MAX_FILTERS: usize = 20;
const MAX_BYTES: usize = 8 * 1024;

/// What a list is asked for. Parameters that are not known are passed over, as JumpCloud does.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) limit: u32,
    pub(super) skip: u32,
    /// Names, with whether the order is descending.
    sort: Vec<(String, bool)>,
    filters: Vec<Filter>,
    fields: Vec<String>,
}

#[derive(Debug)]
struct Filter {
    field: String,
    operator: Operator,
    value: String,
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Between,
    Search,
    In,
}

impl Listing {
    pub(super) fn of(query: Option<&str>) -> Result<Self, Refusal> {
        let query = query.unwrap_or_default();
        if query.len() > MAX_BYTES {
            return Err(Refusal::invalid("The query is too long."));
        }
        let mut listing = Self {
            limit: LIMIT,
            ..Self::default()
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "limit" => listing.limit = number("limit", &value)?.clamp(1, MAX_LIMIT),
                "skip" => listing.skip = number("skip", &value)?,
                "sort" | "sort[]" => listing.sort.extend(words(&value).map(order)),
                "fields" | "fields[]" => listing.fields.extend(words(&value).map(str::to_owned)),
                "filter" | "filter[]" => listing.filters.push(Filter::of(&value)?),
                _ => {}
            }
        }
        if listing.filters.len() > MAX_FILTERS {
            let message = format!("Use at most {MAX_FILTERS} filters.");
            return Err(Refusal::invalid(message));
        }
        Ok(listing)
    }

    /// The answer: those of `all` that match, in order, cut to the page and the fields.
    pub(super) fn answer(&self, site: &Site, uri: &Uri, all: Vec<Value>) -> Response {
        let mut items: Vec<Value> = all
            .into_iter()
            .filter(|item| self.filters.iter().all(|filter| filter.matches(item)))
            .collect();
        items.sort_by(|one, other| self.compare(one, other));
        let total = items.len();
        let page = items
            .into_iter()
            .skip(self.skip as usize)
            .take(self.limit as usize);
        let page: Vec<_> = page.map(|item| self.cut(item)).collect();
        let more = self.skip as usize + page.len() < total;
        let mut response = self.bare(site, uri, page, more);
        let total = HeaderValue::from(total);
        response.headers_mut().insert("x-total-count", total);
        response
    }

    /// A page as API v2 answers: a bare array, with the address of the next one in `Link`.
    pub(super) fn bare(&self, site: &Site, uri: &Uri, page: Vec<Value>, more: bool) -> Response {
        let mut response = Json(page).into_response();
        let next = more.then(|| self.next(site.settings.public_url(), uri));
        if let Some(Ok(link)) =
            next.map(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")))
        {
            response.headers_mut().insert(LINK, link);
        }
        response
    }

    /// The same list behind this page.
    fn next(&self, public_url: &Url, uri: &Uri) -> Url {
        let mut next = public_url.clone();
        next.set_path(uri.path());
        let query = uri.query().unwrap_or_default();
        let kept = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| !matches!(name.as_ref(), "limit" | "skip"));
        next.query_pairs_mut()
            .clear()
            .extend_pairs(kept)
            .append_pair("limit", &self.limit.to_string())
            .append_pair("skip", &self.skip.saturating_add(self.limit).to_string());
        next
    }

    fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let differs = self.sort.iter().map(|(field, descending)| {
            let order = compare(&one[field.as_str()], &other[field.as_str()]);
            if *descending { order.reverse() } else { order }
        });
        differs
            .into_iter()
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    }

    /// Identifier and type are always there.
    fn cut(&self, item: Value) -> Value {
        if self.fields.is_empty() {
            return item;
        }
        let Value::Object(members) = item else {
            return item;
        };
        let kept = |name: &str| {
            matches!(name, "id" | "type") || self.fields.iter().any(|field| field == name)
        };
        let cut: Map<String, Value> = members.into_iter().filter(|(name, _)| kept(name)).collect();
        Value::Object(cut)
    }
}

fn number(name: &str, text: &str) -> Result<u32, Refusal> {
    text.parse()
        .map_err(|_| Refusal::invalid(format!("{name} is not a number that can be used.")))
}

/// API v2 separates by commas, v1 by spaces; scripts use both.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ']).filter(|word| !word.is_empty())
}

fn order(word: &str) -> (String, bool) {
    match word.strip_prefix('-') {
        Some(field) => (field.to_owned(), true),
        None => (word.to_owned(), false),
    }
}

/// Texts in any letter case, numbers by size; what is missing comes first.
fn compare(one: &Value, other: &Value) -> Ordering {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => plain(one).cmp(&plain(other)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_lowercase(),
        value => value.to_string(),
    }
}

impl Filter {
    /// `field:operator:value`; the operator may have the `$` of API v1.
    fn of(text: &str) -> Result<Self, Refusal> {
        let refuse = || {
            Refusal::invalid(
                "Write a filter as field:operator:value, with eq, ne, gt, ge, lt, le, between, \
                 search or in.",
            )
        };
        let (field, rest) = text.split_once(':').ok_or_else(refuse)?;
        let (operator, value) = rest.split_once(':').ok_or_else(refuse)?;
        let operator = match operator.trim_start_matches('$') {
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "gt" => Operator::Gt,
            "ge" | "gte" => Operator::Ge,
            "lt" => Operator::Lt,
            "le" | "lte" => Operator::Le,
            "between" => Operator::Between,
            "search" => Operator::Search,
            "in" => Operator::In,
            _ => return Err(refuse()),
        };
        Ok(Self {
            field: field.to_owned(),
            operator,
            value: value.to_owned(),
        })
    }

    fn matches(&self, item: &Value) -> bool {
        let present = plain(&item[self.field.as_str()]);
        let wanted = self.value.to_lowercase();
        let mut parts = wanted.split(['|', ',']);
        match self.operator {
            Operator::Eq => present == wanted,
            Operator::Ne => present != wanted,
            Operator::Gt => present > wanted,
            Operator::Ge => present >= wanted,
            Operator::Lt => present < wanted,
            Operator::Le => present <= wanted,
            Operator::Search => present.contains(&wanted),
            Operator::In => parts.any(|part| part == present),
            Operator::Between => {
                let (low, high) = (parts.next().unwrap_or_default(), parts.next());
                present.as_str() >= low && high.is_some_and(|high| present.as_str() <= high)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(query: &str) -> Vec<String> {
        let all =
            ["beta", "Alpha", "gamma", "10", "9"].map(|name| json!({"id": "x", "name": name}));
        let listing = Listing::of(Some(query)).unwrap();
        let mut items: Vec<Value> = all
            .into_iter()
            .filter(|item| listing.filters.iter().all(|filter| filter.matches(item)))
            .collect();
        items.sort_by(|one, other| listing.compare(one, other));
        let page = items
            .into_iter()
            .skip(listing.skip as usize)
            .take(listing.limit as usize);
        page.map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn lists_are_filtered_sorted_and_cut_as_the_query_says() {
        for (query, expected) in [
            ("sort=name&limit=3", vec!["10", "9", "Alpha"]),
            ("sort=-name&skip=1&limit=2", vec!["beta", "Alpha"]),
            ("filter=name:eq:ALPHA", vec!["Alpha"]),
            ("filter=name:$eq:alpha", vec!["Alpha"]),
            (
                "filter=name:search:a&filter=name:ne:beta",
                vec!["Alpha", "gamma"],
            ),
            ("filter=name:in:beta|gamma&sort=name", vec!["beta", "gamma"]),
            ("filter=name:between:b,c", vec!["beta"]),
            ("skip=99", vec![]),
            ("unknown=1&limit=1", vec!["beta"]),
        ] {
            assert_eq!(names(query), expected, "{query}");
        }
        for wrong in ["limit=x", "skip=-1", "filter=name", "filter=name:like:x"] {
            assert!(Listing::of(Some(wrong)).is_err(), "{wrong}");
        }
        assert_eq!(Listing::of(Some("limit=100000")).unwrap().limit, 100);
    }

    #[test]
    fn fields_leave_the_identifier() {
        let listing = Listing::of(Some("fields=name,nothing")).unwrap();
        let item = json!({"id": "1", "type": "user_group", "name": "a", "description": "b"});
        let expected = json!({"id": "1", "type": "user_group", "name": "a"});
        assert_eq!(listing.cut(item), expected);
    }
}
