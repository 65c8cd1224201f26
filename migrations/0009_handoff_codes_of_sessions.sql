-- A code ends with the session that it was issued in. Those that are on their way end here: they live for a minute.
DROP TABLE handoff_codes;
CREATE TABLE handoff_codes (
    code_hash TEXT PRIMARY KEY,
    session_hash TEXT NOT NULL REFERENCES sessions (id_hash) ON DELETE CASCADE,
    chat_box_id TEXT NOT NULL REFERENCES chat_boxes (id) ON DELETE CASCADE,
    -- S256 of the verifier that the opener's page keeps (RFC 7636).
    challenge TEXT NOT NULL,
    -- Ciphertext in base64url: a credential on its way to a page that the popup cannot reach by a message, encrypted under
    -- its code.
    sealed TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX handoff_codes_by_session ON handoff_codes (session_hash);
CREATE INDEX handoff_codes_by_expiry ON handoff_codes (expires_at);
