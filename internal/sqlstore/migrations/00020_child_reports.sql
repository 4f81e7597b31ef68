-- +goose Up
-- Since when a report about a child stops the photo; 0 for no such report.
ALTER TABLE photos ADD COLUMN frozen_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE child_reports (
    id               TEXT    PRIMARY KEY,
    key_hash         BYTEA   NOT NULL,
    version          INTEGER NOT NULL,
    state            TEXT    NOT NULL,
    ground           TEXT    NOT NULL,
    -- the photo, while it lives; NULL if there is none
    photo_id         TEXT    REFERENCES photos (id) ON DELETE SET NULL,
    froze            BOOLEAN NOT NULL,
    receipt          TEXT    NOT NULL,
    filed_at         BIGINT  NOT NULL,
    due_at           BIGINT  NOT NULL,
    closed_at        BIGINT  NOT NULL,

    -- what was said and by whom, empty some time after the closing
    words            TEXT    NOT NULL,
    reason           TEXT    NOT NULL,
    email            TEXT    NOT NULL,
    link_hash        BYTEA,
    link_code_hash   BYTEA,
    link_until       BIGINT  NOT NULL,
    confirmed_at     BIGINT  NOT NULL,
    answer_hash      BYTEA,
    answer_code_hash BYTEA
);
CREATE INDEX child_reports_due ON child_reports (due_at, id) WHERE closed_at = 0;
CREATE INDEX child_reports_by_photo ON child_reports (photo_id) WHERE photo_id IS NOT NULL;
CREATE INDEX child_reports_closed ON child_reports (closed_at);
CREATE INDEX child_reports_filed ON child_reports (filed_at, id);
CREATE INDEX child_reports_by_state ON child_reports (state, filed_at, id);
CREATE INDEX child_reports_by_email ON child_reports (email, filed_at, id) WHERE email <> '';
CREATE INDEX child_reports_said ON child_reports (closed_at) WHERE closed_at > 0 AND words <> '';
CREATE INDEX child_reports_untold ON child_reports (closed_at, id) WHERE closed_at > 0 AND confirmed_at > 0 AND email <> '' AND answer_hash IS NULL;
CREATE UNIQUE INDEX child_reports_links ON child_reports (link_hash) WHERE link_hash IS NOT NULL;
CREATE UNIQUE INDEX child_reports_link_codes ON child_reports (link_code_hash) WHERE link_code_hash IS NOT NULL;
CREATE UNIQUE INDEX child_reports_answers ON child_reports (answer_hash) WHERE answer_hash IS NOT NULL;
CREATE UNIQUE INDEX child_reports_answer_codes ON child_reports (answer_code_hash) WHERE answer_code_hash IS NOT NULL;

-- +goose Down
DROP TABLE child_reports;
ALTER TABLE photos DROP COLUMN frozen_at;
