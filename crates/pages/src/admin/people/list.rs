//! The list of users (requirements B01 to B10, D03, D04, S05).
//!
//! The table stands in one form that posts to `/admin/users/bulk`: `csrf`, `id` per ticked row,
//! `all=matching` when everything that matches is meant, the hidden fields of [`Users::keep`], and
//! `action`: `activate`, `suspend`, `add-to-group`, `remove-from-group`, `invite`,
//! `remind-to-enrol`, `require-password-change`, `sign-out-everywhere` or `delete`. A row's quick action is a button of the same form that posts
//! to `/admin/users/{id}/state` with `state`. The columns post to `/admin/users/columns`: `column` for
//! each that is wanted, or `do=default`.

use askama::Template;

use crate::Body;
use crate::admin::parts::{Column, Counters, Field, Hidden, Moment, Paging, Select, UserState};

/// A filter that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedFilter {
    /// `Department: Operations`.
    pub text: String,
    /// The list without it.
    pub remove: String,
}

/// A column that one can filter by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFilter {
    /// Name in the address: `filter.department`.
    pub name: String,
    pub label: String,
    pub value: ListFilterValue,
}

/// How a filter's value is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListFilterValue {
    Text(Field),
    OneOf(Select),
}

/// Whether the person has a password (requirements B07, D05).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordStatus {
    /// A check mark.
    Set,
    /// Never set.
    Pending,
    Expired,
}

/// How many match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    Exactly(u64),
    /// They are not counted beyond this.
    MoreThan(u64),
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    pub id: String,
    /// Display name, else both names, else the username (requirement B10).
    pub name: String,
    pub email: String,
    pub state: UserState,
    /// Small print under the state: `suspended in 3 days`, `locked`.
    pub note: Option<String>,
    pub password: PasswordStatus,
    /// `NOT ENROLLED`.
    pub totp: String,
    pub last_sign_in: Option<Moment>,
    pub username: String,
    pub department: String,
    pub job_title: String,
    pub created: Moment,
}

/// The heads of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserColumns {
    pub state: Column,
    pub name: Column,
    /// Those that the administrator wants, in order.
    pub others: Vec<(UserColumn, Column)>,
}

/// A column beside the state and the name (requirement B06).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserColumn {
    Email,
    Username,
    Password,
    Totp,
    LastSignIn,
    Department,
    JobTitle,
    Created,
}

impl UserColumn {
    /// In the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Email,
        Self::Username,
        Self::Password,
        Self::Totp,
        Self::LastSignIn,
        Self::Department,
        Self::JobTitle,
        Self::Created,
    ];
    /// Those that nobody had to choose: what fits beside whole addresses.
    pub const USUAL: [Self; 3] = [Self::Email, Self::Password, Self::Totp];

    /// The name in the form and in the cookie.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Username => "username",
            Self::Password => "password",
            Self::Totp => "totp",
            Self::LastSignIn => "last-sign-in",
            Self::Department => "department",
            Self::JobTitle => "job-title",
            Self::Created => "created",
        }
    }

    /// The head of the column.
    pub fn text(self) -> &'static str {
        match self {
            Self::Email => "Email",
            Self::Username => "Username",
            Self::Password => "Password Status",
            Self::Totp => "MFA: TOTP",
            Self::LastSignIn => "Last sign-in",
            Self::Department => "Department",
            Self::JobTitle => "Job title",
            Self::Created => "Created",
        }
    }
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/list.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether the role may do one thing; they are independent"
)]
pub struct Users {
    pub csrf: String,
    /// All, Staged, Active, Suspended.
    pub counters: Counters,
    /// What was searched for; empty when nothing was.
    pub query: String,
    /// Filters to offer behind "filter by".
    pub filters: Vec<ListFilter>,
    pub applied: Vec<AppliedFilter>,
    /// Hidden fields that keep the state, search, filters, sort and rows of this view; each form
    /// leaves out the ones it sets itself.
    pub keep: Vec<Hidden>,
    pub columns: UserColumns,
    pub rows: Vec<UserRow>,
    /// How many match in all, not only on this page.
    pub matching: Matching,
    /// How many there are without any filter; 0 shows the way to the first one.
    pub total: u64,
    pub paging: Paging,
    /// This view as CSV.
    pub export: String,
    /// Whether the administrator's role may change people.
    pub can_edit: bool,
    /// Whether the role may put people into groups.
    pub can_group: bool,
    /// Whether the role may delete people.
    pub can_delete: bool,
    /// Whether the role may change the organisation's settings.
    pub can_settings: bool,
}

impl Users {
    fn kept_by_search(&self) -> Vec<&Hidden> {
        self.keep.iter().filter(|field| field.name != "q").collect()
    }

    fn kept_by_filters(&self) -> Vec<&Hidden> {
        self.keep
            .iter()
            .filter(|field| !field.name.starts_with("filter."))
            .collect()
    }

    /// Every column that there may be, with whether it is shown.
    fn offered_columns(&self) -> Vec<(UserColumn, bool)> {
        let shown = |column| self.columns.others.iter().any(|(one, _)| *one == column);
        UserColumn::ALL
            .into_iter()
            .map(|column| (column, shown(column)))
            .collect()
    }

    fn matching_text(&self) -> String {
        match self.matching {
            Matching::Exactly(number) => grouped(number),
            Matching::MoreThan(number) => format!("more than {}", grouped(number)),
        }
    }

    fn has_more_than_this_page(&self) -> bool {
        match self.matching {
            Matching::Exactly(number) => {
                u64::try_from(self.rows.len()).is_ok_and(|rows| rows < number)
            }
            Matching::MoreThan(_) => true,
        }
    }
}

/// `3,201`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Body for Users {
    fn title(&self) -> &'static str {
        "Users"
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
