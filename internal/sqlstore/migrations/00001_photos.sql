-- One file for SQLite and PostgreSQL: SQLite takes any type's name and stores
-- bytes under BYTEA as they are. Times are milliseconds since 1970, 0 for none.

-- +goose Up
CREATE TABLE photos (
    id               TEXT    PRIMARY KEY,
    key_hash         BYTEA   NOT NULL,
    status           TEXT    NOT NULL,
    reason           TEXT    NOT NULL DEFAULT '',
    document         TEXT    NOT NULL,
    age_band         TEXT    NOT NULL,
    revision         INTEGER NOT NULL DEFAULT 0,
    attempt          INTEGER NOT NULL DEFAULT 0,
    strikes          INTEGER NOT NULL DEFAULT 0,
    lease_until      BIGINT  NOT NULL DEFAULT 0,
    format           TEXT    NOT NULL DEFAULT '',
    bytes            BIGINT  NOT NULL DEFAULT 0,
    width            INTEGER NOT NULL DEFAULT 0,
    height           INTEGER NOT NULL DEFAULT 0,
    result_attempt   INTEGER NOT NULL DEFAULT 0,
    created_at       BIGINT  NOT NULL,
    last_edited_at   BIGINT  NOT NULL,
    expires_at       BIGINT  NOT NULL,
    -- since when it waits for a worker
    queued_at        BIGINT  NOT NULL DEFAULT 0,
    -- when a task for the current revision and attempt was put into the queue
    task_noted_at    BIGINT  NOT NULL DEFAULT 0,
    idempotency_hash BYTEA   UNIQUE,
    sealed_key       BYTEA,
    body_hash        BYTEA
);
CREATE INDEX photos_by_status ON photos (status, queued_at);
CREATE INDEX photos_by_expiry ON photos (expires_at);

-- +goose Down
DROP TABLE photos;
