-- What sign-ins need: the policies of the organisation.
CREATE TABLE sign_in_policies (
    id TEXT NOT NULL PRIMARY KEY,
    -- Counts changes.
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- JSON, as the API writes it; groups and applications by their ids.
    rule TEXT NOT NULL
);
