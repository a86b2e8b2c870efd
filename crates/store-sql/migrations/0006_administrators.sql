-- Administrators are not users: another table, other sessions, other keys.
CREATE TABLE administrators (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT {{bytewise}} NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('full', 'help_desk', 'read_only')),
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    password_hash TEXT,
    password_changed_at BIGINT,
    last_sign_in_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX administrators_email_key ON administrators (email_key);

CREATE TABLE administrator_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    administrator_id TEXT NOT NULL REFERENCES administrators (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    idle_limit BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    method TEXT NOT NULL
);
CREATE UNIQUE INDEX administrator_sessions_token_hash ON administrator_sessions (token_hash);
CREATE INDEX administrator_sessions_administrator ON administrator_sessions (administrator_id);
CREATE INDEX administrator_sessions_expires ON administrator_sessions (expires_at);

CREATE TABLE api_keys (
    id TEXT {{bytewise}} NOT NULL PRIMARY KEY,
    administrator_id TEXT NOT NULL REFERENCES administrators (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    hint TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT
);
CREATE UNIQUE INDEX api_keys_key_hash ON api_keys (key_hash);
CREATE INDEX api_keys_administrator ON api_keys (administrator_id);
