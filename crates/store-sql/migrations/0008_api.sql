-- Requests of the API that carry an Idempotency-Key, for a day. The answer is sealed.
CREATE TABLE api_requests (
    caller TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    sealed_answer TEXT,
    PRIMARY KEY (caller, key_hash)
);
CREATE INDEX api_requests_claimed ON api_requests (claimed_at);
