-- Accounts at identity providers that sign a user in. Issuer and subject are the whole key: addresses change hands.
CREATE TABLE identities (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Our name of the provider, as in its URLs.
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- What tells the user which of their accounts it is.
    label TEXT,
    created_at BIGINT NOT NULL,
    CONSTRAINT identities_subject UNIQUE (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- Sign-ins that have gone to a provider and not come back yet. Nonce and PKCE verifier are derived from the state and
-- the browser's cookie, so that neither rests here.
CREATE TABLE oauth_flows (
    -- Hash of the state.
    state_hash TEXT PRIMARY KEY,
    -- Hash of the browser's cookie.
    browser_hash TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- Where the login goes on, as JSON.
    flow TEXT NOT NULL,
    -- The user who adds a way to sign in; none where somebody signs in.
    link_user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX oauth_flows_by_browser ON oauth_flows (browser_hash, created_at);
CREATE INDEX oauth_flows_by_expiry ON oauth_flows (expires_at);
