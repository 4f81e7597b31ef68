-- +goose Up
CREATE TABLE letters (
    id         TEXT    PRIMARY KEY,
    kind       TEXT    NOT NULL,
    about      TEXT    NOT NULL, -- the ID of the request or the like
    recipient  TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    body_text  TEXT    NOT NULL, -- with marks where the secrets belong
    body_html  TEXT    NOT NULL,
    written_at BIGINT  NOT NULL,
    until      BIGINT  NOT NULL, -- when sending it has no point any more
    state      TEXT    NOT NULL,
    reason     TEXT    NOT NULL DEFAULT '', -- why the last try failed
    tries      INTEGER NOT NULL DEFAULT 0,
    -- when it may be tried next; a try moves it to the end of its lease
    next_at    BIGINT  NOT NULL,
    closed_at  BIGINT  NOT NULL DEFAULT 0 -- when it was sent or given up
);
CREATE INDEX letters_by_matter ON letters (about, written_at);
CREATE INDEX letters_by_state ON letters (state, written_at);
CREATE INDEX letters_waiting ON letters (next_at) WHERE state = 'waiting';
CREATE INDEX letters_by_age ON letters (closed_at);

-- What a waiting letter's marks stand for. In a table of its own, which stays small, so
-- that a row deleted from it can be removed from the database's files as well.
CREATE TABLE letter_secrets (
    letter TEXT PRIMARY KEY REFERENCES letters (id) ON DELETE CASCADE,
    token  TEXT NOT NULL,
    code   TEXT NOT NULL
);

-- How many letters that anybody can cause a mailbox got in an hour or on a day.
CREATE TABLE letter_rations (
    mailbox BYTEA   NOT NULL, -- a hash
    span    BIGINT  NOT NULL, -- length of the hour or the day
    since   BIGINT  NOT NULL, -- its beginning
    letters INTEGER NOT NULL,
    PRIMARY KEY (mailbox, span, since)
);
CREATE INDEX letter_rations_by_age ON letter_rations (since);

-- +goose Down
DROP TABLE letter_rations;
DROP TABLE letter_secrets;
DROP TABLE letters;
