-- Which id a vendor was told, and whose it is: lets support staff find the account of somebody who chats.
CREATE TABLE vendor_links (
    -- Our name of the vendor.
    vendor TEXT NOT NULL,
    external_id TEXT NOT NULL,
    -- The login elsewhere that vouches for the id; none for the id of an account here.
    issuer TEXT,
    -- The account, if a session has proved it.
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (vendor, external_id)
);
CREATE INDEX vendor_links_by_user ON vendor_links (user_id);
CREATE INDEX vendor_links_by_issuer ON vendor_links (issuer, external_id);
