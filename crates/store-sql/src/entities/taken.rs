//! Which of many addresses and usernames people have, a few dozen in one question.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use jetway_identity::{CustomAttributes, StoreError};
use sqlx::query;

use crate::entities::among::with_list;
use crate::fields::Fields;
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    CUSTOM = "SELECT id, custom_attributes FROM users WHERE id > $1 AND custom_attributes <> '{}' \
              ORDER BY id LIMIT $2";
}

/// People in one page.
const PAGE: i64 = 2000;

static EMAILS: LazyLock<String> = LazyLock::new(|| among("email_key"));
static USERNAMES: LazyLock<String> = LazyLock::new(|| among("username_key"));

fn among(column: &str) -> String {
    with_list(&format!("SELECT {column} FROM users WHERE {column} IN"), "")
}

pub(crate) fn batch_statements() -> impl Iterator<Item = &'static str> {
    [EMAILS.as_str(), USERNAMES.as_str()].into_iter()
}

impl Unit {
    pub(crate) async fn emails_taken(
        &mut self,
        emails: &[String],
    ) -> Result<HashSet<String>, StoreError> {
        self.among(&EMAILS, emails).await
    }

    pub(crate) async fn usernames_taken(
        &mut self,
        usernames: &[String],
    ) -> Result<HashSet<String>, StoreError> {
        self.among(&USERNAMES, usernames).await
    }

    async fn among(
        &mut self,
        sql: &'static str,
        values: &[String],
    ) -> Result<HashSet<String>, StoreError> {
        let rows = self.rows_among(sql, values).await?;
        rows.iter().map(|row| Fields::of(row).text()).collect()
    }

    /// Names and types of the custom attributes that anyone has.
    pub(crate) async fn custom_names(
        &mut self,
    ) -> Result<BTreeSet<(String, &'static str)>, StoreError> {
        let mut names = BTreeSet::new();
        let mut after = String::new();
        loop {
            let rows = self
                .rows(query(CUSTOM).bind(after.clone()).bind(PAGE))
                .await?;
            for row in &rows {
                let mut fields = Fields::of(row);
                after = fields.text()?;
                let attributes: CustomAttributes = fields.custom_attributes()?;
                for (name, value) in attributes {
                    names.insert((name, value.kind()));
                }
            }
            if rows.is_empty() {
                return Ok(names);
            }
        }
    }
}
