-- +goose Up
-- Operators that are signed in. Of a session's token only the hash is here.
CREATE TABLE operator_sessions (
    token_hash BYTEA   PRIMARY KEY,
    operator   TEXT    NOT NULL,
    -- hash of the entry in OPERATORS that the session was given for
    stamp      BYTEA   NOT NULL,
    -- nothing is open but the page on which an authenticator is set up
    pending    BOOLEAN NOT NULL,
    may_enrol  BOOLEAN NOT NULL,
    -- sealed secret of an authenticator that is being set up; NULL for none
    proposed   BYTEA,
    started_at BIGINT  NOT NULL,
    seen_at    BIGINT  NOT NULL
);
CREATE INDEX operator_sessions_by_operator ON operator_sessions (operator);
CREATE INDEX operator_sessions_by_time ON operator_sessions (started_at);

-- Each operator's one authenticator, valid with the entry that it was set up under.
CREATE TABLE operator_authenticators (
    operator  TEXT   PRIMARY KEY,
    stamp     BYTEA  NOT NULL,
    -- its secret, sealed under the master key
    sealed    BYTEA  NOT NULL,
    set_up_at BIGINT NOT NULL,
    -- the half minute, since 1970, of the last code that was taken
    last_step BIGINT NOT NULL
);
CREATE TABLE operator_recovery_codes (
    operator  TEXT  NOT NULL REFERENCES operator_authenticators (operator) ON DELETE CASCADE,
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (operator, code_hash)
);

-- +goose Down
DROP TABLE operator_recovery_codes;
DROP TABLE operator_authenticators;
DROP TABLE operator_sessions;
