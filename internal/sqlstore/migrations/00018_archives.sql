-- +goose Up
-- The JSON part of answers to requests for access and portability, sealed. It knows no
-- photo, and ends with its request. Backups leave it out.
CREATE TABLE archives (
    request_id TEXT   PRIMARY KEY REFERENCES subject_requests (id) ON DELETE CASCADE,
    key        BYTEA  NOT NULL, -- of this row's document, sealed by the master key
    document   BYTEA  NOT NULL,
    -- from when its time counts: when it was made, or earlier if something in it has
    -- less time left
    since      BIGINT NOT NULL
);
CREATE INDEX archives_by_age ON archives (since);
-- Open requests that are to be answered with an archive now; as the store asks for them.
CREATE INDEX subject_requests_archived ON subject_requests (filed_at, id)
    WHERE kind || '' IN ('access', 'portability') AND state || '' IN ('accepted', 'extended');
CREATE INDEX letters_by_recipient ON letters (recipient, written_at);

-- +goose Down
DROP INDEX letters_by_recipient;
DROP INDEX subject_requests_archived;
DROP TABLE archives;
