//! Changes of state that are to come.

use std::sync::LazyLock;

use jetway_identity::users::StateSchedule;
use jetway_identity::{ScheduleId, StoreError, UserId, UserState};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::among::with_list;
use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_schedule`] takes.
macro_rules! schedule_columns {
    () => {
        "id, user_id, state, due_at, created_at, created_by"
    };
}

statements! {
    OF_USER = concat!(
        "SELECT ", schedule_columns!(),
        " FROM user_state_schedules WHERE user_id = $1 ORDER BY due_at, id"
    );
    DUE = concat!(
        "SELECT ", schedule_columns!(),
        " FROM user_state_schedules WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2"
    );
    INSERT = concat!(
        "INSERT INTO user_state_schedules (", schedule_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6)"
    );
    DELETE = "DELETE FROM user_state_schedules WHERE id = $1";
}

fn read_schedule(row: &AnyRow) -> Result<StateSchedule, StoreError> {
    let mut fields = Fields::of(row);
    Ok(StateSchedule {
        id: fields.parsed()?,
        user: fields.parsed()?,
        state: fields.word(UserState::from_name)?,
        due_at: fields.time()?,
        created_at: fields.time()?,
        created_by: fields.text()?,
    })
}

static AMONG: LazyLock<String> = LazyLock::new(|| {
    let columns = schedule_columns!();
    let before = format!("SELECT {columns} FROM user_state_schedules WHERE user_id IN");
    with_list(&before, " ORDER BY due_at, id")
});

pub(crate) fn batch_statements() -> impl Iterator<Item = &'static str> {
    std::iter::once(AMONG.as_str())
}

impl Unit {
    pub(crate) async fn schedules_among(
        &mut self,
        users: &[UserId],
    ) -> Result<Vec<StateSchedule>, StoreError> {
        let users: Vec<_> = users.iter().map(UserId::to_string).collect();
        let rows = self.rows_among(&AMONG, &users).await?;
        rows.iter().map(read_schedule).collect()
    }

    pub(crate) async fn schedules(
        &mut self,
        user: UserId,
    ) -> Result<Vec<StateSchedule>, StoreError> {
        let rows = self.rows(query(OF_USER).bind(user.to_string())).await?;
        rows.iter().map(read_schedule).collect()
    }

    pub(crate) async fn schedules_due(
        &mut self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<StateSchedule>, StoreError> {
        let statement = query(DUE).bind(millis(now)).bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        rows.iter().map(read_schedule).collect()
    }

    pub(crate) async fn add_schedule(
        &mut self,
        schedule: &StateSchedule,
    ) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(schedule.id.to_string())
            .bind(schedule.user.to_string())
            .bind(schedule.state.as_str())
            .bind(millis(schedule.due_at))
            .bind(millis(schedule.created_at))
            .bind(schedule.created_by.clone());
        self.execute(statement).await.map(drop)
    }

    pub(crate) async fn remove_schedule(&mut self, id: ScheduleId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string()))
            .await
            .map(drop)
    }
}
