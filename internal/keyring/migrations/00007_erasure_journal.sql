-- +goose Up
-- What was erased lately, so that a restored backup of the records can be made to
-- forget it again. Photos stand in it as HMACs of their IDs.
CREATE TABLE erasure_journal (
    photo_mac   BYTEA  PRIMARY KEY,
    receipt     TEXT   NOT NULL,
    begun_at    BIGINT NOT NULL,
    finished_at BIGINT NOT NULL
);

-- The one key of those HMACs.
CREATE TABLE journal_key (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    hmac_key BYTEA   NOT NULL
);

-- +goose Down
DROP TABLE journal_key;
DROP TABLE erasure_journal;
