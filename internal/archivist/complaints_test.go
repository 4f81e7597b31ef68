package archivist

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
)

func TestAnArchiveHasTheComplaintsOfAnAddressAndWordsOnlyWhereItWasProved(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	filed, _, err := complaint.New(complaint.Filing{Words: "My ears.", Email: "ada@example.org", Now: noon, DueAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	proved, _, err := filed.Complaint.Confirm(noon)
	if err != nil {
		t.Fatal(err)
	}
	answered, _, err := proved.Complaint.Reply("We are sorry.", complaint.By{Actor: "desk-a", Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	note, _, err := complaint.NewNote(complaint.Subject{Complaint: filed.Complaint.ID}, "Called.", complaint.By{Actor: "desk-a", Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	complaints := FiledComplaints(func(context.Context, email.Address) ([]complaint.Complaint, error) {
		return []complaint.Complaint{filed.Complaint, answered.Complaint}, nil
	})
	notes := FiledNotes(func(context.Context, email.Address) ([]complaint.SupportNote, error) {
		return []complaint.SupportNote{note}, nil
	})
	items, err := complaints.Filed(t.Context(), filed.Complaint.Email)
	if err != nil || len(items) != 2 || len(items[0].Provided) != 0 || len(items[0].Held) != 0 {
		t.Fatalf("%+v, %v", items, err)
	}
	if d := cmp.Diff([]map[string]string{{"words": "My ears."}, {"answer": "We are sorry."}}, []map[string]string{items[1].Provided, items[1].Held}); d != "" {
		t.Error(d)
	}
	items, err = notes.Filed(t.Context(), filed.Complaint.Email)
	if err != nil || len(items) != 1 || items[0].State != "open" || items[0].Held["words"] != "Called." || len(items[0].Provided) != 0 {
		t.Errorf("%+v, %v", items, err)
	}
}
