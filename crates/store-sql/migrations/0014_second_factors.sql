-- What people and administrators prove besides their password. The owner is one or the other: the
-- forms of their ids differ. Who is deleted takes these rows along.
CREATE TABLE totp_factors (
    owner_id TEXT NOT NULL PRIMARY KEY,
    sealed_secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Absent while the enrolment is under way.
    confirmed_at BIGINT,
    -- The step of the last code that was taken: no code works twice.
    last_step BIGINT
);
CREATE TABLE recovery_codes (
    owner_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (owner_id, hash)
);
-- Browsers that somebody has signed in with, by the hash of a cookie.
CREATE TABLE known_devices (
    owner_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (owner_id, token_hash)
);
-- Sign-ins that something is still asked of, after the password or the passkey.
CREATE TABLE pending_sign_ins (
    token_hash TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL,
    via TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    proved_at BIGINT NOT NULL,
    factor TEXT,
    factor_at BIGINT,
    device_hash TEXT,
    device_known BIGINT NOT NULL,
    -- What is opened, for a session that lacks what an application asks for; else the portal.
    application_id TEXT,
    -- password or passkey.
    first_proof TEXT NOT NULL
);
CREATE INDEX pending_sign_ins_owner ON pending_sign_ins (owner_id);
-- When the session's person last proved who they are; absent: when it began.
ALTER TABLE sessions ADD COLUMN proved_at BIGINT;
-- The last second factor that was proved.
ALTER TABLE sessions ADD COLUMN factor TEXT;
ALTER TABLE sessions ADD COLUMN factor_at BIGINT;
-- Whether the person had signed in with the browser before.
ALTER TABLE sessions ADD COLUMN device_known BIGINT NOT NULL DEFAULT 0;
-- The same of administrators.
ALTER TABLE administrator_sessions ADD COLUMN proved_at BIGINT;
ALTER TABLE administrator_sessions ADD COLUMN factor TEXT;
ALTER TABLE administrator_sessions ADD COLUMN factor_at BIGINT;
