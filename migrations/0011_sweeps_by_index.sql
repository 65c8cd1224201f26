-- Every sweep finds what it deletes by an index, however many rows stay. To create one of a large table while servers
-- run, create it before the upgrade, in PostgreSQL CONCURRENTLY.
CREATE INDEX IF NOT EXISTS sessions_by_use ON sessions (seen_at);
CREATE INDEX IF NOT EXISTS registrations_by_expiry ON registrations (expires_at);
CREATE INDEX IF NOT EXISTS password_resets_by_expiry ON password_resets (expires_at);
-- Keys with failures stay for a day, or for a month: those that are deleted at once are not sought among them.
CREATE INDEX IF NOT EXISTS limits_without_failures ON limits (free_at) WHERE failures = 0;
CREATE INDEX IF NOT EXISTS limits_with_few_failures ON limits (free_at) WHERE failures > 0 AND failures < 10;
