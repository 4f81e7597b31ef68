-- +goose Up
-- Who asked for what, for three weeks. The address is route and query, with the
-- photo's ID in the route's place while the photo lives: a line has a name of the
-- photo that only the photo's row can read, and that row takes it along. The ID itself
-- is not here: SQLite can leave bytes of a value that was changed in thousands of rows.
CREATE TABLE access_log (
    entry    TEXT    PRIMARY KEY,
    at       BIGINT  NOT NULL,
    ip       TEXT    NOT NULL,
    method   TEXT    NOT NULL,
    route    TEXT    NOT NULL,
    query    TEXT    NOT NULL,
    photo    TEXT    NOT NULL, -- photos.log_name, or empty
    visitor  TEXT    NOT NULL,
    bytes    BIGINT  NOT NULL,
    status   INTEGER NOT NULL,
    browser  TEXT    NOT NULL,
    os       TEXT    NOT NULL,
    referrer TEXT    NOT NULL
);
CREATE INDEX access_log_by_time ON access_log (at, entry);
ALTER TABLE photos ADD COLUMN log_name TEXT NOT NULL DEFAULT '';
CREATE INDEX photos_by_log_name ON photos (log_name);

-- What a person can give us as reference of a photo, empty for none; it names the
-- photo's row of the statistics, which knows nothing of the photo.
ALTER TABLE photos ADD COLUMN reference TEXT NOT NULL DEFAULT '';
CREATE INDEX photos_by_reference ON photos (reference);

CREATE TABLE usage_statistics (
    reference      TEXT    PRIMARY KEY,
    day            TEXT    NOT NULL,
    country        TEXT    NOT NULL,
    document       TEXT    NOT NULL,
    outcome        TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    verdict        TEXT    NOT NULL,
    edits          INTEGER NOT NULL,
    format         TEXT    NOT NULL,
    kilobytes      BIGINT  NOT NULL,
    width          INTEGER NOT NULL,
    height         INTEGER NOT NULL,
    -- whole hours
    uploaded_at    BIGINT  NOT NULL,
    last_edited_at BIGINT  NOT NULL,
    settled_at     BIGINT  NOT NULL DEFAULT 0,
    erased_at      BIGINT  NOT NULL DEFAULT 0,
    -- 0: not in the daily figures yet; 1: being counted; 2: counted
    rolled_up      INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX usage_statistics_by_time ON usage_statistics (uploaded_at);
CREATE INDEX usage_statistics_by_roll_up ON usage_statistics (rolled_up);

CREATE TABLE daily_statistics (
    day      TEXT    NOT NULL,
    country  TEXT    NOT NULL,
    document TEXT    NOT NULL,
    outcome  TEXT    NOT NULL,
    photos   BIGINT  NOT NULL,
    PRIMARY KEY (day, country, document, outcome)
);

-- +goose Down
DROP TABLE daily_statistics;
DROP TABLE usage_statistics;
DROP INDEX photos_by_reference;
ALTER TABLE photos DROP COLUMN reference;
DROP INDEX photos_by_log_name;
ALTER TABLE photos DROP COLUMN log_name;
DROP TABLE access_log;
