package archivist

import (
	"maps"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
)

// FiledComplaints are the complaints under an address. What was written in one is left
// out until the address was proved for it: anybody can have typed it.
func FiledComplaints(list Filing[complaint.Complaint]) Source {
	return shelf[complaint.Complaint]{"complaints", list, func(c complaint.Complaint) (archive.Item, bool) {
		i := archive.Item{
			ID: string(c.ID), Kind: "complaint", State: string(c.State), At: c.FiledAt.UTC(), ClosedAt: ended(c.ClosedAt),
			Held: told(map[string]string{"document": c.About.Document, "verdict": string(c.About.Verdict), "closing": string(c.Closing), "merged_into": string(c.MergedInto)}),
		}
		if c.Confirmed() {
			i.Provided = told(map[string]string{"words": c.Words, "reference": c.Reference})
			maps.Copy(i.Held, told(map[string]string{"answer": c.Answer}))
		}
		return i, true
	}}
}

// FiledNotes are the support notes under an address.
func FiledNotes(list Filing[complaint.SupportNote]) Source {
	return shelf[complaint.SupportNote]{"support_notes", list, func(n complaint.SupportNote) (archive.Item, bool) {
		state := "open"
		if !n.Open() {
			state = "closed"
		}
		return archive.Item{
			ID: string(n.ID), Kind: "support_note", State: state, At: n.Written.UTC(), ClosedAt: ended(n.ClosedAt),
			Held: told(map[string]string{"words": n.Words, "complaint": string(n.Subject.Complaint)}),
		}, true
	}}
}

// told leaves out the empty ones.
func told(parts map[string]string) map[string]string {
	maps.DeleteFunc(parts, func(_, text string) bool { return text == "" })
	return parts
}

// ended is a time that may not have come.
func ended(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
