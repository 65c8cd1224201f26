-- A taken flow stays until it expires: a browser that loads the provider's response again is sent to where it led.
ALTER TABLE oauth_flows ADD COLUMN taken_at BIGINT;
