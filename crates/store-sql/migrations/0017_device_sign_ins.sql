-- Command lines that wait until their person has answered in a browser.
CREATE TABLE device_sign_ins (
    device_code_hash TEXT NOT NULL PRIMARY KEY,
    user_code_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    machine TEXT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    -- Milliseconds.
    poll_interval BIGINT NOT NULL,
    polled_at BIGINT,
    -- Who typed the user code first.
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    -- Absent while there is none: approved, denied.
    answer TEXT,
    -- In which it was approved. It may have ended since.
    session_id TEXT
);
CREATE UNIQUE INDEX device_sign_ins_user_code ON device_sign_ins (user_code_hash);
CREATE INDEX device_sign_ins_user ON device_sign_ins (user_id);
CREATE INDEX device_sign_ins_expires ON device_sign_ins (expires_at);
