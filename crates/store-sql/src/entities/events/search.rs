//! Lists, counts and charts of the log.
//!
//! Each filter has one way into the log: the newest first by id, failures, the events of a kind
//! (single sign-on has no such index, being most of the log), or the events of somebody. The other
//! conditions are checked on what is found there.
//!
//! The index of who is in which event is made when events are sealed, so what is not sealed yet is
//! looked through as it is. Lists of somebody's events are in the order of commits, stretch by
//! stretch; all others are in the order of ids, which is that of time.

use jetway_identity::events::EventPage;
use jetway_identity::store::BucketCount;
use jetway_identity::{Event, EventFilter, EventKind, StoreError};
use sqlx::query;
use time::OffsetDateTime;

use super::{event_columns, kind_list, read_event};
use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::{Statement, Unit};

/// The conditions that every statement checks, $1 to $8.
macro_rules! matching {
    () => {
        "e.id > $1 AND e.id < $2 AND ($3 = '' OR $3 LIKE '%,' || e.kind || ',%') \
         AND ($4 = CAST(-1 AS BIGINT) OR e.success = $4) AND ($5 = '' OR e.actor_id = $5) \
         AND ($6 = '' OR e.target_id = $6) AND ($7 = '' OR e.actor_id = $7 OR e.target_id = $7 \
         OR (e.kind = 'association_change' \
         AND REPLACE(e.detail, '\"object_id\":\"' || $7 || '\"', '') <> e.detail)) \
         AND ($8 = '' OR LOWER(e.actor_label) LIKE LOWER($8) ESCAPE '!' \
         OR LOWER(e.target_label) LIKE LOWER($8) ESCAPE '!' OR e.ip LIKE LOWER($8) ESCAPE '!' \
         OR ((e.target_id IS NULL OR e.kind = 'association_change') \
         AND LOWER(e.detail) LIKE LOWER($8) ESCAPE '!'))"
    };
}

/// The ways in. $9 is the kind or the id of somebody; $10 a stretch, $11 and $12 positions.
macro_rules! way {
    (all) => {
        " FROM events e WHERE $9 = '' AND "
    };
    (failed) => {
        " FROM events e WHERE e.success = 0 AND $9 = '' AND "
    };
    (kind) => {
        " FROM events e WHERE e.kind = $9 AND e.kind <> 'sso_auth' AND "
    };
    (sealed) => {
        " FROM event_subjects s JOIN events e ON e.position = s.position WHERE s.chunk = $10 \
         AND s.subject = $9 AND s.position > $11 AND s.position < $12 AND "
    };
    (unsealed) => {
        " FROM events e WHERE $9 <> '' AND $10 < CAST(0 AS BIGINT) AND e.position > $11 AND e.position < $12 AND "
    };
}

macro_rules! list {
    ($way:ident $order:literal $limit:literal) => {
        concat!(
            "SELECT ",
            event_columns!(),
            way!($way),
            matching!(),
            " ORDER BY ",
            $order,
            " LIMIT ",
            $limit
        )
    };
}

macro_rules! count {
    ($way:ident $limit:literal) => {
        concat!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one",
            way!($way),
            matching!(),
            " LIMIT ",
            $limit,
            ") AS found"
        )
    };
}

macro_rules! histogram {
    ($way:ident $from:literal $width:literal) => {
        concat!(
            "SELECT (e.at - ",
            $from,
            ") / ",
            $width,
            " AS bucket, e.success, COUNT(*)",
            way!($way),
            matching!(),
            " GROUP BY 1, 2"
        )
    };
}

statements! {
    ALL = list!(all "e.id DESC" "$10");
    ALL_FORWARD = list!(all "e.id" "$10");
    ALL_COUNT = count!(all "$10");
    ALL_HISTOGRAM = histogram!(all "$10" "$11");
    FAILED = list!(failed "e.id DESC" "$10");
    FAILED_FORWARD = list!(failed "e.id" "$10");
    FAILED_COUNT = count!(failed "$10");
    FAILED_HISTOGRAM = histogram!(failed "$10" "$11");
    KIND = list!(kind "e.id DESC" "$10");
    KIND_FORWARD = list!(kind "e.id" "$10");
    KIND_COUNT = count!(kind "$10");
    KIND_HISTOGRAM = histogram!(kind "$10" "$11");
    SEALED = list!(sealed "s.position DESC" "$13");
    SEALED_FORWARD = list!(sealed "s.position" "$13");
    SEALED_COUNT = count!(sealed "$13");
    SEALED_HISTOGRAM = histogram!(sealed "$13" "$14");
    UNSEALED = list!(unsealed "e.position DESC" "$13");
    UNSEALED_FORWARD = list!(unsealed "e.position" "$13");
    UNSEALED_COUNT = count!(unsealed "$13");
    UNSEALED_HISTOGRAM = histogram!(unsealed "$13" "$14");
    CHUNKS = "SELECT c.chunk FROM event_chunks c WHERE c.newest_id > $1 AND c.oldest_id < $2 \
              AND EXISTS (SELECT 1 FROM event_subjects s WHERE s.chunk = c.chunk \
              AND s.subject = $3) ORDER BY c.chunk DESC";
    SEALED_UP_TO = "SELECT last_position FROM event_seals ORDER BY sequence DESC LIMIT 1";
    POSITION_OF = "SELECT position FROM events WHERE id = $1";
}

/// The four things to ask along one way.
#[derive(Clone, Copy)]
struct Way {
    newest_first: &'static str,
    oldest_first: &'static str,
    count: &'static str,
    histogram: &'static str,
}

const BY_ALL: Way = Way {
    newest_first: ALL,
    oldest_first: ALL_FORWARD,
    count: ALL_COUNT,
    histogram: ALL_HISTOGRAM,
};
const BY_FAILURE: Way = Way {
    newest_first: FAILED,
    oldest_first: FAILED_FORWARD,
    count: FAILED_COUNT,
    histogram: FAILED_HISTOGRAM,
};
const BY_KIND: Way = Way {
    newest_first: KIND,
    oldest_first: KIND_FORWARD,
    count: KIND_COUNT,
    histogram: KIND_HISTOGRAM,
};
const BY_SUBJECT: Way = Way {
    newest_first: SEALED,
    oldest_first: SEALED_FORWARD,
    count: SEALED_COUNT,
    histogram: SEALED_HISTOGRAM,
};
const BY_UNSEALED: Way = Way {
    newest_first: UNSEALED,
    oldest_first: UNSEALED_FORWARD,
    count: UNSEALED_COUNT,
    histogram: UNSEALED_HISTOGRAM,
};

/// Below and above every id.
const LOWEST: &str = "";
const HIGHEST: &str = "g";

/// One question: a way, its key, and for somebody's events the stretch and the positions between
/// which they lie.
struct Step {
    way: Way,
    key: String,
    stretch: Option<(i64, i64, i64)>,
}

impl Step {
    fn by(way: Way, key: &str) -> Self {
        Self {
            way,
            key: key.to_owned(),
            stretch: None,
        }
    }

    fn bind(&self, sql: &'static str, filter: &EventFilter, ids: &(String, String)) -> Statement {
        let statement = query(sql)
            .bind(ids.0.clone())
            .bind(ids.1.clone())
            .bind(kind_list(&filter.kinds))
            .bind(filter.success.map_or(-1, i64::from))
            .bind(filter.actor.clone().unwrap_or_default())
            .bind(filter.target.clone().unwrap_or_default())
            .bind(filter.subject.clone().unwrap_or_default())
            .bind(pattern(&filter.text))
            .bind(self.key.clone());
        match self.stretch {
            Some((chunk, above, below)) => statement.bind(chunk).bind(above).bind(below),
            None => statement,
        }
    }
}

fn pattern(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The ids between which an event of the wanted time lies: an id begins with its time.
fn ids(filter: &EventFilter) -> (String, String) {
    let bound = |at: OffsetDateTime| {
        let digits = format!("{:012x}", millis(at).clamp(0, 0xffff_ffff_ffff));
        let (high, low) = digits.split_at(8);
        format!("{high}-{low}")
    };
    (
        filter.from.map_or(LOWEST.to_owned(), bound),
        filter.to.map_or(HIGHEST.to_owned(), bound),
    )
}

/// Whose events are asked for, if anybody's.
fn subject(filter: &EventFilter) -> Option<&str> {
    let named = [&filter.actor, &filter.subject, &filter.target];
    named.into_iter().flatten().next().map(String::as_str)
}

/// The steps of a list that is not somebody's: together they give everything, none gives what
/// another gives.
fn plain_steps(filter: &EventFilter) -> Vec<Step> {
    let kinds = &filter.kinds;
    if !kinds.is_empty() && !kinds.contains(&EventKind::SsoAuth) {
        let mut steps: Vec<Step> = Vec::new();
        for kind in kinds {
            if !steps.iter().any(|step| step.key == kind.as_str()) {
                steps.push(Step::by(BY_KIND, kind.as_str()));
            }
        }
        return steps;
    }
    if filter.success == Some(false) {
        return vec![Step::by(BY_FAILURE, "")];
    }
    vec![Step::by(BY_ALL, "")]
}

/// The steps of a list of somebody's events, newest first. `between` are positions.
async fn subject_steps(
    unit: &mut Unit,
    who: &str,
    ids: &(String, String),
    (above, below): (i64, i64),
) -> Result<Vec<Step>, StoreError> {
    // What is sealed after this question stays with the first step: no event twice, none missed.
    let sealed = unit.row(query(SEALED_UP_TO)).await?;
    let sealed = sealed.map_or(Ok(0), |row| Fields::of(&row).integer())?;
    let step = |way: Way, stretch: (i64, i64, i64)| Step {
        way,
        key: who.to_owned(),
        stretch: Some(stretch),
    };
    let mut steps = vec![step(BY_UNSEALED, (-1, above.max(sealed), below))];
    // Most people are in few stretches of a long log.
    let chunks = query(CHUNKS)
        .bind(ids.0.clone())
        .bind(ids.1.clone())
        .bind(who.to_owned());
    for row in unit.rows(chunks).await? {
        let chunk = Fields::of(&row).integer()?;
        let (first, last) = (chunk << 14, ((chunk + 1) << 14) - 1);
        if last > above && first < below {
            let end = below.min(sealed.saturating_add(1));
            steps.push(step(BY_SUBJECT, (chunk, above, end)));
        }
    }
    Ok(steps)
}

pub(super) async fn page(
    unit: &mut Unit,
    filter: &EventFilter,
    page: EventPage,
) -> Result<Vec<Event>, StoreError> {
    match subject(filter) {
        Some(who) => subject_page(unit, filter, who, page).await,
        None => plain_page(unit, filter, page).await,
    }
}

async fn plain_page(
    unit: &mut Unit,
    filter: &EventFilter,
    page: EventPage,
) -> Result<Vec<Event>, StoreError> {
    let mut ids = ids(filter);
    if let Some(after) = page.after {
        let after = after.to_string();
        if page.oldest_first {
            ids.0 = ids.0.max(after);
        } else {
            ids.1 = ids.1.min(after);
        }
    }
    let mut events = Vec::new();
    let steps = plain_steps(filter);
    for step in &steps {
        events.extend(list(unit, filter, &ids, step, page, page.limit).await?);
    }
    if steps.len() > 1 {
        events.sort_by_key(|event| event.id);
        if !page.oldest_first {
            events.reverse();
        }
        events.truncate(page.limit as usize);
    }
    Ok(events)
}

async fn subject_page(
    unit: &mut Unit,
    filter: &EventFilter,
    who: &str,
    page: EventPage,
) -> Result<Vec<Event>, StoreError> {
    let ids = ids(filter);
    let mut between = (i64::MIN, i64::MAX);
    if let Some(after) = page.after {
        let row = unit.row(query(POSITION_OF).bind(after.to_string())).await?;
        let Some(row) = row else {
            return Ok(Vec::new());
        };
        let position = Fields::of(&row).integer()?;
        if page.oldest_first {
            between.0 = position;
        } else {
            between.1 = position;
        }
    }
    let mut steps = subject_steps(unit, who, &ids, between).await?;
    if page.oldest_first {
        steps.reverse();
    }
    let mut events: Vec<Event> = Vec::new();
    for step in &steps {
        let found = u32::try_from(events.len()).unwrap_or(u32::MAX);
        let Some(left) = page.limit.checked_sub(found).filter(|left| *left > 0) else {
            break;
        };
        events.extend(list(unit, filter, &ids, step, page, left).await?);
    }
    Ok(events)
}

async fn list(
    unit: &mut Unit,
    filter: &EventFilter,
    ids: &(String, String),
    step: &Step,
    page: EventPage,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let sql = if page.oldest_first {
        step.way.oldest_first
    } else {
        step.way.newest_first
    };
    let statement = step.bind(sql, filter, ids).bind(i64::from(limit));
    let rows = unit.rows(statement).await?;
    rows.iter().map(read_event).collect()
}

async fn steps(
    unit: &mut Unit,
    filter: &EventFilter,
    ids: &(String, String),
) -> Result<Vec<Step>, StoreError> {
    match subject(filter) {
        Some(who) => subject_steps(unit, who, ids, (i64::MIN, i64::MAX)).await,
        None => Ok(plain_steps(filter)),
    }
}

pub(super) async fn count(
    unit: &mut Unit,
    filter: &EventFilter,
    most: u32,
) -> Result<u64, StoreError> {
    let ids = ids(filter);
    let most = i64::from(most);
    let mut sum = 0;
    for step in steps(unit, filter, &ids).await? {
        if sum >= most {
            break;
        }
        let statement = step.bind(step.way.count, filter, &ids).bind(most - sum);
        let row = unit.row(statement).await?.ok_or(StoreError::Missing)?;
        sum += Fields::of(&row).integer()?;
    }
    Ok(u64::try_from(sum).unwrap_or(0))
}

pub(super) async fn histogram(
    unit: &mut Unit,
    filter: &EventFilter,
    from: OffsetDateTime,
    width: i64,
) -> Result<Vec<BucketCount>, StoreError> {
    let ids = ids(filter);
    let mut counts = Vec::new();
    for step in steps(unit, filter, &ids).await? {
        let statement = step.bind(step.way.histogram, filter, &ids);
        let statement = statement.bind(millis(from)).bind(width.max(1));
        for row in unit.rows(statement).await? {
            let mut fields = Fields::of(&row);
            counts.push(BucketCount {
                bucket: fields.integer()?,
                success: fields.flag()?,
                events: u64::try_from(fields.integer()?).unwrap_or(0),
            });
        }
    }
    Ok(counts)
}
