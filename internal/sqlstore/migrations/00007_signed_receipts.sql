-- +goose Up
-- Erasures that are not finished: which photo a receipt is of, until that is gone.
-- In a table of its own, which stays small, so that a row deleted from it can be
-- removed from the database's files as well.
CREATE TABLE erasures (
    photo_id TEXT    PRIMARY KEY,
    receipt  TEXT    NOT NULL UNIQUE,
    -- the photo's last, by which its entries in the queue are found
    revision INTEGER NOT NULL
);
INSERT INTO erasures (photo_id, receipt, revision) SELECT photo_id, receipt, 1 FROM erasure_receipts WHERE photo_id IS NOT NULL;

ALTER TABLE erasure_receipts RENAME TO former_receipts;
CREATE TABLE erasure_receipts (
    receipt     TEXT   PRIMARY KEY,
    reason      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL DEFAULT 0,
    -- what the receipt says, signed; see attest. Empty in receipts from before.
    statement   TEXT   NOT NULL DEFAULT '',
    signature   BYTEA,
    key_id      TEXT   NOT NULL DEFAULT ''
);
INSERT INTO erasure_receipts (receipt, reason, created_at, finished_at) SELECT receipt, reason, created_at, finished_at FROM former_receipts;
DROP TABLE former_receipts;
CREATE INDEX erasure_receipts_by_age ON erasure_receipts (finished_at);

-- How many of each kind of data an erasure found before it deleted them.
CREATE TABLE erasure_counts (
    receipt TEXT    NOT NULL REFERENCES erasure_receipts (receipt) ON DELETE CASCADE,
    kind    TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (receipt, kind)
);

-- The public halves of all keys that ever signed a statement.
CREATE TABLE signing_keys (
    key_id     TEXT   PRIMARY KEY,
    public_key BYTEA  NOT NULL,
    since      BIGINT NOT NULL
);

-- +goose Down
DROP TABLE signing_keys;
DROP TABLE erasure_counts;
ALTER TABLE erasure_receipts RENAME TO later_receipts;
CREATE TABLE erasure_receipts (
    receipt     TEXT   PRIMARY KEY,
    reason      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL DEFAULT 0,
    photo_id    TEXT   UNIQUE
);
INSERT INTO erasure_receipts (receipt, reason, created_at, finished_at, photo_id)
    SELECT receipt, reason, created_at, finished_at, (SELECT photo_id FROM erasures WHERE erasures.receipt = later_receipts.receipt)
    FROM later_receipts;
DROP TABLE later_receipts;
DROP TABLE erasures;
