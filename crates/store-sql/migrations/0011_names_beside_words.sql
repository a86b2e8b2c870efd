-- The key of the order by name beside each word: everybody who has a frequent word is put in that
-- order by the primary key alone.
CREATE TABLE user_words_with_names (
    word TEXT {{bytewise}} NOT NULL,
    field TEXT {{bytewise}} NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name_sort TEXT {{bytewise}} NOT NULL,
    PRIMARY KEY (word, field, user_id, name_sort)
) {{without_rowid}};
INSERT INTO user_words_with_names (word, field, user_id, name_sort)
    SELECT w.word, w.field, w.user_id, u.name_sort FROM user_words w JOIN users u ON u.id = w.user_id;
DROP TABLE user_words;
ALTER TABLE user_words_with_names RENAME TO user_words;
CREATE INDEX user_words_user ON user_words (user_id, word, field);
