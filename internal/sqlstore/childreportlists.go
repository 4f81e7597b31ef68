package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Open returns the reports that wait for a decision, the one due first before the
// others, those after a place and at most limit.
func (c *ChildReports) Open(ctx context.Context, after docket.Place, limit int) ([]childreport.Report, error) {
	return c.list(ctx, "list open child reports", `
		WHERE r.closed_at = 0 AND (r.due_at, r.id) > ($1, $2) ORDER BY r.due_at, r.id LIMIT $3`,
		sqldb.Millis(after.Due), after.ID, limit)
}

// Search returns reports in any state, the newest first and at most limit.
func (c *ChildReports) Search(ctx context.Context, q childreport.Search, limit int) ([]childreport.Report, error) {
	var w conditions
	if q.State != "" {
		w.add(`r.state = ?`, q.State)
	}
	if q.Before != (docket.Place{}) {
		w.add(`(r.filed_at, r.id) < (?, ?)`, sqldb.Millis(q.Before.Due), q.Before.ID)
	}
	if !w.addText(q.Text) {
		return nil, nil
	}
	return c.list(ctx, "search child reports", w.where()+` ORDER BY r.filed_at DESC, r.id DESC LIMIT `+w.hole(limit), w.args...)
}

func (c *ChildReports) list(ctx context.Context, doing, where string, args ...any) (reports []childreport.Report, err error) {
	reports, err = sqldb.All(ctx, c.db, scanChildReport, childReportColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return reports, nil
}

// Untold returns closed reports of which somebody with a confirmed address has not been
// told, at most limit.
func (c *ChildReports) Untold(ctx context.Context, limit int) ([]childreport.Report, error) {
	return c.list(ctx, "list child reports to tell of", `
		WHERE r.closed_at > 0 AND r.confirmed_at > 0 AND r.email <> '' AND r.answer_hash IS NULL ORDER BY r.closed_at, r.id LIMIT $1`, limit)
}

// Counts returns how many reports wait for a decision, and how many of them should have
// been decided by now.
func (c *ChildReports) Counts(ctx context.Context, now time.Time) (open, overdue int, err error) {
	err = c.db.QueryRowContext(ctx, `
		SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at <= $1 THEN 1 ELSE 0 END), 0) FROM child_reports WHERE closed_at = 0`,
		sqldb.Millis(now)).Scan(&open, &overdue)
	if err != nil {
		return 0, 0, fmt.Errorf("count child reports: %w", err)
	}
	return open, overdue, nil
}

// ChildReportDocket is the register as a docket.Source.
type ChildReportDocket struct{ *ChildReports }

// Living implements docket.Source.
func (d ChildReportDocket) Living(ctx context.Context, now time.Time, limit int) ([]docket.Item, error) {
	return d.items(ctx, `
		WHERE r.closed_at = 0 AND p.expires_at > $1 ORDER BY p.expires_at, r.id LIMIT $2`, sqldb.Millis(now), limit)
}

// Waiting implements docket.Source.
func (d ChildReportDocket) Waiting(ctx context.Context, now time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return d.items(ctx, `
		WHERE r.closed_at = 0 AND (r.due_at, r.id) > ($1, $2) AND (r.photo_id IS NULL
			OR COALESCE((SELECT l.expires_at FROM photos l WHERE l.id = r.photo_id), 0) <= $3) ORDER BY r.due_at, r.id LIMIT $4`,
		sqldb.Millis(after.Due), after.ID, sqldb.Millis(now), limit)
}

// DueBy implements docket.Source.
func (d ChildReportDocket) DueBy(ctx context.Context, end time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return d.items(ctx, `
		WHERE r.closed_at = 0 AND (r.due_at, r.id) > ($1, $2) AND r.due_at <= $3 ORDER BY r.due_at, r.id LIMIT $4`,
		sqldb.Millis(after.Due), after.ID, sqldb.Millis(end), limit)
}

func (d ChildReportDocket) items(ctx context.Context, where string, args ...any) (items []docket.Item, err error) {
	reports, err := d.list(ctx, "list child reports for the desk", where, args...)
	for _, r := range reports {
		items = append(items, docket.Item{
			Matter: letter.ChildReport, ID: string(r.ID), State: string(r.State), Due: r.DueAt, Expires: r.Photo.ExpiresAt, Path: childreport.DeskPath(r.ID),
		})
	}
	return items, err
}
