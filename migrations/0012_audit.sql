-- What concerns the security of accounts: who did what to whom, when and from where. Rows are only added, in the
-- transaction of the event itself; those of a deleted user keep a pseudonym. No row refers to another table, since it
-- outlives what it is about.
CREATE TABLE audit_events (
    at BIGINT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The ID of the user who did it; `operator` for the command line; none if no one knows.
    actor TEXT,
    -- The ID of the user whose account it concerns.
    subject TEXT,
    -- What else there is to say, such as the sign-in method.
    detail TEXT,
    -- The client's network, as rate limits count it.
    client TEXT,
    user_agent TEXT,
    -- Leads to the lines of the log.
    request_id TEXT,
    PRIMARY KEY (at, id)
);
CREATE INDEX audit_events_by_subject ON audit_events (subject);

-- How often a user's credentials were issued on a day, and when the last time.
CREATE TABLE credential_uses (
    user_id TEXT NOT NULL,
    vendor TEXT NOT NULL,
    -- The origin of the page that got them, or the chat box.
    site TEXT NOT NULL,
    -- In UTC, such as 2026-01-31.
    day TEXT NOT NULL,
    uses BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, vendor, site, day)
);
CREATE INDEX credential_uses_by_time ON credential_uses (last_at);
