-- Random keys that all servers of a database share. Whoever reads the database learns nothing from them that it does not say
-- itself.
CREATE TABLE shared_keys (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
