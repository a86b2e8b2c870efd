//! Writing people as CSV, a part at a time, so that 100,000 of them need no more memory than one
//! page.

use std::collections::BTreeSet;

use serde_json::json;

use super::cells::{join_names, to_cell};
use super::columns::Column;
use crate::applications::DIRECTORY_ATTRIBUTES;
use crate::events::EventKind;
use crate::op::Op;
use crate::store::{Store, StoreError};
use crate::users::{User, UserFilter, UserSort, list_users};

/// People in one part.
const PART: u32 = 500;

/// An export under way.
#[derive(Debug)]
pub struct CsvExport {
    filter: UserFilter,
    columns: Vec<Column>,
    after: Option<String>,
    /// The first row was written.
    begun: bool,
    ended: bool,
}

/// Begins an export of the people that match `filter`, by username, and adds the event
/// `user_export`. The columns are those that the file format names, and the custom attributes that
/// anyone has.
pub async fn export_users(
    op: &mut Op,
    store: &dyn Store,
    filter: UserFilter,
) -> Result<CsvExport, StoreError> {
    let custom = store.read().await?.custom_attribute_names().await?;
    let custom: BTreeSet<Column> = custom
        .into_iter()
        .map(|(name, kind)| Column::Custom { name, kind })
        .collect();
    let directory = DIRECTORY_ATTRIBUTES.into_iter().map(Column::Directory);
    let columns = Column::FIXED.into_iter().chain(directory).chain(custom);
    let detail = json!({
        "state": filter.state.map(crate::users::UserState::as_str),
        "search": filter.text,
        "filters": filter.columns.iter().map(|(column, _)| column.as_str()).collect::<Vec<_>>(),
    });
    store
        .record(op.event(EventKind::UserExport, true, None, detail))
        .await?;
    Ok(CsvExport {
        filter,
        columns: columns.collect(),
        after: None,
        begun: false,
        ended: false,
    })
}

impl CsvExport {
    /// The next part of the file; `None` at its end.
    pub async fn next_part(&mut self, store: &dyn Store) -> Result<Option<Vec<u8>>, StoreError> {
        if self.ended {
            return Ok(None);
        }
        let sort = UserSort::Username;
        let after = self.after.take();
        let page = list_users(store, &self.filter, sort, false, after.as_deref(), PART).await?;
        self.ended = page.next.is_none();
        self.after = page.next;
        let mut rows = Vec::new();
        if !self.begun {
            rows.push(self.columns.iter().map(ToString::to_string).collect());
            self.begun = true;
        }
        let mut read = store.read().await?;
        let ids: Vec<_> = page.users.iter().map(|user| user.id).collect();
        let groups = read.static_groups_among(&ids).await?;
        for user in &page.users {
            let names = groups.get(&user.id).map_or(&[][..], Vec::as_slice);
            rows.push(self.row(user, names));
        }
        write_rows(&rows).map(Some)
    }

    fn row(&self, user: &User, groups: &[String]) -> Vec<String> {
        let cell = |column: &Column| match column {
            Column::Email => user.email.clone(),
            Column::Username => user.username.clone(),
            Column::FirstName => user.first_name.clone(),
            Column::LastName => user.last_name.clone(),
            Column::DisplayName => user.display_name.clone(),
            Column::State => user.state.as_str().to_owned(),
            Column::PasswordNeverExpires => user.password_never_expires.to_string(),
            Column::Groups => join_names(groups),
            Column::Directory(name) => user.attributes.get(*name).cloned().unwrap_or_default(),
            Column::Custom { name, kind } => user
                .custom_attributes
                .get(name)
                .filter(|value| value.kind() == *kind)
                .map(crate::custom_attributes::CustomValue::to_text)
                .unwrap_or_default(),
        };
        self.columns
            .iter()
            .map(|column| to_cell(&cell(column)))
            .collect()
    }
}

fn write_rows(rows: &[Vec<String>]) -> Result<Vec<u8>, StoreError> {
    let failed = |error: csv::Error| StoreError::Unavailable(Box::new(error));
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| StoreError::Unavailable(Box::new(error.into_error())))
}
