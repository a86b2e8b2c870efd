//! `GET /api/v1/users` and `GET /api/v1/users/counts`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::{Matches, UserSort, count_users, list_users};
use serde::de::IntoDeserializer;
use serde::de::value::{Error as TextError, StrDeserializer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::users::document::User;
use crate::api::users::filter::{Selection, unknown, wrong};
use crate::api::{Cursor, Limit, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserList {
    items: Vec<User>,
    /// For the next page: send it as `cursor`. `null`: this is the last one.
    next_cursor: Option<Cursor>,
    /// How many people match on all pages.
    matches: u64,
    /// `false`: there are more than `matches`; so many are not counted.
    matches_exact: bool,
}

/// Order and page. [`Selection`] says which people.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Page::read` reads")]
pub(crate) struct PageParams {
    /// `name`, `email`, `username`, `state` or `created_at`; with `-` before it the other way
    /// round.
    #[param(pattern = "^-?(name|email|username|state|created_at)$")]
    sort: Option<String>,
    #[param(inline)]
    limit: Option<Limit>,
    /// `next_cursor` of the page before, with the same parameters.
    #[param(inline)]
    cursor: Option<Cursor>,
}

#[derive(Debug, Default)]
struct Page {
    sort: UserSort,
    descending: bool,
    limit: Limit,
    /// What the list goes on after.
    after: Option<String>,
}

impl Page {
    fn read(pairs: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut page = Self::default();
        let mut cursor: Option<Cursor> = None;
        for (name, value) in pairs {
            match name.as_str() {
                "sort" => {
                    let column = value.strip_prefix('-');
                    page.descending = column.is_some();
                    let sort = UserSort::from_name(column.unwrap_or(&value));
                    page.sort = sort.ok_or_else(|| {
                        wrong(
                            "sort",
                            "use name, email, username, state or created_at, with - before it \
                             for the other way round",
                        )
                    })?;
                }
                "limit" => page.limit = parsed("limit", &value)?,
                "cursor" => cursor = Some(parsed("cursor", &value)?),
                name => return Err(unknown(name)),
            }
        }
        if let Some(cursor) = cursor {
            let place = cursor.as_str().strip_prefix(&page.order());
            let place = place
                .ok_or_else(|| wrong("cursor", "this is the cursor of a list in another order"))?;
            page.after = Some(place.to_owned());
        }
        Ok(page)
    }

    /// Before a place in this order, so that a cursor is of no use in another one.
    fn order(&self) -> String {
        let direction = if self.descending { "-" } else { "" };
        format!("{direction}{}:", self.sort.as_str())
    }
}

fn parsed<'a, T: Deserialize<'a>>(name: &str, value: &'a str) -> Result<T, Problem> {
    let text: StrDeserializer<'a, TextError> = value.into_deserializer();
    T::deserialize(text).map_err(|error| wrong(name, error.to_string()))
}

/// List users
///
/// Names, addresses and attributes are searched by the beginnings of their words, in any letter
/// case.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    tag = "Users",
    operation_id = "list_users",
    params(Selection, PageParams),
    responses((status = 200, description = "A page of people.", body = UserList))
)]
pub(crate) async fn users(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    QueryFields(pairs): QueryFields<Vec<(String, String)>>,
) -> Result<Json<UserList>, Problem> {
    let (Selection(filter), rest) = Selection::take(pairs)?;
    let page = Page::read(rest)?;
    let (sort, after) = (page.sort, page.after.as_deref());
    let store = site.store.as_ref();
    let limit = page.limit.get();
    let found = list_users(store, &filter, sort, page.descending, after, limit).await?;
    let (matches, matches_exact) = match found.matches {
        Matches::Exactly(count) => (count, true),
        Matches::MoreThan(count) => (count, false),
    };
    let order = page.order();
    Ok(Json(UserList {
        items: found.users.into_iter().map(User::from).collect(),
        next_cursor: found.next.map(|place| Cursor::new(order + &place)),
        matches,
        matches_exact,
    }))
}

/// How many people there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserCounts {
    all: u64,
    staged: u64,
    active: u64,
    suspended: u64,
}

/// Count users by state
#[utoipa::path(
    get,
    path = "/api/v1/users/counts",
    tag = "Users",
    operation_id = "count_users",
    responses((status = 200, description = "The counts.", body = UserCounts))
)]
pub(crate) async fn counts(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
) -> Result<Json<UserCounts>, Problem> {
    let counts = count_users(site.store.as_ref()).await?;
    Ok(Json(UserCounts {
        all: counts.all(),
        staged: counts.staged,
        active: counts.active,
        suspended: counts.suspended,
    }))
}
