-- What is known of a user from elsewhere: set by imports, providers and administrators, never by the user.
CREATE TABLE user_attributes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- A string, number or boolean, as JSON.
    value TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
);
