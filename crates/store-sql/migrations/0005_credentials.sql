-- Mails, one-time links, and what is kept of passwords beside the hash itself.

-- The outbox. The text is sealed, since it can hold a link; it is NULL once a mail with a link was
-- handed over. link_hash names the link in it, if there is one.
CREATE TABLE mails (
    id TEXT {{bytewise}} NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    sealed_text TEXT,
    link_purpose TEXT,
    link_hash TEXT,
    created_at BIGINT NOT NULL,
    useful_until BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    last_error TEXT,
    sent_at BIGINT
);
CREATE INDEX mails_due ON mails (state, next_attempt_at);
CREATE INDEX mails_created ON mails (created_at);

-- At most one for each purpose and subject: the newest. A used one is gone.
CREATE TABLE links (
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (purpose, subject)
);
CREATE UNIQUE INDEX links_token_hash ON links (token_hash);
CREATE INDEX links_expires ON links (expires_at);

-- Former password hashes, for those who may not use one again.
CREATE TABLE password_history (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    replaced_at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, replaced_at, password_hash)
);

-- 1: the present password only lets its owner choose another one.
ALTER TABLE users ADD COLUMN password_change_required BIGINT NOT NULL DEFAULT 0
    CHECK (password_change_required IN (0, 1));

-- How long this session lasts without use, as decided when it began.
ALTER TABLE sessions ADD COLUMN idle_limit BIGINT NOT NULL DEFAULT 3600000;

-- How often something was asked for in a stretch of time. The key is a digest.
CREATE TABLE request_counts (
    key_hash TEXT NOT NULL PRIMARY KEY,
    requests BIGINT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX request_counts_since ON request_counts (since);
