-- Security keys and passkeys of people and of administrators.
CREATE TABLE passkeys (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What the key goes by, in base64. No two records have the same, whoever owns them.
    credential_id TEXT NOT NULL UNIQUE,
    -- Public key and counter. It changes with each use.
    credential TEXT NOT NULL,
    -- Words with spaces between them.
    transports TEXT NOT NULL,
    model TEXT,
    discoverable BIGINT,
    backed_up BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    -- Since when it is not believed any longer, since there may be a copy of it.
    distrusted_at BIGINT
);
CREATE INDEX passkeys_owner ON passkeys (owner_id);
-- Ceremonies that came back: none works twice.
CREATE TABLE used_ceremonies (
    id TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX used_ceremonies_expires ON used_ceremonies (expires_at);
-- Who the person was, proved by a password or by a passkey alone.
ALTER TABLE sessions ADD COLUMN first_proof TEXT NOT NULL DEFAULT 'password';
