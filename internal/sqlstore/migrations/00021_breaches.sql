-- The registers of breaches of personal data, and of what third parties got for their
-- own direct marketing.

-- +goose Up
-- What the lists need of the last version; the versions themselves have all.
CREATE TABLE breaches (
    id         TEXT    PRIMARY KEY,
    version    INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    -- until when the next step is due; 0 when it is closed
    due_at     BIGINT  NOT NULL,
    closed_at  BIGINT  NOT NULL
);
CREATE INDEX breaches_due ON breaches (due_at, id) WHERE due_at <> 0;
CREATE INDEX breaches_closed ON breaches (closed_at, id) WHERE closed_at > 0;

-- Every version that was saved, never changed.
CREATE TABLE breach_versions (
    breach   TEXT    NOT NULL REFERENCES breaches (id) ON DELETE CASCADE,
    version  INTEGER NOT NULL,
    saved_at BIGINT  NOT NULL,
    actor    TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    entry    TEXT    NOT NULL, -- JSON
    PRIMARY KEY (breach, version)
);

CREATE TABLE disclosures (
    id           TEXT    PRIMARY KEY,
    version      INTEGER NOT NULL,
    year         INTEGER NOT NULL,
    -- the end of the year, from which the period counts
    year_end     BIGINT  NOT NULL,
    name         TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    categories   TEXT    NOT NULL,
    products     TEXT    NOT NULL,
    removed_at   BIGINT  NOT NULL,
    removed_why  TEXT    NOT NULL
);
CREATE INDEX disclosures_by_year ON disclosures (year, name, id);
CREATE INDEX disclosures_end ON disclosures (year_end);

-- +goose Down
DROP TABLE disclosures;
DROP TABLE breach_versions;
DROP TABLE breaches;
