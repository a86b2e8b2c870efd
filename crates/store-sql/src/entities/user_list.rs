//! Lists of people, in order, from any place.
//!
//! Without words to search for, a list is a walk along the index of its order. With words, one of
//! two plans is taken, after looking how often the rarest word occurs:
//!
//! * rarely: all people who have it are looked at, tested for the other words, and ordered here;
//! * often: the list is walked in its order, and each person is tested for all words. Since they
//!   are frequent, a page is full soon.

use jetway_identity::users::search::{AFTER_ALL, MAX_TERMS, Term};
use jetway_identity::users::{Matches, Place, UserQuery, UserSort};
use jetway_identity::{StoreError, User, UserState};
use sqlx::query;

use crate::entities::users::{read_user, user_columns};
use crate::fields::Fields;
use crate::statements::statements;
use crate::unit::{Statement, Unit};

/// Exact numbers are given up to here.
const MOST_COUNTED: u32 = 1000;
/// A word that occurs at most this often is rare.
const RARE: i64 = 5000;
/// Before every identifier, and after.
const FIRST_ID: &str = "";
const LAST_ID: &str = "g";

/// `$1`, `$2`: the place; `$3`: how many.
macro_rules! walk {
    ($key:literal, $compare:literal, $order:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u WHERE (",
            $key,
            ", u.id) ",
            $compare,
            " ($1, $2) ORDER BY ",
            $key,
            $order,
            ", u.id",
            $order,
            " LIMIT $3"
        )
    };
}

/// `$4`: the state.
macro_rules! walk_state {
    ($key:literal, $compare:literal, $order:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u WHERE u.state = $4 AND (",
            $key,
            ", u.id) ",
            $compare,
            " ($1, $2) ORDER BY ",
            $key,
            $order,
            ", u.id",
            $order,
            " LIMIT $3"
        )
    };
}

/// Whether a person has a word from `$from` on and before `$to`, in `$field` or, if that is
/// empty, anywhere.
macro_rules! has_word {
    ($user:literal, $from:literal, $to:literal, $field:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM user_words x WHERE x.user_id = ",
            $user,
            " AND x.word >= ",
            $from,
            " AND x.word < ",
            $to,
            " AND (",
            $field,
            " = '' OR x.field = ",
            $field,
            "))"
        )
    };
}

/// The words after the first, `$8` to `$22`. A search with fewer words repeats its last.
macro_rules! has_other_words {
    ($user:literal) => {
        concat!(
            has_word!($user, "$8", "$9", "$10"),
            " AND ",
            has_word!($user, "$11", "$12", "$13"),
            " AND ",
            has_word!($user, "$14", "$15", "$16"),
            " AND ",
            has_word!($user, "$17", "$18", "$19"),
            " AND ",
            has_word!($user, "$20", "$21", "$22")
        )
    };
}

/// `$4`: the state, or nothing.
macro_rules! walk_words {
    ($key:literal, $compare:literal, $order:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u WHERE (",
            $key,
            ", u.id) ",
            $compare,
            " ($1, $2) AND ($4 = '' OR u.state = $4) AND ",
            has_word!("u.id", "$5", "$6", "$7"),
            " AND ",
            has_other_words!("u.id"),
            " ORDER BY ",
            $key,
            $order,
            ", u.id",
            $order,
            " LIMIT $3"
        )
    };
}

statements! {
    NAME_UP = walk!("u.name_sort", ">", " ASC");
    NAME_DOWN = walk!("u.name_sort", "<", " DESC");
    EMAIL_UP = walk!("u.email_sort", ">", " ASC");
    EMAIL_DOWN = walk!("u.email_sort", "<", " DESC");
    USERNAME_UP = walk!("u.username_sort", ">", " ASC");
    USERNAME_DOWN = walk!("u.username_sort", "<", " DESC");
    CREATED_UP = walk!("u.created_at", ">", " ASC");
    CREATED_DOWN = walk!("u.created_at", "<", " DESC");
    STATE_NAME_UP = walk_state!("u.name_sort", ">", " ASC");
    STATE_NAME_DOWN = walk_state!("u.name_sort", "<", " DESC");
    STATE_EMAIL_UP = walk_state!("u.email_sort", ">", " ASC");
    STATE_EMAIL_DOWN = walk_state!("u.email_sort", "<", " DESC");
    STATE_USERNAME_UP = walk_state!("u.username_sort", ">", " ASC");
    STATE_USERNAME_DOWN = walk_state!("u.username_sort", "<", " DESC");
    STATE_CREATED_UP = walk_state!("u.created_at", ">", " ASC");
    STATE_CREATED_DOWN = walk_state!("u.created_at", "<", " DESC");
    WORDS_NAME_UP = walk_words!("u.name_sort", ">", " ASC");
    WORDS_NAME_DOWN = walk_words!("u.name_sort", "<", " DESC");
    WORDS_EMAIL_UP = walk_words!("u.email_sort", ">", " ASC");
    WORDS_EMAIL_DOWN = walk_words!("u.email_sort", "<", " DESC");
    WORDS_USERNAME_UP = walk_words!("u.username_sort", ">", " ASC");
    WORDS_USERNAME_DOWN = walk_words!("u.username_sort", "<", " DESC");
    WORDS_CREATED_UP = walk_words!("u.created_at", ">", " ASC");
    WORDS_CREATED_DOWN = walk_words!("u.created_at", "<", " DESC");
    // CROSS JOIN: SQLite then keeps the order, the rare word first. `$1` and `$2` are not needed
    // here, but every number must occur.
    RARE_WORD = concat!(
        "SELECT ", user_columns!(), " FROM (SELECT DISTINCT w.user_id FROM user_words w \
         WHERE w.word >= $5 AND w.word < $6 AND ($7 = '' OR w.field = $7)) c \
         CROSS JOIN users u WHERE u.id = c.user_id AND ($4 = '' OR u.state = $4) AND ",
        has_other_words!("c.user_id"), " AND $1 = $2 LIMIT $3"
    );
    OCCURRENCES = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM user_words w WHERE w.word >= $1 \
                   AND w.word < $2 AND ($3 = '' OR w.field = $3) LIMIT $4) c";
}

/// The statement for an order and a direction: without words for one state, for all, and with
/// words.
fn statement(sort: UserSort, descending: bool) -> (&'static str, &'static str, &'static str) {
    match (sort, descending) {
        (UserSort::Name | UserSort::State, false) => (STATE_NAME_UP, NAME_UP, WORDS_NAME_UP),
        (UserSort::Name | UserSort::State, true) => (STATE_NAME_DOWN, NAME_DOWN, WORDS_NAME_DOWN),
        (UserSort::Email, false) => (STATE_EMAIL_UP, EMAIL_UP, WORDS_EMAIL_UP),
        (UserSort::Email, true) => (STATE_EMAIL_DOWN, EMAIL_DOWN, WORDS_EMAIL_DOWN),
        (UserSort::Username, false) => (STATE_USERNAME_UP, USERNAME_UP, WORDS_USERNAME_UP),
        (UserSort::Username, true) => (STATE_USERNAME_DOWN, USERNAME_DOWN, WORDS_USERNAME_DOWN),
        (UserSort::CreatedAt, false) => (STATE_CREATED_UP, CREATED_UP, WORDS_CREATED_UP),
        (UserSort::CreatedAt, true) => (STATE_CREATED_DOWN, CREATED_DOWN, WORDS_CREATED_DOWN),
    }
}

pub(crate) async fn users(
    unit: &mut Unit,
    wanted: &UserQuery,
) -> Result<(Vec<User>, Matches), StoreError> {
    if wanted.sort == UserSort::State {
        return by_state(unit, wanted).await;
    }
    if wanted.terms.is_empty() {
        let users = walk(unit, wanted, &[]).await?;
        let counts = jetway_identity::store::ReadUsers::user_counts(unit).await?;
        return Ok((users, Matches::Exactly(counts.of(wanted.state))));
    }
    let (terms, rare) = by_rarity(unit, &wanted.terms).await?;
    if rare && let Some(found) = few(unit, wanted, &terms).await? {
        let number = found.len() as u64;
        return Ok((page(found, wanted), Matches::Exactly(number)));
    }
    let users = walk(unit, wanted, &terms).await?;
    let most = Matches::MoreThan(u64::from(MOST_COUNTED));
    Ok((users, most))
}

/// One state after the other, each by name.
async fn by_state(unit: &mut Unit, wanted: &UserQuery) -> Result<(Vec<User>, Matches), StoreError> {
    let mut states = [UserState::Active, UserState::Staged, UserState::Suspended];
    if wanted.descending {
        states.reverse();
    }
    let place = wanted.after.as_ref().and_then(|place| {
        let state = UserState::from_name(place.keys.first()?)?;
        let name = place.keys.get(1)?.clone();
        Some((
            state,
            Place {
                keys: vec![name],
                id: place.id,
            },
        ))
    });
    let mut found = Vec::new();
    let (mut number, mut uncounted) = (0, false);
    let mut reached = place.is_none();
    for state in states {
        let here = place.as_ref().filter(|(at, _)| *at == state);
        let passed = !reached && here.is_none();
        reached |= here.is_some();
        if wanted.state.is_some_and(|only| only != state) {
            continue;
        }
        let room = wanted
            .limit
            .saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        let part = UserQuery {
            state: Some(state),
            sort: UserSort::Name,
            after: here.map(|(_, place)| place.clone()),
            // Also asked where nothing is taken: for the number.
            limit: room.max(1),
            ..wanted.clone()
        };
        let (users, matches) = Box::pin(self::users(unit, &part)).await?;
        match matches {
            Matches::Exactly(more) => number += more,
            Matches::MoreThan(more) => (number, uncounted) = (number + more, true),
        }
        if !passed && room > 0 {
            found.extend(users);
        }
    }
    let matches = if uncounted {
        Matches::MoreThan(u64::from(MOST_COUNTED))
    } else {
        Matches::Exactly(number)
    };
    Ok((found, matches))
}

/// The terms, the rarest first, and whether that is rare enough to begin with.
async fn by_rarity(unit: &mut Unit, terms: &[Term]) -> Result<(Vec<Term>, bool), StoreError> {
    let mut counted = Vec::new();
    for term in terms.iter().take(MAX_TERMS) {
        let statement = query(OCCURRENCES)
            .bind(term.prefix.clone())
            .bind(term.end())
            .bind(term.field.clone().unwrap_or_default())
            .bind(RARE + 1);
        let row = unit.row(statement).await?;
        let number = row.map_or(Ok(0), |row| Fields::of(&row).integer())?;
        counted.push((number, term.clone()));
    }
    counted.sort_by_key(|(number, _)| *number);
    let rare = counted.first().is_some_and(|(number, _)| *number <= RARE);
    let terms = counted.into_iter().map(|(_, term)| term).collect();
    Ok((terms, rare))
}

/// Everyone who matches, in no order; `None` if they are more than [`MOST_COUNTED`].
async fn few(
    unit: &mut Unit,
    wanted: &UserQuery,
    terms: &[Term],
) -> Result<Option<Vec<User>>, StoreError> {
    let statement = query(RARE_WORD)
        .bind(FIRST_ID)
        .bind(FIRST_ID)
        .bind(i64::from(MOST_COUNTED) + 1)
        .bind(state(wanted));
    let rows = unit.rows(bind_terms(statement, terms)).await?;
    if rows.len() > MOST_COUNTED as usize {
        return Ok(None);
    }
    let users = rows.iter().map(|row| read_user(&mut Fields::of(row)));
    users.collect::<Result<_, _>>().map(Some)
}

/// The page that is asked for, out of all that match.
fn page(found: Vec<User>, wanted: &UserQuery) -> Vec<User> {
    let key = |place: &Place| {
        let number = place.keys.first().and_then(|key| key.parse::<i64>().ok());
        let number = number.filter(|_| wanted.sort == UserSort::CreatedAt);
        (number, place.keys.clone(), place.id.to_string())
    };
    let after = wanted.after.as_ref().map(key);
    let mut keyed: Vec<_> = found
        .into_iter()
        .map(|user| (key(&Place::of(&user, wanted.sort)), user))
        .filter(|(key, _)| match &after {
            None => true,
            Some(after) if wanted.descending => key < after,
            Some(after) => key > after,
        })
        .collect();
    keyed.sort_by(|(a, _), (b, _)| {
        if wanted.descending {
            b.cmp(a)
        } else {
            a.cmp(b)
        }
    });
    keyed.truncate(wanted.limit as usize);
    keyed.into_iter().map(|(_, user)| user).collect()
}

/// Along the index of the order.
async fn walk(
    unit: &mut Unit,
    wanted: &UserQuery,
    terms: &[Term],
) -> Result<Vec<User>, StoreError> {
    let (of_state, of_all, with_words) = statement(wanted.sort, wanted.descending);
    let sql = match (terms.is_empty(), wanted.state) {
        (false, _) => with_words,
        (true, Some(_)) => of_state,
        (true, None) => of_all,
    };
    let mut statement = bind_place(query(sql), wanted).bind(i64::from(wanted.limit));
    if wanted.state.is_some() || !terms.is_empty() {
        statement = statement.bind(state(wanted));
    }
    if !terms.is_empty() {
        statement = bind_terms(statement, terms);
    }
    let rows = unit.rows(statement).await?;
    rows.iter()
        .map(|row| read_user(&mut Fields::of(row)))
        .collect()
}

fn state(wanted: &UserQuery) -> &'static str {
    wanted.state.map_or("", UserState::as_str)
}

/// The place after which the list begins.
fn bind_place(statement: Statement, wanted: &UserQuery) -> Statement {
    let id = match (&wanted.after, wanted.descending) {
        (Some(place), _) => place.id.to_string(),
        (None, false) => FIRST_ID.to_owned(),
        (None, true) => LAST_ID.to_owned(),
    };
    let key = wanted.after.as_ref().and_then(|place| place.keys.first());
    if wanted.sort == UserSort::CreatedAt {
        let at = key.and_then(|key| key.parse().ok());
        let end = if wanted.descending {
            i64::MAX
        } else {
            i64::MIN
        };
        return statement.bind(at.unwrap_or(end)).bind(id);
    }
    let end = || {
        if wanted.descending {
            AFTER_ALL.to_string()
        } else {
            String::new()
        }
    };
    statement.bind(key.cloned().unwrap_or_else(end)).bind(id)
}

/// All terms, the last one repeated for those that are not there.
fn bind_terms(mut statement: Statement, terms: &[Term]) -> Statement {
    for index in 0..MAX_TERMS {
        if let Some(term) = terms.get(index).or(terms.last()) {
            statement = statement
                .bind(term.prefix.clone())
                .bind(term.end())
                .bind(term.field.clone().unwrap_or_default());
        }
    }
    statement
}
