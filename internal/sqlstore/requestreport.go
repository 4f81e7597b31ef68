package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Filed returns the requests that were filed in a span, the first before the others,
// those after a place and at most limit.
func (s *SubjectRequests) Filed(ctx context.Context, in subjectrequest.Span, after subjectrequest.FiledPlace, limit int) ([]subjectrequest.Request, error) {
	return s.list(ctx, "list filed requests", `
		WHERE r.filed_at >= $1 AND r.filed_at < $2 AND (r.filed_at, r.id) > ($3, $4)
		ORDER BY r.filed_at, r.id LIMIT $5`,
		sqldb.Millis(in.From), sqldb.Millis(in.Until), sqldb.Millis(after.At), after.ID, limit)
}

// Report returns what the requests that arrived in a quarter came to, as it is on a day.
// All of it is read from indexes.
func (s *SubjectRequests) Report(ctx context.Context, q subjectrequest.Quarter, today civil.Date) (subjectrequest.Report, error) {
	report := subjectrequest.Report{Quarter: q}
	var err error
	report.Figures, err = sqldb.All(ctx, s.db, func(row sqldb.Row) (f subjectrequest.Figure, err error) {
		err = row.Scan(&f.Kind, &f.Outcome, &f.Extended, &f.Late, &f.Days, &f.Count)
		return f, err
	}, `
		SELECT kind, outcome, extended, late, answer_days, COUNT(*) FROM subject_requests
		WHERE quarter = $1 GROUP BY kind, outcome, extended, late, answer_days`, q.String())
	if err != nil {
		return report, fmt.Errorf("report on requests: %w", err)
	}
	open := &report.Unanswered
	err = s.db.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM subject_requests WHERE due_on <> '' AND due_on < $1 AND quarter = $2`, day(today), q.String()).Scan(&open.Overdue)
	if err == nil {
		err = s.db.QueryRowContext(ctx, `
			SELECT id, arrived_on FROM subject_requests WHERE due_on <> '' AND quarter = $1
			ORDER BY arrived_on, id LIMIT 1`, q.String()).Scan(&open.Oldest, (*day)(&open.Arrived))
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return report, fmt.Errorf("report on requests: %w", err)
	}
	return report, nil
}

// FirstQuarter is the one in which the first request arrived that is still known; false
// without any.
func (s *SubjectRequests) FirstQuarter(ctx context.Context) (subjectrequest.Quarter, bool, error) {
	var first string
	err := s.db.QueryRowContext(ctx, `SELECT COALESCE(MIN(quarter), '') FROM subject_requests`).Scan(&first)
	if err != nil {
		return subjectrequest.Quarter{}, false, fmt.Errorf("look for the first request: %w", err)
	}
	q, some := subjectrequest.ParseQuarter(first)
	return q, some, nil
}
