-- In which queue a photo's tasks wait: '' is the fast one, 'bulk' the one for many.

-- +goose Up
ALTER TABLE photos ADD COLUMN lane TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE photos DROP COLUMN lane;
