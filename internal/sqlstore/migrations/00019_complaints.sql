-- Complaints, and what officers write down when somebody asks for help.

-- +goose Up
CREATE TABLE complaints (
    id             TEXT    PRIMARY KEY,
    key_hash       BYTEA   NOT NULL UNIQUE,
    version        INTEGER NOT NULL,
    state          TEXT    NOT NULL,
    filed_at       BIGINT  NOT NULL,
    due_at         BIGINT  NOT NULL,

    -- what names the person; empty or NULL once it is forgotten
    email          TEXT    NOT NULL,
    words          TEXT    NOT NULL,
    reference      TEXT    NOT NULL,
    answer         TEXT    NOT NULL,
    link_hash      BYTEA,
    link_code_hash BYTEA,
    link_until     BIGINT  NOT NULL,
    confirmed_at   BIGINT  NOT NULL,
    read_hash      BYTEA,
    read_code_hash BYTEA,
    -- the photo, while it lives; NULL once it is erased, so that no trace is left
    photo_id       TEXT    REFERENCES photos (id) ON DELETE SET NULL,

    -- outcomes and values that were copied of the photo, as JSON; nothing of the picture
    about          TEXT    NOT NULL,
    answered_at    BIGINT  NOT NULL,
    closing        TEXT    NOT NULL,
    closed_at      BIGINT  NOT NULL,
    -- when the person was told or it ended, whichever was first; 0 while it is open
    settled_at     BIGINT  NOT NULL,
    merged_into    TEXT    NOT NULL
);
CREATE INDEX complaints_due ON complaints (due_at, id) WHERE settled_at = 0;
CREATE INDEX complaints_filed ON complaints (filed_at, id);
CREATE INDEX complaints_by_state ON complaints (state, filed_at, id);
CREATE INDEX complaints_by_email ON complaints (email, filed_at, id) WHERE email <> '';
CREATE INDEX complaints_by_reference ON complaints (reference) WHERE reference <> '';
CREATE INDEX complaints_by_photo ON complaints (photo_id) WHERE photo_id IS NOT NULL;
CREATE INDEX complaints_remembered ON complaints (settled_at, id) WHERE settled_at > 0 AND words <> '';
CREATE INDEX complaints_closed ON complaints (closed_at);
CREATE INDEX complaints_merged ON complaints (merged_into) WHERE merged_into <> '';
CREATE UNIQUE INDEX complaints_links ON complaints (link_hash) WHERE link_hash IS NOT NULL;
CREATE UNIQUE INDEX complaints_link_codes ON complaints (link_code_hash) WHERE link_code_hash IS NOT NULL;
CREATE UNIQUE INDEX complaints_answers ON complaints (read_hash) WHERE read_hash IS NOT NULL;
CREATE UNIQUE INDEX complaints_answer_codes ON complaints (read_code_hash) WHERE read_code_hash IS NOT NULL;

CREATE TABLE support_notes (
    id         TEXT   PRIMARY KEY,
    -- what it is filed under: one of the three, the others empty
    complaint  TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    reference  TEXT   NOT NULL,
    words      TEXT   NOT NULL,
    author     TEXT   NOT NULL,
    written_at BIGINT NOT NULL,
    closed_at  BIGINT NOT NULL
);
CREATE INDEX support_notes_open ON support_notes (written_at, id) WHERE closed_at = 0;
CREATE INDEX support_notes_written ON support_notes (written_at, id);
CREATE INDEX support_notes_closed ON support_notes (closed_at);
CREATE INDEX support_notes_by_complaint ON support_notes (complaint, written_at) WHERE complaint <> '';
CREATE INDEX support_notes_by_email ON support_notes (email, written_at) WHERE email <> '';
CREATE INDEX support_notes_by_reference ON support_notes (reference, written_at) WHERE reference <> '';

-- +goose Down
DROP TABLE support_notes;
DROP TABLE complaints;
