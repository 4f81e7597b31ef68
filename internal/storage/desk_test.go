package storage_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func TestAnErasureThatAnOfficerAnswersDeletesWhatIsSettledUnderTheAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, s *storage.Storage) {
		redis, err := tasks.ParseRedis(testservers.Redis(t))
		ok(t, err)
		queue := tasks.NewQueue(redis)
		t.Cleanup(func() { _ = queue.Close() })
		cfg := testapp.Install(t).Config(t, config.API)
		desk, err := s.Desk(cfg, storage.DeskMeans{Queue: queue, Calendar: newYork(t), Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }})
		ok(t, err)
		ada, err := email.Parse("ada@mail.example")
		ok(t, err)
		bob, err := email.Parse("bob@mail.example")
		ok(t, err)

		by := complaint.By{Actor: "desk-a", Now: noon}
		notes := map[string]complaint.SupportNote{}
		for name, of := range map[string]email.Address{"settled": ada, "open": ada, "of another": bob} {
			n, e, err := complaint.NewNote(complaint.Subject{Email: of}, "Asked about the crop.", by)
			ok(t, err)
			ok(t, s.SupportNotes.Write(t.Context(), n, e))
			if name != "open" {
				n, e, err = n.Close(by)
				ok(t, err)
				ok(t, s.SupportNotes.Close(t.Context(), n, e))
			}
			notes[name] = n
		}
		filed, err := desk.File(t.Context(), privacydesk.Filing{
			Filing: subjectrequest.Filing{Kind: subjectrequest.Erasure, Channel: subjectrequest.Letter, Email: "Ada@mail.example"}, Actor: "desk-a",
		})
		ok(t, err)
		sent, err := s.Letters.About(t.Context(), string(filed.Request.ID))
		ok(t, err)
		_, held, err := s.Letters.Claim(t.Context(), letter.Claim{ID: sent[0].ID}, noon)
		ok(t, err)
		ok(t, s.Letters.Finish(t.Context(), held, letter.Outcome{State: letter.Sent, Now: noon}))

		r := filed.Request
		for _, a := range []subjectrequest.Action{subjectrequest.Accept, subjectrequest.Fulfil} {
			r, err = desk.Act(t.Context(), privacydesk.Deed{Request: r.ID, Version: r.Version, Actor: "desk-a", Action: a, Words: "It is deleted."})
			ok(t, err)
		}
		for name, gone := range map[string]bool{"settled": true, "open": false, "of another": false} {
			if _, err := s.SupportNotes.Find(t.Context(), notes[name].ID); (err != nil) != gone {
				t.Errorf("the note that is %s: %v", name, err)
			}
		}
		left, err := s.Letters.To(t.Context(), ada)
		ok(t, err)
		if len(left) != 1 || left[0].Kind != letter.AnswerReady {
			t.Errorf("left are %d letters", len(left))
		}
	})
}
