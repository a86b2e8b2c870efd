-- Applications in full: single users who have one, keys that follow one another.
CREATE TABLE application_users (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (application_id, user_id)
);
CREATE INDEX application_users_user ON application_users (user_id);

-- Neither in the metadata nor signing any more.
ALTER TABLE signing_keys ADD COLUMN retired BIGINT NOT NULL DEFAULT 0;
-- Of how many days before the end of its certificate administrators were told.
ALTER TABLE signing_keys ADD COLUMN warned_days BIGINT;

-- Requests of service providers that were answered, by a hash of their id: each once.
CREATE TABLE sso_requests (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    request_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (application_id, request_hash)
);
CREATE INDEX sso_requests_expires ON sso_requests (expires_at);
