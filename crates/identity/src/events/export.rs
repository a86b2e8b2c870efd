//! Taking the log, or a part of it, away as CSV or JSON lines.

use serde_json::{Value, json};

use crate::events::insights::timestamp;
use crate::events::{
    Event, EventFilter, EventKind, EventPage, Target, TargetKind, event_json, page_of_events,
};
use crate::ids::{EventId, OrganisationId};
use crate::op::{Actor, Op};
use crate::store::{Store, StoreError};

/// Events of one piece.
const PIECE: u32 = 500;

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// RFC 4180 with a header line.
    Csv,
    /// One JSON object on each line, as [`event_json`] writes it.
    JsonLines,
}

impl ExportFormat {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

const HEADER: [&str; 14] = [
    "id",
    "timestamp",
    "event_type",
    "success",
    "error_message",
    "initiated_by_type",
    "initiated_by_id",
    "initiated_by",
    "resource_type",
    "resource_id",
    "resource",
    "client_ip",
    "useragent",
    "detail",
];

/// An export under way: newest first, in pieces, so that it takes no more memory however long the
/// log is.
#[derive(Debug)]
pub struct EventExport {
    filter: EventFilter,
    format: ExportFormat,
    organisation: OrganisationId,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Behind(EventId),
    End,
}

/// Begins an export and records it as `log_export`: who took which part of the log away is itself
/// part of the log.
pub async fn export_events(
    op: &mut Op,
    store: &dyn Store,
    filter: EventFilter,
    format: ExportFormat,
) -> Result<EventExport, StoreError> {
    let settings = store.read().await?.settings().await?;
    let target = Target {
        kind: TargetKind::Organization,
        id: settings.organisation.to_string(),
        label: settings.sections.profile.name,
    };
    let detail = json!({"format": format.as_str(), "filter": filter_json(&filter)});
    let event = op.event(EventKind::LogExport, true, Some(target), detail);
    store.record(event).await?;
    Ok(EventExport {
        filter,
        format,
        organisation: settings.organisation,
        place: Place::Start,
    })
}

/// The conditions that were set, as the log shows them.
fn filter_json(filter: &EventFilter) -> Value {
    let kinds: Vec<_> = filter.kinds.iter().map(|kind| kind.as_str()).collect();
    let mut all = json!({
        "from": filter.from.map(timestamp),
        "to": filter.to.map(timestamp),
        "kinds": kinds,
        "actor": filter.actor,
        "target": filter.target,
        "subject": filter.subject,
        "success": filter.success,
        "text": filter.text,
    });
    if let Some(all) = all.as_object_mut() {
        all.retain(|_, value| !value.is_null() && *value != json!([]) && *value != json!(""));
    }
    all
}

impl EventExport {
    /// The next piece; `None` at the end.
    pub async fn next_piece(&mut self, store: &dyn Store) -> Result<Option<Vec<u8>>, StoreError> {
        let after = match self.place {
            Place::End => return Ok(None),
            Place::Start => None,
            Place::Behind(id) => Some(id),
        };
        let page = EventPage {
            after,
            oldest_first: false,
            limit: PIECE,
        };
        let events = page_of_events(store, &self.filter, page).await?;
        let piece = self.write(&events);
        self.place = match events.last() {
            Some(last) if events.len() >= PIECE as usize => Place::Behind(last.id),
            _ => Place::End,
        };
        Ok(Some(piece))
    }

    fn write(&self, events: &[Event]) -> Vec<u8> {
        match self.format {
            ExportFormat::JsonLines => {
                let mut text = String::new();
                for event in events {
                    text.push_str(&event_json(event, self.organisation).to_string());
                    text.push('\n');
                }
                text.into_bytes()
            }
            ExportFormat::Csv => {
                let mut writer = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(Vec::new());
                // Writing to memory cannot fail.
                if self.place == Place::Start {
                    let _ = writer.write_record(HEADER);
                }
                for event in events {
                    let _ = writer.write_record(record(event));
                }
                writer.into_inner().unwrap_or_default()
            }
        }
    }
}

fn record(event: &Event) -> [String; 14] {
    let (actor_kind, actor_id, actor_label) = match &event.actor {
        Actor::Anonymous => ("anonymous", String::new(), ""),
        Actor::System(name) => ("system", String::new(), name.as_str()),
        Actor::User { id, label } => ("user", id.to_string(), label.as_str()),
        Actor::Administrator { id, label } => ("admin", id.to_string(), label.as_str()),
        Actor::ApiKey { id, label } => ("api_key", id.to_string(), label.as_str()),
    };
    let target = event.target.as_ref();
    let reason = ["error_message", "reason"]
        .iter()
        .find_map(|name| event.detail.get(name)?.as_str())
        .filter(|_| !event.success);
    [
        event.id.to_string(),
        timestamp(event.at),
        event.kind.as_str().to_owned(),
        event.success.to_string(),
        harmless(reason.unwrap_or_default()),
        actor_kind.to_owned(),
        actor_id,
        harmless(actor_label),
        target.map_or("", |target| target.kind.as_str()).to_owned(),
        target
            .map(|target| harmless(&target.id))
            .unwrap_or_default(),
        target
            .map(|target| harmless(&target.label))
            .unwrap_or_default(),
        event.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        harmless(event.user_agent.as_deref().unwrap_or_default()),
        event.detail.to_string(),
    ]
}

/// Spreadsheets run cells that begin with one of these as formulas, and names and user agents are
/// chosen by anyone (OWASP: CSV injection).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
