//! The admin portal.
//!
//! A page is an [`AdminFrame`] (header, navigation, who is signed in) and a [`Body`](crate::Body):
//! `AdminPage { frame, body }.to_html()`. Bodies are put together from the [`parts`]: typed pieces
//! that a template writes as `{{ piece }}`, and the form macros of `templates/admin/fields.html`.
//!
//! Forms post a hidden `csrf`, which each body with a form carries. Everything works without
//! JavaScript; `static/admin/` only saves steps.

pub mod access;
pub mod activity;
pub mod alerts;
pub mod api_reference;
pub mod applications;
pub mod diagnose;
pub mod door;
mod frame;
pub mod groups;
mod home;
pub mod outbox;
pub mod parts;
pub mod people;
pub mod policies;
mod search;
pub mod settings;

pub use frame::{AdminFrame, AdminPage, Banner, Checklist, NavItem, Toast};
pub use home::{ChecklistStep, Figure, Home, RecentEvent, Task};
pub use search::{ResultKind, Search, SearchResult, SearchSection};
