-- +goose Up
-- Organisations whose servers use the API with a key of their own.
CREATE TABLE api_clients (
    id             TEXT    PRIMARY KEY,
    name           TEXT    NOT NULL,
    photos_per_day INTEGER NOT NULL,
    revision       INTEGER NOT NULL,
    added_at       BIGINT  NOT NULL,
    revoked_at     BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX api_clients_by_age ON api_clients (revoked_at);

CREATE TABLE api_keys (
    key_hash  BYTEA  PRIMARY KEY,
    client    TEXT   NOT NULL REFERENCES api_clients (id) ON DELETE CASCADE,
    hint      TEXT   NOT NULL, -- its last characters
    issued_at BIGINT NOT NULL,
    ends_at   BIGINT NOT NULL DEFAULT 0, -- 0 while that is not decided
    used_on   BIGINT NOT NULL DEFAULT 0  -- the beginning of the day
);
CREATE INDEX api_keys_by_client ON api_keys (client, issued_at);

-- How many photos a client sent on a day, which begins at day (UTC).
CREATE TABLE api_usage (
    client TEXT    NOT NULL REFERENCES api_clients (id) ON DELETE CASCADE,
    day    BIGINT  NOT NULL,
    photos INTEGER NOT NULL,
    PRIMARY KEY (client, day)
);
CREATE INDEX api_usage_by_age ON api_usage (day);

-- Whose key a photo was sent with; NULL for people and whoever needs no key.
ALTER TABLE photos ADD COLUMN api_client TEXT;

-- +goose Down
ALTER TABLE photos DROP COLUMN api_client;
DROP TABLE api_usage;
DROP TABLE api_keys;
DROP TABLE api_clients;
