//! Pages about people: requirements B, C, D.

mod activity;
mod details;
mod devices;
mod directories;
mod enrolment_time;
mod fields;
mod groups;
mod header;
mod highlights;
mod import;
mod list;
mod new;
mod reset_factors;
mod schedule;
mod settings;

pub use activity::{PersonEventRow, UserActivity};
pub use details::{Conflict, ConflictRow, NewPublicKey, PublicKeyRow, UserDetails};
pub use devices::{SessionRow, UserDevices};
pub use directories::{DirectoryRow, UserDirectories};
pub use enrolment_time::EnrolmentTime;
pub use fields::{USER_FIELDS, UserFields};
pub use groups::{MembershipKind, MembershipRow, UserGroups};
pub use header::{ScheduledChange, SecurityStatus, UserHeader, UserTab};
pub use highlights::{Access, ActivityRow, DeviceBrief, UserHighlights};
pub use import::{
    ImportPreview, ImportProgress, ImportResult, ImportUpload, LineProblem, PreviewRow,
    RecentImport,
};
pub use list::{
    AppliedFilter, ListFilter, ListFilterValue, Matching, PasswordStatus, UserColumn, UserColumns,
    UserRow, Users,
};
pub use new::NewUser;
pub use reset_factors::ResetFactors;
pub use schedule::ScheduleState;
pub use settings::UsersSettings;
