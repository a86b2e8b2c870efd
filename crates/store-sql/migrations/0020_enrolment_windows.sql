-- Until when people without a second factor are let in without one. An administrator gave them the
-- time. Who sets a factor up, or is deleted, takes the row along.
CREATE TABLE enrolment_windows (
    user_id TEXT NOT NULL PRIMARY KEY,
    ends_at BIGINT NOT NULL
);
