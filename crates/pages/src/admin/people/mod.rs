//! Pages about people: requirements B, C, D.

mod details;
mod fields;
mod header;
mod highlights;
mod list;

pub use details::{
    Conflict, ConflictRow, CustomAttributeRow, NewPublicKey, PublicKeyRow, UserDetails,
};
pub use fields::{USER_FIELDS, UserFields};
pub use header::{ScheduledChange, SecurityStatus, UserHeader, UserTab};
pub use highlights::{Access, ActivityRow, DeviceBrief, UserHighlights};
pub use list::{
    AppliedFilter, ListFilter, ListFilterValue, PasswordStatus, UserColumns, UserRow, Users,
};
