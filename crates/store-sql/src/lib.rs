//! The storage traits of `jetway-identity` on SQLite and PostgreSQL, from one SQL text.
//!
//! * `entities/` holds, per kind of thing, its statements, how a row is read, and the trait methods.
//!   Every statement is in a registry ([`statements::all`]); opening a database prepares each of them, and
//!   a test does so on both databases. To add a table: a new migration file, a new file there.
//! * Migrations are only ever added. Their checksums are compared at every start.
//! * Writes are serial. On SQLite there is one writing connection and `BEGIN IMMEDIATE`; on
//!   PostgreSQL each write transaction first takes one advisory lock, so that nodes take turns too.
//!   The same code then has the same races on both: none.
//! * A commit is on the disk when it returns: SQLite runs with WAL and `synchronous = FULL`. Events
//!   that belong to no other change ([`Store::record`](jetway_identity::Store::record)) and the
//!   last use of a session are the exception: they survive a crash of the process at once and a
//!   loss of power after a tenth of a second (see `event_log.rs`).

mod caches;
mod entities;
mod errors;
mod event_log;
mod fields;
mod lock_file;
mod migrate;
mod open;
mod pool;
mod rehearsal;
pub mod statements;
mod store;
mod unit;

pub use errors::OpenError;
pub use store::SqlStore;
