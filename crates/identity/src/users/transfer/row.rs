//! One row: a person and the groups to put them in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cells::{from_cell, split_names};
use super::columns::Column;
use crate::custom_attributes::{CustomAttributes, CustomValue};
use crate::users::{CreationMethod, InvalidField, NewUser, UserState};

/// A person to add, as kept until the import is confirmed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlannedUser {
    pub email: String,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub display_name: String,
    /// `None`: the default of the settings when the import was confirmed.
    pub state: Option<UserState>,
    pub password_never_expires: bool,
    pub attributes: BTreeMap<String, String>,
    pub custom_attributes: CustomAttributes,
    /// By name.
    pub groups: Vec<String>,
}

/// A person with the line of the file, counted from 1, where the row begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportRow {
    pub line: u64,
    pub user: PlannedUser,
}

impl PlannedUser {
    pub(super) fn into_new(self, default: UserState) -> (NewUser, Vec<String>) {
        let new = NewUser {
            email: self.email,
            username: self.username,
            first_name: self.first_name,
            last_name: self.last_name,
            display_name: self.display_name,
            password: None,
            state: self.state.unwrap_or(default),
            attributes: self.attributes,
            custom_attributes: self.custom_attributes,
            password_never_expires: self.password_never_expires,
            created_by: CreationMethod::Bulk,
        };
        (new, self.groups)
    }
}

/// Reads the cells of a row. All problems at once.
pub(super) fn parse_row(
    columns: &[Column],
    record: &csv::StringRecord,
) -> Result<PlannedUser, Vec<InvalidField>> {
    let mut user = PlannedUser::default();
    let mut problems = Vec::new();
    for (column, cell) in columns.iter().zip(record) {
        if let Err(reason) = set(&mut user, column, from_cell(cell)) {
            problems.push(InvalidField {
                field: column.to_string(),
                reason,
            });
        }
    }
    if problems.is_empty() {
        Ok(user)
    } else {
        Err(problems)
    }
}

fn set(user: &mut PlannedUser, column: &Column, text: &str) -> Result<(), String> {
    let field = match column {
        Column::Email => &mut user.email,
        Column::Username => &mut user.username,
        Column::FirstName => &mut user.first_name,
        Column::LastName => &mut user.last_name,
        Column::DisplayName => &mut user.display_name,
        Column::State => {
            user.state = parse_state(text)?;
            return Ok(());
        }
        Column::PasswordNeverExpires => {
            user.password_never_expires = parse_flag(text)?;
            return Ok(());
        }
        Column::Groups => {
            user.groups = split_names(text);
            return Ok(());
        }
        Column::Directory(name) => {
            if !text.is_empty() {
                user.attributes.insert((*name).to_owned(), text.to_owned());
            }
            return Ok(());
        }
        Column::Custom { name, kind } => {
            if text.is_empty() {
                return Ok(());
            }
            let value = CustomValue::parse(kind, text).map_err(|error| error.to_string())?;
            if user.custom_attributes.insert(name.clone(), value).is_some() {
                return Err("this attribute has a value in two columns".to_owned());
            }
            return Ok(());
        }
    };
    text.clone_into(field);
    Ok(())
}

fn parse_state(text: &str) -> Result<Option<UserState>, String> {
    let word = text.trim().to_lowercase();
    if word.is_empty() {
        return Ok(None);
    }
    // JumpCloud's exports say ACTIVATED.
    let word = if word == "activated" { "active" } else { &word };
    match UserState::from_name(word) {
        Some(state) => Ok(Some(state)),
        None => Err("use staged, active or suspended".to_owned()),
    }
}

fn parse_flag(text: &str) -> Result<bool, String> {
    match text.trim().to_lowercase().as_str() {
        "true" => Ok(true),
        "" | "false" => Ok(false),
        _ => Err("use true or false".to_owned()),
    }
}
