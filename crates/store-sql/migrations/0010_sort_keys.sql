-- What everybody who has a frequent word is put in order by, without reading whole people.
CREATE INDEX users_sort_keys ON users (id, name_sort, email_sort, username_sort, created_at, state);

-- Everybody who has a word, in the order of names.
ALTER TABLE user_words ADD COLUMN name_sort TEXT {{bytewise}} NOT NULL DEFAULT '';
UPDATE user_words SET name_sort = (SELECT u.name_sort FROM users u WHERE u.id = user_id);
CREATE INDEX user_words_by_name ON user_words (word, name_sort, user_id, field);
