//! Lists of people, in order, from any place.
//!
//! Without words to search for, a list is a walk along the index of its order. With words, it
//! depends on how often the rarest word occurs:
//!
//! * rarely: all people who have it are looked at, tested for the other words, and ordered here;
//! * often: the list is walked in its order for a while, and each person is tested for all words.
//!   Since they are frequent, a page is mostly full soon. Where it is not, because the word and the
//!   order have to do with each other (all called Wile come late by name), the database orders
//!   those who have the rarest word: by name with the keys that stand beside each word, otherwise
//!   with the keys of all orders that an index of people has.

pub(crate) mod statements;

use jetway_identity::users::search::{AFTER_ALL, MAX_TERMS, Term};
use jetway_identity::users::{Matches, Place, UserQuery, UserSort};
use jetway_identity::{StoreError, User, UserState};
use sqlx::query;

use crate::entities::users::read_user;
use crate::fields::Fields;
use crate::unit::{Statement, Unit};

/// Exact numbers are given up to here.
const MOST_COUNTED: u32 = 1000;
/// A word that occurs at most this often is rare.
const RARE: i64 = 5000;
/// People who are walked past to see how many of them match, and when that promises a full page.
/// Then the other plan is taken.
const WALKS: [i64; 2] = [200, 1000];
/// Before every identifier, and after.
const FIRST_ID: &str = "";
const LAST_ID: &str = "g";

pub(crate) async fn users(
    unit: &mut Unit,
    wanted: &UserQuery,
) -> Result<(Vec<User>, Matches), StoreError> {
    if wanted.sort == UserSort::State {
        return by_state(unit, wanted).await;
    }
    if wanted.terms.is_empty() {
        let users = walk(unit, wanted).await?;
        let counts = jetway_identity::store::ReadUsers::user_counts(unit).await?;
        return Ok((users, Matches::Exactly(counts.of(wanted.state))));
    }
    let (terms, rare) = by_rarity(unit, &wanted.terms).await?;
    if rare && let Some(found) = few(unit, wanted, &terms).await? {
        let number = found.len() as u64;
        return Ok((page(found, wanted), Matches::Exactly(number)));
    }
    let users = walk_for_words(unit, wanted, &terms).await?;
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
        let statement = query(statements::OCCURRENCES)
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
    // This statement walks nowhere, but takes the number.
    let [walk, _] = WALKS;
    let statement = query(statements::rare(terms.len()))
        .bind(FIRST_ID)
        .bind(FIRST_ID)
        .bind(i64::from(MOST_COUNTED) + 1)
        .bind(state(wanted));
    let rows = unit.rows(bind_terms(statement, terms, walk)).await?;
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
async fn walk(unit: &mut Unit, wanted: &UserQuery) -> Result<Vec<User>, StoreError> {
    let (sort, descending) = (wanted.sort, wanted.descending);
    let sql = statements::plain(sort, descending, wanted.state.is_some());
    let mut statement = bind_place(query(sql), wanted).bind(i64::from(wanted.limit));
    if wanted.state.is_some() {
        statement = statement.bind(state(wanted));
    }
    read(unit, statement).await
}

/// Along the index of the order, past those who have not all words; where that would take too long,
/// out of those who have the first one.
async fn walk_for_words(
    unit: &mut Unit,
    wanted: &UserQuery,
    terms: &[Term],
) -> Result<Vec<User>, StoreError> {
    let bind = |sql, walk| {
        let statement = bind_place(query(sql), wanted)
            .bind(i64::from(wanted.limit))
            .bind(state(wanted));
        bind_terms(statement, terms, walk)
    };
    let (sort, descending) = (wanted.sort, wanted.descending);
    let limit = i64::from(wanted.limit);
    let [trial, whole] = WALKS;
    let walking = statements::walking(sort, descending, terms.len());
    for walk in WALKS {
        let users = read(unit, bind(walking, walk)).await?;
        let found = i64::try_from(users.len()).unwrap_or(limit);
        if found >= limit {
            return Ok(users);
        }
        if found * whole < limit * trial {
            break;
        }
    }
    let sorting = if sort == UserSort::Name && wanted.state.is_none() {
        statements::by_name(descending, terms.len())
    } else {
        statements::sorting(sort, descending, terms.len())
    };
    read(unit, bind(sorting, trial)).await
}

async fn read(unit: &mut Unit, statement: Statement) -> Result<Vec<User>, StoreError> {
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

/// The first term, how far to walk, and the other terms; where there are three to five, the last
/// one is repeated up to the sixth.
fn bind_terms(mut statement: Statement, terms: &[Term], walk: i64) -> Statement {
    let places = if terms.len() > 2 {
        MAX_TERMS
    } else {
        terms.len()
    };
    for index in 0..places {
        if let Some(term) = terms.get(index).or(terms.last()) {
            statement = statement
                .bind(term.prefix.clone())
                .bind(term.end())
                .bind(term.field.clone().unwrap_or_default());
        }
        if index == 0 {
            statement = statement.bind(walk);
        }
    }
    statement
}
