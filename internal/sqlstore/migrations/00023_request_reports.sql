-- What reports count requests by, worked out whenever a request changes, so that a
-- quarter is counted from one index.

-- +goose Up
ALTER TABLE subject_requests ADD COLUMN quarter TEXT NOT NULL DEFAULT ''; -- in which it arrived, as 2026-Q1
ALTER TABLE subject_requests ADD COLUMN outcome TEXT NOT NULL DEFAULT 'pending';
ALTER TABLE subject_requests ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE; -- answered after the law's date
ALTER TABLE subject_requests ADD COLUMN extended BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE subject_requests ADD COLUMN answer_days INTEGER NOT NULL DEFAULT -1; -- from the arrival; -1 without an answer

UPDATE subject_requests SET
    quarter = SUBSTR(arrived_on, 1, 4) || '-Q' || CAST((CAST(SUBSTR(arrived_on, 6, 2) AS INTEGER) + 2) / 3 AS TEXT),
    outcome = CASE WHEN closing NOT IN ('', 'answered') THEN closing WHEN answered_on = '' THEN 'pending' WHEN reason <> '' THEN 'refused' ELSE 'fulfilled' END,
    extended = extension <> '',
    late = answered_on > CASE WHEN reason <> '' AND extension <> '' THEN notice_on ELSE law_on END;
-- The day's number since some day long ago, in a year that begins in March.
UPDATE subject_requests SET answer_days = (
    SELECT MAX(n) - MIN(n) FROM (
        SELECT 365 * (month / 12) + month / 48 - month / 1200 + month / 4800 + (month % 12 * 306 + 5) / 10 + day AS n FROM (
            SELECT CAST(SUBSTR(on_day, 1, 4) AS INTEGER) * 12 + CAST(SUBSTR(on_day, 6, 2) AS INTEGER) - 3 AS month, CAST(SUBSTR(on_day, 9, 2) AS INTEGER) AS day
            FROM (SELECT arrived_on AS on_day UNION ALL SELECT answered_on) days) split) numbered)
WHERE answered_on <> '';

CREATE INDEX subject_requests_figures ON subject_requests (quarter, kind, outcome, extended, late, answer_days);
CREATE INDEX subject_requests_unanswered ON subject_requests (quarter, arrived_on, id) WHERE due_on <> '';
CREATE INDEX subject_requests_overdue ON subject_requests (quarter, due_on) WHERE due_on <> '';

-- +goose Down
DROP INDEX subject_requests_figures;
DROP INDEX subject_requests_unanswered;
DROP INDEX subject_requests_overdue;
ALTER TABLE subject_requests DROP COLUMN quarter;
ALTER TABLE subject_requests DROP COLUMN outcome;
ALTER TABLE subject_requests DROP COLUMN late;
ALTER TABLE subject_requests DROP COLUMN extended;
ALTER TABLE subject_requests DROP COLUMN answer_days;
