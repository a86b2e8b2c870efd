//! Which part of the list of people is looked at, as its address says.

use jetway_identity::{UserColumn, UserFilter, UserSort, UserState};
use jetway_pages::admin::parts::Hidden;
use url::form_urlencoded::Serializer;

use crate::shared::{Failure, Fields, typeable};

/// Offered numbers of rows; the first is the usual one.
pub(super) const ROWS: [u32; 3] = [50, 100, 200];
/// Columns that one can filter by, with their labels.
pub(super) const COLUMNS: [(&str, &str); 8] = [
    ("department", "Department"),
    ("jobTitle", "Job title"),
    ("company", "Company"),
    ("costCenter", "Cost center"),
    ("employeeIdentifier", "Employee ID"),
    ("employeeType", "Employee type"),
    ("location", "Location"),
    ("addresses.work.region", "Work state"),
];

/// The address's parameters apart from the place.
#[derive(Clone)]
pub(super) struct ListView {
    pub(super) filter: UserFilter,
    pub(super) sort: UserSort,
    pub(super) descending: bool,
    pub(super) rows: u32,
}

impl ListView {
    /// What cannot be understood is left out.
    pub(super) fn of(fields: &Fields<'_>) -> Result<Self, Failure> {
        let state = fields.get("state")?.unwrap_or_default();
        let sort = fields.get("sort")?.unwrap_or_default();
        let (descending, sort) = match sort.strip_prefix('-') {
            Some(sort) => (true, sort),
            None => (false, sort),
        };
        let rows = fields.get("rows")?.and_then(|rows| rows.parse().ok());
        let mut columns = Vec::new();
        for (name, _) in COLUMNS {
            let text = fields.get(&format!("filter.{name}"))?.unwrap_or_default();
            if let (false, Ok(column)) = (text.trim().is_empty(), name.parse::<UserColumn>()) {
                columns.push((column, bounded(text)));
            }
        }
        Ok(Self {
            filter: UserFilter {
                state: UserState::from_name(state),
                text: bounded(fields.get("q")?.unwrap_or_default()),
                columns,
            },
            sort: UserSort::from_name(sort).unwrap_or_default(),
            descending,
            rows: rows.filter(|rows| ROWS.contains(rows)).unwrap_or(ROWS[0]),
        })
    }

    /// The hidden fields that keep this view.
    pub(super) fn keep(&self) -> Vec<Hidden> {
        let mut keep = Vec::new();
        if let Some(state) = self.filter.state {
            keep.push(Hidden::new("state", state.as_str()));
        }
        if !self.filter.text.is_empty() {
            keep.push(Hidden::new("q", self.filter.text.clone()));
        }
        for (column, text) in &self.filter.columns {
            keep.push(Hidden::new(format!("filter.{column}"), text.clone()));
        }
        if self.sort != UserSort::default() || self.descending {
            let direction = if self.descending { "-" } else { "" };
            let sort = format!("{direction}{}", self.sort.as_str());
            keep.push(Hidden::new("sort", sort));
        }
        if self.rows != ROWS[0] {
            keep.push(Hidden::new("rows", self.rows.to_string()));
        }
        keep
    }

    /// The address of this view under `path`, after a place.
    pub(super) fn address(&self, path: &str, after: Option<&str>) -> String {
        let mut query = Serializer::new(String::new());
        for field in self.keep() {
            query.append_pair(&field.name, &field.value);
        }
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// The same list of people in another state.
    pub(super) fn with_state(&self, state: Option<UserState>) -> Self {
        let mut view = self.clone();
        view.filter.state = state;
        view
    }
}

fn bounded(text: &str) -> String {
    typeable(text.trim()).chars().take(200).collect()
}
