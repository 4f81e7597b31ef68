package sqlstore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

var setting = audit.Event{At: noon, Actor: "desk-a", Action: audit.SetWebhook, Outcome: audit.Allowed}

// told is a client with an endpoint.
type told struct {
	store
	hooks  *sqlstore.Webhooks
	client apiclient.ID
}

func (s store) told() told {
	s.t.Helper()
	_, c, _ := s.client(1000)
	w := told{s, sqlstore.NewWebhooks(s.db), c.ID}
	w.set(noon)
	return w
}

func (w told) set(now time.Time) {
	w.t.Helper()
	w.ok(w.hooks.Set(w.t.Context(), webhook.Endpoint{Client: w.client, URL: "https://hooks.town.example/x", Sealed: []byte("sealed"), Set: now}, setting))
}

// sent has a photo of the client's claimed by a worker.
func (w told) sent(now time.Time) photo.Claim {
	w.t.Helper()
	id := photo.NewID()
	w.ok(w.Reserve(w.t.Context(), photo.Reservation{ID: id, KeyHash: photo.NewKey().Hash(), Client: w.client, Now: now}))
	w.ok(w.Queue(w.t.Context(), id, received(now)))
	return w.claim(photo.Claim{ID: id, Revision: 1}, now)
}

func (w told) ready(now time.Time) photo.ID {
	w.t.Helper()
	held := w.sent(now)
	w.ok(w.Finish(w.t.Context(), held, photo.Outcome{Status: photo.Ready, Verdict: "ready_to_submit", Now: now}))
	return held.ID
}

// waiting are the notices that can be claimed, claimed.
func (w told) waiting(now time.Time) (got []webhook.Notice, held []webhook.Claim) {
	w.t.Helper()
	next, err := w.hooks.Next(w.t.Context(), w.client, now, 100)
	w.ok(err)
	for _, c := range next {
		n, h, err := w.hooks.Claim(w.t.Context(), c, now)
		w.ok(err)
		got, held = append(got, n), append(held, h)
	}
	return got, held
}

// ids are the photos' IDs that notices hold.
func (w told) ids() (ids []string) {
	w.t.Helper()
	rows, err := w.db.QueryContext(w.t.Context(), `SELECT photo_id FROM webhook_notices WHERE photo_id IS NOT NULL`)
	w.ok(err)
	defer rows.Close()
	for rows.Next() {
		var id string
		w.ok(rows.Scan(&id))
		ids = append(ids, id)
	}
	w.ok(rows.Err())
	return ids
}

func TestEachEndOfAPhotoIsToldToItsClientAndToNobodyElse(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		w, ctx := s.told(), t.Context()
		mine := w.ready(noon)
		rejected := w.sent(noon)
		w.ok(w.Finish(ctx, rejected, photo.Outcome{Status: photo.Rejected, Reason: photo.NoFace, Now: noon}))
		struck := w.sent(noon)
		_, err := w.Strike(ctx, struck, noon) // once is no end
		w.ok(err)
		struck = w.claim(photo.Claim{ID: struck.ID, Revision: 1, Attempt: 1}, noon)
		_, err = w.Strike(ctx, struck, noon)
		w.ok(err)
		tired := w.sent(noon)
		_, err = s.db.Exec(`UPDATE photos SET attempt = $1, lease_until = 0 WHERE id = $2`, photo.MaxAttempts, tired.ID)
		w.ok(err)
		given, err := w.GiveUp(ctx, noon)
		w.ok(err)
		if given != 1 {
			t.Errorf("%d photos were given up", given)
		}
		w.ok(w.Finish(ctx, w.claimed(noon), photo.Outcome{Status: photo.Ready, Now: noon})) // a person's
		w.want(w.Finish(ctx, rejected, photo.Outcome{Status: photo.Ready, Now: noon}), photo.ErrClaimLost)

		got, _ := w.waiting(noon)
		by := map[photo.ID]webhook.Event{}
		for _, n := range got {
			by[n.Photo] = n.Event
		}
		at := func(id photo.ID, k webhook.Kind, verdict string, why photo.Reason) webhook.Event {
			return webhook.Event{Kind: k, Photo: id, Document: "us-passport", Revision: 1, Verdict: verdict, Reason: why, At: noon}
		}
		w.equal(by, map[photo.ID]webhook.Event{
			mine:        at(mine, webhook.PhotoReady, "ready_to_submit", ""),
			rejected.ID: at(rejected.ID, webhook.PhotoRejected, "", photo.NoFace),
			struck.ID:   at(struck.ID, webhook.PhotoFailed, "", photo.KillsChild),
			tired.ID:    at(tired.ID, webhook.PhotoFailed, "", photo.Broken),
		})
	})
}

func TestAPhotosErasureTakesItsIDFromEveryNoticeButItsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		w, ctx := s.told(), t.Context()
		id := w.ready(noon) // its notice waits
		other := w.ready(noon)
		_, held := w.waiting(noon)
		begun, err := w.BeginErasure(ctx, id)
		w.ok(err)
		if !begun {
			t.Fatal("nothing is erased")
		}
		w.equal(w.ids(), []string{string(other)})
		for _, h := range held { // a courier that was at it comes back
			err := w.hooks.Finish(ctx, webhook.Notice{Client: w.client, Set: noon}, h, webhook.Outcome{State: webhook.Delivered, Now: noon})
			if err != nil {
				w.want(err, webhook.ErrClaimLost)
			}
		}
		w.ok(w.Remove(ctx, id, noon.Add(time.Minute)))
		w.ok(w.Remove(ctx, id, noon.Add(time.Hour))) // is told once

		got, held := w.waiting(noon.Add(time.Minute))
		if len(got) != 1 || got[0].Kind != webhook.PhotoErased || got[0].Photo != id || got[0].Document != "" || !got[0].At.Equal(noon.Add(time.Minute)) {
			t.Fatalf("told: %+v", got)
		}
		w.ok(w.hooks.Finish(ctx, got[0], held[0], webhook.Outcome{State: webhook.Delivered, Now: noon.Add(time.Minute)}))
		if ids := w.ids(); slices.Contains(ids, string(id)) {
			t.Errorf("after it was told the ID is still there: %v", ids)
		}
	})
}

func TestAnErasureThatCanNotBeToldIsForgottenAfterADay(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		w, ctx := s.told(), t.Context()
		id := w.ready(noon)
		_, err := w.BeginErasure(ctx, id)
		w.ok(err)
		w.ok(w.Remove(ctx, id, noon))
		late := noon.Add(webhook.KeepTrying)
		if by, err := w.hooks.GiveUp(ctx, late.Add(-1)); err != nil || len(by) > 0 {
			t.Errorf("given up early: %v %v", by, err)
		}
		by, err := w.hooks.GiveUp(ctx, late)
		w.ok(err)
		w.equal(by, map[webhook.Kind]int{webhook.PhotoErased: 1})
		w.equal(w.ids(), []string(nil))
		n, err := w.hooks.Purge(ctx, late, 10)
		w.ok(err)
		if n != 2 { // with the dropped one
			t.Errorf("purged %d", n)
		}
	})
}

func TestNothingIsToldOfARestrictedPhoto(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		w, ctx := s.told(), t.Context()
		id := w.ready(noon)
		claims, err := w.hooks.Next(ctx, w.client, noon, 10)
		w.ok(err)
		_, err = w.Restrict(ctx, id, photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.Ground("accuracy"), Since: noon, ReviewBy: noon.AddDate(0, 0, 30)})
		w.ok(err)
		_, _, err = w.hooks.Claim(ctx, claims[0], noon)
		w.want(err, webhook.ErrClaimLost)
		due, err := w.hooks.Due(ctx, noon, 10)
		w.ok(err)
		if len(due) > 0 {
			t.Errorf("due: %v", due)
		}
	})
}

func TestAnEndpointThatIsGoneOrFailsForDaysIsSwitchedOff(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		w, ctx := s.told(), t.Context()
		stands := func(want webhook.Off, waiting int) {
			t.Helper()
			e, err := w.hooks.Endpoint(ctx, w.client)
			w.ok(err)
			by, _, err := w.hooks.Counts(ctx, noon.AddDate(1, 0, 0))
			w.ok(err)
			if e.Off != want || by[webhook.Waiting] != waiting {
				t.Errorf("off: %q, waiting: %d", e.Off, by[webhook.Waiting])
			}
		}
		fails := func(now time.Time, o webhook.Outcome) {
			t.Helper()
			w.ok(w.hooks.Try(ctx, w.client, now))
			got, held := w.waiting(now)
			o.Now, o.Next = now, now.Add(time.Second)
			w.ok(w.hooks.Finish(ctx, got[len(got)-1], held[len(held)-1], o))
		}
		failure := webhook.Outcome{State: webhook.Failed, Failure: webhook.Failure{Trouble: webhook.Unreachable}}
		fails(noon, failure)
		fails(noon.Add(webhook.GivenUpAfter-time.Hour), failure)
		stands("", 0)
		fails(noon.Add(webhook.GivenUpAfter-time.Minute), webhook.Outcome{State: webhook.Delivered})
		fails(noon.Add(webhook.GivenUpAfter), failure) // it had recovered
		stands("", 0)
		w.ready(noon.Add(webhook.GivenUpAfter + time.Minute)) // and something waits
		fails(noon.Add(2*webhook.GivenUpAfter), failure)
		stands(webhook.Failing, 0)
		w.want(w.hooks.Try(ctx, w.client, noon), webhook.ErrNoEndpoint)
		w.ready(noon)
		stands(webhook.Failing, 0)

		again := noon.AddDate(0, 1, 0)
		w.set(again)
		stands("", 0)
		fails(again, webhook.Outcome{State: webhook.Dropped, Gone: true})
		stands(webhook.Gone, 0)
		on, err := w.hooks.Endpoints(ctx)
		w.ok(err)
		w.equal(on, map[string]int{"off": 1})
	})
}

func TestWhatAnOldTryFoundSaysNothingOfANewEndpoint(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		w, ctx := s.told(), t.Context()
		w.ready(noon)
		got, held := w.waiting(noon)
		w.set(noon.Add(time.Second))
		w.ok(w.hooks.Finish(ctx, got[0], held[0], webhook.Outcome{State: webhook.Dropped, Gone: true, Now: noon}))
		e, err := w.hooks.Endpoint(ctx, w.client)
		w.ok(err)
		if e.Off != "" || !e.FailingSince.IsZero() {
			t.Errorf("the new one is %+v", e)
		}
	})
}

func TestANoticeIsClaimedByOneAtATimeAndAgainWhenItsCourierDied(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		w, ctx := s.told(), t.Context()
		w.ready(noon)
		first, err := w.hooks.Next(ctx, w.client, noon, 10)
		w.ok(err)
		n, held, err := w.hooks.Claim(ctx, first[0], noon)
		w.ok(err)
		_, _, err = w.hooks.Claim(ctx, first[0], noon)
		w.want(err, webhook.ErrClaimLost)
		if next, _ := w.hooks.Next(ctx, w.client, noon.Add(webhook.Lease-1), 10); len(next) != 0 {
			t.Errorf("held, and next: %v", next)
		}
		again, heldAgain, err := w.hooks.Claim(ctx, held, noon.Add(webhook.Lease))
		w.ok(err)
		if again.ID != n.ID || heldAgain.Try != 2 {
			t.Errorf("%+v %+v", again, heldAgain)
		}
		w.want(w.hooks.Finish(ctx, n, held, webhook.Outcome{State: webhook.Delivered, Now: noon}), webhook.ErrClaimLost)
		w.ok(w.hooks.Finish(ctx, again, heldAgain, webhook.Outcome{State: webhook.Delivered, Now: noon}))
	})
}

func TestARevokedClientIsToldNothingAnyMore(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		w, ctx := s.told(), t.Context()
		w.ready(noon)
		w.ok(sqlstore.NewAPIClients(s.db).Revoke(ctx, apiclient.Client{ID: w.client, Revision: 1}, by))
		got, _ := w.waiting(noon)
		if len(got) != 0 {
			t.Errorf("waiting: %v", got)
		}
		w.want(w.hooks.Set(ctx, webhook.Endpoint{Client: w.client, URL: "https://x.example", Set: noon}, setting), apiclient.ErrUnknownKey)
		w.ready(noon)
		if by, _, err := w.hooks.Counts(ctx, noon); err != nil || by[webhook.Waiting] != 0 {
			t.Errorf("%v %v", by, err)
		}
	})
}
