-- +goose Up
-- What the uploader stated before the upload: to be 13 or older and to show a person
-- they may act for; to agree that points of the face are located; and the number of
-- the policy that held then, 0 if neither was stated.
ALTER TABLE photos ADD COLUMN stated_person BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE photos ADD COLUMN agreed_face_points BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE photos ADD COLUMN policy_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE processors (
    id            TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    region        TEXT    NOT NULL,
    safeguard     TEXT    NOT NULL,
    contract_date BIGINT  NOT NULL,
    revision      INTEGER NOT NULL,
    added_at      BIGINT  NOT NULL,
    changed_at    BIGINT  NOT NULL,
    -- when it stopped working for the controller; 0 while it does
    ended_at      BIGINT  NOT NULL DEFAULT 0
);

-- +goose Down
DROP TABLE processors;
ALTER TABLE photos DROP COLUMN stated_person;
ALTER TABLE photos DROP COLUMN agreed_face_points;
ALTER TABLE photos DROP COLUMN policy_version;
