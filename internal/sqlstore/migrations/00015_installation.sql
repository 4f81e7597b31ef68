-- +goose Up
-- Which installation these records belong to; keys and blobs say so too.
CREATE TABLE installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id  TEXT    NOT NULL
);

-- +goose Down
DROP TABLE installation;
