-- +goose Up
CREATE TABLE contests (
    id          TEXT    PRIMARY KEY,
    key_hash    BYTEA   NOT NULL,
    state       TEXT    NOT NULL,
    document    TEXT    NOT NULL,
    verdict     TEXT    NOT NULL,
    -- outcomes and values of the contested checks, as JSON; nothing of the picture
    records     TEXT    NOT NULL,
    message     TEXT    NOT NULL,
    decision    TEXT    NOT NULL DEFAULT '',
    note        TEXT    NOT NULL DEFAULT '',
    created_at  BIGINT  NOT NULL,
    closed_at   BIGINT  NOT NULL DEFAULT 0,
    -- the photo, while it lives; NULL once it is erased, so that no trace is left
    photo_id    TEXT    REFERENCES photos (id) ON DELETE SET NULL,
    revision    INTEGER NOT NULL,
    check_names TEXT    NOT NULL,
    may_open    BOOLEAN NOT NULL
);
CREATE INDEX contests_by_state ON contests (state, created_at);
CREATE INDEX contests_by_photo ON contests (photo_id);
-- What was withdrawn can be contested again.
CREATE UNIQUE INDEX contests_once ON contests (photo_id, revision, check_names) WHERE state <> 'withdrawn';

CREATE TABLE audit_events (
    event   TEXT   PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    outcome TEXT   NOT NULL
);
CREATE INDEX audit_events_by_subject ON audit_events (subject, at);

-- +goose Down
DROP TABLE audit_events;
DROP TABLE contests;
