package sqlstore_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// client is one that was entered, with its key.
func (s store) client(perDay int) (*sqlstore.APIClients, apiclient.Client, secret.Key) {
	s.t.Helper()
	r := sqlstore.NewAPIClients(s.db)
	key, record := apiclient.NewKey(noon)
	c, err := r.Add(s.t.Context(), apiclient.Client{Name: "Town Hall", PhotosPerDay: perDay}, record, by)
	s.ok(err)
	return r, c, key
}

func TestAKeyLeadsToItsClientUntilItIsReplacedOrRevoked(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, c, first := s.client(10)
		ctx := t.Context()
		opens := func(k secret.Key, now time.Time, want error) {
			t.Helper()
			got, err := r.ByKey(ctx, k, now)
			s.want(err, want)
			if want == nil && (got.ID != c.ID || got.PhotosPerDay != 10) {
				t.Errorf("the key leads to %+v", got)
			}
		}
		stranger, _ := apiclient.NewKey(noon)
		opens(first, noon, nil)
		opens(stranger, noon, apiclient.ErrUnknownKey)

		second, record := apiclient.NewKey(noon.Add(time.Hour))
		s.ok(r.Issue(ctx, c, record, noon.Add(apiclient.Overlap), by))
		s.want(r.Issue(ctx, c, record, noon, by), register.ErrChanged)
		c.Revision++
		opens(first, noon.Add(apiclient.Overlap-1), nil)
		opens(first, noon.Add(apiclient.Overlap), apiclient.ErrUnknownKey)
		opens(second, noon.Add(apiclient.Overlap), nil)

		third, record := apiclient.NewKey(noon.Add(2 * time.Hour))
		later := by
		later.At = noon.Add(2 * time.Hour)
		s.ok(r.Issue(ctx, c, record, noon.Add(apiclient.Overlap), later))
		c.Revision++
		opens(first, later.At, apiclient.ErrUnknownKey) // no more than two are valid
		opens(second, later.At, nil)
		opens(third, later.At, nil)

		s.ok(r.Revoke(ctx, c, later))
		opens(second, later.At, apiclient.ErrUnknownKey)
		opens(third, later.At, apiclient.ErrUnknownKey)
		s.want(r.Revoke(ctx, c, later), register.ErrNotFound)
		now, err := r.List(ctx)
		s.ok(err)
		gone, err := r.Revoked(ctx)
		s.ok(err)
		if len(now) != 0 || len(gone) != 1 || len(gone[0].Keys) != 3 || !gone[0].Revoked.Equal(later.At) {
			t.Errorf("clients: %+v, revoked: %+v", now, gone)
		}
		events, err := sqlstore.NewAudit(s.db).About(ctx, string(c.ID))
		s.ok(err)
		if len(events) != 4 {
			t.Errorf("the trail has %v", events)
		}
	})
}

func TestOfAKeysUseOnlyTheDayIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, _, key := s.client(10)
		for _, at := range []time.Time{noon.Add(time.Hour), noon, noon.AddDate(0, 0, 1)} {
			_, err := r.ByKey(t.Context(), key, at)
			s.ok(err)
			list, err := r.List(t.Context())
			s.ok(err)
			if used := list[0].Keys[0].Used; !used.Equal(apiclient.Day(at)) {
				t.Errorf("used at %s, kept as %s", at, used)
			}
		}
	})
}

func TestAClientsNameAndQuotaAreChangedByWhoHasReadThem(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, c, _ := s.client(10)
		c.Name, c.PhotosPerDay = " City Hall ", 20
		s.ok(r.Change(t.Context(), c, by))
		s.want(r.Change(t.Context(), c, by), register.ErrChanged)
		var f register.FieldError
		if err := r.Change(t.Context(), apiclient.Client{ID: c.ID, Revision: 2, Name: "x"}, by); !errors.As(err, &f) {
			t.Errorf("a quota of 0: %v", err)
		}
		s.want(r.Change(t.Context(), apiclient.Client{ID: apiclient.NewID(), Revision: 1, Name: "x", PhotosPerDay: 1}, by), register.ErrNotFound)
		got, err := r.Find(t.Context(), c.ID)
		s.ok(err)
		if got.Name != "City Hall" || got.PhotosPerDay != 20 || got.Revision != 2 {
			t.Errorf("%+v", got)
		}
	})
}

// sends tries to send a photo with the client's key.
func (s store) sends(c apiclient.ID, now time.Time) error {
	id := photo.NewID()
	err := s.Reserve(s.t.Context(), photo.Reservation{ID: id, KeyHash: photo.NewKey().Hash(), Client: c, Now: now})
	if err == nil {
		err = s.Queue(s.t.Context(), id, received(now))
	}
	return err
}

func TestAQuotaCountsWhatWasQueuedAndNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, c, _ := s.client(2)
		ctx := t.Context()
		lost := photo.NewID() // never arrives whole
		s.ok(s.Reserve(ctx, photo.Reservation{ID: lost, KeyHash: photo.NewKey().Hash(), Client: c.ID, Now: noon}))
		s.ok(s.Abandon(ctx, lost))
		s.ok(s.sends(c.ID, noon))
		s.ok(s.sends(c.ID, noon))
		s.want(s.sends(c.ID, noon), apiclient.ErrQuota)
		if n, err := r.Used(ctx, c.ID, noon); err != nil || n != 2 {
			t.Errorf("%d are counted, %v", n, err)
		}
		var rows int
		s.ok(s.db.QueryRow(`SELECT COUNT(*) FROM photos`).Scan(&rows))
		if rows != 2 {
			t.Errorf("%d records: a refused upload left one", rows)
		}
		s.queued(noon) // somebody without a key
		s.ok(s.sends(c.ID, apiclient.Day(noon).AddDate(0, 0, 1)))
	})
}

func TestOfManyUploadsAtOnceTheQuotaLetsThroughExactlyAsManyAsItSays(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		_, c, _ := s.client(5)
		var mu sync.Mutex
		var results []error
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				err := s.sends(c.ID, noon)
				mu.Lock()
				defer mu.Unlock()
				results = append(results, err)
			})
		}
		all.Wait()
		refused := slices.DeleteFunc(slices.Clone(results), func(err error) bool { return err == nil })
		for _, err := range refused {
			s.want(err, apiclient.ErrQuota)
		}
		if len(results)-len(refused) != 5 {
			t.Errorf("%d of %d were taken", len(results)-len(refused), len(results))
		}
	})
}

func TestARevokedClientIsForgottenAfterItsTime(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		r, c, _ := s.client(5)
		ctx := t.Context()
		s.ok(s.sends(c.ID, noon))
		if n, err := r.Purge(ctx, noon.AddDate(5, 0, 0), 10); n != 0 || err != nil {
			t.Errorf("purged %d, %v: it is a client", n, err)
		}
		s.ok(r.Revoke(ctx, c, audit.Event{At: noon, Actor: "desk-a", Action: audit.RevokeAPIClient, Outcome: audit.Allowed}))
		if at, some, err := r.Oldest(ctx); !some || err != nil || !at.Equal(noon) {
			t.Errorf("oldest %s %v %v", at, some, err)
		}
		if n, err := r.Purge(ctx, noon, 10); n != 1 || err != nil {
			t.Errorf("purged %d, %v", n, err)
		}
		for _, table := range []string{"api_clients", "api_keys", "api_usage"} {
			var rows int
			s.ok(s.db.QueryRow(`SELECT COUNT(*) FROM ` + table).Scan(&rows))
			if rows != 0 {
				t.Errorf("%s keeps %d rows", table, rows)
			}
		}
	})
}
