-- +goose Up
CREATE TABLE erasure_receipts (
    receipt     TEXT   PRIMARY KEY,
    reason      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL DEFAULT 0,
    -- the photo that is being erased; NULL once it is, so that no trace is left
    photo_id    TEXT   UNIQUE
);

-- +goose Down
DROP TABLE erasure_receipts;
