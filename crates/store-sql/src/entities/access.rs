//! Who has which application.

use async_trait::async_trait;
use jetway_identity::groups::name_key;
use jetway_identity::store::{ReadAccess, WriteAccess};
use jetway_identity::users::Place;
use jetway_identity::{ApplicationId, Group, GroupId, StoreError, User, UserId};
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::applications::is_assigned;
use crate::entities::groups::{group_columns, read_group};
use crate::entities::users::{read_user, user_columns};
use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    GROUPS = concat!(
        "SELECT ", group_columns!(), " FROM application_groups ag \
         JOIN user_groups g ON g.id = ag.group_id WHERE ag.application_id = $1"
    );
    USERS = concat!(
        "SELECT ", user_columns!(), " FROM application_users au \
         JOIN users u ON u.id = au.user_id WHERE au.application_id = $1 \
         ORDER BY u.name_sort, u.id LIMIT $2"
    );
    PEOPLE = concat!(
        "SELECT ", user_columns!(), ", (SELECT COUNT(*) FROM application_users d \
         WHERE d.application_id = a.id AND d.user_id = u.id) \
         FROM users u JOIN applications a ON a.id = $1 \
         WHERE (u.name_sort, u.id) > ($2, $3) AND ", is_assigned!(),
        " ORDER BY u.name_sort, u.id LIMIT $4"
    );
    ASSIGN_GROUP = "INSERT INTO application_groups (application_id, group_id, assigned_at) \
                    VALUES ($1, $2, $3) ON CONFLICT (application_id, group_id) DO NOTHING";
    UNASSIGN_GROUP = "DELETE FROM application_groups WHERE application_id = $1 AND group_id = $2";
    ASSIGN_USER = "INSERT INTO application_users (application_id, user_id, assigned_at) \
                   VALUES ($1, $2, $3) ON CONFLICT (application_id, user_id) DO NOTHING";
    UNASSIGN_USER = "DELETE FROM application_users WHERE application_id = $1 AND user_id = $2";
}

#[async_trait]
impl ReadAccess for Unit {
    async fn groups_of_application(
        &mut self,
        application: ApplicationId,
    ) -> Result<Vec<Group>, StoreError> {
        let rows = self
            .rows(query(GROUPS).bind(application.to_string()))
            .await?;
        let read = |row| read_group(&mut Fields::of(row));
        let mut groups = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        groups.sort_by_cached_key(|group| name_key(&group.name));
        Ok(groups)
    }

    async fn users_of_application(
        &mut self,
        application: ApplicationId,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        let statement = query(USERS)
            .bind(application.to_string())
            .bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| read_user(&mut Fields::of(row)))
            .collect()
    }

    async fn people_of_application(
        &mut self,
        application: ApplicationId,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<(User, bool)>, StoreError> {
        let name = after.and_then(|place| place.keys.first().cloned());
        let id = after.map(|place| place.id.to_string());
        let statement = query(PEOPLE)
            .bind(application.to_string())
            .bind(name.unwrap_or_default())
            .bind(id.unwrap_or_default())
            .bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        let read = |row| {
            let mut fields = Fields::of(row);
            Ok((read_user(&mut fields)?, fields.integer()? > 0))
        };
        rows.iter().map(read).collect()
    }
}

#[async_trait]
impl WriteAccess for Unit {
    async fn assign_group(
        &mut self,
        application: ApplicationId,
        group: GroupId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let statement = query(ASSIGN_GROUP)
            .bind(application.to_string())
            .bind(group.to_string())
            .bind(millis(at));
        Ok(self.execute(statement).await? > 0)
    }

    async fn unassign_group(
        &mut self,
        application: ApplicationId,
        group: GroupId,
    ) -> Result<bool, StoreError> {
        let statement = query(UNASSIGN_GROUP)
            .bind(application.to_string())
            .bind(group.to_string());
        Ok(self.execute(statement).await? > 0)
    }

    async fn assign_user(
        &mut self,
        application: ApplicationId,
        user: UserId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let statement = query(ASSIGN_USER)
            .bind(application.to_string())
            .bind(user.to_string())
            .bind(millis(at));
        Ok(self.execute(statement).await? > 0)
    }

    async fn unassign_user(
        &mut self,
        application: ApplicationId,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let statement = query(UNASSIGN_USER)
            .bind(application.to_string())
            .bind(user.to_string());
        Ok(self.execute(statement).await? > 0)
    }
}
