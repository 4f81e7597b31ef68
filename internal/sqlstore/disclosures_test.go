package sqlstore_test

import (
	"errors"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/disclosure"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

var aDisclosure = disclosure.Entry{Year: 2025, Name: "Mailing Ltd", Address: "1 Road\nDublin", Categories: "e-mail addresses", Products: "paper"}

func TestDisclosuresAreListedByTheirYear(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, ctx := sqlstore.NewDisclosures(s.db), t.Context()
		lists := func(year int, want ...disclosure.Entry) {
			t.Helper()
			got, err := r.In(ctx, year)
			s.ok(err)
			s.equal(got, want)
		}
		lists(2025)
		d, err := r.Add(ctx, aDisclosure, breachEvent(audit.AddDisclosure, noon))
		s.ok(err)
		lists(2025, d)
		lists(2024)
		stale := d
		d.Year = 2024
		d, err = r.Change(ctx, d, breachEvent(audit.ChangeDisclosure, noon))
		s.ok(err)
		lists(2025)
		lists(2024, d)
		_, err = r.Change(ctx, stale, breachEvent(audit.ChangeDisclosure, noon))
		s.want(err, register.ErrChanged)
		stale.Why = "It was a mistake."
		s.want(r.Remove(ctx, stale, breachEvent(audit.RemoveDisclosure, noon)), register.ErrChanged)

		var field register.FieldError
		if err := r.Remove(ctx, d, breachEvent(audit.RemoveDisclosure, noon)); !errors.As(err, &field) || field.Field != "why" {
			t.Errorf("without a reason: %v", err)
		}
		d.Why = "It was a mistake."
		s.ok(r.Remove(ctx, d, breachEvent(audit.RemoveDisclosure, noon)))
		lists(2024)
		d.Version, d.Removed = d.Version+1, noon
		removed, err := r.RemovedIn(ctx, 2024)
		s.ok(err)
		s.equal(removed, []disclosure.Entry{d})
		_, err = r.Change(ctx, d, breachEvent(audit.ChangeDisclosure, noon))
		s.want(err, register.ErrNotFound)
		events, err := sqlstore.NewAudit(s.db).About(ctx, string(d.ID))
		s.ok(err)
		s.equal(len(events), 3)
	})
}

func TestDisclosuresArePurgedFromTheEndOfTheirYear(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, ctx := sqlstore.NewDisclosures(s.db), t.Context()
		for _, year := range []int{2024, 2025} {
			d := aDisclosure
			d.Year = year
			_, err := r.Add(ctx, d, breachEvent(audit.AddDisclosure, noon))
			s.ok(err)
		}
		oldest, some, err := r.Oldest(ctx)
		s.ok(err)
		if !some || !oldest.Equal(disclosure.YearEnd(2024)) {
			t.Errorf("the oldest is of %v", oldest)
		}
		n, err := r.Purge(ctx, disclosure.YearEnd(2024), 10)
		s.ok(err)
		s.equal(n, 1)
		left, err := r.In(ctx, 2025)
		s.ok(err)
		s.equal(len(left), 1)
	})
}
