-- One file for SQLite and PostgreSQL. Times are milliseconds since 1970.

-- +goose Up
CREATE TABLE photo_keys (
    photo_id   TEXT   PRIMARY KEY,
    wrapped    BYTEA  NOT NULL,
    created_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE photo_keys;
