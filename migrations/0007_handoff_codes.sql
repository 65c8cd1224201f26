-- Credentials on their way to a page that the popup cannot reach by a message. Each is encrypted under its code, and only
-- the code's hash is here: the table alone opens nothing.
CREATE TABLE handoff_codes (
    code_hash TEXT PRIMARY KEY,
    chat_box_id TEXT NOT NULL REFERENCES chat_boxes (id) ON DELETE CASCADE,
    -- S256 of the verifier that the opener's page keeps (RFC 7636).
    challenge TEXT NOT NULL,
    -- Ciphertext in base64url.
    sealed TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX handoff_codes_by_expiry ON handoff_codes (expires_at);
