-- Which master key wrapped a key; empty for keys from before this was noted.

-- +goose Up
ALTER TABLE photo_keys ADD COLUMN master TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE photo_keys DROP COLUMN master;
