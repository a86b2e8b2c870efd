-- The activity log gets an order of commits, a chain of seals over it, and an index of who is in it.

-- Positions are given in the order of commits. SQLite has one writer, so the row number is that.
-- On PostgreSQL several nodes write: whoever takes a position holds a lock until the commit, so
-- that the sealing step can wait until no position is on its way.
{{event_positions}}

CREATE TABLE log_events (
    position {{event_position}},
    id TEXT {{bytewise}} NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT {{bytewise}} NOT NULL,
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
INSERT INTO log_events (id, at, kind, actor_kind, actor_id, actor_label, target_kind, target_id,
    target_label, success, detail, ip, user_agent, request_id)
SELECT id, at, kind, actor_kind, actor_id, actor_label, target_kind, target_id,
    target_label, success, detail, ip, user_agent, request_id FROM events ORDER BY id;
DROP TABLE events;
ALTER TABLE log_events RENAME TO events;
-- Single sign-on writes most events, and must not pay for the indexes of the others.
CREATE UNIQUE INDEX events_id ON events (id);
CREATE INDEX events_kind ON events (kind, id) WHERE kind <> 'sso_auth';
CREATE INDEX events_failed ON events (id) WHERE success = 0;

CREATE TABLE event_seals (
    sequence BIGINT NOT NULL PRIMARY KEY,
    last_position BIGINT NOT NULL,
    events BIGINT NOT NULL,
    sealed_at BIGINT NOT NULL,
    entries TEXT NOT NULL,
    hash TEXT NOT NULL,
    mark TEXT NOT NULL
);

-- Who acted in, or was meant by, the sealed events. Grows in stretches ("chunks") of the log, so
-- that adding to it touches few pages however many people there are.
CREATE TABLE event_subjects (
    chunk BIGINT NOT NULL,
    subject TEXT {{bytewise}} NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (chunk, subject, position)
) {{without_rowid}};
CREATE TABLE event_chunks (
    chunk BIGINT NOT NULL PRIMARY KEY,
    oldest_id TEXT {{bytewise}} NOT NULL,
    newest_id TEXT {{bytewise}} NOT NULL,
    events BIGINT NOT NULL
);

CREATE TABLE log_destinations (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    sealed_secret TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    last_attempt_at BIGINT,
    last_success_at BIGINT,
    failures BIGINT NOT NULL,
    last_error TEXT,
    next_attempt_at BIGINT,
    lease_holder TEXT,
    lease_until BIGINT
);

CREATE TABLE alerts (
    id TEXT {{bytewise}} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    text TEXT NOT NULL,
    link TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    times BIGINT NOT NULL,
    is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
    closed_at BIGINT,
    closed_by TEXT
);
CREATE UNIQUE INDEX alerts_open ON alerts (dedupe_key) WHERE is_open = 1;
CREATE INDEX alerts_listed ON alerts (is_open, id);
