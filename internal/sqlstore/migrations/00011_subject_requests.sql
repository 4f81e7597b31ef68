-- Days are text, as 2026-03-10, and empty for none.

-- +goose Up
CREATE TABLE subject_requests (
    id           TEXT    PRIMARY KEY,
    key_hash     BYTEA   NOT NULL UNIQUE,
    version      INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    filed_at     BIGINT  NOT NULL,
    arrived_on   TEXT    NOT NULL,
    notice_on    TEXT    NOT NULL,
    law_on       TEXT    NOT NULL,
    promised_on  TEXT    NOT NULL,
    -- the day that reminders follow; empty when nothing is due, that is once answered
    due_on       TEXT    NOT NULL,

    -- what names the person, empty once the request is closed
    email        TEXT    NOT NULL,
    message      TEXT    NOT NULL,
    -- the photo, while it lives; NULL once it is erased, so that no trace is left
    photo_id     TEXT    REFERENCES photos (id) ON DELETE SET NULL,

    link_hash    BYTEA   UNIQUE,
    link_until   BIGINT  NOT NULL,
    confirmed_at BIGINT  NOT NULL,

    question     TEXT    NOT NULL,
    asked_on     TEXT    NOT NULL,
    settled_on   TEXT    NOT NULL,
    stopped_days INTEGER NOT NULL,

    extension    TEXT    NOT NULL,
    reason       TEXT    NOT NULL,
    authority    TEXT    NOT NULL,
    remedy       TEXT    NOT NULL,
    answer       TEXT    NOT NULL,
    receipt      TEXT    NOT NULL,
    answered_on  TEXT    NOT NULL,
    closing      TEXT    NOT NULL,
    closed_at    BIGINT  NOT NULL,

    -- who asked for Shine the Light, as a keyed hash, until the year is over; else NULL
    requester    BYTEA,
    year         INTEGER NOT NULL,
    repeated     BOOLEAN NOT NULL
);
CREATE INDEX subject_requests_due ON subject_requests (due_on, id) WHERE due_on <> '';
-- A photo has one open request of a kind.
CREATE UNIQUE INDEX subject_requests_once ON subject_requests (photo_id, kind) WHERE photo_id IS NOT NULL AND due_on <> '';
CREATE INDEX subject_requests_by_photo ON subject_requests (photo_id);
CREATE INDEX subject_requests_by_email ON subject_requests (email, filed_at, id) WHERE email <> '';
CREATE INDEX subject_requests_answered ON subject_requests (answered_on, id) WHERE answered_on <> '' AND closed_at = 0;
CREATE INDEX subject_requests_closed ON subject_requests (closed_at);
CREATE INDEX subject_requests_requesters ON subject_requests (requester, year) WHERE requester IS NOT NULL;
CREATE INDEX subject_requests_filed ON subject_requests (filed_at, id);
CREATE INDEX subject_requests_by_kind ON subject_requests (kind, filed_at, id);
CREATE INDEX subject_requests_by_state ON subject_requests (state, filed_at, id);
CREATE INDEX subject_requests_by_both ON subject_requests (kind, state, filed_at, id);

-- +goose Down
DROP TABLE subject_requests;
