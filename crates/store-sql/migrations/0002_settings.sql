-- The organisation: one row, with an identifier of its own from the start.
CREATE TABLE settings (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    organisation_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT,
    sections TEXT NOT NULL
);
INSERT INTO settings (one, organisation_id, version, changed_at, sections)
VALUES (1, {{random_hex_24}}, 0, NULL, '{}');
