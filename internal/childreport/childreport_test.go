package childreport_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

var noon = time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC) // the clocks change in the night

func filing() childreport.Filing {
	return childreport.Filing{Photo: string(photo.NewID()), Ground: "uploaded_by_child", Words: "It is my pupil.", Now: noon}
}

func TestAPhotoIsNamedByItsAddressesOrByANameAlone(t *testing.T) {
	id := string(photo.NewID())
	for _, given := range []string{
		id, " " + id + "\n", "https://photos.example/photos/" + id, "https://photos.example/photos/" + id + "?a=b#c", "photos.example/photos/" + id + "/",
		"/photos/" + id, "https://photos.example/v1/photos/" + id, "http://127.0.0.1:8080/v1/photos/" + id + "/result?format=png",
	} {
		if name, ok := childreport.Named(given); !ok || name != id {
			t.Errorf("%q is %q, %v", given, name, ok)
		}
	}
	for _, given := range []string{
		"", "a photo of Ada", "https://photos.example/", "https://photos.example/photos/", "https://photos.example/photos/" + id[:25], "/contests/" + id,
		"https://photos.example/?photos/" + id, strings.ToUpper(id), "http://%zz/photos/" + id, strings.Repeat("x", 1<<20) + "/photos/" + id, "photos", "\x00/photos/" + id,
	} {
		if name, ok := childreport.Named(given); ok {
			t.Errorf("%.60q is taken for %q", given, name)
		}
	}
}

func TestAFilingIsRefusedFieldByField(t *testing.T) {
	all := childreport.Filing{Ground: "shows_a_child", Words: "a\x00b", Email: "a@b@c", Now: noon}
	_, _, _, err := childreport.New(all)
	var fields []string
	for _, f := range childreport.Fields(err) {
		fields = append(fields, f.Field)
	}
	if want := []string{"photo", "ground", "words", "email"}; !slices.Equal(fields, want) {
		t.Errorf("wrong are %q, want %q", fields, want)
	}
	for _, change := range []func(*childreport.Filing){
		func(f *childreport.Filing) { f.Words = strings.Repeat("é", childreport.MaxWords+1) },
		func(f *childreport.Filing) { f.Words = " \n " },
		func(f *childreport.Filing) { f.Ground = "" },
		func(f *childreport.Filing) { f.Email = "ada@example.org\r\nBcc: b@example.org" },
	} {
		f := filing()
		change(&f)
		if _, _, _, err := childreport.New(f); len(childreport.Fields(err)) != 1 {
			t.Errorf("%v", err)
		}
	}
}

func TestAReportIsDueAfterTwentyFourHoursWhateverTheClockOnTheWallDoes(t *testing.T) {
	c, _, keys, err := childreport.New(filing())
	if err != nil || c.Report.DueAt.Sub(noon) != 24*time.Hour || keys.Link != (secret.Pair{}) {
		t.Errorf("due %v, link %v, %v", c.Report.DueAt, keys.Link, err)
	}
}

func TestADecisionFitsTheReportAsItStands(t *testing.T) {
	c, _, _, err := childreport.New(filing())
	if err != nil {
		t.Fatal(err)
	}
	gone, there := c.Report, c.Report
	there.Photo.ID = photo.NewID()
	closed := there
	closed.State = childreport.Rejected
	for _, tt := range []struct {
		report   childreport.Report
		decision childreport.State
		version  int
		want     error
	}{
		{there, childreport.Upheld, 1, nil}, {there, childreport.Rejected, 1, nil}, {there, childreport.Ended, 1, childreport.ErrPhotoThere},
		{gone, childreport.Upheld, 1, childreport.ErrPhotoGone}, {gone, childreport.Rejected, 1, nil}, {gone, childreport.Ended, 1, nil},
		{there, childreport.Upheld, 2, childreport.ErrChanged}, {closed, childreport.Upheld, 1, childreport.ErrClosed},
	} {
		got, answer, err := tt.report.Decide(childreport.Decision{State: tt.decision, Reason: "So.", Version: tt.version, Officer: "desk-a", Now: noon})
		if !errors.Is(err, tt.want) || answer != (secret.Pair{}) {
			t.Errorf("%s of %s: %v", tt.decision, tt.report.State, err)
		}
		if err == nil && (got.Report.State != tt.decision || got.Report.Version != 2 || got.Event.Actor != "desk-a") {
			t.Errorf("%+v", got)
		}
	}
	for _, d := range []childreport.Decision{{State: "received", Reason: "x", Version: 1}, {State: childreport.Upheld, Version: 1}, {State: childreport.Upheld, Reason: "\x00", Version: 1}} {
		if _, _, err := there.Decide(d); len(childreport.Fields(err)) != 1 {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

func TestALinkConfirmsOnceAndInTime(t *testing.T) {
	f := filing()
	f.Email = "ada@example.org"
	c, _, keys, err := childreport.New(f)
	if err != nil || c.Report.Link.Hash != keys.Link.Hashes() {
		t.Fatal("the link is not the report's", err)
	}
	confirmed, answer, err := c.Report.Confirm(noon.Add(childreport.LinkLife - time.Millisecond))
	if err != nil || answer != (secret.Pair{}) || !confirmed.Report.Confirmed() {
		t.Fatalf("%v %v", err, confirmed.Report.Link)
	}
	for _, r := range []childreport.Report{confirmed.Report, {State: childreport.Received}} {
		if _, _, err := r.Confirm(noon); !errors.Is(err, childreport.ErrLink) {
			t.Errorf("%v", err)
		}
	}
	if _, _, err := c.Report.Confirm(noon.Add(childreport.LinkLife)); !errors.Is(err, childreport.ErrLink) {
		t.Errorf("%v", err)
	}
	_, answer, err = confirmed.Report.Decide(childreport.Decision{State: childreport.Rejected, Reason: "x", Version: 2, Now: noon})
	if err != nil || answer == (secret.Pair{}) {
		t.Errorf("a confirmed address gets no answer: %v", err)
	}
}
