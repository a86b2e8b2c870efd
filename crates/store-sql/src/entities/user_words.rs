//! The words by which people are found.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use jetway_identity::users::search;
use jetway_identity::{StoreError, User};
use sqlx::query;

use crate::fields::Fields;
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    OF_USER = "SELECT word, field FROM user_words WHERE user_id = $1";
    RENAME = "UPDATE user_words SET name_sort = $2 WHERE user_id = $1 AND name_sort <> $2";
    DELETE = "DELETE FROM user_words WHERE word = $1 AND field = $2 AND user_id = $3";
}

/// Rows in one statement. A short list is filled up with its last word: what is there already is
/// left alone.
const BATCH: usize = 24;

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let mut sql = "INSERT INTO user_words (user_id, name_sort, word, field) VALUES ".to_owned();
    for row in 0..BATCH {
        let separator = if row == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(
            sql,
            "{separator}($1, $2, ${}, ${})",
            2 * row + 3,
            2 * row + 4
        );
    }
    sql.push_str(" ON CONFLICT (word, field, user_id, name_sort) DO NOTHING");
    sql
});

pub(crate) fn batch_statements() -> impl Iterator<Item = &'static str> {
    std::iter::once(INSERT.as_str())
}

/// Adds the words of a new person.
pub(crate) async fn insert(unit: &mut Unit, user: &User) -> Result<(), StoreError> {
    let words: Vec<_> = search::words_of(user).into_iter().collect();
    insert_words(unit, user, &words).await
}

async fn insert_words(
    unit: &mut Unit,
    user: &User,
    words: &[(String, String)],
) -> Result<(), StoreError> {
    for batch in words.chunks(BATCH) {
        let mut statement = query(INSERT.as_str())
            .bind(user.id.to_string())
            .bind(name_sort(user));
        for index in 0..BATCH {
            if let Some((word, field)) = batch.get(index).or(batch.last()) {
                statement = statement.bind(word.clone()).bind(field.clone());
            }
        }
        unit.execute(statement).await?;
    }
    Ok(())
}

/// Brings the words of a person up to date.
pub(crate) async fn replace(unit: &mut Unit, user: &User) -> Result<(), StoreError> {
    let rows = unit.rows(query(OF_USER).bind(user.id.to_string())).await?;
    let before = rows.iter().map(|row| {
        let mut fields = Fields::of(row);
        Ok((fields.text()?, fields.text()?))
    });
    let before = before.collect::<Result<BTreeSet<_>, StoreError>>()?;
    let after = search::words_of(user);
    for (word, field) in before.difference(&after) {
        let statement = query(DELETE)
            .bind(word.clone())
            .bind(field.clone())
            .bind(user.id.to_string());
        unit.execute(statement).await?;
    }
    let statement = query(RENAME)
        .bind(user.id.to_string())
        .bind(name_sort(user));
    unit.execute(statement).await?;
    let new: Vec<_> = after.difference(&before).cloned().collect();
    insert_words(unit, user, &new).await
}

/// The key of the order by name, as in the column of `users`.
fn name_sort(user: &User) -> String {
    search::sort_key(&user.label())
}
