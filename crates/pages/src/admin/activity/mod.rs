//! The activity log (requirement U01): chart, filters, table, single entries, destinations.

mod chart;
mod destinations;
mod entry;
mod log;

pub use chart::{Bar, Chart};
pub use destinations::{
    DestinationForm, DestinationKind, DestinationRow, DestinationSecret, Destinations,
};
pub use entry::{EntryChange, EntryFact, LogEntry};
pub use log::{Activity, ActivityFilters, EventRow};
