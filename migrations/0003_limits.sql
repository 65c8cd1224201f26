-- Rate limits that survive a restart. A row holds the moment at which its key is free again to the full burst
-- (the "theoretical arrival time" of the generic cell rate algorithm).
CREATE TABLE limits (
    key TEXT PRIMARY KEY,
    free_at BIGINT NOT NULL,
    -- Failures without a success in between.
    failures BIGINT NOT NULL
);
CREATE INDEX limits_by_time ON limits (free_at);
