-- +goose Up
-- What a person chose at the current revision: edit.Settings as JSON.
ALTER TABLE photos ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
-- The orders of the revisions before, oldest first, as JSON; no pictures.
ALTER TABLE photos ADD COLUMN history TEXT NOT NULL DEFAULT 'null';
-- The turn that left the analysis; 0 for none.
ALTER TABLE photos ADD COLUMN analysis_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN analysis_attempt INTEGER NOT NULL DEFAULT 0;
-- The turn whose result an edit has made useless; 0 for none.
ALTER TABLE photos ADD COLUMN stale_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN stale_attempt INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE photos DROP COLUMN settings;
ALTER TABLE photos DROP COLUMN history;
ALTER TABLE photos DROP COLUMN analysis_revision;
ALTER TABLE photos DROP COLUMN analysis_attempt;
ALTER TABLE photos DROP COLUMN stale_revision;
ALTER TABLE photos DROP COLUMN stale_attempt;
