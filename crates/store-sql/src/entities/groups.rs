//! Groups and membership.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_trait::async_trait;
use jetway_identity::groups::{MemberCursor, NewMember, name_key};
use jetway_identity::store::{ReadGroups, WriteGroups};
use jetway_identity::{Group, GroupId, GroupSummary, Membership, StoreError, User, UserId};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::among::with_list;
use crate::entities::users::{read_user, user_columns};
use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::{Statement, Unit};

/// The columns that [`read_group`] takes.
macro_rules! group_columns {
    () => {
        "g.id, g.name, g.description, g.attributes, g.everyone, g.rule, g.version, g.updated_at, \
         g.created_at"
    };
}

pub(crate) use group_columns;

/// How many are in group `g`, and how many applications are granted to it.
macro_rules! counts {
    () => {
        "CAST(CASE WHEN g.everyone = 1 THEN (SELECT SUM(c.users) \
         FROM user_counters c) ELSE \
         (SELECT COUNT(*) FROM group_members m WHERE m.group_id = g.id) END AS BIGINT), \
         (SELECT COUNT(*) FROM application_groups ag WHERE ag.group_id = g.id)"
    };
}

/// Whether user `u` is a member of group `$1`.
macro_rules! is_member {
    () => {
        "CAST(CASE WHEN EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = $1 \
         AND m.user_id = u.id) THEN 1 ELSE 0 END AS BIGINT)"
    };
}

/// People in one statement of a change of many members.
const MANY: usize = 20;

statements! {
    BY_ID = concat!("SELECT ", group_columns!(), " FROM user_groups g WHERE g.id = $1");
    BY_NAME = concat!("SELECT ", group_columns!(), " FROM user_groups g WHERE g.name_key = $1");
    EVERYONE = concat!("SELECT ", group_columns!(), " FROM user_groups g WHERE g.everyone = 1");
    OF_USER = concat!(
        "SELECT ", group_columns!(), " FROM user_groups g WHERE g.everyone = 1 OR g.id IN \
         (SELECT m.group_id FROM group_members m WHERE m.user_id = $1)"
    );
    IDS_OF_USER = "SELECT g.id FROM user_groups g WHERE g.everyone = 1 OR g.id IN \
                   (SELECT m.group_id FROM group_members m WHERE m.user_id = $1)";
    DYNAMIC = concat!(
        "SELECT ", group_columns!(), " FROM user_groups g WHERE g.rule IS NOT NULL ORDER BY g.id"
    );
    PAGE = concat!(
        "SELECT ", group_columns!(), ", ", counts!(), " FROM user_groups g \
         WHERE g.name_order > $1 AND g.search_text LIKE $2 ESCAPE '!' \
         ORDER BY g.name_order LIMIT $3"
    );
    COUNTS = concat!("SELECT ", counts!(), " FROM user_groups g WHERE g.id = $1");
    MEMBERS = "SELECT user_id FROM group_members WHERE group_id = $1 ORDER BY user_id";
    MEMBER_IDS = "SELECT user_id FROM group_members WHERE group_id = $1 ORDER BY user_id \
                  LIMIT $2 OFFSET $3";
    EVERYONE_IDS = "SELECT id FROM users ORDER BY id LIMIT $1 OFFSET $2";
    MEMBER_PAGE = concat!(
        "SELECT ", user_columns!(), " FROM group_members m JOIN users u ON u.id = m.user_id \
         WHERE m.group_id = $1 AND (m.member_key, m.user_id) > ($2, $3) \
         AND m.member_key LIKE $4 ESCAPE '!' ORDER BY m.member_key, m.user_id LIMIT $5"
    );
    USERS_AND_MEMBERSHIP = concat!(
        "SELECT ", user_columns!(), ", ", is_member!(),
        " FROM users u WHERE u.id > $2 ORDER BY u.id LIMIT $3"
    );
    MEMBERSHIP_OF = concat!(
        "SELECT ", user_columns!(), ", ", is_member!(), " FROM users u WHERE u.id IN \
         ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         $21)"
    );
    MEMBERSHIPS = "SELECT group_id, member_key FROM group_members WHERE user_id = $1";
    INSERT = "INSERT INTO user_groups (id, name, name_key, name_order, search_text, description, \
              attributes, everyone, rule, version, updated_at, created_at) \
              VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    UPDATE = "UPDATE user_groups SET name = $2, name_key = $3, name_order = $3, search_text = $4, \
              description = $5, attributes = $6, rule = $7, version = $8, updated_at = $9 \
              WHERE id = $1";
    DELETE = "DELETE FROM user_groups WHERE id = $1";
    ADD_MEMBER = "INSERT INTO group_members (group_id, added_at, user_id, member_key) \
                  VALUES ($1, $2, $3, $4) ON CONFLICT (group_id, user_id) DO NOTHING";
    ADD_MEMBERS = "INSERT INTO group_members (group_id, added_at, user_id, member_key) VALUES \
                   ($1, $2, $3, $4), ($1, $2, $5, $6), ($1, $2, $7, $8), ($1, $2, $9, $10), \
                   ($1, $2, $11, $12), ($1, $2, $13, $14), ($1, $2, $15, $16), \
                   ($1, $2, $17, $18), ($1, $2, $19, $20), ($1, $2, $21, $22), \
                   ($1, $2, $23, $24), ($1, $2, $25, $26), ($1, $2, $27, $28), \
                   ($1, $2, $29, $30), ($1, $2, $31, $32), ($1, $2, $33, $34), \
                   ($1, $2, $35, $36), ($1, $2, $37, $38), ($1, $2, $39, $40), \
                   ($1, $2, $41, $42) ON CONFLICT (group_id, user_id) DO NOTHING";
    REMOVE_MEMBERS = "DELETE FROM group_members WHERE group_id = $1 AND user_id IN \
                      ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
                      $18, $19, $20, $21)";
    ATTRIBUTE_NAMES = "SELECT name FROM user_attribute_names";
    NOTE_ATTRIBUTE_NAME = "INSERT INTO user_attribute_names (name) VALUES ($1) \
                           ON CONFLICT (name) DO NOTHING";
    SET_MEMBER_KEY = "UPDATE group_members SET member_key = $2 WHERE user_id = $1";
}

pub(crate) fn read_group(fields: &mut Fields<'_>) -> Result<Group, StoreError> {
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

fn read_groups(rows: &[AnyRow]) -> Result<Vec<Group>, StoreError> {
    rows.iter()
        .map(|row| read_group(&mut Fields::of(row)))
        .collect()
}

fn read_user_and_membership(row: &AnyRow) -> Result<(User, bool), StoreError> {
    let mut fields = Fields::of(row);
    Ok((read_user(&mut fields)?, fields.flag()?))
}

fn count(fields: &mut Fields<'_>) -> Result<u64, StoreError> {
    Ok(u64::try_from(fields.integer()?).unwrap_or_default())
}

/// The pattern of texts that contain `text`.
fn containing(text: &str) -> String {
    let mut pattern = "%".to_owned();
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    if pattern.len() > 1 {
        pattern.push('%');
    }
    pattern
}

/// Binds [`MANY`] identifiers; places that are left over get one that nobody has.
fn bind_ids(mut statement: Statement, ids: &[UserId]) -> Statement {
    for place in 0..MANY {
        let id = ids.get(place).map(ToString::to_string);
        statement = statement.bind(id.unwrap_or_default());
    }
    statement
}

/// What a search looks through.
fn search_text(group: &Group) -> String {
    name_key(&format!("{}\n{}", group.name, group.description))
}

static STATIC_AMONG: LazyLock<String> = LazyLock::new(|| {
    with_list(
        "SELECT m.user_id, g.name FROM group_members m JOIN user_groups g ON g.id = m.group_id \
         WHERE g.everyone = 0 AND g.rule IS NULL AND m.user_id IN",
        "",
    )
});

static GROUPS_AMONG: LazyLock<String> = LazyLock::new(|| {
    let before = concat!(
        "SELECT m.user_id, ",
        group_columns!(),
        " FROM group_members m JOIN user_groups g ON g.id = m.group_id \
         WHERE g.everyone = 0 AND m.user_id IN"
    );
    with_list(before, "")
});

static NAMES_AMONG: LazyLock<String> =
    LazyLock::new(|| with_list("SELECT g.id, g.name FROM user_groups g WHERE g.id IN", ""));

pub(crate) fn batch_statements() -> impl Iterator<Item = &'static str> {
    let all: [&LazyLock<String>; 3] = [&STATIC_AMONG, &GROUPS_AMONG, &NAMES_AMONG];
    all.into_iter().map(|statement| statement.as_str())
}

#[async_trait]
impl ReadGroups for Unit {
    async fn group(&mut self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| read_group(&mut Fields::of(&row))).transpose()
    }

    async fn group_by_name(&mut self, name: &str) -> Result<Option<Group>, StoreError> {
        let row = self.row(query(BY_NAME).bind(name_key(name))).await?;
        row.map(|row| read_group(&mut Fields::of(&row))).transpose()
    }

    async fn everyone_group(&mut self) -> Result<Option<Group>, StoreError> {
        let row = self.row(query(EVERYONE)).await?;
        row.map(|row| read_group(&mut Fields::of(&row))).transpose()
    }

    async fn groups_of(&mut self, user: UserId) -> Result<Vec<Group>, StoreError> {
        let rows = self.rows(query(OF_USER).bind(user.to_string())).await?;
        let mut groups = read_groups(&rows)?;
        // Sorted here: databases disagree about the order of letters.
        groups.sort_by_cached_key(|group| name_key(&group.name));
        Ok(groups)
    }

    async fn group_ids_of(&mut self, user: UserId) -> Result<Vec<GroupId>, StoreError> {
        let rows = self.rows(query(IDS_OF_USER).bind(user.to_string())).await?;
        rows.iter().map(|row| Fields::of(row).parsed()).collect()
    }

    async fn group_names(
        &mut self,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, String)>, StoreError> {
        let ids: Vec<_> = groups.iter().map(ToString::to_string).collect();
        let rows = self.rows_among(&NAMES_AMONG, &ids).await?;
        let name = |row: &AnyRow| {
            let mut fields = Fields::of(row);
            Ok((fields.parsed()?, fields.text()?))
        };
        rows.iter().map(name).collect()
    }

    async fn groups_among(
        &mut self,
        users: &[UserId],
    ) -> Result<HashMap<UserId, Vec<Group>>, StoreError> {
        let everyone = self.everyone_group().await?;
        let start = |user: &UserId| (*user, everyone.iter().cloned().collect::<Vec<_>>());
        let mut found: HashMap<_, _> = users.iter().map(start).collect();
        let ids: Vec<_> = users.iter().map(UserId::to_string).collect();
        for row in self.rows_among(&GROUPS_AMONG, &ids).await? {
            let mut fields = Fields::of(&row);
            let user = fields.parsed()?;
            found
                .entry(user)
                .or_default()
                .push(read_group(&mut fields)?);
        }
        for groups in found.values_mut() {
            groups.sort_by_cached_key(|group| name_key(&group.name));
        }
        Ok(found)
    }

    async fn static_groups_among(
        &mut self,
        users: &[UserId],
    ) -> Result<HashMap<UserId, Vec<String>>, StoreError> {
        let users: Vec<_> = users.iter().map(UserId::to_string).collect();
        let mut found: HashMap<_, Vec<String>> = HashMap::new();
        for row in self.rows_among(&STATIC_AMONG, &users).await? {
            let mut fields = Fields::of(&row);
            found
                .entry(fields.parsed()?)
                .or_default()
                .push(fields.text()?);
        }
        for names in found.values_mut() {
            names.sort_by_cached_key(|name| name_key(name));
        }
        Ok(found)
    }

    async fn members(&mut self, group: GroupId) -> Result<Vec<UserId>, StoreError> {
        let rows = self.rows(query(MEMBERS).bind(group.to_string())).await?;
        rows.iter().map(|row| Fields::of(row).parsed()).collect()
    }

    async fn member_ids(
        &mut self,
        group: GroupId,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<UserId>, StoreError> {
        let everyone = self.everyone_group().await?;
        let statement = if everyone.is_some_and(|everyone| everyone.id == group) {
            query(EVERYONE_IDS)
        } else {
            query(MEMBER_IDS).bind(group.to_string())
        };
        let statement = statement.bind(i64::from(limit)).bind(i64::from(skip));
        let rows = self.rows(statement).await?;
        rows.iter().map(|row| Fields::of(row).parsed()).collect()
    }

    async fn group_page(
        &mut self,
        text: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<GroupSummary>, StoreError> {
        let statement = query(PAGE)
            .bind(after.to_owned())
            .bind(containing(text))
            .bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        let read = |row| {
            let mut fields = Fields::of(row);
            Ok(GroupSummary {
                group: read_group(&mut fields)?,
                members: count(&mut fields)?,
                applications: count(&mut fields)?,
            })
        };
        rows.iter().map(read).collect()
    }

    async fn dynamic_groups(&mut self) -> Result<Vec<Group>, StoreError> {
        read_groups(&self.rows(query(DYNAMIC)).await?)
    }

    async fn group_counts(&mut self, group: GroupId) -> Result<(u64, u64), StoreError> {
        let row = self.row(query(COUNTS).bind(group.to_string())).await?;
        row.map_or(Ok((0, 0)), |row| {
            let mut fields = Fields::of(&row);
            Ok((count(&mut fields)?, count(&mut fields)?))
        })
    }

    async fn member_page(
        &mut self,
        group: GroupId,
        text: &str,
        after: &MemberCursor,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        let statement = query(MEMBER_PAGE)
            .bind(group.to_string())
            .bind(after.key.clone())
            .bind(after.user.clone())
            .bind(containing(text))
            .bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| read_user(&mut Fields::of(row)))
            .collect()
    }

    async fn users_and_membership(
        &mut self,
        group: Option<GroupId>,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(User, bool)>, StoreError> {
        // No id is empty, and none comes before the empty text.
        let text = |id: Option<String>| id.unwrap_or_default();
        let statement = query(USERS_AND_MEMBERSHIP)
            .bind(text(group.map(|id| id.to_string())))
            .bind(text(after.map(|id| id.to_string())))
            .bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        rows.iter().map(read_user_and_membership).collect()
    }

    async fn membership_of(
        &mut self,
        group: GroupId,
        users: &[UserId],
    ) -> Result<Vec<(User, bool)>, StoreError> {
        let mut distinct = users.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let mut found = Vec::with_capacity(distinct.len());
        for some in distinct.chunks(MANY) {
            let statement = query(MEMBERSHIP_OF).bind(group.to_string());
            for row in self.rows(bind_ids(statement, some)).await? {
                found.push(read_user_and_membership(&row)?);
            }
        }
        Ok(found)
    }

    async fn memberships(&mut self, user: UserId) -> Result<Vec<(GroupId, String)>, StoreError> {
        let rows = self.rows(query(MEMBERSHIPS).bind(user.to_string())).await?;
        let read = |row| {
            let mut fields = Fields::of(row);
            Ok((fields.parsed()?, fields.text()?))
        };
        rows.iter().map(read).collect()
    }

    async fn user_attribute_names(&mut self) -> Result<Vec<String>, StoreError> {
        let rows = self.rows(query(ATTRIBUTE_NAMES)).await?;
        rows.iter().map(|row| Fields::of(row).text()).collect()
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

    async fn update_group(&mut self, group: &Group) -> Result<(), StoreError> {
        let statement = query(UPDATE)
            .bind(group.id.to_string())
            .bind(group.name.clone())
            .bind(name_key(&group.name))
            .bind(search_text(group))
            .bind(group.description.clone())
            .bind(json(&group.attributes)?)
            .bind(group.rule().map(json).transpose()?)
            .bind(group.version)
            .bind(millis(group.updated_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_group(&mut self, id: GroupId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(())
    }

    async fn add_members(
        &mut self,
        group: GroupId,
        members: &[NewMember],
        at: OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let mut added = 0;
        for some in members.chunks(MANY) {
            // A full statement, or one for each of those that are left over.
            let size = if some.len() == MANY { MANY } else { 1 };
            for members in some.chunks(size) {
                let sql = if size == 1 { ADD_MEMBER } else { ADD_MEMBERS };
                let mut statement = query(sql).bind(group.to_string()).bind(millis(at));
                for member in members {
                    statement = statement
                        .bind(member.user.to_string())
                        .bind(member.key.clone());
                }
                added += self.execute(statement).await?;
            }
        }
        Ok(added)
    }

    async fn remove_members(
        &mut self,
        group: GroupId,
        users: &[UserId],
    ) -> Result<u64, StoreError> {
        let mut removed = 0;
        for some in users.chunks(MANY) {
            let statement = query(REMOVE_MEMBERS).bind(group.to_string());
            removed += self.execute(bind_ids(statement, some)).await?;
        }
        Ok(removed)
    }

    async fn note_user_attribute_name(&mut self, name: &str) -> Result<(), StoreError> {
        self.execute(query(NOTE_ATTRIBUTE_NAME).bind(name.to_owned()))
            .await?;
        Ok(())
    }

    async fn set_member_key(&mut self, user: UserId, key: &str) -> Result<(), StoreError> {
        let statement = query(SET_MEMBER_KEY)
            .bind(user.to_string())
            .bind(key.to_owned());
        self.execute(statement).await?;
        Ok(())
    }
}
