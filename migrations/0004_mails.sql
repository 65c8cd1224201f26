-- Mails to be sent. A row says what is to be written to whom; text and token are made when it is sent,
-- so that no secret link rests here.
CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    -- The registration or user that the mail is about.
    subject_id TEXT,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX mails_by_time ON mails (due_at);
