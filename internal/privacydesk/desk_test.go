package privacydesk_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// office is a desk over a real register; the photos, their eraser and the queue stand
// in for what other packages test.
type office struct {
	*testing.T
	desk     *privacydesk.Desk
	requests *sqlstore.SubjectRequests
	letters  *sqlstore.Letters
	db       *sqldb.DB
	now      time.Time

	did     []string // what was done with photos
	archive []subjectrequest.ID
	broken  error // of the eraser
	ruling  contest.Contest
}

func newOffice(t *testing.T) *office {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "photos.db"))
	o := &office{T: t, db: db, now: noon}
	o.must(err)
	t.Cleanup(func() { _ = db.Close() })
	o.must(db.Migrate(t.Context()))
	o.requests, o.letters = sqlstore.NewSubjectRequests(db), sqlstore.NewLetters(db)
	calendar, err := subjectrequest.NewCalendar(time.UTC)
	o.must(err)
	o.desk = privacydesk.New(privacydesk.Options{
		Requests: o.requests, Locks: o.requests, Photos: o, Eraser: o, Statistics: forgetsStatistics{o}, AccessLines: forgetsLines{o},
		Contests: contests{o}, Trail: sqlstore.NewAudit(o.db), Disclosures: o, Registers: filed{o}, Queue: o, Calendar: calendar,
		Writer:       letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC},
		RequesterKey: []byte("0123456789abcdef"), Authority: "The authority", ShineTheLight: "shine@photos.example",
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return o.now },
	})
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) want(err, want error) {
	o.Helper()
	if !errors.Is(err, want) {
		o.Errorf("got %v, want %v", err, want)
	}
}

func (o *office) Get(_ context.Context, id photo.ID) (photo.Photo, error) {
	return photo.Photo{ID: id, Reference: "areference"}, nil
}

func (o *office) Restrict(_ context.Context, id photo.ID, r photo.Restriction) (photo.Photo, error) {
	o.did = append(o.did, "restrict for "+string(r.Ground))
	return photo.Photo{ID: id}, nil
}

// Erase does to the request what the erasures' tables do.
func (o *office) Erase(ctx context.Context, id photo.ID) (photo.Receipt, error) {
	if o.broken != nil {
		return photo.Receipt{}, o.broken
	}
	o.did = append(o.did, "erase")
	_, err := o.db.ExecContext(ctx, `UPDATE subject_requests SET photo_id = NULL, receipt = 'areceipt' WHERE photo_id = $1`, id)
	return photo.Receipt{ID: "areceipt"}, err
}

type forgetsStatistics struct{ o *office }

func (f forgetsStatistics) Forget(_ context.Context, reference string) error {
	f.o.did = append(f.o.did, "forget "+reference)
	return nil
}

type forgetsLines struct{ o *office }

func (f forgetsLines) Forget(context.Context, photo.ID) error {
	f.o.did = append(f.o.did, "forget lines")
	return nil
}

type filed struct{ o *office }

func (f filed) Forget(_ context.Context, a email.Address, by subjectrequest.By) error {
	f.o.did = append(f.o.did, "forget "+a.Reveal()+" for "+by.Actor)
	return nil
}

type contests struct{ o *office }

func (c contests) Find(context.Context, contest.ID) (contest.Contest, error) { return c.o.ruling, nil }

func (o *office) Answer(_ context.Context, year int) (string, error) {
	return "Nothing in " + time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006") + ".", nil
}

func (o *office) EnqueueLetter(context.Context, letter.Claim) error {
	return errors.New("no queue today")
}

func (o *office) EnqueueArchive(_ context.Context, id subjectrequest.ID) error {
	o.archive = append(o.archive, id)
	return nil
}

// photo puts one into the records.
func (o *office) photo() photo.Photo {
	o.Helper()
	p := photo.Photo{ID: photo.NewID(), Reference: "areference", ExpiresAt: noon.Add(48 * time.Hour)}
	photos := sqlstore.NewPhotos(o.db)
	o.must(photos.Reserve(o.Context(), photo.Reservation{ID: p.ID, KeyHash: secret.NewKey().Hash(), Document: "us-passport", Now: noon}))
	_, err := o.db.ExecContext(o.Context(), `UPDATE photos SET status = 'ready', expires_at = $1 WHERE id = $2`, sqldb.Millis(p.ExpiresAt), p.ID)
	o.must(err)
	return p
}

func (o *office) file(f privacydesk.Filing) (privacydesk.Filed, error) {
	f.Actor = audit.Person
	return o.desk.File(o.Context(), f)
}

func (o *office) filed(f privacydesk.Filing) subjectrequest.Request {
	o.Helper()
	got, err := o.file(f)
	o.must(err)
	return got.Request
}

func (o *office) keyed(k subjectrequest.Kind) privacydesk.Filing {
	return privacydesk.Filing{
		Filing: subjectrequest.Filing{Kind: k, Channel: subjectrequest.PhotoKey, Photo: o.photo()}, Ground: photo.NeedsForClaim,
	}
}

func mailed(k subjectrequest.Kind) privacydesk.Filing {
	return privacydesk.Filing{Filing: subjectrequest.Filing{Kind: k, Channel: subjectrequest.ByEmail, Email: "ada@mail.example"}}
}

// mail is the letters about a request, by kind.
func (o *office) mail(r subjectrequest.Request) (kinds string) {
	o.Helper()
	all, err := o.letters.About(o.Context(), string(r.ID))
	o.must(err)
	for _, l := range all {
		kinds += string(l.Kind) + " "
	}
	return strings.TrimSpace(kinds)
}

// secrets are those of the newest letter about a request.
func (o *office) secrets(r subjectrequest.Request) (p secret.Pair) {
	o.Helper()
	var token, code string
	o.must(o.db.QueryRowContext(o.Context(), `
		SELECT token, code FROM letter_secrets s JOIN letters l ON l.id = s.letter WHERE l.about = $1 ORDER BY l.written_at DESC LIMIT 1`, r.ID).Scan(&token, &code))
	return secret.Pair{Token: secret.Key(token), Code: secret.Key(code)}
}

func TestWithAPhotosKeyAProgramDoesWhatIsAskedForAtOnce(t *testing.T) {
	for _, tt := range []struct {
		kind subjectrequest.Kind
		did  string
		want subjectrequest.State
		says string
	}{
		{subjectrequest.Restriction, "restrict for legal_claim", subjectrequest.Fulfilled, "Somebody looks at it within 30 days"},
		{subjectrequest.Objection, "forget areference", subjectrequest.Fulfilled, "statistics are deleted"},
		{subjectrequest.Erasure, "forget areference, forget lines, erase", subjectrequest.Fulfilled, "The receipt proves it"},
		{subjectrequest.Access, "", subjectrequest.Accepted, ""},
		{subjectrequest.Portability, "", subjectrequest.Accepted, ""},
		{subjectrequest.Rectification, "", subjectrequest.Received, ""},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			o := newOffice(t)
			r := o.filed(o.keyed(tt.kind))
			if r.State != tt.want || strings.Join(o.did, ", ") != tt.did || !strings.Contains(r.Answer.Note, tt.says) {
				t.Errorf("it is %s, done: %q, the answer %q", r.State, o.did, r.Answer.Note)
			}
			if (r.Answer.Receipt == "areceipt") != (tt.kind == subjectrequest.Erasure) {
				t.Errorf("the receipt is %q", r.Answer.Receipt)
			}
			reads := tt.kind == subjectrequest.Access || tt.kind == subjectrequest.Portability
			if asked := len(o.archive) == 1 && o.archive[0] == r.ID; asked != reads {
				t.Errorf("archives %v", o.archive)
			}
			again, err := o.desk.Serve(t.Context(), r.ID)
			o.must(err)
			if again.Version != r.Version || o.mail(r) != "" {
				t.Errorf("once more, it is version %d after %d; letters %q", again.Version, r.Version, o.mail(r))
			}
		})
	}
}

func TestARestrictionNeedsAGroundAndIsNotFiledWithoutOne(t *testing.T) {
	o := newOffice(t)
	f := o.keyed(subjectrequest.Restriction)
	f.Ground = "because"
	_, err := o.file(f)
	o.want(err, privacydesk.ErrGround)
	if found, err := o.requests.Search(t.Context(), subjectrequest.Search{}, 9); err != nil || len(found)+len(o.did) != 0 {
		t.Errorf("%v, %v, done %v", found, err, o.did)
	}
}

func TestAnErasureThatBreaksOffIsTakenUpBySweeping(t *testing.T) {
	o := newOffice(t)
	o.broken = errors.New("no")
	r := o.filed(o.keyed(subjectrequest.Erasure))
	left, err := o.requests.Unserved(t.Context(), 9)
	o.must(err)
	if len(left) != 1 || left[0] != r.ID {
		t.Fatalf("unserved are %v", left)
	}
	o.broken = nil
	r, err = o.desk.Serve(t.Context(), r.ID)
	o.must(err)
	if r.State != subjectrequest.Fulfilled || r.Answer.Receipt != "areceipt" {
		t.Errorf("it is %s with receipt %q", r.State, r.Answer.Receipt)
	}
	if left, err = o.requests.Unserved(t.Context(), 9); err != nil || len(left) != 0 {
		t.Errorf("unserved are %v, %v", left, err)
	}
}

func TestAnAddressGetsOneLetterUntilItIsProvedByLinkOrCode(t *testing.T) {
	for name, pick := range map[string]func(secret.Pair) secret.Key{
		"link": func(p secret.Pair) secret.Key { return p.Token },
		"code": func(p secret.Pair) secret.Key { return p.Code },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			r := o.filed(mailed(subjectrequest.Access))
			if o.mail(r) != "address_confirmation" || r.State != subjectrequest.Received || len(o.archive) != 0 {
				t.Fatalf("letters %q, %s", o.mail(r), r.State)
			}
			key := pick(o.secrets(r))
			o.now = o.now.Add(time.Hour)
			confirmed, err := o.desk.Confirm(t.Context(), key)
			o.must(err)
			if confirmed.State != subjectrequest.Accepted || o.mail(r) != "address_confirmation acknowledgement" || len(o.archive) != 1 {
				t.Errorf("it is %s, letters %q", confirmed.State, o.mail(r))
			}
			_, err = o.desk.Confirm(t.Context(), key)
			o.want(err, subjectrequest.ErrLinkUsed)
			_, err = o.desk.Confirm(t.Context(), secret.NewKey())
			o.want(err, subjectrequest.ErrNotFound)

			o.now = o.now.Add(time.Minute)
			o.must(o.desk.ArchiveBuilt(t.Context(), r.ID))
			o.must(o.desk.ArchiveBuilt(t.Context(), r.ID))
			if o.mail(r) != "address_confirmation acknowledgement answer_ready" {
				t.Errorf("letters %q", o.mail(r))
			}
			answer := o.secrets(r)
			for _, opens := range []secret.Key{answer.Token, answer.Code} {
				if got, err := o.desk.Locks.OfAnswer(t.Context(), opens); err != nil || got.ID != r.ID {
					t.Errorf("the letter opens %s, %v", got.ID, err)
				}
			}
		})
	}
}

func TestALinkWhoseTimeIsOverIsRenewedByWhoeverHasIt(t *testing.T) {
	o := newOffice(t)
	r := o.filed(mailed(subjectrequest.Access))
	old := o.secrets(r)
	o.now = o.now.Add(subjectrequest.LinkLife)
	_, err := o.desk.Confirm(t.Context(), old.Token)
	o.want(err, subjectrequest.ErrLinkExpired)
	o.want(o.desk.Renew(t.Context(), secret.NewKey()), subjectrequest.ErrNotFound)
	o.must(o.desk.Renew(t.Context(), old.Code))
	o.want(o.desk.Renew(t.Context(), old.Code), subjectrequest.ErrNotFound)
	if o.mail(r) != "address_confirmation address_confirmation" {
		t.Errorf("letters %q", o.mail(r))
	}
	fresh := o.secrets(r)
	_, err = o.desk.Confirm(t.Context(), fresh.Code)
	o.must(err)
	o.want(o.desk.Renew(t.Context(), fresh.Token), subjectrequest.ErrLinkUsed)
}

func TestAMailboxIsNotFlooded(t *testing.T) {
	o := newOffice(t)
	var err error
	sent := 0
	for err == nil && sent < 100 {
		if _, err = o.file(mailed(subjectrequest.Access)); err == nil {
			sent++
		}
	}
	o.want(err, letter.ErrTooMany)
	if sent != letter.StandardRation().PerHour {
		t.Errorf("%d letters", sent)
	}
}

func TestAContestedVerdictIsAnsweredWithWhatAPersonDecided(t *testing.T) {
	o := newOffice(t)
	f := o.keyed(subjectrequest.AutomatedDecision)
	f.Contest = contest.NewID()
	o.ruling = contest.Contest{State: contest.Received}
	r := o.filed(f)
	if r.State != subjectrequest.Accepted || r.Contest != f.Contest {
		t.Fatalf("it is %s, contest %q", r.State, r.Contest)
	}
	o.ruling = contest.Contest{State: contest.Decided, Ruling: contest.Ruling{Decision: contest.Overturned, Note: "The wall is plain."}}
	o.ruling.ID = f.Contest
	_, err := o.db.ExecContext(t.Context(), `INSERT INTO audit_events (event, at, actor, action, subject, outcome) VALUES ('e', $1, 'olga', $2, $3, $4)`,
		sqldb.Millis(noon), audit.OpenPhoto, f.Contest, audit.Allowed)
	o.must(err)
	r, err = o.desk.Serve(t.Context(), r.ID)
	o.must(err)
	if !strings.Contains(r.Answer.Note, "looked at the photo on 10 March 2026, 12:00 UTC") {
		t.Errorf("the answer keeps quiet about the look: %q", r.Answer.Note)
	}
	if r.State != subjectrequest.Fulfilled || !strings.Contains(r.Answer.Note, "They were wrong") || !strings.Contains(r.Answer.Note, "The wall is plain.") {
		t.Errorf("it is %s: %q", r.State, r.Answer.Note)
	}
}

func TestAnOfficersStepsTellThePersonAndTwoOfficersDoNotBothActOnIt(t *testing.T) {
	o := newOffice(t)
	typed := privacydesk.Filing{Filing: subjectrequest.Filing{Kind: subjectrequest.Rectification, Channel: subjectrequest.Letter, Email: "ada@mail.example"}, Actor: "olga"}
	got, err := o.desk.File(t.Context(), typed)
	o.must(err)
	r := got.Request
	o.now = o.now.Add(time.Hour) // letters of one moment have no order
	act := func(do privacydesk.Deed) {
		t.Helper()
		do.Request, do.Version, do.Actor = r.ID, r.Version, "olga"
		now, err := o.desk.Act(t.Context(), do)
		o.must(err)
		_, err = o.desk.Act(t.Context(), do)
		o.want(err, subjectrequest.ErrChanged)
		r, o.now = now, o.now.Add(time.Hour)
	}
	act(privacydesk.Deed{Action: subjectrequest.AskIdentity, Words: "Which photo do you mean? We doubt that it is yours."})
	act(privacydesk.Deed{Action: subjectrequest.SettleIdentity, Day: civil.DateOf(noon)})
	act(privacydesk.Deed{Action: subjectrequest.Accept})
	act(privacydesk.Deed{Action: subjectrequest.Extend, Words: "Many requests."})
	act(privacydesk.Deed{Action: subjectrequest.Fulfil, Words: "Done."})
	if want := "acknowledgement identity_question extension answer_ready"; o.mail(r) != want {
		t.Errorf("letters %q, want %q", o.mail(r), want)
	}

	got, err = o.desk.File(t.Context(), typed)
	o.must(err)
	r, o.now = got.Request, o.now.Add(time.Hour)
	act(privacydesk.Deed{Action: subjectrequest.Refuse, Words: "No.", Authority: "The authority", Remedy: "The court"})
	if want := "acknowledgement refusal"; o.mail(r) != want {
		t.Errorf("letters %q, want %q", o.mail(r), want)
	}
}

func TestWhatIsFiledUnderAnAddressIsDeletedWhenAnOfficerAnswersItsErasure(t *testing.T) {
	for _, k := range []subjectrequest.Kind{subjectrequest.Erasure, subjectrequest.Rectification} {
		o := newOffice(t)
		r := o.filed(mailed(k))
		r, err := o.desk.Confirm(t.Context(), o.secrets(r).Token)
		o.must(err)
		if r.State != subjectrequest.Received {
			t.Fatalf("%s is %s without an officer", k, r.State)
		}
		for _, a := range []subjectrequest.Action{subjectrequest.Accept, subjectrequest.Fulfil} {
			r, err = o.desk.Act(t.Context(), privacydesk.Deed{Request: r.ID, Version: r.Version, Actor: "olga", Action: a, Words: "Done."})
			o.must(err)
		}
		want := ""
		if k == subjectrequest.Erasure {
			want = "forget ada@mail.example for olga"
		}
		if got := strings.Join(o.did, ", "); got != want {
			t.Errorf("%s: done %q, want %q", k, got, want)
		}
	}
}

func TestARequestUnderCaliforniasLawIsRefusedOrRedirectedInItsOwnWords(t *testing.T) {
	o := newOffice(t)
	for channel, do := range map[subjectrequest.Channel]privacydesk.Deed{
		subjectrequest.Phone:          {Action: subjectrequest.Close, Closing: subjectrequest.Redirected},
		subjectrequest.DesignatedMail: {Action: subjectrequest.Refuse, Words: "You have had it this year."},
	} {
		got, err := o.desk.File(t.Context(), privacydesk.Filing{Filing: subjectrequest.Filing{Kind: subjectrequest.ShineTheLight, Channel: channel, Email: "ada@mail.example"}, Actor: "olga"})
		o.must(err)
		do.Request, do.Version, do.Actor = got.Request.ID, got.Request.Version, "olga"
		o.now = o.now.Add(time.Hour)
		_, err = o.desk.Act(t.Context(), do)
		o.must(err)
		want := map[subjectrequest.Action]string{subjectrequest.Close: "acknowledgement redirection", subjectrequest.Refuse: "acknowledgement refusal"}[do.Action]
		if o.mail(got.Request) != want {
			t.Errorf("letters %q, want %q", o.mail(got.Request), want)
		}
	}
}

func TestADraftHasWhatTheLawAsksForAndOpensNoPhotoToAnAddress(t *testing.T) {
	o := newOffice(t)
	for _, tt := range []struct {
		request subjectrequest.Request
		want    privacydesk.Draft
	}{
		{subjectrequest.Request{Kind: subjectrequest.ShineTheLight, ArrivedOn: civil.DateOf(noon)}, privacydesk.Draft{Note: "Nothing in 2025."}},
		{subjectrequest.Request{Kind: subjectrequest.Erasure, Channel: subjectrequest.ByEmail}, privacydesk.Draft{Note: "There are no accounts here", Authority: "The authority", Remedy: "Art. 79"}},
		{subjectrequest.Request{Kind: subjectrequest.Objection, Channel: subjectrequest.Phone}, privacydesk.Draft{Note: "its number and its key", Authority: "The authority", Remedy: "Art. 79"}},
	} {
		got, err := o.desk.Draft(t.Context(), tt.request)
		o.must(err)
		for _, pair := range [][2]string{{got.Note, tt.want.Note}, {got.Authority, tt.want.Authority}, {got.Remedy, tt.want.Remedy}} {
			if !strings.Contains(pair[0], pair[1]) || pair[1] == "" && pair[0] != "" {
				t.Errorf("%s: %q lacks %q", tt.request.Kind, pair[0], pair[1])
			}
		}
	}
}
