//! Groups and membership.

use async_trait::async_trait;
use jetway_identity::groups::name_key;
use jetway_identity::store::{ReadGroups, WriteGroups};
use jetway_identity::{Group, GroupId, Membership, StoreError, UserId};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_group`] takes.
macro_rules! group_columns {
    () => {
        "g.id, g.name, g.description, g.attributes, g.everyone, g.rule, g.version, g.updated_at, \
         g.created_at"
    };
}

statements! {
    BY_ID = concat!("SELECT ", group_columns!(), " FROM user_groups g WHERE g.id = $1");
    BY_NAME = concat!("SELECT ", group_columns!(), " FROM user_groups g WHERE g.name_key = $1");
    EVERYONE = concat!("SELECT ", group_columns!(), " FROM user_groups g WHERE g.everyone = 1");
    OF_USER = concat!(
        "SELECT ", group_columns!(), " FROM user_groups g WHERE g.everyone = 1 OR g.id IN \
         (SELECT m.group_id FROM group_members m WHERE m.user_id = $1)"
    );
    MEMBERS = "SELECT user_id FROM group_members WHERE group_id = $1 ORDER BY user_id";
    INSERT = "INSERT INTO user_groups (id, name, name_key, name_order, search_text, description, \
              attributes, everyone, rule, version, updated_at, created_at) \
              VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ADD_MEMBER = "INSERT INTO group_members (group_id, user_id, added_at) VALUES ($1, $2, $3) \
                  ON CONFLICT (group_id, user_id) DO NOTHING";
    REMOVE_MEMBER = "DELETE FROM group_members WHERE group_id = $1 AND user_id = $2";
}

fn read_group(row: &AnyRow) -> Result<Group, StoreError> {
    let mut fields = Fields::of(row);
    Ok(Group {
        id: fields.parsed()?,
        name: fields.text()?,
        description: fields.text()?,
        attributes: fields.custom_attributes()?,
        everyone: fields.flag()?,
        membership: fields
            .optional_json()?
            .map_or(Membership::Static, Membership::Dynamic),
        version: fields.integer()?,
        updated_at: fields.time()?,
        created_at: fields.time()?,
    })
}

/// What a search looks through.
fn search_text(group: &Group) -> String {
    name_key(&format!("{}\n{}", group.name, group.description))
}

#[async_trait]
impl ReadGroups for Unit {
    async fn group(&mut self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.as_ref().map(read_group).transpose()
    }

    async fn group_by_name(&mut self, name: &str) -> Result<Option<Group>, StoreError> {
        let row = self.row(query(BY_NAME).bind(name_key(name))).await?;
        row.as_ref().map(read_group).transpose()
    }

    async fn everyone_group(&mut self) -> Result<Option<Group>, StoreError> {
        let row = self.row(query(EVERYONE)).await?;
        row.as_ref().map(read_group).transpose()
    }

    async fn groups_of(&mut self, user: UserId) -> Result<Vec<Group>, StoreError> {
        let rows = self.rows(query(OF_USER).bind(user.to_string())).await?;
        let mut groups = rows.iter().map(read_group).collect::<Result<Vec<_>, _>>()?;
        // Sorted here: databases disagree about the order of letters.
        groups.sort_by_cached_key(|group| name_key(&group.name));
        Ok(groups)
    }

    async fn members(&mut self, group: GroupId) -> Result<Vec<UserId>, StoreError> {
        let rows = self.rows(query(MEMBERS).bind(group.to_string())).await?;
        rows.iter().map(|row| Fields::of(row).parsed()).collect()
    }
}

#[async_trait]
impl WriteGroups for Unit {
    async fn insert_group(&mut self, group: &Group) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(group.id.to_string())
            .bind(group.name.clone())
            .bind(name_key(&group.name))
            .bind(search_text(group))
            .bind(group.description.clone())
            .bind(json(&group.attributes)?)
            .bind(i64::from(group.everyone))
            .bind(group.rule().map(json).transpose()?)
            .bind(group.version)
            .bind(millis(group.updated_at))
            .bind(millis(group.created_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn add_member(
        &mut self,
        group: GroupId,
        user: UserId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let statement = query(ADD_MEMBER)
            .bind(group.to_string())
            .bind(user.to_string())
            .bind(millis(at));
        Ok(self.execute(statement).await? > 0)
    }

    async fn remove_member(&mut self, group: GroupId, user: UserId) -> Result<bool, StoreError> {
        let statement = query(REMOVE_MEMBER)
            .bind(group.to_string())
            .bind(user.to_string());
        Ok(self.execute(statement).await? > 0)
    }
}
