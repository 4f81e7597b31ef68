-- +goose Up
-- Of what the officer was reminded last: one row for each case and each day that it
-- was due on, with how many days were left then, fewer than 0 when it was overdue.
CREATE TABLE reminders (
    about     TEXT    NOT NULL, -- the ID of the request or the like
    due       BIGINT  NOT NULL,
    threshold INTEGER NOT NULL,
    told_at   BIGINT  NOT NULL,
    PRIMARY KEY (about, due)
);
CREATE INDEX reminders_by_age ON reminders (told_at);

-- What waits for an officer, in the order in which it is due.
CREATE INDEX contests_open ON contests (created_at, id) WHERE state = 'received';
CREATE INDEX contests_open_photos ON contests (photo_id) WHERE state = 'received' AND photo_id IS NOT NULL;
CREATE INDEX photos_reviewed ON photos (restriction_review_by, restriction) WHERE restricted_at <> 0;
CREATE INDEX subject_requests_open_kinds ON subject_requests (kind, due_on) WHERE due_on <> '';

-- Letters are gone through from the newest on, all or those in a state.
DROP INDEX letters_by_state;
CREATE INDEX letters_by_state ON letters (state, written_at, id);
CREATE INDEX letters_newest ON letters (written_at, id);

-- +goose Down
DROP INDEX letters_newest;
DROP INDEX letters_by_state;
CREATE INDEX letters_by_state ON letters (state, written_at);
DROP INDEX contests_open;
DROP INDEX contests_open_photos;
DROP INDEX photos_reviewed;
DROP INDEX subject_requests_open_kinds;
DROP TABLE reminders;
