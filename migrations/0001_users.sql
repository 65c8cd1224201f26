-- People with an account. Only confirmed registrations become users, so nobody can hold somebody else's address.
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    -- The one form in which addresses are compared.
    email_key TEXT NOT NULL,
    -- No vendor is told an address without this.
    email_verified_at BIGINT,
    display_name TEXT NOT NULL,
    photo_url TEXT,
    -- A PHC string; none for those who sign in by other means.
    password_hash TEXT,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    CONSTRAINT users_email_key UNIQUE (email_key)
);

-- Somebody has asked for an account and has not confirmed the address yet. Each attempt stands alone:
-- the link of one attempt activates the password of that attempt and no other.
CREATE TABLE registrations (
    id TEXT PRIMARY KEY,
    -- Random value of the form, so that a double click registers once.
    attempt TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    -- None for those who come from an identity provider.
    password_hash TEXT,
    -- The account at the provider that will sign the user in, as JSON.
    identity TEXT,
    -- Hash of the token in the mail; none until the mail has been written.
    token_hash TEXT,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT registrations_attempt UNIQUE (attempt),
    CONSTRAINT registrations_token UNIQUE (token_hash)
);
CREATE INDEX registrations_by_email ON registrations (email_key);

-- The newest link for choosing a new password; a user has one at most.
CREATE TABLE password_resets (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT password_resets_token UNIQUE (token_hash)
);
