-- Sign-ins. The row is the only proof: deleting it ends the session at once, everywhere.
CREATE TABLE sessions (
    -- Hash of the id in the cookie.
    id_hash TEXT PRIMARY KEY,
    -- Known once somebody has signed in; lets all sessions of a user be found.
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
