-- +goose Up
-- What each job of the timetable did last, whichever process ran it.
CREATE TABLE job_runs (
    job          TEXT   PRIMARY KEY,
    period       BIGINT NOT NULL, -- milliseconds
    known_at     BIGINT NOT NULL,
    ran_at       BIGINT NOT NULL,
    succeeded_at BIGINT NOT NULL DEFAULT 0,
    failures     BIGINT NOT NULL DEFAULT 0 -- since it last succeeded
);

-- Per day and class: what was deleted, and the greatest age that was seen.
CREATE TABLE retention_days (
    day     BIGINT NOT NULL, -- its midnight, UTC
    class   TEXT   NOT NULL,
    deleted BIGINT NOT NULL DEFAULT 0,
    looks   BIGINT NOT NULL DEFAULT 0,
    oldest  BIGINT NOT NULL DEFAULT 0, -- milliseconds
    PRIMARY KEY (day, class)
);

-- What was stated about a week, signed.
CREATE TABLE retention_statements (
    week      BIGINT PRIMARY KEY, -- the midnight, UTC, at which its Monday begins
    made_at   BIGINT NOT NULL,
    statement TEXT   NOT NULL,
    signature BYTEA  NOT NULL,
    key_id    TEXT   NOT NULL
);

-- +goose Down
DROP TABLE retention_statements;
DROP TABLE retention_days;
DROP TABLE job_runs;
