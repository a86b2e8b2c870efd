//! The filters of the log in the address.

use jetway_identity::{EventFilter, EventId, EventKind};
use jetway_pages::admin::activity::ActivityFilters;
use jetway_pages::admin::parts::{Choice, Field, Select};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};
use url::form_urlencoded;

use crate::api::instant::parse_instant;
use crate::shared::{Failure, query_fields, typeable};

/// Value, words, length of the time, bars of the chart.
const RANGES: [(&str, &str, Duration, u32); 5] = [
    ("hour", "The last hour", Duration::hours(1), 60),
    ("day", "The last 24 hours", Duration::days(1), 48),
    ("week", "The last 7 days", Duration::days(7), 84),
    ("month", "The last 30 days", Duration::days(30), 60),
    ("year", "The last 365 days", Duration::days(365), 73),
];
const USUAL_RANGE: &str = "week";
const BETWEEN: &str = "between";

/// What the address asks for, and what it comes to.
pub(super) struct Query {
    service: String,
    kind: String,
    user: String,
    result: String,
    range: String,
    from: String,
    to: String,
    from_error: Option<String>,
    to_error: Option<String>,
    pub(super) after: Option<EventId>,
    /// The time that is shown.
    pub(super) span: (OffsetDateTime, OffsetDateTime),
    /// Bars of the chart.
    pub(super) bars: u32,
    pub(super) filter: EventFilter,
}

impl Query {
    pub(super) fn read(query: Option<&str>, now: OffsetDateTime) -> Result<Self, Failure> {
        let fields = query_fields(query)?;
        let get = |name: &str| -> Result<String, Failure> {
            Ok(typeable(fields.get(name)?.unwrap_or_default().trim()))
        };
        let mut read = Self {
            service: get("service")?,
            kind: get("type")?,
            user: get("user")?,
            result: get("result")?,
            range: get("range")?,
            from: get("from")?,
            to: get("to")?,
            from_error: None,
            to_error: None,
            after: fields.get("after")?.and_then(|id| id.parse().ok()),
            span: (now, now),
            bars: 1,
            filter: EventFilter::default(),
        };
        read.find_span(now);
        read.filter = EventFilter {
            from: Some(read.span.0),
            to: Some(read.span.1),
            kinds: read.kinds(),
            success: match read.result.as_str() {
                "success" => Some(true),
                "failed" => Some(false),
                _ => None,
            },
            ..EventFilter::default()
        };
        // An id means the log of that person, application or group; anything else is searched for.
        if is_id(&read.user) {
            read.filter.subject = Some(read.user.clone());
        } else {
            read.filter.text = read.user.clone();
        }
        Ok(read)
    }

    fn kinds(&self) -> Vec<EventKind> {
        if let Some(kind) = EventKind::from_name(&self.kind) {
            return vec![kind];
        }
        let sso = |kind: &EventKind| *kind == EventKind::SsoAuth;
        let all = EventKind::ALL.iter().copied();
        match self.service.as_str() {
            "sso" => all.filter(sso).collect(),
            "directory" => all.filter(|kind| !sso(kind)).collect(),
            _ => Vec::new(),
        }
    }

    fn find_span(&mut self, now: OffsetDateTime) {
        // What happens in this very moment belongs to the page.
        let end = now + Duration::MINUTE;
        if self.range == BETWEEN || !(self.from.is_empty() && self.to.is_empty()) {
            BETWEEN.clone_into(&mut self.range);
            let from = instant(&self.from, false);
            let to = instant(&self.to, true);
            let wrong = "Write a day as 2026-03-01.";
            if from.is_none() && !self.from.is_empty() {
                self.from_error = Some(wrong.to_owned());
            }
            if to.is_none() && !self.to.is_empty() {
                self.to_error = Some(wrong.to_owned());
            }
            let to = to.unwrap_or(end);
            let from = from.unwrap_or_else(|| to.saturating_sub(Duration::days(7)));
            if from >= to {
                self.to_error = Some("The end must come after the beginning.".to_owned());
            }
            self.span = (from.min(to), to);
            self.bars = 60;
            return;
        }
        if !RANGES.iter().any(|(value, ..)| *value == self.range) {
            USUAL_RANGE.clone_into(&mut self.range);
        }
        for (value, _, length, bars) in RANGES {
            if value == self.range {
                self.span = (end.saturating_sub(length), end);
                self.bars = bars;
            }
        }
    }

    /// The fields of the form.
    pub(super) fn form(&self) -> ActivityFilters {
        let choices = |given: &[(&str, &str)], current: &str| Select {
            choices: given
                .iter()
                .map(|(value, text)| Choice::new(*value, *text, *value == current))
                .collect(),
            error: None,
        };
        let mut kinds: Vec<_> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        kinds.sort_unstable();
        let kinds: Vec<_> = std::iter::once(("", "All"))
            .chain(kinds.into_iter().map(|name| (name, name)))
            .collect();
        let ranges: Vec<_> = RANGES
            .iter()
            .map(|(value, text, ..)| (*value, *text))
            .chain([(BETWEEN, "Between two days")])
            .collect();
        let field = |value: &str, error: &Option<String>| Field {
            value: value.to_owned(),
            error: error.clone(),
        };
        ActivityFilters {
            service: choices(
                &[
                    ("", "All"),
                    ("directory", "Directory"),
                    ("sso", "Single sign-on"),
                ],
                &self.service,
            ),
            kind: choices(&kinds, &self.kind),
            user: field(&self.user, &None),
            result: choices(
                &[("", "All"), ("success", "Success"), ("failed", "Failed")],
                &self.result,
            ),
            range: choices(&ranges, &self.range),
            from: field(&self.from, &self.from_error),
            to: field(&self.to, &self.to_error),
            any: self.any(),
        }
    }

    /// Whether anything but the time is narrowed, or the time is.
    fn any(&self) -> bool {
        [&self.service, &self.kind, &self.user, &self.result]
            .into_iter()
            .any(|text| !text.is_empty())
            || self.range != USUAL_RANGE
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        [
            ("service", &self.service),
            ("type", &self.kind),
            ("user", &self.user),
            ("result", &self.result),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.clone()))
        .collect()
    }

    fn time(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("range", self.range.clone())];
        if self.range == BETWEEN {
            pairs.push(("from", self.from.clone()));
            pairs.push(("to", self.to.clone()));
        }
        pairs
    }

    /// The same log at another address or page.
    pub(super) fn address(&self, path: &str, after: Option<EventId>) -> String {
        let mut pairs = self.pairs();
        pairs.extend(self.time());
        pairs.extend(after.map(|id| ("after", id.to_string())));
        with_query(path, &pairs)
    }

    /// The log narrowed to this time.
    pub(super) fn narrowed(&self, from: OffsetDateTime, to: OffsetDateTime) -> String {
        let text = |at: OffsetDateTime| at.format(&Rfc3339).unwrap_or_default();
        let mut pairs = self.pairs();
        pairs.extend([
            ("range", BETWEEN.to_owned()),
            ("from", text(from)),
            ("to", text(to)),
        ]);
        with_query("/admin/activity", &pairs)
    }

    /// The log with the usual time, when another was chosen.
    pub(super) fn wider(&self) -> Option<String> {
        (self.range == BETWEEN).then(|| with_query("/admin/activity", &self.pairs()))
    }
}

fn with_query(path: &str, pairs: &[(&'static str, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// A day, whose end is the beginning of the next, or an instant.
fn instant(text: &str, is_end: bool) -> Option<OffsetDateTime> {
    if let Ok(day) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
        let start = day.midnight().assume_utc();
        return if is_end {
            start.checked_add(Duration::DAY)
        } else {
            Some(start)
        };
    }
    parse_instant(text)
}

/// 24 hexadecimal digits or a UUID, as ids are.
fn is_id(text: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let uuid = text.len() == 36 && text.matches('-').count() == 4 && hex(&text.replace('-', ""));
    uuid || text.len() == 24 && hex(text)
}
