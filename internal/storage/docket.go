package storage

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Docket is all that waits for an officer, with the days of the controller's calendar.
func (s *Storage) Docket(calendar subjectrequest.Calendar) docket.Board {
	return docket.Board{
		requestDocket{s.Requests, calendar},
		sqlstore.NewContestDocket(s.records),
		sqlstore.NewRestrictionDocket(s.records),
		s.Breaches,
		s.Complaints,
		sqlstore.ChildReportDocket{ChildReports: s.ChildReports},
	}
}

// requestDocket are the open requests of data subjects. The register knows the days on
// which they are due; here each is due at the end of its day.
type requestDocket struct {
	register *sqlstore.SubjectRequests
	calendar subjectrequest.Calendar
}

// Living implements docket.Source.
func (d requestDocket) Living(ctx context.Context, now time.Time, limit int) ([]docket.Item, error) {
	return d.items(d.register.Living(ctx, now, limit))
}

// Waiting implements docket.Source.
func (d requestDocket) Waiting(ctx context.Context, now time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	items, err := d.items(d.register.Waiting(ctx, now, d.place(after), limit))
	for i := range items {
		items[i].Expires = time.Time{} // their photos are gone or restricted
	}
	return items, err
}

// DueBy implements docket.Source.
func (d requestDocket) DueBy(ctx context.Context, end time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	// The last day that has ended at that moment.
	return d.items(d.register.DueBy(ctx, d.calendar.Day(end).AddDays(-1), d.place(after), limit))
}

// Count implements docket.Counter.
func (d requestDocket) Count(ctx context.Context, e docket.Ends) (docket.Tally, error) {
	open, err := d.register.CountOpen(ctx)
	if err != nil {
		return nil, err
	}
	all := docket.Tally{}
	for _, c := range open {
		all.Add(letter.Matter(c.Kind), e.Band(d.calendar.End(c.Due)), c.Count)
	}
	return all, nil
}

// place is where the register goes on. A place is another register's in most cases, and
// then within a day: all requests of that day come after it.
func (d requestDocket) place(after docket.Place) sqlstore.DuePlace {
	if after.Due.IsZero() {
		return sqlstore.DuePlace{}
	}
	day := d.calendar.LastDay(after.Due)
	if d.calendar.End(day).Equal(after.Due) {
		return sqlstore.DuePlace{Due: day, ID: subjectrequest.ID(after.ID)}
	}
	return sqlstore.DuePlace{Due: day}
}

func (d requestDocket) items(found []subjectrequest.Request, err error) ([]docket.Item, error) {
	if err != nil {
		return nil, err
	}
	items := make([]docket.Item, len(found))
	for i, r := range found {
		items[i] = docket.Item{
			Matter: letter.Matter(r.Kind), ID: string(r.ID), State: string(r.State),
			Due: d.calendar.End(r.Due()), Expires: r.Photo.ExpiresAt, Path: "/ops/desk/requests/" + string(r.ID),
		}
	}
	return items, nil
}
