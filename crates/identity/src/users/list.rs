//! Lists of people: filtered, ordered, page by page (requirements B02, B03).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::ids::UserId;
use crate::store::{Store, StoreError};
use crate::users::search::{self, Term};
use crate::users::{User, UserColumn, UserState};

/// Which people. The default is everyone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    pub state: Option<UserState>,
    /// Beginnings of words of any field; all of them must be there.
    pub text: String,
    /// Beginnings of words of one field each.
    pub columns: Vec<(UserColumn, String)>,
}

impl UserFilter {
    /// What must be found; empty when only the state counts.
    pub fn terms(&self) -> Vec<Term> {
        search::terms(&self.text, &self.columns)
    }
}

/// By what a list is ordered. People who are alike in it are ordered by their identifier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UserSort {
    /// By [`User::label`] in lower case.
    #[default]
    Name,
    Email,
    Username,
    /// By the name of the state, then by name.
    State,
    CreatedAt,
}

impl UserSort {
    /// The name in addresses and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Username => "username",
            Self::State => "state",
            Self::CreatedAt => "created_at",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Name,
            Self::Email,
            Self::Username,
            Self::State,
            Self::CreatedAt,
        ]
        .into_iter()
        .find(|sort| sort.as_str() == name)
    }
}

/// How many people match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matches {
    Exactly(u64),
    /// So many that they are not counted.
    MoreThan(u64),
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct UserPage {
    pub users: Vec<User>,
    /// For the next page; `None` on the last one.
    pub next: Option<String>,
    pub matches: Matches,
}

/// How many people there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UserCounts {
    pub staged: u64,
    pub active: u64,
    pub suspended: u64,
}

impl UserCounts {
    pub fn all(self) -> u64 {
        self.staged + self.active + self.suspended
    }

    pub fn of(self, state: Option<UserState>) -> u64 {
        match state {
            None => self.all(),
            Some(UserState::Staged) => self.staged,
            Some(UserState::Active) => self.active,
            Some(UserState::Suspended) => self.suspended,
        }
    }
}

/// A place in an ordered list: the last person of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The keys of the order, as texts.
    pub keys: Vec<String>,
    pub id: UserId,
}

impl Place {
    /// Where `user` stands in a list ordered by `sort`.
    pub fn of(user: &User, sort: UserSort) -> Self {
        Self {
            keys: keys(user, sort),
            id: user.id,
        }
    }

    /// As it travels in addresses.
    pub(crate) fn to_cursor(&self) -> String {
        let text = serde_json::json!([self.keys, self.id.to_string()]).to_string();
        URL_SAFE_NO_PAD.encode(text)
    }

    pub(crate) fn from_cursor(cursor: &str, sort: UserSort) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (keys, id): (Vec<String>, String) = serde_json::from_slice(&bytes).ok()?;
        let expected = if sort == UserSort::State { 2 } else { 1 };
        let numeric = sort == UserSort::CreatedAt;
        if keys.len() != expected || (numeric && keys[0].parse::<i64>().is_err()) {
            return None;
        }
        // No place of ours has one, and PostgreSQL takes none.
        if keys.iter().any(|key| key.contains('\0')) {
            return None;
        }
        Some(Self {
            keys,
            id: id.parse().ok()?,
        })
    }
}

fn keys(user: &User, sort: UserSort) -> Vec<String> {
    let name = || search::sort_key(&user.label());
    match sort {
        UserSort::Name => vec![name()],
        UserSort::Email => vec![search::sort_key(&user.email)],
        UserSort::Username => vec![search::sort_key(&user.username)],
        UserSort::State => vec![user.state.as_str().to_owned(), name()],
        UserSort::CreatedAt => {
            let milliseconds = user.created_at.unix_timestamp_nanos() / 1_000_000;
            vec![milliseconds.to_string()]
        }
    }
}

/// Most people on one page.
pub const MAX_PAGE: u32 = 1000;

/// A page of the people that match `filter`, after the place `after` (from [`UserPage::next`] of
/// the same list; one that cannot be read counts as none), at most `limit` of them.
pub async fn list_users(
    store: &dyn Store,
    filter: &UserFilter,
    sort: UserSort,
    descending: bool,
    after: Option<&str>,
    limit: u32,
) -> Result<UserPage, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let query = UserQuery {
        state: filter.state,
        terms: filter.terms(),
        sort,
        descending,
        after: after.and_then(|cursor| Place::from_cursor(cursor, sort)),
        limit: limit + 1,
    };
    let mut read = store.read().await?;
    let (mut users, matches) = read.users(&query).await?;
    drop(read);
    let more = users.len() > limit as usize;
    users.truncate(limit as usize);
    let next = users
        .last()
        .filter(|_| more)
        .map(|last| Place::of(last, sort).to_cursor());
    Ok(UserPage {
        users,
        next,
        matches,
    })
}

/// A list as storage is asked for it.
#[derive(Debug, Clone)]
pub struct UserQuery {
    pub state: Option<UserState>,
    pub terms: Vec<Term>,
    pub sort: UserSort,
    pub descending: bool,
    pub after: Option<Place>,
    pub limit: u32,
}

/// How many people there are in each state, without counting them.
pub async fn count_users(store: &dyn Store) -> Result<UserCounts, StoreError> {
    store.read().await?.user_counts().await
}
