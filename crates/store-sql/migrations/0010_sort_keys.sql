-- What everybody who has a frequent word is put in order by, without reading whole people.
CREATE INDEX users_sort_keys ON users (id, name_sort, email_sort, username_sort, created_at, state);
