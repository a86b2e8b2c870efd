//! The questions that lists of people ask.

use jetway_identity::users::UserSort;

use crate::entities::users::user_columns;
use crate::statements::statements;

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

/// The same for a word that need not be given: an empty one is everywhere.
macro_rules! may_have_word {
    ($user:literal, $from:literal, $to:literal, $field:literal) => {
        concat!(
            "(",
            $from,
            " = '' OR ",
            has_word!($user, $from, $to, $field),
            ")"
        )
    };
}

/// The words after the first, `$8` to `$22`.
macro_rules! has_other_words {
    ($user:literal) => {
        concat!(
            may_have_word!($user, "$8", "$9", "$10"),
            " AND ",
            may_have_word!($user, "$11", "$12", "$13"),
            " AND ",
            may_have_word!($user, "$14", "$15", "$16"),
            " AND ",
            may_have_word!($user, "$17", "$18", "$19"),
            " AND ",
            may_have_word!($user, "$20", "$21", "$22")
        )
    };
}

/// `$4`: the state, or nothing; `$23`: how many are walked past.
macro_rules! walk_words {
    ($key:literal, $compare:literal, $order:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM (SELECT * FROM users u WHERE (",
            $key,
            ", u.id) ",
            $compare,
            " ($1, $2) AND ($4 = '' OR u.state = $4) ORDER BY ",
            $key,
            $order,
            ", u.id",
            $order,
            " LIMIT $23) u WHERE ",
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

/// Everybody who has the first word, put in order. The other words are looked for before the
/// person is; CROSS JOIN: SQLite then keeps the order of the tables.
macro_rules! sort_words {
    ($key:literal, $compare:literal, $order:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM (SELECT DISTINCT w.user_id FROM user_words w WHERE w.word >= $5 \
             AND w.word < $6 AND ($7 = '' OR w.field = $7) AND ",
            has_other_words!("w.user_id"),
            ") c CROSS JOIN users u WHERE u.id = c.user_id AND (",
            $key,
            ", u.id) ",
            $compare,
            " ($1, $2) AND ($4 = '' OR u.state = $4) ORDER BY ",
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
    SORT_NAME_UP = sort_words!("u.name_sort", ">", " ASC");
    SORT_NAME_DOWN = sort_words!("u.name_sort", "<", " DESC");
    SORT_EMAIL_UP = sort_words!("u.email_sort", ">", " ASC");
    SORT_EMAIL_DOWN = sort_words!("u.email_sort", "<", " DESC");
    SORT_USERNAME_UP = sort_words!("u.username_sort", ">", " ASC");
    SORT_USERNAME_DOWN = sort_words!("u.username_sort", "<", " DESC");
    SORT_CREATED_UP = sort_words!("u.created_at", ">", " ASC");
    SORT_CREATED_DOWN = sort_words!("u.created_at", "<", " DESC");
    // CROSS JOIN: SQLite then keeps the order, the rare word first. `$1` and `$2` are not needed
    // here, but every number must occur.
    pub(super) RARE_WORD = concat!(
        "SELECT ", user_columns!(), " FROM (SELECT DISTINCT w.user_id FROM user_words w \
         WHERE w.word >= $5 AND w.word < $6 AND ($7 = '' OR w.field = $7) AND ",
        has_other_words!("w.user_id"), ") c CROSS JOIN users u WHERE u.id = c.user_id \
         AND ($4 = '' OR u.state = $4) AND $1 = $2 LIMIT $3"
    );
    pub(super) OCCURRENCES = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM user_words w WHERE w.word >= $1 \
                   AND w.word < $2 AND ($3 = '' OR w.field = $3) LIMIT $4) c";
}

/// The statements of an order and a direction.
pub(super) struct Statements {
    pub(super) of_state: &'static str,
    pub(super) of_all: &'static str,
    pub(super) walking: &'static str,
    pub(super) sorting: &'static str,
}

pub(super) fn of(sort: UserSort, descending: bool) -> Statements {
    let (of_state, of_all, walking, sorting) = match (sort, descending) {
        (UserSort::Name | UserSort::State, false) => {
            (STATE_NAME_UP, NAME_UP, WORDS_NAME_UP, SORT_NAME_UP)
        }
        (UserSort::Name | UserSort::State, true) => {
            (STATE_NAME_DOWN, NAME_DOWN, WORDS_NAME_DOWN, SORT_NAME_DOWN)
        }
        (UserSort::Email, false) => (STATE_EMAIL_UP, EMAIL_UP, WORDS_EMAIL_UP, SORT_EMAIL_UP),
        (UserSort::Email, true) => (
            STATE_EMAIL_DOWN,
            EMAIL_DOWN,
            WORDS_EMAIL_DOWN,
            SORT_EMAIL_DOWN,
        ),
        (UserSort::Username, false) => (
            STATE_USERNAME_UP,
            USERNAME_UP,
            WORDS_USERNAME_UP,
            SORT_USERNAME_UP,
        ),
        (UserSort::Username, true) => (
            STATE_USERNAME_DOWN,
            USERNAME_DOWN,
            WORDS_USERNAME_DOWN,
            SORT_USERNAME_DOWN,
        ),
        (UserSort::CreatedAt, false) => (
            STATE_CREATED_UP,
            CREATED_UP,
            WORDS_CREATED_UP,
            SORT_CREATED_UP,
        ),
        (UserSort::CreatedAt, true) => (
            STATE_CREATED_DOWN,
            CREATED_DOWN,
            WORDS_CREATED_DOWN,
            SORT_CREATED_DOWN,
        ),
    };
    Statements {
        of_state,
        of_all,
        walking,
        sorting,
    }
}
