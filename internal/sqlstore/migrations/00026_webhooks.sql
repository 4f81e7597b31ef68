-- +goose Up
-- Where API clients are told about the photos that they sent.
CREATE TABLE webhook_endpoints (
    client        TEXT   PRIMARY KEY REFERENCES api_clients (id) ON DELETE CASCADE,
    url           TEXT   NOT NULL,
    sealed        BYTEA  NOT NULL, -- the secret that signs
    set_at        BIGINT NOT NULL,
    off           TEXT   NOT NULL DEFAULT '', -- why it was switched off
    off_at        BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT NOT NULL DEFAULT 0,
    delivered_at  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE webhook_notices (
    id         TEXT    PRIMARY KEY,
    client     TEXT    NOT NULL REFERENCES api_clients (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,
    photo_id   TEXT, -- NULL once it is over, see package webhook
    document   TEXT    NOT NULL DEFAULT '',
    revision   INTEGER NOT NULL DEFAULT 0,
    verdict    TEXT    NOT NULL DEFAULT '',
    reason     TEXT    NOT NULL DEFAULT '', -- why the photo was rejected or failed
    at         BIGINT  NOT NULL,
    until      BIGINT  NOT NULL,
    state      TEXT    NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    trouble    TEXT    NOT NULL DEFAULT '', -- of the last try
    code       INTEGER NOT NULL DEFAULT 0,  -- what the endpoint answered to it
    -- when it may be tried next; a try moves it to the end of its lease
    next_at    BIGINT  NOT NULL,
    closed_at  BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX webhook_notices_waiting ON webhook_notices (client, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_notices_by_photo ON webhook_notices (photo_id) WHERE photo_id IS NOT NULL;
CREATE INDEX webhook_notices_by_client ON webhook_notices (client, at, id);
CREATE INDEX webhook_notices_by_age ON webhook_notices (closed_at);

-- +goose Down
DROP TABLE webhook_notices;
DROP TABLE webhook_endpoints;
