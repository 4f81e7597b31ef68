-- +goose Up
-- Names the restriction for officers; NULL for none.
ALTER TABLE photos ADD COLUMN restriction TEXT;
CREATE UNIQUE INDEX photos_by_restriction ON photos (restriction);
-- Since when nothing may be done with the photo; 0 for no restriction.
ALTER TABLE photos ADD COLUMN restricted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN restriction_ground TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN restriction_review_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN restriction_told_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN restriction_note TEXT NOT NULL DEFAULT '';
-- When the last restriction was lifted; 0 for none.
ALTER TABLE photos ADD COLUMN restriction_lifted_at BIGINT NOT NULL DEFAULT 0;
-- The blobs lie, or may lie in part, where those of restricted photos do.
ALTER TABLE photos ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
-- When the blobs of a photo that is edited for days were last made young again, or
-- are being.
ALTER TABLE photos ADD COLUMN renewed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX photos_held ON photos (id) WHERE held OR restricted_at <> 0;

-- +goose Down
DROP INDEX photos_held;
DROP INDEX photos_by_restriction;
ALTER TABLE photos DROP COLUMN restriction;
ALTER TABLE photos DROP COLUMN restricted_at;
ALTER TABLE photos DROP COLUMN restriction_ground;
ALTER TABLE photos DROP COLUMN restriction_review_by;
ALTER TABLE photos DROP COLUMN restriction_told_at;
ALTER TABLE photos DROP COLUMN restriction_note;
ALTER TABLE photos DROP COLUMN restriction_lifted_at;
ALTER TABLE photos DROP COLUMN held;
ALTER TABLE photos DROP COLUMN renewed_at;
