-- +goose Up
-- Which installation these keys belong to; records and blobs say so too.
CREATE TABLE keys_installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id  TEXT    NOT NULL
);

-- +goose Down
DROP TABLE keys_installation;
