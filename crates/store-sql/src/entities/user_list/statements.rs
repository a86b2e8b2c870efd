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

/// Whether row `x` is a word from `$from` on and before `$to`, in `$field` or, if that is empty,
/// anywhere.
macro_rules! is_word {
    ($from:literal, $to:literal, $field:literal) => {
        concat!(
            "x.word >= ",
            $from,
            " AND x.word < ",
            $to,
            " AND (",
            $field,
            " = '' OR x.field = ",
            $field,
            ")"
        )
    };
}

/// Whether a person has such a word.
macro_rules! has_word {
    ($user:literal, $from:literal, $to:literal, $field:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM user_words x WHERE x.user_id = ",
            $user,
            " AND ",
            is_word!($from, $to, $field),
            ")"
        )
    };
}

/// The words after the first, from `$9` on: none, one or five. Each number of words has statements
/// of its own: a condition that may be empty would keep PostgreSQL from using the index.
macro_rules! other_words {
    (none $word:ident $user:literal) => {
        ""
    };
    (one $word:ident $user:literal) => {
        concat!(" AND ", $word!($user, "$9", "$10", "$11"))
    };
    (five $word:ident $user:literal) => {
        concat!(
            other_words!(one $word $user),
            " AND ",
            $word!($user, "$12", "$13", "$14"),
            " AND ",
            $word!($user, "$15", "$16", "$17"),
            " AND ",
            $word!($user, "$18", "$19", "$20"),
            " AND ",
            $word!($user, "$21", "$22", "$23")
        )
    };
}

/// Whether a person is among all who have a word, who are looked up once. Written as an expression:
/// SQLite would otherwise look each of them up again inside the subquery that has the first word.
macro_rules! among_word {
    ($user:literal, $from:literal, $to:literal, $field:literal) => {
        concat!(
            $user,
            " || '' IN (SELECT x.user_id FROM user_words x WHERE ",
            is_word!($from, $to, $field),
            ")"
        )
    };
}

/// `$4`: the state, or nothing; `$8`: how many are walked past.
macro_rules! walk_words {
    ($others:ident $key:literal, $compare:literal, $order:literal) => {
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
            " LIMIT $8) u WHERE ",
            has_word!("u.id", "$5", "$6", "$7"),
            other_words!($others has_word "u.id"),
            " ORDER BY ",
            $key,
            $order,
            ", u.id",
            $order,
            " LIMIT $3"
        )
    };
}

/// Everybody who has the first word, put in order by an index that has the keys; then the people of
/// the page. That every `name_sort` is at least empty leads SQLite to that index; CROSS JOIN keeps it
/// to the order of the tables. Ordering by an expression (`$same` changes nothing) keeps PostgreSQL
/// from walking in that order past everybody. `$8` is not needed, but every number must occur.
macro_rules! sort_words {
    ($others:ident $key:literal $same:literal, $compare:literal, $order:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM (SELECT u.id FROM (SELECT DISTINCT w.user_id FROM user_words w \
             WHERE w.word >= $5 AND w.word < $6 AND ($7 = '' OR w.field = $7)) c \
             CROSS JOIN users u WHERE u.id = c.user_id AND u.name_sort >= '' AND (",
            $key,
            ", u.id) ",
            $compare,
            " ($1, $2) AND ($4 = '' OR u.state = $4) AND $8 > CAST(0 AS BIGINT)",
            other_words!($others among_word "c.user_id"),
            " ORDER BY ",
            $key,
            $same,
            $order,
            ", u.id",
            $order,
            " LIMIT $3) k CROSS JOIN users u WHERE u.id = k.id ORDER BY ",
            $key,
            $same,
            $order,
            ", u.id",
            $order
        )
    };
}

/// Everybody who has the first word, put in the order of names by the keys beside that word. `$4` and
/// `$8` are not needed.
macro_rules! name_words {
    ($others:ident $compare:literal, $order:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM (SELECT DISTINCT w.name_sort, w.user_id FROM user_words w \
             WHERE w.word >= $5 AND w.word < $6 AND ($7 = '' OR w.field = $7) \
             AND (w.name_sort, w.user_id) ",
            $compare,
            " ($1, $2) AND $4 = '' AND $8 > CAST(0 AS BIGINT)",
            other_words!($others among_word "w.user_id"),
            " ORDER BY w.name_sort",
            $order,
            ", w.user_id",
            $order,
            " LIMIT $3) k CROSS JOIN users u WHERE u.id = k.user_id ORDER BY u.name_sort || ''",
            $order,
            ", u.id",
            $order
        )
    };
}

/// Everybody who has the first word, which is rare, in no order. `$1`, `$2` and `$8` are not needed.
macro_rules! rare_word {
    ($others:ident) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM (SELECT DISTINCT w.user_id FROM user_words w WHERE w.word >= $5 \
             AND w.word < $6 AND ($7 = '' OR w.field = $7)) c CROSS JOIN users u \
             WHERE u.id = c.user_id AND ($4 = '' OR u.state = $4) AND $1 = $2 \
             AND $8 > CAST(0 AS BIGINT)",
            other_words!($others has_word "c.user_id"),
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
    WALK_1_NAME_UP = walk_words!(none "u.name_sort", ">", " ASC");
    WALK_1_NAME_DOWN = walk_words!(none "u.name_sort", "<", " DESC");
    WALK_1_EMAIL_UP = walk_words!(none "u.email_sort", ">", " ASC");
    WALK_1_EMAIL_DOWN = walk_words!(none "u.email_sort", "<", " DESC");
    WALK_1_USERNAME_UP = walk_words!(none "u.username_sort", ">", " ASC");
    WALK_1_USERNAME_DOWN = walk_words!(none "u.username_sort", "<", " DESC");
    WALK_1_CREATED_UP = walk_words!(none "u.created_at", ">", " ASC");
    WALK_1_CREATED_DOWN = walk_words!(none "u.created_at", "<", " DESC");
    SORT_1_NAME_UP = sort_words!(none "u.name_sort" " || ''", ">", " ASC");
    SORT_1_NAME_DOWN = sort_words!(none "u.name_sort" " || ''", "<", " DESC");
    SORT_1_EMAIL_UP = sort_words!(none "u.email_sort" " || ''", ">", " ASC");
    SORT_1_EMAIL_DOWN = sort_words!(none "u.email_sort" " || ''", "<", " DESC");
    SORT_1_USERNAME_UP = sort_words!(none "u.username_sort" " || ''", ">", " ASC");
    SORT_1_USERNAME_DOWN = sort_words!(none "u.username_sort" " || ''", "<", " DESC");
    SORT_1_CREATED_UP = sort_words!(none "u.created_at" " + 0", ">", " ASC");
    SORT_1_CREATED_DOWN = sort_words!(none "u.created_at" " + 0", "<", " DESC");
    NAMES_1_UP = name_words!(none ">", " ASC");
    NAMES_1_DOWN = name_words!(none "<", " DESC");
    RARE_1 = rare_word!(none);
    WALK_2_NAME_UP = walk_words!(one "u.name_sort", ">", " ASC");
    WALK_2_NAME_DOWN = walk_words!(one "u.name_sort", "<", " DESC");
    WALK_2_EMAIL_UP = walk_words!(one "u.email_sort", ">", " ASC");
    WALK_2_EMAIL_DOWN = walk_words!(one "u.email_sort", "<", " DESC");
    WALK_2_USERNAME_UP = walk_words!(one "u.username_sort", ">", " ASC");
    WALK_2_USERNAME_DOWN = walk_words!(one "u.username_sort", "<", " DESC");
    WALK_2_CREATED_UP = walk_words!(one "u.created_at", ">", " ASC");
    WALK_2_CREATED_DOWN = walk_words!(one "u.created_at", "<", " DESC");
    SORT_2_NAME_UP = sort_words!(one "u.name_sort" " || ''", ">", " ASC");
    SORT_2_NAME_DOWN = sort_words!(one "u.name_sort" " || ''", "<", " DESC");
    SORT_2_EMAIL_UP = sort_words!(one "u.email_sort" " || ''", ">", " ASC");
    SORT_2_EMAIL_DOWN = sort_words!(one "u.email_sort" " || ''", "<", " DESC");
    SORT_2_USERNAME_UP = sort_words!(one "u.username_sort" " || ''", ">", " ASC");
    SORT_2_USERNAME_DOWN = sort_words!(one "u.username_sort" " || ''", "<", " DESC");
    SORT_2_CREATED_UP = sort_words!(one "u.created_at" " + 0", ">", " ASC");
    SORT_2_CREATED_DOWN = sort_words!(one "u.created_at" " + 0", "<", " DESC");
    NAMES_2_UP = name_words!(one ">", " ASC");
    NAMES_2_DOWN = name_words!(one "<", " DESC");
    RARE_2 = rare_word!(one);
    WALK_6_NAME_UP = walk_words!(five "u.name_sort", ">", " ASC");
    WALK_6_NAME_DOWN = walk_words!(five "u.name_sort", "<", " DESC");
    WALK_6_EMAIL_UP = walk_words!(five "u.email_sort", ">", " ASC");
    WALK_6_EMAIL_DOWN = walk_words!(five "u.email_sort", "<", " DESC");
    WALK_6_USERNAME_UP = walk_words!(five "u.username_sort", ">", " ASC");
    WALK_6_USERNAME_DOWN = walk_words!(five "u.username_sort", "<", " DESC");
    WALK_6_CREATED_UP = walk_words!(five "u.created_at", ">", " ASC");
    WALK_6_CREATED_DOWN = walk_words!(five "u.created_at", "<", " DESC");
    SORT_6_NAME_UP = sort_words!(five "u.name_sort" " || ''", ">", " ASC");
    SORT_6_NAME_DOWN = sort_words!(five "u.name_sort" " || ''", "<", " DESC");
    SORT_6_EMAIL_UP = sort_words!(five "u.email_sort" " || ''", ">", " ASC");
    SORT_6_EMAIL_DOWN = sort_words!(five "u.email_sort" " || ''", "<", " DESC");
    SORT_6_USERNAME_UP = sort_words!(five "u.username_sort" " || ''", ">", " ASC");
    SORT_6_USERNAME_DOWN = sort_words!(five "u.username_sort" " || ''", "<", " DESC");
    SORT_6_CREATED_UP = sort_words!(five "u.created_at" " + 0", ">", " ASC");
    SORT_6_CREATED_DOWN = sort_words!(five "u.created_at" " + 0", "<", " DESC");
    NAMES_6_UP = name_words!(five ">", " ASC");
    NAMES_6_DOWN = name_words!(five "<", " DESC");
    RARE_6 = rare_word!(five);
    pub(super) OCCURRENCES = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM user_words w WHERE w.word >= $1 \
                   AND w.word < $2 AND ($3 = '' OR w.field = $3) LIMIT $4) c";
}

/// Upwards and downwards, for each order.
type ByOrder = [[&'static str; 2]; 4];

const OF_ALL: ByOrder = [
    [NAME_UP, NAME_DOWN],
    [EMAIL_UP, EMAIL_DOWN],
    [USERNAME_UP, USERNAME_DOWN],
    [CREATED_UP, CREATED_DOWN],
];
const OF_STATE: ByOrder = [
    [STATE_NAME_UP, STATE_NAME_DOWN],
    [STATE_EMAIL_UP, STATE_EMAIL_DOWN],
    [STATE_USERNAME_UP, STATE_USERNAME_DOWN],
    [STATE_CREATED_UP, STATE_CREATED_DOWN],
];
/// For one word, two, and up to six.
const WALKING: [ByOrder; 3] = [
    [
        [WALK_1_NAME_UP, WALK_1_NAME_DOWN],
        [WALK_1_EMAIL_UP, WALK_1_EMAIL_DOWN],
        [WALK_1_USERNAME_UP, WALK_1_USERNAME_DOWN],
        [WALK_1_CREATED_UP, WALK_1_CREATED_DOWN],
    ],
    [
        [WALK_2_NAME_UP, WALK_2_NAME_DOWN],
        [WALK_2_EMAIL_UP, WALK_2_EMAIL_DOWN],
        [WALK_2_USERNAME_UP, WALK_2_USERNAME_DOWN],
        [WALK_2_CREATED_UP, WALK_2_CREATED_DOWN],
    ],
    [
        [WALK_6_NAME_UP, WALK_6_NAME_DOWN],
        [WALK_6_EMAIL_UP, WALK_6_EMAIL_DOWN],
        [WALK_6_USERNAME_UP, WALK_6_USERNAME_DOWN],
        [WALK_6_CREATED_UP, WALK_6_CREATED_DOWN],
    ],
];
const SORTING: [ByOrder; 3] = [
    [
        [SORT_1_NAME_UP, SORT_1_NAME_DOWN],
        [SORT_1_EMAIL_UP, SORT_1_EMAIL_DOWN],
        [SORT_1_USERNAME_UP, SORT_1_USERNAME_DOWN],
        [SORT_1_CREATED_UP, SORT_1_CREATED_DOWN],
    ],
    [
        [SORT_2_NAME_UP, SORT_2_NAME_DOWN],
        [SORT_2_EMAIL_UP, SORT_2_EMAIL_DOWN],
        [SORT_2_USERNAME_UP, SORT_2_USERNAME_DOWN],
        [SORT_2_CREATED_UP, SORT_2_CREATED_DOWN],
    ],
    [
        [SORT_6_NAME_UP, SORT_6_NAME_DOWN],
        [SORT_6_EMAIL_UP, SORT_6_EMAIL_DOWN],
        [SORT_6_USERNAME_UP, SORT_6_USERNAME_DOWN],
        [SORT_6_CREATED_UP, SORT_6_CREATED_DOWN],
    ],
];

const BY_NAME: [[&str; 2]; 3] = [
    [NAMES_1_UP, NAMES_1_DOWN],
    [NAMES_2_UP, NAMES_2_DOWN],
    [NAMES_6_UP, NAMES_6_DOWN],
];

fn choose(table: &ByOrder, sort: UserSort, descending: bool) -> &'static str {
    let [name, email, username, created] = table;
    let [up, down] = match sort {
        UserSort::Name | UserSort::State => name,
        UserSort::Email => email,
        UserSort::Username => username,
        UserSort::CreatedAt => created,
    };
    if descending { down } else { up }
}

/// One out of three, by the number of words.
fn by_words<T>([one, two, more]: [T; 3], words: usize) -> T {
    match words {
        0 | 1 => one,
        2 => two,
        _ => more,
    }
}

/// The list without words, of one state or of all.
pub(super) fn plain(sort: UserSort, descending: bool, of_state: bool) -> &'static str {
    choose(if of_state { &OF_STATE } else { &OF_ALL }, sort, descending)
}

/// Along the order, past those who have not all words.
pub(super) fn walking(sort: UserSort, descending: bool, words: usize) -> &'static str {
    choose(&by_words(WALKING, words), sort, descending)
}

/// In any order, out of those who have the first word.
pub(super) fn sorting(sort: UserSort, descending: bool, words: usize) -> &'static str {
    choose(&by_words(SORTING, words), sort, descending)
}

/// By name, out of those of any state who have the first word.
pub(super) fn by_name(descending: bool, words: usize) -> &'static str {
    let [up, down] = by_words(BY_NAME, words);
    if descending { down } else { up }
}

/// Everybody who has all words, in no order.
pub(super) fn rare(words: usize) -> &'static str {
    by_words([RARE_1, RARE_2, RARE_6], words)
}
