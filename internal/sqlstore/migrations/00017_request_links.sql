-- A letter opens something by a link and by a code that can be typed in; an answer is
-- opened by a letter too.

-- +goose Up
ALTER TABLE subject_requests ADD COLUMN link_code_hash BYTEA;
ALTER TABLE subject_requests ADD COLUMN answer_hash BYTEA;
ALTER TABLE subject_requests ADD COLUMN answer_code_hash BYTEA;
-- the contest that an automated decision is decided as; empty without
ALTER TABLE subject_requests ADD COLUMN contest TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX subject_requests_link_codes ON subject_requests (link_code_hash) WHERE link_code_hash IS NOT NULL;
CREATE UNIQUE INDEX subject_requests_answers ON subject_requests (answer_hash) WHERE answer_hash IS NOT NULL;
CREATE UNIQUE INDEX subject_requests_answer_codes ON subject_requests (answer_code_hash) WHERE answer_code_hash IS NOT NULL;
-- those that the program may have something to do for
CREATE INDEX subject_requests_unserved ON subject_requests (filed_at, id) WHERE due_on <> '' AND (channel = 'photo_key' OR confirmed_at <> 0);

-- +goose Down
DROP INDEX subject_requests_unserved;
DROP INDEX subject_requests_link_codes;
DROP INDEX subject_requests_answers;
DROP INDEX subject_requests_answer_codes;
ALTER TABLE subject_requests DROP COLUMN link_code_hash;
ALTER TABLE subject_requests DROP COLUMN answer_hash;
ALTER TABLE subject_requests DROP COLUMN answer_code_hash;
ALTER TABLE subject_requests DROP COLUMN contest;
