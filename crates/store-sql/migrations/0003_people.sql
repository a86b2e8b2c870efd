-- People as administrators list, search and edit them.
ALTER TABLE users ADD COLUMN custom_attributes TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN password_never_expires BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN last_sign_in_at BIGINT;
ALTER TABLE users ADD COLUMN created_by TEXT NOT NULL DEFAULT 'manual';
-- What lists are ordered by. Lower case, at most 100 characters.
ALTER TABLE users ADD COLUMN name_sort TEXT {{bytewise}} NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN email_sort TEXT {{bytewise}} NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN username_sort TEXT {{bytewise}} NOT NULL DEFAULT '';
-- By which rules the sort columns and the words were made; 0: not yet.
ALTER TABLE users ADD COLUMN indexed_by BIGINT NOT NULL DEFAULT 0;
UPDATE users SET updated_at = created_at;

CREATE INDEX users_by_name ON users (name_sort, id);
CREATE INDEX users_by_state_name ON users (state, name_sort, id);
CREATE INDEX users_by_email ON users (email_sort, id);
CREATE INDEX users_by_state_email ON users (state, email_sort, id);
CREATE INDEX users_by_username ON users (username_sort, id);
CREATE INDEX users_by_state_username ON users (state, username_sort, id);
CREATE INDEX users_by_created ON users (created_at, id);
CREATE INDEX users_by_state_created ON users (state, created_at, id);
CREATE INDEX users_not_indexed ON users (id) WHERE indexed_by = 0;

-- How many users there are in each state: counting 100,000 rows would take longer than a page may.
CREATE TABLE user_counters (
    state TEXT NOT NULL PRIMARY KEY,
    users BIGINT NOT NULL
);
INSERT INTO user_counters (state, users)
SELECT 'staged', COUNT(*) FROM users WHERE state = 'staged';
INSERT INTO user_counters (state, users)
SELECT 'active', COUNT(*) FROM users WHERE state = 'active';
INSERT INTO user_counters (state, users)
SELECT 'suspended', COUNT(*) FROM users WHERE state = 'suspended';

-- What people are found by: the beginning of any of these words.
CREATE TABLE user_words (
    word TEXT {{bytewise}} NOT NULL,
    field TEXT {{bytewise}} NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (word, field, user_id)
);
CREATE INDEX user_words_user ON user_words (user_id, word, field);

CREATE TABLE user_public_keys (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    public_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_public_keys_fingerprint ON user_public_keys (user_id, fingerprint);

CREATE TABLE user_state_schedules (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX user_state_schedules_due ON user_state_schedules (due_at);
CREATE INDEX user_state_schedules_user ON user_state_schedules (user_id, due_at);

-- A file of people: first looked at, then, once confirmed, added piece by piece.
CREATE TABLE user_imports (
    id TEXT NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('preview', 'running', 'done')),
    initial_state TEXT NOT NULL,
    actor TEXT NOT NULL,
    total BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    added BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT
);
CREATE INDEX user_imports_state ON user_imports (state, created_at);
-- The people that are still to be added, as JSON, in the order of the file.
CREATE TABLE user_import_pieces (
    import_id TEXT NOT NULL REFERENCES user_imports (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    people TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
);
CREATE TABLE user_import_problems (
    import_id TEXT NOT NULL REFERENCES user_imports (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    line BIGINT NOT NULL,
    field TEXT NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
);
