package sqlstore_test

import (
	"errors"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

var by = audit.Event{At: noon, Actor: "desk-a", Action: audit.ChangeProcessor, Outcome: audit.Allowed}

func TestTheRegisterListsThoseWhoWorkForUsNow(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, ctx := sqlstore.NewProcessors(s.db), t.Context()
		add := func(name string) register.Processor {
			p, err := r.Add(ctx, register.Processor{
				Name: name, Role: "runs the machines", Region: "Ireland", Safeguard: "none needed", ContractDate: time.Date(1969, 7, 20, 0, 0, 0, 0, time.UTC),
			}, by)
			s.ok(err)
			return p
		}
		lists := func(want ...register.Processor) {
			t.Helper()
			got, err := r.List(ctx)
			s.ok(err)
			s.equal(got, want)
		}
		second, first := add("Second"), add("First")
		lists(first, second)

		first.Region = " Iceland "
		first, err := r.Change(ctx, first, by)
		s.ok(err)
		if first.Region != "Iceland" || first.Revision != 2 {
			t.Errorf("changed to %+v", first)
		}
		lists(first, second)

		second.Ended = noon.Truncate(24 * time.Hour)
		s.ok(r.End(ctx, second, by))
		lists(first)
		second.Revision++
		ended, err := r.Ended(ctx)
		s.ok(err)
		s.equal(ended, []register.Processor{second})
		events, err := sqlstore.NewAudit(s.db).About(ctx, string(second.ID))
		s.ok(err)
		if len(events) != 2 {
			t.Errorf("of adding and ending the trail has %v", events)
		}
	})
}

func TestOfTwoWhoChangeAnEntryTheSlowerIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, ctx := sqlstore.NewProcessors(s.db), t.Context()
		p, err := r.Add(ctx, register.Processor{Name: "A", Role: "b", Region: "c", ContractDate: noon}, by)
		s.ok(err)
		p.Ended = noon
		_, err = r.Change(ctx, p, by)
		s.ok(err)
		_, err = r.Change(ctx, p, by)
		s.want(err, register.ErrChanged)
		s.want(r.End(ctx, p, by), register.ErrChanged)
		p.Revision++
		s.ok(r.End(ctx, p, by))
		p.Revision++
		s.want(r.End(ctx, p, by), register.ErrNotFound)
		_, err = r.Change(ctx, p, by)
		s.want(err, register.ErrNotFound)
	})
}

func TestTheRegisterTakesWholeEntriesOnly(t *testing.T) {
	onSQLite(t, func(t *testing.T, s store) {
		r := sqlstore.NewProcessors(s.db)
		var field register.FieldError
		if _, err := r.Add(t.Context(), register.Processor{Name: "A"}, by); !errors.As(err, &field) || field.Field != "role" {
			t.Errorf("adding: %v", err)
		}
		if _, err := r.Change(t.Context(), register.Processor{ID: "x"}, by); !errors.As(err, &field) || field.Field != "name" {
			t.Errorf("changing: %v", err)
		}
		if all, err := r.List(t.Context()); err != nil || len(all) > 0 {
			t.Errorf("listed: %v, %v", all, err)
		}
	})
}

func TestAProcessorDoesNotEndBeforeTheContractThatTheRegisterHas(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, ctx := sqlstore.NewProcessors(s.db), t.Context()
		p, err := r.Add(ctx, register.Processor{Name: "A", Role: "b", Region: "c", ContractDate: noon}, by)
		s.ok(err)
		p.ContractDate, p.Ended = time.Time{}, noon.AddDate(0, 0, -1) // the caller need not know the contract
		var field register.FieldError
		if err := r.End(ctx, p, by); !errors.As(err, &field) || field.Field != "ended" {
			t.Errorf("got %v", err)
		}
		if all, err := r.List(ctx); err != nil || len(all) != 1 {
			t.Errorf("it ended all the same: %v, %v", all, err)
		}
	})
}
