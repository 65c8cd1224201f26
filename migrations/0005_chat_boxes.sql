-- Chat boxes that may open the login popup.
CREATE TABLE chat_boxes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The page to which a login without an opener returns.
    return_url TEXT NOT NULL
);

-- The exact origins that may receive a chat box's credential.
CREATE TABLE chat_box_origins (
    chat_box_id TEXT NOT NULL REFERENCES chat_boxes (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    PRIMARY KEY (chat_box_id, origin)
);
