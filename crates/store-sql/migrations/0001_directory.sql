-- One text for SQLite and PostgreSQL: TEXT and BIGINT only. Times are milliseconds since 1970 UTC,
-- flags are 0 or 1, lists and maps are JSON in TEXT. *_key columns hold the form that is compared.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('staged', 'active', 'suspended')),
    attributes TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
CREATE UNIQUE INDEX users_username_key ON users (username_key);

CREATE TABLE user_groups (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    attributes TEXT NOT NULL,
    everyone BIGINT NOT NULL CHECK (everyone IN (0, 1)),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_groups_name_key ON user_groups (name_key);
CREATE UNIQUE INDEX user_groups_everyone ON user_groups (everyone) WHERE everyone = 1;

CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user ON group_members (user_id);

CREATE TABLE applications (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    label TEXT NOT NULL,
    description TEXT NOT NULL,
    color TEXT NOT NULL,
    kind TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    show_in_portal BIGINT NOT NULL CHECK (show_in_portal IN (0, 1)),
    saml TEXT NOT NULL,
    key_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX applications_slug ON applications (slug);

CREATE TABLE signing_keys (
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    certificate TEXT NOT NULL,
    sealed_private_key TEXT NOT NULL,
    not_after BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX signing_keys_application ON signing_keys (application_id);

CREATE TABLE application_groups (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (application_id, group_id)
);
CREATE INDEX application_groups_group ON application_groups (group_id);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    via TEXT NOT NULL
);
CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE sign_in_failures (
    email_hash TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT
);
CREATE INDEX sign_in_failures_last ON sign_in_failures (last_at);

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_label TEXT,
    target_kind TEXT,
    target_id TEXT,
    target_label TEXT,
    success BIGINT NOT NULL CHECK (success IN (0, 1)),
    detail TEXT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    request_id TEXT NOT NULL
);
