//! Pages about groups of people (requirements E01 to E08).

mod applications;
mod confirm;
mod details;
mod header;
mod list;
mod members;
mod new;
mod rule;

pub use applications::{GroupApplications, TickedApplication};
pub use details::GroupDetails;
pub use header::{GroupHeader, GroupTab};
pub use list::{GroupRow, Groups};
pub use members::{Candidate, GroupMembers, Member, Pasted};
pub use new::NewGroup;
pub use rule::{Condition, GroupRule, RulePreview};
