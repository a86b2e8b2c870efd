//! Lists: their queries and their pages (RFC 7644 section 3.4.2, and AWS's cursors).

use serde_json::{Map, Value};

use crate::error::{ScimError, ScimType};
use crate::filter::{Filter, Literal};
use crate::profile::{Filters, Paging, Profile};
use crate::resource::UNPARSABLE;
use crate::schema::ResourceKind;

/// The URN of a list.
pub const LIST_URN: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const MAX_CURSOR_BYTES: usize = 4096;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// From the resource with this number on, counted from one.
    Index(usize),
    /// After what the cursor names; empty for the first page.
    Cursor(String),
}

/// The query of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Which resources.
    pub filter: Option<Filter>,
    /// How many of them at most. Zero, in the dialect of the RFC, asks for the total only.
    pub count: usize,
    /// Where the page begins.
    pub page: Page,
}

impl ListQuery {
    /// Reads the decoded pairs of a query. Names compare without case; others are left to the
    /// caller.
    pub fn parse<'a>(
        kind: ResourceKind,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        profile: &Profile,
    ) -> Result<Self, ScimError> {
        let mut query = Self {
            filter: None,
            count: profile.default_page,
            page: Page::Index(1),
        };
        for (name, value) in pairs {
            match name.to_ascii_lowercase().as_str() {
                "filter" => query.filter = Some(read_filter(kind, value, profile)?),
                "count" => query.count = read_count(value, profile)?,
                "cursor" if profile.paging == Paging::Cursor => {
                    query.page = Page::Cursor(read_cursor(value)?);
                }
                "startindex" if profile.paging == Paging::StartIndex => {
                    let start: i64 = value.trim().parse().map_err(|_| number("startIndex"))?;
                    query.page = Page::Index(usize::try_from(start).unwrap_or(1).max(1));
                }
                _ => {}
            }
        }
        Ok(query)
    }

    /// The page: `resources` of `total`, and where the next one begins.
    pub fn response(&self, resources: Vec<Value>, total: usize, next: Option<&str>) -> Value {
        let mut body = Map::new();
        match &self.page {
            Page::Index(start) => {
                body.insert("totalResults".to_owned(), total.into());
                body.insert("itemsPerPage".to_owned(), resources.len().into());
                body.insert("startIndex".to_owned(), (*start).into());
            }
            Page::Cursor(_) => {
                body.insert("itemsPerPage".to_owned(), resources.len().into());
                if let Some(next) = next {
                    body.insert("nextCursor".to_owned(), next.into());
                }
            }
        }
        body.insert("schemas".to_owned(), vec![Value::from(LIST_URN)].into());
        body.insert("Resources".to_owned(), resources.into());
        body.into()
    }
}

/// A list with everything on one page.
pub fn list_response(resources: Vec<Value>) -> Value {
    let total = resources.len();
    ListQuery {
        filter: None,
        count: total,
        page: Page::Index(1),
    }
    .response(resources, total, None)
}

fn number(name: &str) -> ScimError {
    ScimError::bad_request(
        ScimType::InvalidValue,
        format!("\"{name}\" must be a whole number."),
    )
}

fn read_count(value: &str, profile: &Profile) -> Result<usize, ScimError> {
    let count = value.trim().parse::<i64>();
    if profile.paging != Paging::StartIndex {
        return match count.map(usize::try_from) {
            // The server of the older era took 100 as well, and answered 50.
            Ok(Ok(count @ 1..=100)) => Ok(count.min(profile.max_page)),
            _ => Err(ScimError::bad_request(ScimType::InvalidValue, UNPARSABLE)),
        };
    }
    // A negative value means zero (RFC 7644 table 6).
    let count = usize::try_from(count.map_err(|_| number("count"))?).unwrap_or(0);
    Ok(count.min(profile.max_page))
}

/// `[-a-zA-Z0-9+=/:_]*`
fn read_cursor(value: &str) -> Result<String, ScimError> {
    let fits = value.len() <= MAX_CURSOR_BYTES
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-+=/:_".contains(&byte));
    if fits {
        Ok(value.to_owned())
    } else {
        Err(ScimError::bad_request(ScimType::InvalidValue, UNPARSABLE))
    }
}

fn read_filter(kind: ResourceKind, text: &str, profile: &Profile) -> Result<Filter, ScimError> {
    let refuse = |rfc: String| {
        ScimError::bad_request(
            ScimType::InvalidFilter,
            profile.detail("Invalid Filter format", rfc),
        )
    };
    let filter = Filter::parse(text).map_err(|error| refuse(error.to_string()))?;
    let Filters::Only { users, groups } = profile.filters else {
        return Ok(filter);
    };
    let forms = match kind {
        ResourceKind::User => users,
        ResourceKind::Group => groups,
    };
    let unsupported = || refuse("This filter is not supported.".to_owned());
    let equalities = filter.equalities().ok_or_else(unsupported)?;
    let known = forms.iter().any(|form| {
        form.len() == equalities.len()
            && form
                .iter()
                .zip(&equalities)
                .all(|(attribute, (path, _))| path.is(attribute))
    });
    if !known {
        return Err(unsupported());
    }
    let is_value = |value: &Literal| value.as_text().is_some_and(|text| !text.is_empty());
    if equalities.iter().all(|(_, value)| is_value(value)) {
        Ok(filter)
    } else {
        Err(ScimError::bad_request(ScimType::InvalidFilter, UNPARSABLE))
    }
}
