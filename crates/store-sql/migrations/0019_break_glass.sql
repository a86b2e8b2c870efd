-- Break-glass accounts: administrators who are sealed for emergencies, and each use of them.
CREATE TABLE break_glass_accounts (
    -- No cascade: nobody deletes an administrator whose seal was not removed before.
    administrator_id TEXT NOT NULL PRIMARY KEY REFERENCES administrators (id),
    -- An administrator's address never changes.
    email TEXT NOT NULL,
    sealed_at BIGINT NOT NULL,
    sealed_by TEXT NOT NULL,
    drill_days BIGINT NOT NULL,
    drill_due_at BIGINT NOT NULL,
    drilled_at BIGINT,
    -- A sign-in before this counts as the drill that was announced.
    drill_until BIGINT,
    drill_by TEXT,
    reminded_at BIGINT
);

CREATE TABLE break_glass_uses (
    id TEXT {{bytewise}} NOT NULL PRIMARY KEY,
    -- Stays when the seal or the administrator is gone.
    administrator_id TEXT NOT NULL,
    email TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('failed', 'password', 'signed_in')),
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    times BIGINT NOT NULL,
    ip TEXT,
    drill_by TEXT,
    is_open BIGINT NOT NULL,
    acknowledged_at BIGINT,
    acknowledged_by TEXT,
    note TEXT
);
CREATE INDEX break_glass_uses_open ON break_glass_uses (is_open, id);
