-- Phones that approve sign-ins, and the questions to them.
CREATE TABLE phones (
    id TEXT {{bytewise}} NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX phones_user ON phones (user_id);
CREATE UNIQUE INDEX phones_secret ON phones (secret_hash);
CREATE TABLE pushes (
    id TEXT {{bytewise}} NOT NULL PRIMARY KEY,
    -- Of the token of the sign-in that waits.
    sign_in_hash TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    -- A JSON list of three numbers.
    choices TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'denied', 'expired')),
    via TEXT NOT NULL,
    application TEXT,
    ip TEXT,
    user_agent TEXT
);
CREATE INDEX pushes_user ON pushes (user_id, created_at);
CREATE INDEX pushes_expires ON pushes (expires_at);
