-- +goose Up
-- A person may have the lines about their photo deleted.
CREATE INDEX access_log_by_photo ON access_log (photo) WHERE photo <> '';

-- +goose Down
DROP INDEX access_log_by_photo;
