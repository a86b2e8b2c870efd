//! Pieces that pages of the admin portal are made of.
//!
//! Most are written into a template as `{{ piece }}`: they bring their own markup, already escaped.

mod badge;
mod confirm;
mod counters;
mod custom_attributes;
mod field;
mod moment;
mod paging;
mod sorting;
mod tabs;

pub use badge::{Badge, Tone, UserState};
pub use confirm::{Confirm, Hidden, Typed};
pub use counters::{Counter, Counters};
pub use custom_attributes::{CustomAttribute, CustomAttributes};
pub use field::{Choice, Field, Select, Tick};
pub use moment::Moment;
pub use paging::{Paging, RowsChoice};
pub use sorting::{Column, Direction};
pub use tabs::{Tab, Tabs};
